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
from records.errors import NoBookError
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
    with pytest.raises(NoBookError, match="no book of complaints yet"):
        run(app, "list")
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
    run(app, "add", "anil", "--role", "officer")
    with pytest.raises(UserError, match="no user sita"):
        run(app, "password", "sita")
    run(app, "add", "sita", "--role", "officer")
    with pytest.raises(UserError, match="there already"):
        run(app, "add", "sita", "--role", "officer")


def test_disabled_for_a_while(app: App) -> None:
    run(app, "add", "anil", "--role", "supervisor")
    run(app, "add", "sita", "--role", "officer", "--password-stdin", given="correct horse\n")
    run(app, "disable", "sita")
    assert log_in(app, "sita", "correct horse") is None
    assert "[disabled]" in run(app, "list").stdout
    run(app, "enable", "sita")
    assert log_in(app, "sita", "correct horse") is not None


def test_removed_for_good_with_the_name_kept(app: App) -> None:
    run(app, "add", "sita", "--role", "officer", "--name-hi", "सीता", "--extension", "2001")
    run(app, "remove", "SITA")
    (row,) = json.loads(run(app, "list", "--json").stdout)
    assert (row["display_name_hi"], row["extension"]) == ("सीता", None)
    assert row["removed_at"]
    for step in (("enable",), ("disable",), ("remove",), ("password",)):
        with pytest.raises(UserError, match="no user sita"):
            run(app, *step, "sita")
    with pytest.raises(UserError, match="stands in the history"):
        run(app, "add", "sita", "--role", "officer")


@pytest.mark.parametrize("step", ["disable", "remove"])
def test_the_last_who_leads_is_asked_about(app: App, step: str) -> None:
    run(app, "add", "anil", "--role", "supervisor")
    run(app, "add", "meera", "--role", "supervisor")
    run(app, step, "meera")
    with pytest.raises(click.Abort):
        run(app, step, "anil", given="n\n")
    assert "anil" in run(app, "list").stdout.splitlines()[0]
    assert "last supervisor" in run(app, step, "anil", given="y\n").stdout


def test_yes_is_not_asked(app: App) -> None:
    run(app, "add", "kavita", "--role", "administrator")
    assert "removed" in run(app, "remove", "kavita", "--yes").stdout


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("qwertyuiop", "common password"),
        ("P@ssw0rd123", "common password"),
        ("asdfghjkl;'", "run of keys|common password"),
        ("zxcvbnm,./", "run of keys|common password"),
        ("Sarita@2027", "name or a word"),
        ("yadav-1234", "name or a word"),
        ("helpline@99", "name or a word"),
        ("chhindwara7", "name or a word"),
        ("छिंदवाड़ा123", "name or a word"),
        ("26011950", "date or a year"),
        ("abababababab", "repetition"),
    ],
)
def test_what_is_guessed_first_is_refused(app: App, password: str, why: str) -> None:
    add = ("add", "sarita", "--role", "officer", "--name-en", "Sarita Yadav", "--password-stdin")
    with pytest.raises(UserError, match=why):
        run(app, *add, given=f"{password}\n")
    run(app, *add, given="peepal-7-rail-dhoop\n")
    with pytest.raises(UserError, match=why):
        run(app, "password", "sarita", "--password-stdin", given=f"{password}\n")
