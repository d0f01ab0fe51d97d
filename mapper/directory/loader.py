"""From an edition's file to an `Edition` in memory. Only the standard library's sqlite3, read-only."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mapper.decision.edition import Edition
from mapper.directory.bulk import read_places, read_posts, read_search, read_territories, read_units
from mapper.directory.edition_reader import Tables
from mapper.directory.layout import FORMAT
from mapper.directory.layout_1 import LAYOUT_1, show_as_layout_2
from mapper.directory.sealing import sha256_of
from mapper.errors import DirectoryError, Problem

MANIFEST = "manifest.json"
"""Beside the editions: which there are, and the SHA-256 of each."""


def load_edition(path: Path) -> Edition:
    """Read an edition (or a draft: its number is 0).

    When a manifest beside the file names it, its SHA-256 must agree. Raises DirectoryError with the remedy
    when the file is missing, changed, damaged, or of another layout.
    """
    remedy = "put the file back from a backup, or import and publish the sheets again"
    try:
        digest = sha256_of(path)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})", remedy) from error
    expected = _expected_hash(path)
    if expected is not None and expected != digest:
        raise _refused(path, "is not as it was published (its SHA-256 differs)", remedy)
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection, _without_collector():
            return _read(connection, path, digest)
    except (sqlite3.Error, KeyError, IndexError, ValueError, TypeError) as error:
        raise _refused(path, f"is damaged ({error})", remedy) from error


@contextmanager
def _without_collector() -> Iterator[None]:
    """A hundred thousand objects that all stay: looking for garbage among them would take longest of all."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _refused(path: Path, what: str, remedy: str) -> DirectoryError:
    return DirectoryError(Problem(path.name, 0, "", what, remedy))


def _expected_hash(path: Path) -> str | None:
    try:
        manifest = json.loads((path.parent / MANIFEST).read_text(encoding="utf-8"))
        return next((str(e["sha256"]) for e in manifest["editions"] if e["file"] == path.name), None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "put it back from a backup, or move it away and publish again"
        raise DirectoryError(Problem(MANIFEST, 0, "", f"cannot be used ({error})", remedy)) from error


def _read(connection: sqlite3.Connection, path: Path, digest: str) -> Edition:
    tables = Tables(connection)
    meta = tables.pairs("meta")
    if meta["format"] == LAYOUT_1:
        show_as_layout_2(connection)
    elif meta["format"] != str(FORMAT):
        what = f"has layout {meta['format']}, this program reads {FORMAT}"
        raise _refused(path, what, "import and publish the sheets again, or update the program")
    kinds = tables.kinds()
    units = read_units(connection)
    places = read_places(connection, kinds, read_territories(connection, units), units)
    holidays = tables.holidays()
    return Edition(
        number=int(meta["number"]),
        hash=digest,
        published_at=meta.get("published_at", ""),
        kinds=kinds,
        places=places,
        departments=tables.departments(),
        types=tables.types(),
        levels=tables.levels(),
        posts=read_posts(connection, kinds, places),
        responsibilities=tables.responsibilities(),
        limits=tables.limits(),
        holidays=holidays,
        day_rule=tables.day_rule(holidays),
        stored_search=read_search(connection, places),
        holders=tables.holders(),
        escalations=tables.escalations(),
        calendars=tables.calendars(),
        reasons=tables.reasons(),
        grading=tables.grading(),
    )
