"""`helpline directory` as an administrator types it, with good and with broken sheets."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from helpline.commands.directory import directory
from mapper.directory.store import DirectoryStore

from .conftest import Edit, Row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "directory"


def run(*arguments: str | Path, obj: Any = None) -> Result:
    result = CliRunner().invoke(directory, [str(argument) for argument in arguments], obj=obj)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with edition 1."""
    made = tmp_path_factory.mktemp("cli") / "directory"
    DirectoryStore(made).ensure()
    return made


def test_from_sheets_to_an_edition(sheets: Path, folder: Path) -> None:
    assert "no edition yet" in run("editions", "--folder", folder).output
    assert run("import", sheets, "--folder", folder).exit_code == 0
    checked = run("check", "--folder", folder)
    assert checked.exit_code == 0
    assert re.search(r"^0 errors, \d+ warnings; it can be published$", checked.output, re.MULTILINE)
    published = run("publish", "--folder", folder)
    assert published.exit_code == 0
    assert "edition 1 is in force" in published.output
    assert "in force" in run("editions", "--folder", folder).output


def test_the_same_as_json(sheets: Path, folder: Path) -> None:
    assert json.loads(run("import", sheets, "--folder", folder, "--json").output)["source"] == str(sheets)
    listed = json.loads(run("editions", "--folder", folder, "--json").output)
    assert listed["editions"] == []
    assert listed["draft"]["source"] == str(sheets)
    checked = json.loads(run("check", "--folder", folder, "--json").output)
    assert checked["ok"] is True
    assert {problem["severity"] for problem in checked["problems"]} == {"warning"}
    published = json.loads(run("publish", "--folder", folder, "--json").output)
    assert published["number"] == 1
    assert len(published["sha256"]) == 64
    assert json.loads(run("editions", "--folder", folder, "--json").output)["editions"] == [published]


def test_the_shipped_sheets_are_the_default_source(folder: Path) -> None:
    assert run("import", "--folder", folder).exit_code == 0


def test_the_folder_comes_from_the_state_directory(tmp_path: Path) -> None:
    state = SimpleNamespace(state_dir=tmp_path / "state")
    assert run("import", obj=state).exit_code == 0
    assert (tmp_path / "state" / "directory" / "draft.sqlite").exists()


def test_without_context_the_folder_is_below_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "no edition yet" in run("editions").output
    assert run("import").exit_code == 0
    assert (tmp_path / "var" / "directory" / "draft.sqlite").exists()


def test_broken_sheets_tell_every_problem_and_leave_nothing(sheets: Path, folder: Path, edit: Edit) -> None:
    def wrong_days(rows: list[Row]) -> None:
        rows[1]["days"] = "fifteen"

    edit("time_limits.csv", wrong_days)
    (sheets / "holidays.csv").write_bytes(b"\xff\xfe\x00")
    result = run("import", sheets, "--folder", folder)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[0].startswith(
        "helpline: time_limits.csv row 3, column days: 'fifteen' is not a whole number"
    )
    assert lines[1].startswith("helpline: holidays.csv row 1: not UTF-16")
    assert lines[2] == "helpline: 2 problems; nothing was changed"
    assert not folder.exists()
    as_json = run("import", sheets, "--folder", folder, "--json")
    assert as_json.exit_code == 1
    told = json.loads(as_json.stdout)
    assert [(p["file"], p["row"], p["column"]) for p in told["problems"]] == [
        ("time_limits.csv", 3, "days"),
        ("holidays.csv", 1, ""),
    ]


def test_a_source_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    result = run("import", tmp_path / "none", "--folder", folder)
    assert result.exit_code == 1
    assert "no such folder or file" in result.stderr


@pytest.mark.parametrize("command", ["check", "publish"])
def test_without_a_draft(folder: Path, command: str) -> None:
    result = run(command, "--folder", folder)
    assert result.exit_code == 1
    assert "there is no draft" in result.stderr
    assert "helpline directory import" in result.stderr
    assert not folder.exists()


def test_a_draft_with_errors_is_not_published(sheets: Path, folder: Path, edit: Edit) -> None:
    def without_the_default(rows: list[Row]) -> None:
        rows.pop(0)

    edit("time_limits.csv", without_the_default)
    assert run("import", sheets, "--folder", folder).exit_code == 0
    checked = run("check", "--folder", folder)
    assert checked.exit_code == 1
    assert "error: time_limits.csv" in checked.output
    published = run("publish", "--folder", folder)
    assert published.exit_code == 1
    assert "no edition yet" in run("editions", "--folder", folder).output


def test_explain_prints_the_chain(ready: Path) -> None:
    at = "2026-11-23T10:00"
    result = run("explain", "--type", "REVENUE-01", "--place", "dhanoda", "--at", at, "--folder", ready)
    assert result.exit_code == 1  # the village and its panchayat share the name
    assert "village:478700" in result.stderr
    result = run(
        "explain", "--type", "REVENUE-01", "--place", "village:478700", "--at", at, "--folder", ready
    )
    assert result.exit_code == 0
    assert "L1  तहसीलदार / नायब तहसीलदार, जीरापुर" in result.output
    assert "अंतिम तिथि / by 2026-11-30" in result.output
    assert "नाम ज्ञात नहीं / not named" in result.output
    assert "L4  संभागायुक्त, भोपाल" in result.output
    assert "by hand only, with a reason" in result.output
    assert "edition 1" in result.output


def test_explain_by_a_name_that_only_one_place_has(ready: Path) -> None:
    result = run("explain", "--type", "UDH-06", "--place", "तलेन", "--folder", ready)
    assert result.exit_code == 0
    assert "मुख्य नगर पालिका अधिकारी, तलेन" in result.output


def test_explain_as_json(ready: Path) -> None:
    at = "2026-11-23T23:45:00+00:00"  # already the 24th in India
    options = ("--place", "village:478700", "--at", at, "--folder", ready, "--json")
    told = json.loads(run("explain", "--type", "HOME-11", *options).output)
    assert told["registered_on"] == "2026-11-24"
    assert told["edition"] == "1"
    assert [level["label"] for level in told["levels"]] == ["L1", "L2", "L3", "L4", "L5"]
    assert [level["due"] for level in told["levels"]][:4] == ["2026-12-01", None, None, "2026-12-08"]
    assert told["levels"][0]["tried"][0]["rule"] == "HOME-11/L1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--type", "REVENUE-01", "--place", "biaora"), "is the name of 3 places or more"),
        (("--type", "REVENUE-01", "--place", "biao"), "no place is called exactly"),
        (("--type", "REVENUE-01", "--place", "qqqqqqqq"), "no place is called"),
        (("--type", "NONE-01", "--place", "tehsil:3566"), "has no type 'NONE-01'"),
        (("--type", "REVENUE-01", "--place", "tehsil:3566", "--edition", "7"), "there is no edition 7"),
    ],
)
def test_explain_refuses_what_it_does_not_know(ready: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run("explain", *arguments, "--folder", ready)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stdout == ""


def test_explain_without_an_edition_and_with_a_wrong_time(folder: Path, ready: Path) -> None:
    result = run("explain", "--type", "REVENUE-01", "--place", "biaora", "--folder", folder)
    assert result.exit_code == 1
    assert "no edition is published" in result.stderr
    wrong = ("--place", "tehsil:3566", "--at", "soon", "--folder", ready)
    assert run("explain", "--type", "REVENUE-01", *wrong).exit_code == 2


def test_a_template_goes_the_whole_way(folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "office.xlsx"
    assert "the sheet notes explains every column" in run("template", "--xlsx", book).output
    assert "is there already" in run("template", "--xlsx", book).stderr
    again = json.loads(run("template", "--xlsx", book, "--json").output)
    assert (again["ok"], again["problems"][0]["what"]) == (False, "is there already")
    imported = run("import", book, "--folder", folder)
    assert "11 rows  office.xlsx, sheet places" in imported.output
    assert "no edition is in force yet" in run("diff", "--folder", folder).stderr
    assert run("publish", "--folder", folder, "--by", "asha").exit_code == 0
    run("import", book, "--folder", folder)
    assert "nothing changes" in run("diff", "--folder", folder).output
    assert "edition 1 is in force already" in run("return", "1", "--folder", folder).stderr
    run("publish", "--folder", folder)
    assert run("return", "1", "--folder", folder).exit_code == 0
    listed = run("editions", "--folder", folder).output.splitlines()
    assert "asha" in listed[0]
    assert "returned to edition 1" in listed[2]
    assert run("template").exit_code == 2
    assert run("template", "--xlsx", tmp_path / "office.ods").exit_code == 2
    written = json.loads(run("template", "--csv", tmp_path / "csv", "--json").output)
    assert len(written["files"]) == len(list((tmp_path / "csv").iterdir())) == 18


def test_many_alike_problems_are_counted(sheets: Path, folder: Path, edit: Edit) -> None:
    def wrong_kind(rows: list[Row]) -> None:
        for row in rows[100:1600]:
            row["kind"] = "hamlet"

    edit("places.csv", wrong_kind)
    lines = run("import", sheets, "--folder", folder).stderr.splitlines()
    assert lines[-2] == "helpline: places.csv, column kind: 1495 more of this kind (rows 107 to 1601)"
    assert lines[-1] == "helpline: 1500 problems; nothing was changed"
    assert len(lines) == 7
    assert len(run("import", sheets, "--folder", folder, "--all").stderr.splitlines()) == 1501


def test_explain_one_level_on_a_day(ready: Path) -> None:
    asked = ("explain", "--type", "REVENUE-01", "--place", "village:478700", "--folder", ready)
    told = json.loads(run(*asked, "--level", "2", "--on", "2026-11-23", "--json").output)
    assert [(level["level"], level["due"]) for level in told["levels"]] == [(2, "2026-11-30")]
    assert told["levels"][0]["holders"] == []
    none = run(*asked, "--level", "9")
    assert none.exit_code == 1
    assert "its levels are 1, 2, 3, 4, 5" in none.stderr
    assert run(*asked, "--on", "23-11-2026").exit_code == 2
    assert run(*asked, "--on", "2026-11-23", "--at", "2026-11-23").exit_code == 2


def test_a_changed_edition_is_refused(sheets: Path, folder: Path) -> None:
    path = DirectoryStore(folder).ensure()
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    result = run("explain", "--type", "REVENUE-01", "--place", "tehsil:3566", "--folder", folder)
    assert result.exit_code == 1
    assert "SHA-256 differs" in result.stderr
    assert "backup" in result.stderr


def test_the_list_finds_editions_that_were_changed_or_lost(sheets: Path, folder: Path) -> None:
    store = DirectoryStore(folder)
    first = store.ensure()
    for _ in range(2):
        store.publish(store.import_sheets(sheets))
    assert run("editions", "--folder", folder).exit_code == 0
    first.chmod(0o644)
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    (folder / "edition-2.sqlite").unlink()
    result = run("editions", "--folder", folder)
    assert result.exit_code == 1
    told = [line.partition(" is ")[2] for line in result.stdout.splitlines()]
    assert told == ["changed: put it back from a backup", "missing: put it back from a backup", ""]
    result = run("editions", "--folder", folder, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["faults"] == {"1": "changed", "2": "missing"}


def test_all_names_every_place_and_post_that_is_counted(sheets: Path, folder: Path) -> None:
    run("import", sheets, "--folder", folder)
    short = run("check", "--folder", folder).stdout.splitlines()
    whole = run("check", "--folder", folder, "--all").stdout.splitlines()
    assert not any(line.startswith("    ") for line in short)
    start = next(n for n, line in enumerate(whole) if "places have no police station of their own" in line)
    places = list(itertools.takewhile(lambda line: line[0] == " ", whole[start + 1 :]))
    assert whole[start].split(" of ")[1].split()[0] == str(len(places))
    told = json.loads(run("check", "--folder", folder, "--json").stdout)["problems"]
    uncovered = next(one for one in told if one["column"] == "unit_id" and "police station" in one["what"])
    assert uncovered["things"] == [line.strip() for line in places]
