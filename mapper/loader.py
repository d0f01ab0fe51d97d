"""From an edition's file to an `Edition` in memory. Only the standard library's sqlite3, read-only."""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import cast, get_args

from mapper.bulk import read_places, read_posts, read_search, read_territories, read_units
from mapper.days import CalendarPolicy, DayRule
from mapper.edition import Edition
from mapper.errors import DirectoryError, Problem
from mapper.layout import FORMAT, weekend
from mapper.layout_1 import LAYOUT_1, show_as_layout_2
from mapper.model import ComplaintType, Department
from mapper.office_model import CalendarRule, EscalationRule, GradingValue, Holder, Reason
from mapper.place_model import Kind
from mapper.rule_model import Holiday, Level, Responsibility, TimeLimit
from mapper.sealing import sha256_of

MANIFEST = "manifest.json"
"""Beside the editions: which there are, and the SHA-256 of each."""


def load_edition(path: Path) -> Edition:
    """Read an edition (or a draft: its number is 0).

    When a manifest beside the file names it, its SHA-256 must agree. Raises DirectoryError with the remedy
    when the file is missing, changed, damaged, or of another layout.
    """
    try:
        digest = sha256_of(path)
    except OSError as error:
        raise _refused(
            path, f"cannot be read ({error.strerror})", "run `helpline directory publish`"
        ) from error
    expected = _expected_hash(path)
    remedy = "put the file back from a backup, or import and publish the sheets again"
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
    def rows(table: str) -> Iterator[sqlite3.Row]:
        cursor = connection.cursor()
        cursor.row_factory = sqlite3.Row
        yield from cursor.execute(f"select * from [{table}] order by rowid")  # noqa: S608 (our own names)

    meta = {row["key"]: row["value"] for row in rows("meta")}
    if meta["format"] == LAYOUT_1:
        show_as_layout_2(connection)
    elif meta["format"] != str(FORMAT):
        what = f"has layout {meta['format']}, this program reads {FORMAT}"
        raise _refused(path, what, "import and publish the sheets again, or update the program")
    settings = {row["key"]: row["value"] for row in rows("settings")}
    kinds = {
        row["kind"]: Kind(
            row["kind"],
            row["scope"],
            row["name_hi"],
            row["name_en"],
            row["search_rank"],
            bool(row["selectable"]),
            _list(row["where"]),
        )
        for row in rows("kinds")
    }
    units = read_units(connection)
    places = read_places(connection, kinds, read_territories(connection, units), units)
    posts = read_posts(connection, kinds, places)
    holidays = tuple(
        Holiday(date.fromisoformat(row["date"]), row["name_hi"], row["name_en"], bool(row["drafted"]))
        for row in rows("holidays")
    )
    return Edition(
        number=int(meta["number"]),
        hash=digest,
        published_at=meta.get("published_at", ""),
        kinds=kinds,
        places=places,
        departments={
            row["department_code"]: Department(
                row["department_code"], row["name_hi"], row["name_en"], bool(row["drafted"])
            )
            for row in rows("departments")
        },
        types={
            row["type_code"]: ComplaintType(
                row["type_code"],
                row["department_code"],
                row["name_hi"],
                row["name_en"],
                _list(row["keywords"]),
                bool(row["drafted"]),
            )
            for row in rows("types")
        },
        levels=tuple(
            Level(
                row["level"],
                row["label"],
                row["name_hi"],
                row["name_en"],
                row["escalation"],
                bool(row["drafted"]),
                bool(row["decides"]),
            )
            for row in sorted(rows("levels"), key=lambda row: int(row["level"]))
        ),
        posts=posts,
        responsibilities=tuple(
            Responsibility(
                row["subject"],
                row["level"],
                row["area"],
                row["scope"],
                row["designation_code"],
                _day(row["since"]),
                bool(row["drafted"]),
            )
            for row in rows("responsibilities")
        ),
        limits=tuple(
            TimeLimit(row["subject"], row["level"], row["days"], _day(row["since"]), bool(row["drafted"]))
            for row in rows("time_limits")
        ),
        holidays=holidays,
        day_rule=_day_rule(settings, holidays),
        stored_search=read_search(connection, places),
        holders=tuple(_holder(row) for row in rows("holders")),
        escalations=tuple(
            EscalationRule(row["subject"], row["level"], row["way"], _day(row["since"]), bool(row["drafted"]))
            for row in rows("escalation")
        ),
        calendars=tuple(
            CalendarRule(
                row["subject"],
                _policy(row["policy"]),
                weekend(row["weekend"]),
                _day(row["since"]),
                bool(row["drafted"]),
            )
            for row in rows("calendars")
        ),
        reasons=tuple(
            Reason(row["purpose"], row["code"], row["name_hi"], row["name_en"], bool(row["drafted"]))
            for row in rows("reasons")
        ),
        grading=tuple(
            GradingValue(row["key"], row["value"], _day(row["since"]), bool(row["drafted"]), row["note"])
            for row in rows("grading")
        ),
    )


def _holder(row: sqlite3.Row) -> Holder:
    return Holder(
        row["post_id"],
        row["username"],
        row["name_hi"],
        row["name_en"],
        row["phone"],
        _day(row["from"]),
        _day(row["to"]),
        row["charge"],
        _day(row["leave_from"]),
        _day(row["leave_to"]),
        row["deputy_post_id"],
        row["note"],
    )


def _day_rule(settings: dict[str, str], holidays: tuple[Holiday, ...]) -> DayRule:
    policy = _policy(settings["calendar_policy"])
    last = max((holiday.day for holiday in holidays), default=None)
    days = frozenset(holiday.day for holiday in holidays)
    known_until = date(last.year, 12, 31) if last else None
    return DayRule(policy, weekend(settings["weekend"]), days, known_until)


def _policy(cell: str) -> CalendarPolicy:
    for known in get_args(CalendarPolicy):
        if cell == known:
            return cast(CalendarPolicy, cell)
    raise ValueError(f"calendar policy {cell!r}")


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _day(cell: str | None) -> date | None:
    return date.fromisoformat(cell) if cell else None
