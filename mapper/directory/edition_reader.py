"""Reading what an edition has few of: kinds, departments, types, levels, rules, holders, settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import cast, get_args

from mapper.days import CalendarPolicy, DayRule
from mapper.model.model import ComplaintType, Department
from mapper.model.office_model import CalendarRule, EscalationRule, GradingValue, Holder, Reason
from mapper.model.place_model import Kind
from mapper.model.rule_model import Holiday, Level, Responsibility, TimeLimit
from mapper.sheets.days.week_words import read_week
from mapper.week import Week


class Tables:
    """The small tables of an edition, each as its model. A damaged cell raises ValueError or TypeError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def pairs(self, table: str) -> dict[str, str]:
        """A table of keys and values."""
        return {row["key"]: row["value"] for row in self._rows(table)}

    def kinds(self) -> dict[str, Kind]:
        """Kinds of places by their codes."""
        return {
            row["kind"]: Kind(
                row["kind"],
                row["scope"],
                row["name_hi"],
                row["name_en"],
                row["search_rank"],
                bool(row["selectable"]),
                _list(row["where"]),
            )
            for row in self._rows("kinds")
        }

    def departments(self) -> dict[str, Department]:
        """Departments by their codes."""
        return {
            row["department_code"]: Department(
                row["department_code"], row["name_hi"], row["name_en"], bool(row["drafted"])
            )
            for row in self._rows("departments")
        }

    def types(self) -> dict[str, ComplaintType]:
        """Types of complaints by their codes."""
        return {
            row["type_code"]: ComplaintType(
                row["type_code"],
                row["department_code"],
                row["name_hi"],
                row["name_en"],
                _list(row["keywords"]),
                bool(row["drafted"]),
            )
            for row in self._rows("types")
        }

    def levels(self) -> tuple[Level, ...]:
        """Levels, the lowest first."""
        return tuple(
            Level(
                row["level"],
                row["label"],
                row["name_hi"],
                row["name_en"],
                row["escalation"],
                bool(row["drafted"]),
                bool(row["decides"]),
            )
            for row in sorted(self._rows("levels"), key=lambda row: int(row["level"]))
        )

    def responsibilities(self) -> tuple[Responsibility, ...]:
        """Who answers for what, in the sheet's order."""
        return tuple(
            Responsibility(
                row["subject"],
                row["level"],
                row["area"],
                row["scope"],
                row["designation_code"],
                _day(row["since"]),
                bool(row["drafted"]),
            )
            for row in self._rows("responsibilities")
        )

    def limits(self) -> tuple[TimeLimit, ...]:
        """Time limits, in the sheet's order."""
        return tuple(
            TimeLimit(row["subject"], row["level"], row["days"], _day(row["since"]), bool(row["drafted"]))
            for row in self._rows("time_limits")
        )

    def holidays(self) -> tuple[Holiday, ...]:
        """Holidays, in the sheet's order."""
        return tuple(
            Holiday(
                date.fromisoformat(row["date"]),
                row["name_hi"],
                row["name_en"],
                bool(row["drafted"]),
                *((row["place_id"], row["kind"]) if "kind" in row.keys() else ()),  # noqa: SIM118 (sqlite3.Row)
            )
            for row in self._rows("holidays")
        )

    def day_rule(self, holidays: tuple[Holiday, ...]) -> DayRule:
        """How days count where no calendar says otherwise."""
        settings = self.pairs("settings")
        policy = _policy(settings["calendar_policy"])
        last = max((holiday.day for holiday in holidays if not holiday.place_id), default=None)
        days = frozenset(holiday.day for holiday in holidays if holiday.counts and not holiday.place_id)
        local: dict[str, set[date]] = {}
        for holiday in holidays:
            if holiday.counts and holiday.place_id:
                local.setdefault(holiday.place_id, set()).add(holiday.day)
        known_until = date(last.year, 12, 31) if last else None
        week = _week(settings["weekend"])
        by_unit = {unit: frozenset(found) for unit, found in local.items()}
        return DayRule(policy, week.days, days, known_until, week.some, by_unit)

    def calendars(self) -> tuple[CalendarRule, ...]:
        """How days count for some types, in the sheet's order."""
        return tuple(
            CalendarRule(
                row["subject"],
                _policy(row["policy"]),
                week.days,
                _day(row["since"]),
                bool(row["drafted"]),
                week.some,
            )
            for row in self._rows("calendars")
            for week in (_week(row["weekend"]),)
        )

    def holders(self) -> tuple[Holder, ...]:
        """Who holds which post, in the sheet's order."""
        return tuple(
            Holder(
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
            for row in self._rows("holders")
        )

    def escalations(self) -> tuple[EscalationRule, ...]:
        """Whether a level is left by the clock or by hand, in the sheet's order."""
        return tuple(
            EscalationRule(row["subject"], row["level"], row["way"], _day(row["since"]), bool(row["drafted"]))
            for row in self._rows("escalation")
        )

    def reasons(self) -> tuple[Reason, ...]:
        """The reasons that steps offer, in the sheet's order."""
        return tuple(
            Reason(row["purpose"], row["code"], row["name_hi"], row["name_en"], bool(row["drafted"]))
            for row in self._rows("reasons")
        )

    def grading(self) -> tuple[GradingValue, ...]:
        """Weights and cut-offs of the grading, in the sheet's order."""
        return tuple(
            GradingValue(row["key"], row["value"], _day(row["since"]), bool(row["drafted"]), row["note"])
            for row in self._rows("grading")
        )

    def _rows(self, table: str) -> Iterator[sqlite3.Row]:
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        yield from cursor.execute(f"select * from [{table}] order by rowid")  # noqa: S608 (our own names)


def _policy(cell: str) -> CalendarPolicy:
    for known in get_args(CalendarPolicy):
        if cell == known:
            return cast(CalendarPolicy, cell)
    raise ValueError(f"calendar policy {cell!r}")


def _week(cell: str) -> Week:
    return read_week(cell).week


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _day(cell: str | None) -> date | None:
    return date.fromisoformat(cell) if cell else None
