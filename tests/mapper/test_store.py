"""Editions: made whole or not at all, never changed, refused when damaged."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from mapper import DirectoryError, load_edition
from mapper.directory.store import DirectoryStore, shipped_source

from .conftest import NOW, Edit, Row


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != ".lock"} if folder.exists() else set()


def test_import_check_publish(store: DirectoryStore) -> None:
    assert store.current() is None
    assert store.editions() == []
    draft = store.import_sheets(shipped_source())
    assert store.draft() == draft
    found = store.check(draft)
    assert found
    assert {problem.severity for problem in found} == {"warning"}
    assert store.current() is None
    assert store.publish(draft) == 1
    path = store.current()
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    edition = load_edition(path)
    assert (edition.number, edition.name) == (1, "1")
    assert edition.hash == hashlib.sha256(path.read_bytes()).hexdigest() == store.editions()[0].sha256
    assert edition.published_at == store.editions()[0].published_at == NOW.isoformat(timespec="seconds")
    assert files(store.folder) == {"edition-1.sqlite", "manifest.json"}
    assert store.draft() is None


def test_a_second_edition_leaves_the_first_alone(
    ready_store: DirectoryStore, sheets: Path, edit: Edit
) -> None:
    first = ready_store.ensure()
    before = first.read_bytes()

    def longer(rows: list[Row]) -> None:
        rows[0]["days"] = "10"

    edit("time_limits.csv", longer)
    assert ready_store.publish(ready_store.import_sheets(sheets)) == 2
    assert first.read_bytes() == before
    assert [entry.number for entry in ready_store.editions()] == [1, 2]
    current = ready_store.current()
    assert current is not None
    assert {limit.days for limit in load_edition(current).limits if limit.subject == "*"} == {10}
    assert {limit.days for limit in load_edition(first).limits if limit.subject == "*"} == {7}


def test_ensure_makes_the_first_edition_only(store: DirectoryStore) -> None:
    path = store.ensure()
    assert store.ensure() == path == store.current()
    assert [entry.number for entry in store.editions()] == [1]


def _ensure(folder: Path) -> None:
    DirectoryStore(folder, clock=lambda: NOW).ensure()


def test_processes_that_start_together_make_one_edition(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    together = [context.Process(target=_ensure, args=(tmp_path / "d",)) for _ in range(3)]
    for process in together:
        process.start()
    for process in together:
        process.join(120)
        assert process.exitcode == 0
    assert [entry.number for entry in DirectoryStore(tmp_path / "d").editions()] == [1]
    assert files(tmp_path / "d") == {"edition-1.sqlite", "manifest.json"}


def test_a_failed_import_leaves_nothing(store: DirectoryStore, sheets: Path) -> None:
    (sheets / "types.csv").write_text("", encoding="utf-8")
    with pytest.raises(DirectoryError):
        store.import_sheets(sheets)
    assert not store.folder.exists()


def test_a_failed_import_leaves_the_earlier_draft(store: DirectoryStore, sheets: Path) -> None:
    draft = store.import_sheets(sheets)
    before = draft.path.read_bytes()
    (sheets / "types.csv").write_text("", encoding="utf-8")
    with pytest.raises(DirectoryError):
        store.import_sheets(sheets)
    assert draft.path.read_bytes() == before
    assert files(store.folder) == {"draft.sqlite"}


def test_what_a_killed_import_left_is_taken_away(store: DirectoryStore, sheets: Path) -> None:
    store.folder.mkdir()
    (store.folder / ".draft.sqlite.4711.making").write_bytes(b"half a draft")
    (store.folder / ".draft.sqlite.4711.making-journal").write_bytes(b"its journal")
    store.import_sheets(sheets)
    assert [path.name for path in store.folder.iterdir() if "making" in path.name] == []


def test_a_type_without_officer_is_not_published(store: DirectoryStore, sheets: Path, edit: Edit) -> None:
    def drop(rows: list[Row]) -> None:
        rows[:] = [row for row in rows if not (row["subject"] == "UDH" and row["area"] == "rural")]

    edit("responsibilities.csv", drop)
    draft = store.import_sheets(sheets)
    errors = [problem for problem in store.check(draft) if problem.severity == "error"]
    assert errors
    assert any("UDH-01" in p.what and "have no level 1 officer" in p.what for p in errors)
    with pytest.raises(DirectoryError, match="no level 1 officer"):
        store.publish(draft)
    assert files(store.folder) == {"draft.sqlite"}


def test_the_same_post_on_two_levels_is_told(store: DirectoryStore, sheets: Path, edit: Edit) -> None:
    def same(rows: list[Row]) -> None:
        for row in rows:
            if (row["subject"], row["level"]) == ("PRD", "3"):
                row["designation_code"] = "PRD-L2"

    edit("responsibilities.csv", same)
    found = store.check(store.import_sheets(sheets))
    told = [
        p for p in found if "PRD-01, " in p.what and "the same post is L2 and L3 at 2403 places" in p.what
    ]
    assert [problem.severity for problem in told] == ["warning"]


def test_a_missing_limit_and_a_second_start_are_errors(
    store: DirectoryStore, sheets: Path, edit: Edit
) -> None:
    def only_some(rows: list[Row]) -> None:
        rows[0]["level"] = "1"

    def two_starts(rows: list[Row]) -> None:
        rows[1]["escalation"] = "start"

    edit("time_limits.csv", only_some)
    edit("levels.csv", two_starts)
    errors = [p for p in store.check(store.import_sheets(sheets)) if p.severity == "error"]
    assert any("types have no limit at level 2: AGRI-01" in problem.what for problem in errors)
    assert any(problem.file == "levels.csv" for problem in errors)
    assert len(errors) < 120


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "gone", "other"])
def test_a_damaged_edition_is_refused_with_the_remedy(ready_store: DirectoryStore, damage: str) -> None:
    path = ready_store.ensure()
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[:5000])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "gone":
        path.unlink()
    else:
        path.write_text("not a database at all", encoding="utf-8")
    with pytest.raises(DirectoryError) as caught:
        load_edition(path)
    assert "publish" in caught.value.problems[0].remedy


def test_a_change_by_hand_is_refused(ready_store: DirectoryStore) -> None:
    """Also when it leaves a sound database: an edition is what was published."""
    path = ready_store.ensure()
    path.chmod(0o644)
    with sqlite3.connect(path) as connection:
        connection.execute("update time_limits set days = 30")
    connection.close()
    with pytest.raises(DirectoryError, match="SHA-256 differs"):
        load_edition(path)


@pytest.mark.parametrize("size", [0, 100, 5000, 300_000])
def test_damage_is_refused_without_a_manifest_too(
    ready_store: DirectoryStore, tmp_path: Path, size: int
) -> None:
    alone = tmp_path / "alone.sqlite"
    alone.write_bytes(ready_store.ensure().read_bytes()[:size])
    with pytest.raises(DirectoryError, match="damaged"):
        load_edition(alone)


def test_another_layout_is_refused(store: DirectoryStore) -> None:
    draft = store.import_sheets(shipped_source())
    with sqlite3.connect(draft.path) as connection:
        connection.execute("update meta set value = '99' where key = 'format'")
    connection.close()
    with pytest.raises(DirectoryError, match="layout 99"):
        load_edition(draft.path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"editions": [{"number": 1}]}', '{"editions": 3}'])
def test_a_damaged_manifest_is_refused(ready_store: DirectoryStore, content: str) -> None:
    path = ready_store.ensure()
    (ready_store.folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(DirectoryError, match=r"manifest\.json"):
        ready_store.current()
    with pytest.raises(DirectoryError, match=r"manifest\.json"):
        load_edition(path)


def test_a_stray_edition_file_does_not_take_its_number_twice(store: DirectoryStore) -> None:
    """A crash between the file's rename and the manifest leaves such a file: it is never in force."""
    store.folder.mkdir()
    (store.folder / "edition-1.sqlite").write_bytes(b"stray")
    assert store.current() is None
    assert store.publish(store.import_sheets(shipped_source())) == 2
    assert (store.folder / "edition-1.sqlite").read_bytes() == b"stray"
    assert [
        entry["number"] for entry in json.loads((store.folder / "manifest.json").read_text())["editions"]
    ] == [2]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(DirectoryError, match="cannot be written"):
        DirectoryStore(tmp_path / "file" / "directory").import_sheets(shipped_source())


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DirectoryError, match="cannot be written"):
            DirectoryStore(tmp_path / "directory").import_sheets(shipped_source())
    finally:
        tmp_path.chmod(0o700)


def test_a_damaged_draft_is_refused(store: DirectoryStore) -> None:
    draft = store.import_sheets(shipped_source())
    draft.path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(DirectoryError, match="import the sheets again"):
        store.draft()
    with pytest.raises(DirectoryError):
        store.publish(draft)
    assert store.editions() == []


def test_editions_without_their_list_are_not_taken_for_none(ready_store: DirectoryStore) -> None:
    """Else the service would put the shipped sheets in force in their stead."""
    (ready_store.folder / "manifest.json").unlink()
    for asked in (ready_store.ensure, ready_store.edition, ready_store.need_list):
        with pytest.raises(DirectoryError, match=r"edition-1\.sqlite is there without it; put it back"):
            asked()
    draft = ready_store.import_sheets(shipped_source())
    assert ready_store.publish(draft) == 2, "as the remedy says, where there is no backup"
    ready_store.need_list()


def test_a_first_publishing_killed_before_its_list_is_no_loss(store: DirectoryStore) -> None:
    draft = store.import_sheets(shipped_source())
    shutil.copyfile(draft.path, store.folder / "edition-1.sqlite")
    assert load_edition(store.ensure()).number == 2
