"""``helpline user``: as an administrator uses it."""

import asyncio
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from helpline.app import App
from helpline.commands.user import user
from helpline.settings import ProcessSettings, Settings
from records import User, UserError, open_records
from tests.records.samples import QUICK


@pytest.fixture
def app(tmp_path: Path) -> App:
    """A centre that was never started."""
    return App(settings=Settings(helpline=ProcessSettings(state_dir=tmp_path / "var"), records=QUICK))


def run(app: App, *arguments: str, given: str | None = None) -> Result:
    """Run the command; what goes wrong is raised as the front door would see it."""
    return CliRunner().invoke(
        user, arguments, obj=app, input=given, standalone_mode=False, catch_exceptions=False
    )


def log_in(app: App, username: str, password: str) -> User | None:
    """What the desk would say."""

    async def verify() -> User | None:
        async with await open_records(app.records_url) as records:
            return await records.users.verify(username, password)

    return asyncio.run(verify())


def test_a_made_password_is_printed_once_and_works(app: App) -> None:
    told = run(app, "add", "sita", "--role", "executive", "--name-hi", "सीता", "--extension", "2001")
    added, secret = told.stdout.splitlines()
    assert added == "added sita (executive)"
    made = log_in(app, "sita", secret.removeprefix("password: "))
    assert made is not None
    assert (made.display_name_hi, made.display_name_en, made.extension) == ("सीता", "sita", "2001")
    assert made.district_code == "39"
    assert secret.removeprefix("password: ") not in run(app, "list").stdout


def test_a_password_from_stdin_is_not_printed(app: App) -> None:
    told = run(app, "add", "sita", "--role", "officer", "--password-stdin", given="correct horse\n")
    assert "correct horse" not in told.output
    assert log_in(app, "sita", "correct horse") is not None


def test_a_password_asked_for_is_not_shown(app: App) -> None:
    told = run(app, "add", "sita", "--role", "officer", "--ask", given="correct horse\ncorrect horse\n")
    assert "correct horse" not in told.output
    assert log_in(app, "sita", "correct horse") is not None


def test_a_new_password(app: App) -> None:
    run(app, "add", "sita", "--role", "officer", "--password-stdin", given="correct horse\n")
    told = run(app, "password", "sita")
    assert log_in(app, "sita", "correct horse") is None
    assert log_in(app, "sita", told.stdout.splitlines()[1].removeprefix("password: ")) is not None


def test_list(app: App) -> None:
    assert "helpline user add" in run(app, "list").stdout
    run(app, "add", "sita", "--role", "executive", "--extension", "2001")
    run(app, "add", "anil", "--role", "supervisor", "--district", "04")
    first, second = run(app, "list").stdout.splitlines()
    assert first.split()[:4] == ["anil", "supervisor", "-", "04"]
    assert second.split()[:4] == ["sita", "executive", "2001", "39"]
    assert [one["username"] for one in json.loads(run(app, "list", "--json").stdout)] == ["anil", "sita"]


def test_mistakes(app: App) -> None:
    with pytest.raises(UserError, match="8 to 200"):
        run(app, "add", "sita", "--role", "officer", "--password-stdin", given="short\n")
    with pytest.raises(click.UsageError, match="exclude each other"):
        run(app, "add", "sita", "--role", "officer", "--password-stdin", "--ask")
    with pytest.raises(click.UsageError, match="king"):
        run(app, "add", "sita", "--role", "king")
    with pytest.raises(UserError, match="no user sita"):
        run(app, "password", "sita")
    run(app, "add", "sita", "--role", "officer")
    with pytest.raises(UserError, match="there already"):
        run(app, "add", "sita", "--role", "officer")
