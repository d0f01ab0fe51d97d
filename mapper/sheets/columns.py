"""The administrator's sheets: which there are, their columns, and what each column holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mapper.model.rule_model import HOLIDAY_KINDS
from mapper.sheets.cells import (
    Parser,
    code,
    day,
    degrees,
    drafted,
    flag,
    level,
    level_or_all,
    listed,
    numeral,
    one_of,
    subject,
    text,
    whole,
)
from mapper.sheets.office_cells import days_of_week, number, post
from mapper.sheets.phones import phone, phone_remark


@dataclass(frozen=True, slots=True)
class Column:
    """`blank` is the value of an empty cell; a `required` column must hold something in every row.

    `remark` says what of a cell that was understood was left out, if anything.
    """

    name: str
    parse: Parser = text
    required: bool = False
    blank: Any = ""
    remark: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV file. No two rows share their `key`; `links` allows further columns `<scope>_id`.

    `may_lack`: columns that may be left out here, beside OPTIONAL_COLUMNS.
    """

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: bool = False
    links: bool = False
    may_lack: frozenset[str] = frozenset()

    def may_be_left_out(self, column: str) -> bool:
        """Whether an office may leave the column out altogether."""
        return column in OPTIONAL_COLUMNS or column in self.may_lack

    @property
    def table(self) -> str:
        return self.file.removesuffix(".csv")


def _names() -> tuple[Column, Column]:
    return Column("name_hi", required=True), Column("name_en", required=True)


_STATUS = Column("status", drafted, required=True)
_SINCE = Column("since", day, blank=None)
_NOTES = (Column("source"), Column("note"))

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "settings.csv", (Column("key", code, True), Column("value", required=True), Column("note")), ("key",)
    ),
    Sheet(
        "kinds.csv",
        (
            Column("kind", code, True),
            Column("scope", code, True),
            *_names(),
            Column("search_rank", whole(1, 99), True),
            Column("selectable", flag, True),
            Column("where", listed, blank=()),
        ),
        ("kind",),
    ),
    Sheet(
        "places.csv",
        (
            Column("place_id", code, True),
            Column("kind", code, True),
            *_names(),
            Column("name_status", drafted, True),
            Column("aliases", listed, blank=()),
            Column("unsure_links", listed, blank=()),
            Column("lgd_code", numeral),
            Column("lat", degrees, blank=None),
            Column("lon", degrees, blank=None),
            Column("population", whole(0, 999_999_999), blank=0),
            Column("note"),
        ),
        ("place_id",),
        links=True,
    ),
    Sheet(
        "jurisdictions.csv",
        (
            Column("place_id", code, True),
            Column("scope", code, True),
            Column("unit_id", code, True),
            _STATUS,
            *_NOTES,
        ),
        ("place_id", "scope"),
        optional=True,
    ),
    Sheet(
        "scope_fallbacks.csv",
        (
            Column("scope", code, True),
            Column("order", whole(1, 99), True),
            Column("via", code, True),
            Column("take", one_of("unit", "within"), True),
            _STATUS,
            Column("note"),
        ),
        ("scope", "order"),
    ),
    Sheet(
        "departments.csv",
        (Column("department_code", code, True), *_names(), _STATUS, *_NOTES),
        ("department_code",),
    ),
    Sheet(
        "types.csv",
        (
            Column("type_code", code, True),
            Column("department_code", code, True),
            *_names(),
            Column("keywords", listed, blank=()),
            _STATUS,
            *_NOTES,
        ),
        ("type_code",),
    ),
    Sheet(
        "designations.csv",
        (Column("designation_code", code, True), *_names(), _STATUS, *_NOTES),
        ("designation_code",),
    ),
    Sheet(
        "levels.csv",
        (
            Column("level", level, True),
            Column("label", required=True),
            *_names(),
            Column("escalation", one_of("start", "automatic", "manual"), True),
            Column("decides", flag, blank=False),
            _STATUS,
            Column("note"),
        ),
        ("level",),
    ),
    Sheet(
        "responsibilities.csv",
        (
            Column("subject", subject, True),
            Column("level", level, True),
            Column("area", one_of("any", "rural", "urban"), True),
            Column("scope", code),
            Column("designation_code", code),
            _SINCE,
            _STATUS,
            *_NOTES,
        ),
        ("subject", "level", "area", "since"),
    ),
    Sheet(
        "time_limits.csv",
        (
            Column("subject", subject, True),
            Column("level", level_or_all, True),
            Column("days", whole(1, 365), True),
            _SINCE,
            _STATUS,
            *_NOTES,
        ),
        ("subject", "level", "since"),
    ),
    Sheet(
        "holidays.csv",
        (
            Column("date", day, True),
            *_names(),
            _STATUS,
            Column("note"),
            Column("weekday"),
            Column("place_id"),
            Column("kind", one_of(*HOLIDAY_KINDS), blank="public"),
        ),
        ("date", "name_en", "place_id"),
        may_lack=frozenset({"name_hi", "name_en", "status", "weekday", "place_id", "kind"}),
    ),
    Sheet(
        "holders.csv",
        (
            Column("post_id", post, True),
            Column("username", code),
            *_names(),
            Column("phone", phone, remark=phone_remark),
            Column("from", day, blank=None),
            Column("to", day, blank=None),
            Column("charge", one_of("regular", "additional"), True),
            Column("leave_from", day, blank=None),
            Column("leave_to", day, blank=None),
            Column("deputy_post_id", post),
            Column("note"),
        ),
        ("post_id", "name_en", "from"),
        optional=True,
    ),
    Sheet(
        "escalation.csv",
        (
            Column("subject", subject, True),
            Column("level", level, True),
            Column("way", one_of("automatic", "manual"), True),
            _SINCE,
            _STATUS,
            *_NOTES,
        ),
        ("subject", "level", "since"),
        optional=True,
    ),
    Sheet(
        "calendars.csv",
        (
            Column("subject", subject, True),
            Column("policy", one_of("calendar", "working"), True),
            Column("weekend", days_of_week, True),
            _SINCE,
            _STATUS,
            *_NOTES,
        ),
        ("subject", "since"),
        optional=True,
    ),
    Sheet(
        "reasons.csv",
        (Column("purpose", code, True), Column("code", code, True), *_names(), _STATUS, *_NOTES),
        ("purpose", "code"),
        optional=True,
    ),
    Sheet(
        "grading.csv",
        (Column("key", code, True), Column("value", number, True), _SINCE, _STATUS, *_NOTES),
        ("key", "since"),
        optional=True,
    ),
)
OPTIONAL_COLUMNS = frozenset(
    {
        *("note", "source", "since", "aliases", "unsure_links", "lgd_code", "lat", "lon", "population"),
        *("keywords", "decides", "username", "phone", "from", "to"),
        *("leave_from", "leave_to", "deputy_post_id"),
    }
)
"""Columns an office may leave out altogether; every other one must be in the header."""
