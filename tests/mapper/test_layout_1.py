"""A file that the program wrote in its first layout: still read, with the same answers."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mapper import (
    DirectoryError,
    Edition,
    Registration,
    assign,
    explain,
    holders_of,
    load_edition,
    next_level,
    reasons,
)
from mapper.directory.store import DirectoryStore

from .conftest import NOW
from .small_office import small_office

DUMP = Path(__file__).parent / "data" / "layout_1.sql"
AT = datetime(2026, 1, 20, 20, tzinfo=UTC)

# What the program that wrote the file answered itself.
ANSWERS = [
    ("ENERGY-01", "village:478700", "ENERGY-L1@block:3947", date(2026, 1, 28)),
    ("ENERGY-01", "ulb:250929", "ENERGY-L1@ulb:250929", date(2026, 1, 28)),
    ("ENERGY-01", "district:422", "ENERGY-L1@block:3945", date(2026, 1, 28)),
    ("REVENUE-01", "village:478700", "REVENUE-L1@tehsil:3563", date(2026, 1, 28)),
    ("REVENUE-01", "district:422", "REVENUE-L1@tehsil:3565", date(2026, 1, 28)),
    ("WCD-01", "village:478700", "WCD-L1@block:3947", date(2026, 2, 5)),
    ("WCD-01", "ulb:250929", "WCD-L1@block:3947", date(2026, 2, 5)),
]
RULE = (
    "edition 1: officer by WCD/L1 (block Zirapur); limit by WCD/L1, 15 calendar days;"
    " to be confirmed: officer, block of the place"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder as the earlier program left it: one edition and its manifest."""
    folder = tmp_path / "directory"
    folder.mkdir()
    path = folder / "edition-1.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    entry = {
        "number": 1,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "published_at": "2026-11-23T12:00:00+00:00",
        "source": "sheets",
    }
    (folder / "manifest.json").write_text(json.dumps({"editions": [entry]}), encoding="utf-8")
    path.chmod(0o444)
    return folder


@pytest.fixture
def old(folder: Path) -> Edition:
    return load_edition(folder / "edition-1.sqlite")


@pytest.mark.parametrize(("type_code", "place_id", "post_id", "due"), ANSWERS)
def test_it_answers_as_it_did(old: Edition, type_code: str, place_id: str, post_id: str, due: date) -> None:
    found = assign(old, Registration(type_code, place_id, AT))
    assert (found.edition, found.post.id, found.due) == ("1", post_id, due)


def test_it_explains_as_it_did(old: Edition) -> None:
    registration = Registration("WCD-01", "ulb:250929", AT)
    assert assign(old, registration).rule == RULE
    chain = [each.assignment.post.id for each in explain(old, registration).levels if each.assignment]
    assert chain == [
        "WCD-L1@block:3947",
        "WCD-L2@district:422",
        "WCD-L3@division:bhopal",
        "WCD-L4@state:23",
        "CHIEF-SECRETARY@state:23",
    ]


def test_what_it_did_not_know_is_empty(old: Edition) -> None:
    assert holders_of(old, "WCD-L1@block:3947", AT.date()) == ()
    assert reasons(old, "send_up") == ()
    ways = [next_level(old, "WCD-01", "village:478700", level, AT.date()).way for level in (1, 2, 3, 4, 5)]
    assert ways == ["automatic", "automatic", "manual", "manual", "none"]


def test_places_are_found_by_name(old: Edition) -> None:
    assert {hit.place.id for hit in old.search_places("motipura")} == {"village:478702"}


def test_reading_leaves_the_file_alone(folder: Path, old: Edition) -> None:
    assert hashlib.sha256((folder / "edition-1.sqlite").read_bytes()).hexdigest() == old.hash


def test_it_is_in_force_until_the_next_and_can_be_returned_to(folder: Path, tmp_path: Path) -> None:
    store = DirectoryStore(folder, clock=lambda: NOW)
    assert store.ensure() == folder / "edition-1.sqlite"
    sheets = small_office().write_csv(tmp_path / "sheets")
    assert store.publish(store.import_sheets(sheets)) == 2
    assert store.return_to(1) == 3
    with pytest.raises(DirectoryError, match="edition 1 is in force already: edition 3 has the same content"):
        store.return_to(1)
    again = assign(store.edition(), Registration("WCD-01", "ulb:250929", AT))
    first = assign(store.edition(1), Registration("WCD-01", "ulb:250929", AT))
    assert again.edition == "3"
    assert (again.post.id, again.due) == (first.post.id, first.due)


def test_any_other_layout_is_refused(folder: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(folder / "edition-1.sqlite", tmp_path / "edition-1.sqlite"))
    path.chmod(0o644)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update meta set value = '3' where key = 'format'")
    with pytest.raises(DirectoryError, match="has layout 3"):
        load_edition(path)
