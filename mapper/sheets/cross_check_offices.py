"""Whether the sheets of offices agree: holders, escalation, calendars, grading, the level that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from mapper.decision.grading_rules import KEYS
from mapper.errors import Problem
from mapper.model.office_model import PURPOSES
from mapper.model.rule_model import ANY
from mapper.sheets.reading import Row, Table


def cross_check_offices(tables: Mapping[str, Table]) -> Iterable[Problem]:
    """Every contradiction in holders, escalation, calendars, grading and the level that decides."""
    yield from _holders(tables)
    for table in ("responsibilities", "time_limits", "escalation", "calendars"):
        yield from _subjects(tables, table)
    yield from _ambiguous(tables)
    levels = {row["level"] for row in tables["levels"].rows}
    for row in tables["escalation"].rows:
        if tables["levels"].header and row["level"] not in levels:
            what = f"{row['level']!r} is not in levels.csv"
            yield Problem("escalation.csv", row.number, "level", what, "write the level that is left")
    yield from _one_calendar(tables)
    for row in tables["grading"].rows:
        if row["key"] not in KEYS:
            remedy = f"known: {', '.join(KEYS)}"
            yield Problem("grading.csv", row.number, "key", f"{row['key']!r} is no key", remedy)
    for row in tables["reasons"].rows:
        if row["purpose"] not in PURPOSES:
            what = f"{row['purpose']!r} is no purpose that anything asks for"
            yield Problem("reasons.csv", row.number, "purpose", what, f"known: {', '.join(PURPOSES)}")
    deciding = [row for row in tables["levels"].rows if row["decides"]]
    for row in deciding[1:]:
        what = f"level {deciding[0]['level']} decides already"
        yield Problem("levels.csv", row.number, "decides", what, "write 1 for one level only")


def _subjects(tables: Mapping[str, Table], table: str) -> Iterator[Problem]:
    if not (tables["types"].header and tables["departments"].header):
        return
    known = {row["type_code"] for row in tables["types"].rows} | _departments(tables)
    for row in tables[table].rows:
        if row["subject"] not in known | {ANY}:
            what = f"{row['subject']!r} is neither in types.csv nor in departments.csv"
            yield Problem(f"{table}.csv", row.number, "subject", what, "correct it, or write * for all")


def _ambiguous(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A type with a department's code: a rule for the one would be a rule for the other."""
    departments = _departments(tables)
    for row in tables["types"].rows:
        if row["type_code"] in departments:
            what = f"{row['type_code']!r} is the code of a department: its rules would be this type's too"
            yield Problem("types.csv", row.number, "type_code", what, "give the type a code of its own")


def _departments(tables: Mapping[str, Table]) -> set[str]:
    return {row["department_code"] for row in tables["departments"].rows}


def _one_calendar(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A row for all that has always held takes the place of settings.csv: the two must not differ."""
    settings = {row["key"]: row for row in tables["settings"].rows}
    policy = settings.get("calendar_policy")
    for row in tables["calendars"].rows:
        always = row["subject"] == ANY and row["since"] is None
        # A cell that could not be read is empty here, and told where it stands.
        if always and row["policy"] and policy is not None and row["policy"] != policy["value"]:
            other = f"row {row.number} of calendars.csv says {row['policy']!r} and goes first"
            what = f"{policy['value']!r}, but {other}"
            remedy = "write the same in both, or give the row of calendars.csv a date in `since`"
            yield Problem("settings.csv", policy.number, "value", what, remedy)


def _holders(tables: Mapping[str, Table]) -> Iterator[Problem]:
    designations = {row["designation_code"] for row in tables["designations"].rows}
    places = {row["place_id"] for row in tables["places"].rows}
    for row in tables["holders"].rows:
        for column in ("post_id", "deputy_post_id"):
            designation, _, unit = row[column].partition("@")
            if designation and tables["designations"].header and designation not in designations:
                what = f"{designation!r} is not in designations.csv"
                yield _holder(row, column, what, "write DESIGNATION@unit with a code of designations.csv")
            if unit and tables["places"].header and unit not in places:
                yield _holder(row, column, f"{unit!r} is not in places.csv", "write a place_id of places.csv")
        if row["deputy_post_id"] == row["post_id"]:
            yield _holder(row, "deputy_post_id", "the post deputises for itself", "name another post")
        yield from _order(row, "from", "to")
        yield from _order(row, "leave_from", "leave_to")
        if row["leave_to"] and not row["leave_from"]:
            yield _holder(row, "leave_from", "the leave has an end and no beginning", "write its first day")
        if row["deputy_post_id"] and not row["leave_from"]:
            what = "a deputy is named, but no leave"
            yield _holder(row, "leave_from", what, "write the first day of the leave, or take the deputy out")
    yield from _one_regular_holder(tables["holders"].rows)


def _order(row: Row, first: str, last: str) -> Iterator[Problem]:
    if row[first] and row[last] and row[last] < row[first]:
        yield _holder(row, last, f"{row[last]} is before {row[first]}", "exchange or correct the two days")


def _one_regular_holder(rows: list[Row]) -> Iterator[Problem]:
    """Two regular holders of one post on the same day."""
    terms: dict[str, list[Row]] = {}
    for row in rows:
        if row["charge"] == "regular":
            terms.setdefault(row["post_id"], []).append(row)
    for post, seats in terms.items():
        seats.sort(key=lambda row: row["from"] or date.min)
        for before, after in pairwise(seats):
            if (before["to"] or date.max) >= (after["from"] or date.min):
                what = f"{post} has a regular holder already in row {before.number}"
                remedy = "write the last day of the former one in `to`, or charge 'additional'"
                yield _holder(after, "from", what, remedy)


def _holder(row: Row, column: str, what: str, remedy: str) -> Problem:
    return Problem("holders.csv", row.number, column, what, remedy)
