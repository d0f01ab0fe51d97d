"""What the rules choose for one type, area and level: worked out once, then a look-up for every complaint.

Which rules win depends on the day only through the dates from which rules hold. Between two such dates the
choice is the same, so that a decision is left with finding the unit, the post and the last day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from mapper.days import DayRule
from mapper.decision.rules import Dated, in_force
from mapper.model.model import ComplaintType, Department, Post
from mapper.model.office_model import CalendarRule
from mapper.model.place_model import Place, Unit
from mapper.model.rule_model import Level, Responsibility, TimeLimit

_made = tuple.__new__
"""Makes a named tuple from its fields in order, without the Python call that the class would make of it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules that won: officer, limit and calendar. `posts` are the officer's posts by unit."""

    edition: str
    kind: ComplaintType
    department: Department
    level: Level
    office: Responsibility
    limit: TimeLimit
    calendar: CalendarRule | None
    day_rule: DayRule
    posts: Mapping[str, Post] = field(compare=False, repr=False)
    span: timedelta | None
    drafted: bool

    def assignment(self, place: Place, start: date) -> Assignment | None:
        """The officer for a place, with a limit that begins on `start`; None without unit or post."""
        territory = place.territory
        position = territory.positions.get(self.office.scope)
        unit = None if position is None else territory.found[position]
        if unit is None:
            return None
        post = self.posts.get(unit.id)
        if post is None:
            return None
        if self.span is not None:
            due, doubtful = start + self.span, False
        else:
            rule = self.day_rule
            holidays = rule.holidays_in(place.unit_ids) if rule.local else None
            due = rule.due(start, self.limit.days, holidays)
            doubtful = bool(self.day_rule.doubt(due))
        level = self.level
        drafted = self.drafted or unit.drafted or post.drafted or doubtful
        return _made(
            Assignment,
            (
                post,
                level.number,
                level.label,
                due,
                self.edition,
                self.department,
                self.kind,
                place,
                drafted,
                self,
            ),
        )

    def reason(self, post: Post, place: Place, due: date) -> str:
        """The rules in words, with what of them waits for confirmation."""
        unit = place.territory.units[self.office.scope]
        told = (
            f"edition {self.edition}: officer by {self.office.name} ({self.office.scope} {unit.name_en}); "
            f"limit by {self.limit.name}, {self.limit.days} {self.day_rule.policy} days"
        )
        if unit.how:
            told += f"; {unit.how}"
        if doubts := self._doubts(unit, post, due):
            told += f"; to be confirmed: {', '.join(doubts)}"
        return told

    def _doubts(self, unit: Unit, post: Post, due: date) -> list[str]:
        found = []
        if self.kind.drafted:
            found.append("type")
        if self.office.drafted or post.drafted:
            found.append("officer")
        if unit.drafted:
            found.append(f"{unit.scope} of the place")
        if self.limit.drafted:
            found.append("limit")
        if self.calendar is not None and self.calendar.drafted:
            found.append("calendar")
        if doubt := self.day_rule.doubt(due):
            found.append(doubt)
        return found


class Choices:
    """The choices of one type, area and level, each from a day on. None: nobody is chosen."""

    __slots__ = ("_choices", "_days")

    def __init__(self, days: Sequence[date], choices: Sequence[Choice | None]) -> None:
        """`days` in rising order; `choices` has one more, the first holding before all of them."""
        self._days = days
        self._choices = choices

    def on(self, day: date) -> Choice | None:
        """The choice for a limit that begins on `day`."""
        return self._choices[bisect_right(self._days, day) if self._days else 0]


@dataclass(frozen=True, slots=True)
class Chooser:
    """Works out choices from an edition's rules."""

    edition: str
    departments: Mapping[str, Department]
    posts: Mapping[str, Mapping[str, Post]]
    day_rule: DayRule
    day_rules: Mapping[CalendarRule, DayRule]

    def choices(
        self,
        kind: ComplaintType,
        level: Level,
        offices: Sequence[Responsibility],
        limits: Sequence[TimeLimit],
        calendars: Sequence[CalendarRule],
    ) -> Choices:
        """All choices of these rules, which are in the order of trial."""
        rules: list[Dated] = [*offices, *limits, *calendars]
        days = sorted({rule.since for rule in rules if rule.since is not None})
        chosen = []
        for day in (date.min, *days):
            office, limit = in_force(offices, day), in_force(limits, day)
            chosen.append(self._choice(kind, level, office, limit, in_force(calendars, day)))
        return Choices(days, chosen)

    def _choice(
        self,
        kind: ComplaintType,
        level: Level,
        office: Responsibility | None,
        limit: TimeLimit | None,
        calendar: CalendarRule | None,
    ) -> Choice | None:
        if office is None or limit is None or not office.designation_code:
            return None
        day_rule = self.day_rules[calendar] if calendar else self.day_rule
        return Choice(
            self.edition,
            kind,
            self.departments[kind.department_code],
            level,
            office,
            limit,
            calendar,
            day_rule,
            self.posts.get(office.designation_code, {}),
            timedelta(days=limit.days) if day_rule.policy == "calendar" else None,
            any((kind.drafted, office.drafted, limit.drafted, calendar and calendar.drafted)),
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """What the mapper needs to know of a complaint. `registered_at` must be aware (any zone)."""

    type_code: str
    place_id: str
    registered_at: datetime


class Assignment(NamedTuple):
    """The officer and the day. `due` is the last day in India: the limit ends at the end of that day.

    `drafted`: something of the decision waits for confirmation. `choice` holds the rules that won.
    """

    post: Post
    level: int
    level_label: str
    due: date
    edition: str
    department: Department
    type: ComplaintType
    place: Place
    drafted: bool
    choice: Choice

    @property
    def rule(self) -> str:
        """The rules that decided, in words, with the edition and what of them waits for confirmation."""
        return self.choice.reason(self.post, self.place, self.due)
