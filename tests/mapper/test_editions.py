"""Returning to an edition, what the list keeps, and a running service that notices."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mapper import DirectoryError, Registration, assign, load_edition
from mapper.directory.current import EditionInForce
from mapper.directory.store import DirectoryStore

from .conftest import NOW
from .small_office import small_office


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Two editions: limits of 7 days, then of 10."""
    store = DirectoryStore(tmp_path / "directory", clock=lambda: NOW)
    office = small_office()
    for days, by in (("7", "asha"), ("10", "usha")):
        office.rows["time_limits"][0]["days"] = days
        store.publish(store.import_sheets(office.write_csv(tmp_path / days)), by=by)
    return store


def days(store: DirectoryStore) -> int:
    path = store.current()
    assert path is not None
    found = assign(load_edition(path), Registration("REVENUE-01", "village:478700", NOW))
    return int(found.rule.partition(", ")[2].split()[0])


def test_returning_makes_a_new_edition_with_the_old_content(store: DirectoryStore) -> None:
    first = (store.folder / "edition-1.sqlite").read_bytes()
    assert days(store) == 10
    assert store.return_to(1, by="collector", open_complaints="leave") == 3
    assert days(store) == 7
    entries = store.editions()
    assert [(entry.number, entry.by, entry.returned_to) for entry in entries] == [
        (1, "asha", 0),
        (2, "usha", 0),
        (3, "collector", 1),
    ]
    assert len({entry.sha256 for entry in entries}) == 3
    assert (store.folder / "edition-1.sqlite").read_bytes() == first
    assert store.edition().number == 3
    assert store.edition(1).number == 1
    store.return_to(2)
    store.return_to(3)
    assert [entry.returned_to for entry in store.editions()] == [0, 0, 1, 2, 1]
    assert days(store) == 7


def test_what_cannot_be_returned_to(store: DirectoryStore) -> None:
    with pytest.raises(DirectoryError, match="edition 2 is in force already"):
        store.return_to(2)
    with pytest.raises(DirectoryError, match="there is no edition 9"):
        store.return_to(9)
    path = store.folder / "edition-1.sqlite"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(DirectoryError, match="SHA-256 differs"):
        store.return_to(1)
    assert [entry.number for entry in store.editions()] == [1, 2]


def test_the_choice_for_open_complaints_is_kept(store: DirectoryStore) -> None:
    store.return_to(1, open_complaints="move")
    assert [entry.moving for entry in store.editions()] == [False, False, True]
    store.moved(3)
    assert [entry.moving for entry in store.editions()] == [False, False, False]
    assert store.editions()[-1].moved_at == NOW.isoformat(timespec="seconds")


def test_nothing_is_published_while_complaints_are_moved(store: DirectoryStore, tmp_path: Path) -> None:
    draft = store.import_sheets(small_office().write_csv(tmp_path / "new"))
    store.return_to(1, open_complaints="move")
    with pytest.raises(DirectoryError, match="still being moved to edition 3"):
        store.publish(draft)
    with pytest.raises(DirectoryError, match="still being moved to edition 3"):
        store.return_to(2)
    store.moved(3)
    assert store.publish(draft) == 4


def test_only_the_draft_that_was_looked_at_is_published(store: DirectoryStore, tmp_path: Path) -> None:
    sheets = small_office().write_csv(tmp_path / "new")
    first = store.import_sheets(sheets)
    second = store.import_sheets(sheets)
    with pytest.raises(DirectoryError, match="the draft was replaced meanwhile, from"):
        store.publish(first)
    assert store.publish(second) == 3
    with pytest.raises(DirectoryError, match="there is no draft any more"):
        store.publish(second)


@pytest.mark.parametrize("returned", [False, True])
def test_a_publishing_killed_at_its_end_leaves_no_draft(
    store: DirectoryStore, tmp_path: Path, *, returned: bool
) -> None:
    draft = store.import_sheets(small_office().write_csv(tmp_path / "new"))
    kept = draft.path.read_bytes()
    assert store.publish(draft) == 3
    if returned:
        store.return_to(1)
        store.return_to(3)
    draft.path.write_bytes(kept)  # as it is when the process ends before it takes the draft away
    assert store.draft() is None
    again = store.import_sheets(tmp_path / "new")
    assert store.draft() == again


def test_a_manifest_of_an_earlier_version_is_read(store: DirectoryStore) -> None:
    path = store.folder / "manifest.json"
    entry = store.editions()[0]
    path.write_text(
        f'{{"editions": [{{"number": 1, "file": "{entry.file}", "sha256": "{entry.sha256}", '
        '"published_at": "2026-01-01T00:00:00+00:00", "source": "x"}]}',
        encoding="utf-8",
    )
    assert store.editions()[0].by == ""
    assert store.edition().number == 1


def test_a_running_service_notices_a_new_edition(store: DirectoryStore) -> None:
    current = EditionInForce(store)
    assert current.edition.number == 2
    assert not current.stale()
    store.return_to(1)
    assert current.stale()
    assert current.edition.number == 2
    assert current.reload()
    assert current.edition.number == 3
    assert not current.stale()
    assert not current.reload()


def test_an_edition_that_cannot_be_read_leaves_the_one_in_memory(store: DirectoryStore) -> None:
    current = EditionInForce(store)
    path = store.folder / "edition-3.sqlite"
    store.return_to(1)
    path.chmod(0o644)
    path.write_bytes(b"gone")
    os.utime(store.folder / "manifest.json")
    assert current.stale()
    with pytest.raises(DirectoryError):
        current.reload()
    assert current.edition.number == 2
    assert not current.stale()
