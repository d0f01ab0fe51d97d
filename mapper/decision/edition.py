"""A directory edition in memory: everything the mapper needs to decide, immutable, with its ladders compiled.

A *ladder* is the list of rungs for one type in one area (rural, urban); a rung is a level with the rules that
may name its officer and its limit, in the order in which they are tried:
type before department before ANY; the area's own rule before one for everywhere; the latest `since` first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from mapper.days import DayRule
from mapper.decision.choice import Choices, Chooser
from mapper.decision.rules import in_force, in_order, newest_first, subjects
from mapper.model.model import ComplaintType, Department, Post
from mapper.model.office_model import CalendarRule, EscalationRule, GradingValue, Holder, Reason
from mapper.model.place_model import Kind, Place
from mapper.model.post_table import nested
from mapper.model.rule_model import EVERYWHERE, Holiday, Level, Responsibility, TimeLimit
from mapper.search.index import VERSION, make_parts
from mapper.search.place_hits import PlaceHit
from mapper.search.places import PlaceIndex
from mapper.search.sorted_names import Part
from mapper.search.types import TypeHit, TypeIndex

AREAS = ("rural", "urban")

LONGEST_SEARCH = 200
"""Characters of a search: above any name with its units, and far below what would keep others waiting."""


class Rung(NamedTuple):
    """A level of a ladder, with its rules in the order of trial."""

    level: Level
    offices: tuple[Responsibility, ...]
    limits: tuple[TimeLimit, ...]


class StoredSearch(NamedTuple):
    """The index of places as the file holds it, and the places it is of."""

    parts: Mapping[str, Part]
    places: Mapping[str, Place]


Ladders = Mapping[tuple[str, str], tuple[Rung, ...]]


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition. `number` is 0 for a draft; `hash` is the SHA-256 of its file, in hexadecimal."""

    number: int
    hash: str
    published_at: str
    kinds: Mapping[str, Kind] = field(repr=False)
    places: Mapping[str, Place] = field(repr=False)
    departments: Mapping[str, Department] = field(repr=False)
    types: Mapping[str, ComplaintType] = field(repr=False)
    levels: tuple[Level, ...] = field(repr=False)
    posts: Mapping[str, Post] = field(repr=False)
    responsibilities: tuple[Responsibility, ...] = field(repr=False)
    limits: tuple[TimeLimit, ...] = field(repr=False)
    holidays: tuple[Holiday, ...] = field(repr=False)
    day_rule: DayRule = field(repr=False)
    """How days are counted where no row of `calendars` says otherwise."""
    holders: tuple[Holder, ...] = field(default=(), repr=False)
    escalations: tuple[EscalationRule, ...] = field(default=(), repr=False)
    calendars: tuple[CalendarRule, ...] = field(default=(), repr=False)
    reasons: tuple[Reason, ...] = field(default=(), repr=False)
    grading: tuple[GradingValue, ...] = field(default=(), repr=False)
    stored_search: StoredSearch | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """As assignments name it: "1", "2" ... or "draft"."""
        return str(self.number) if self.number else "draft"

    @cached_property
    def ladders(self) -> Ladders:
        """Every type's rungs by (type code, area)."""
        return compile_ladders(self.types.values(), self.levels, self.responsibilities, self.limits)

    @cached_property
    def calendars_of(self) -> Mapping[str, tuple[CalendarRule, ...]]:
        """The calendar rules of every type, by its code, in the order of trial."""
        return {code: in_order(self.calendars, kind) for code, kind in self.types.items()}

    @cached_property
    def escalations_of(self) -> Mapping[str, tuple[EscalationRule, ...]]:
        """The escalation rules of every type, by its code, in the order of trial (all levels together)."""
        return {code: in_order(self.escalations, kind) for code, kind in self.types.items()}

    @cached_property
    def choices(self) -> Mapping[tuple[str, str, int], Choices]:
        """What the rules choose, by type, area and level, for every rung of every ladder."""
        chooser = Chooser(self.name, self.departments, nested(self.posts), self.day_rule, self._day_rules)
        return {
            (code, area, rung.level.number): chooser.choices(
                self.types[code], rung.level, rung.offices, rung.limits, self.calendars_of[code]
            )
            for (code, area), rungs in self.ladders.items()
            for rung in rungs
        }

    @cached_property
    def first_choices(self) -> Mapping[str, Mapping[str, Choices]]:
        """What the rules choose at the lowest level, by area and type."""
        lowest = self.levels[0].number
        first: dict[str, dict[str, Choices]] = {area: {} for area in AREAS}
        for (code, area, level), choices in self.choices.items():
            if level == lowest:
                first[area][code] = choices
        return first

    @cached_property
    def _day_rules(self) -> Mapping[CalendarRule, DayRule]:
        base = self.day_rule
        return {
            rule: replace(base, policy=rule.policy, weekend=rule.weekend, some=rule.some)
            for rule in self.calendars
        }

    def calendar(self, type_code: str, start: date) -> tuple[DayRule, CalendarRule | None]:
        """How days of a limit of that type count that begins on `start`, and the row that says so, if any."""
        rule = in_force(self.calendars_of[type_code], start)
        return (self._day_rules[rule], rule) if rule else (self.day_rule, None)

    @cached_property
    def holders_by_post(self) -> Mapping[str, tuple[Holder, ...]]:
        """All holders of each post, former and future ones included, in the sheet's order."""
        return _grouped((holder.post_id, holder) for holder in self.holders)

    @cached_property
    def holders_by_username(self) -> Mapping[str, tuple[Holder, ...]]:
        """All posts of each login, former and future ones included. A login is lower case."""
        return _grouped((holder.username.lower(), holder) for holder in self.holders if holder.username)

    @cached_property
    def holders_by_deputy(self) -> Mapping[str, tuple[Holder, ...]]:
        """The holders for whom each post deputises when they are on leave."""
        return _grouped((holder.deputy_post_id, holder) for holder in self.holders if holder.deputy_post_id)

    @cached_property
    def _place_index(self) -> PlaceIndex:
        stored = self.stored_search
        if stored and stored.places is self.places and stored.parts.get("version") == VERSION:
            return PlaceIndex(stored.parts, self.places, self.kinds)
        return PlaceIndex(make_parts(self.places.values(), self.kinds), self.places, self.kinds)

    @cached_property
    def _type_index(self) -> TypeIndex:
        return TypeIndex(self.types.values(), self.departments)

    def warm(self) -> None:
        """Build the search indexes now rather than at the first search (some tens of milliseconds)."""
        self._place_index.warm()
        self._type_index  # noqa: B018 (reading it builds it)

    def search_places(self, text: str, limit: int = 12) -> list[PlaceHit]:
        """Places whose name sounds like `text` (Hindi or Roman letters, begun or whole), the best first.

        Further words may name the tehsil, block or town: "motipura biaora". Empty for an empty text;
        what stands behind `LONGEST_SEARCH` characters is not read.
        """
        return self._place_index.search(text[:LONGEST_SEARCH], limit)

    def search_types(self, text: str, limit: int = 12) -> list[TypeHit]:
        """Complaint types that hold the words of `text` (Hindi, Roman Hindi or English), the best first."""
        return self._type_index.search(text[:LONGEST_SEARCH], limit)


def compile_ladders(
    types: Iterable[ComplaintType],
    levels: Iterable[Level],
    responsibilities: Iterable[Responsibility],
    limits: Iterable[TimeLimit],
) -> Ladders:
    """The rungs of every type and area. A level without any rule has no rung."""
    offices_of: dict[tuple[str, int, str], list[Responsibility]] = {}
    for office in sorted(responsibilities, key=newest_first):
        offices_of.setdefault((office.subject, office.level, office.area), []).append(office)
    limits_of: dict[tuple[str, int | None], list[TimeLimit]] = {}
    for limit in sorted(limits, key=newest_first):
        limits_of.setdefault((limit.subject, limit.level), []).append(limit)
    in_order = sorted(levels, key=lambda level: level.number)
    ladders: dict[tuple[str, str], tuple[Rung, ...]] = {}
    shared: dict[Rung, Rung] = {}
    for kind in types:
        whose = subjects(kind)
        for area in AREAS:
            rungs = []
            for level in in_order:
                n = level.number
                offices = [
                    o for s in whose for a in (area, EVERYWHERE) for o in offices_of.get((s, n, a), ())
                ]
                if offices:
                    days = [d for s in whose for at in (n, None) for d in limits_of.get((s, at), ())]
                    rung = Rung(level, tuple(offices), tuple(days))
                    rungs.append(shared.setdefault(rung, rung))
            ladders[kind.code, area] = tuple(rungs)
    return ladders


def _grouped(pairs: Iterable[tuple[str, Holder]]) -> Mapping[str, tuple[Holder, ...]]:
    groups: dict[str, list[Holder]] = {}
    for key, holder in pairs:
        groups.setdefault(key, []).append(holder)
    return {key: tuple(group) for key, group in groups.items()}
