"""``helpline records verify``: what somebody with the database's password did shows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from helpline.app import App
from tests.helpline.conftest import Run, registered, take


@pytest.fixture
def tamper(app: App) -> "Tamper":
    return Tamper(app.state_dir / "records.sqlite")


class Tamper:
    """Somebody with the file, who knows of the triggers."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, statement: str) -> None:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            found = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
            for (name,) in found:
                connection.execute(f"drop trigger {name}")
            assert connection.execute(statement).rowcount > 0


def test_an_untouched_book(run: Run) -> None:
    assert run("records", "verify").out == "0 complaints, 0 events: nothing was changed\n"
    number = registered(run)
    take(run, "note", number, "--by", "sita", "--text", "x")
    told = run("records", "verify", "--json")
    assert (told.status, told.json["ok"], told.json["verified"]["events"]) == (0, True, 3)


def test_what_cannot_be_opened_is_told_as_json_too(run: Run, app: App) -> None:
    (app.state_dir / "records.sqlite").unlink(missing_ok=True)
    (app.state_dir / "records.sqlite").mkdir()
    for command in (("records", "verify"), ("complaint", "list"), ("serve", "clock", "--once")):
        told = run(*command, "--json")
        assert (told.status, told.json["ok"]) == (1, False)
        assert "records.sqlite" in told.json["error"]


def test_a_changed_event_is_named(run: Run, tamper: Tamper) -> None:
    number = registered(run)
    tamper("update complaint_events set actor = 'gita' where seq = 2")
    told = run("records", "verify")
    assert told.status == 1
    assert f"complaint {number}: event 2 was changed" in told.out
    assert "in the newest backup that verifies clean" in " ".join(told.out.split())
    as_json = run("records", "verify", "--json").json
    assert as_json["verified"]["findings"][0]["seq"] == 2
    assert as_json["remedy"].startswith("what to do: ")


def test_a_newest_event_that_is_gone_is_told_in_the_singular(run: Run, tamper: Tamper) -> None:
    number = registered(run)
    tamper("delete from complaint_events where seq = 2")
    assert f"complaint {number}: event 2 is gone, the newest\n" in run("records", "verify").out


def test_exported_hashes_show_what_was_made_anew(run: Run, tamper: Tamper, tmp_path: Path) -> None:
    registered(run)
    registered(run)
    heads = tmp_path / "heads"
    assert "2 hashes written" in run("records", "verify", "--export-heads", str(heads)).out
    assert run("records", "verify", "--heads", str(heads)).status == 0
    tamper("update complaint_events set hash = previous_hash where seq = 2")
    told = run("records", "verify", "--heads", str(heads), "--export-heads", str(tmp_path / "more"))
    assert told.status == 1
    assert "nothing was exported" in told.out
    assert not (tmp_path / "more").exists()
    missing = run("records", "verify", "--heads", str(tmp_path / "none"))
    assert (missing.status, "cannot be read" in missing.err) == (1, True)
