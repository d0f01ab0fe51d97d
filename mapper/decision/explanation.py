"""Why a complaint goes where it goes: every rule that was tried, level by level, and which one won."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapper.days import indian_day
from mapper.decision.assign import decide, look_up
from mapper.decision.choice import Assignment, Registration
from mapper.decision.days_told import Tried, days_told
from mapper.decision.edition import Edition, Rung
from mapper.decision.levels import levels_between, way_between
from mapper.decision.rules import in_force
from mapper.model.model import ComplaintType
from mapper.model.office_model import CalendarRule, EscalationRule
from mapper.model.place_model import Place
from mapper.model.rule_model import Responsibility, TimeLimit

Rule = Responsibility | TimeLimit | CalendarRule | EscalationRule


@dataclass(frozen=True, slots=True)
class LevelExplained:
    """One level of the chain; `assignment` is None when the level has no officer for this type and place.

    The day on which each level's own limit would end if every level before it let its limit pass is
    `assignment.due`.
    """

    level: int
    label: str
    escalation: str
    assignment: Assignment | None
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a complaint goes where it goes, level by level."""

    type: ComplaintType
    place: Place
    area: str
    edition: str
    start: date
    levels: tuple[LevelExplained, ...]


def explain(edition: Edition, registration: Registration) -> Explanation:
    """All levels of the chain with the rules that were tried. Raises UnknownType and UnknownPlace."""
    kind, place = look_up(edition, registration)
    start = day = indian_day(registration.registered_at)
    levels = []
    left: int | None = None
    for rung in edition.ladders[kind.code, place.territory.area]:
        level = _explained(edition, kind, place, rung, day, left)
        levels.append(level)
        if level.assignment is not None:
            day, left = level.assignment.due, level.level
    return Explanation(kind, place, place.territory.area, edition.name, start, tuple(levels))


def explain_level(
    edition: Edition,
    registration: Registration,
    level: int,
    start: date,
    *,
    left: int | None = None,
    left_on: date | None = None,
) -> LevelExplained | None:
    """One level of the chain, its limit beginning on `start`: the rules that `assign_level` goes by.

    `left`: the level below from which it came, on the day `left_on` (None: `start`); with it the rules that
    say how that level is left are told too. None when no rule of the edition names an officer of that level
    for the type. Raises UnknownType and UnknownPlace.
    """
    kind, place = look_up(edition, registration)
    for rung in edition.ladders[kind.code, place.territory.area]:
        if rung.level.number == level:
            return _explained(edition, kind, place, rung, start, left, left_on)
    return None


def _explained(
    edition: Edition,
    kind: ComplaintType,
    place: Place,
    rung: Rung,
    day: date,
    left: int | None,
    left_on: date | None = None,
) -> LevelExplained:
    assignment = decide(edition, kind, place, rung, day)
    tried = [*_tried_offices(edition, place, rung, day), *_tried_limits(edition, kind, rung, day)]
    tried += _tried_calendars(edition, kind, day)
    if assignment is not None:
        tried += days_told(edition, kind, place, day, assignment.due)
    level, way = rung.level, rung.level.escalation
    if left is not None:
        leaving = left_on or day
        way = way_between(edition, kind, left, level.number, leaving)[0]
        tried += _tried_escalations(edition, kind, left, level.number, leaving)
    return LevelExplained(level.number, level.label, way, assignment, tuple(tried))


def _tried_offices(edition: Edition, place: Place, rung: Rung, day: date) -> list[Tried]:
    winner = in_force(rung.offices, day)
    tried = []
    for office in rung.offices:
        if not office.designation_code:
            text, outcome = "the level is left out for this type", "won"
        else:
            unit = place.territory.unit(office.scope)
            post = edition.posts.get(f"{office.designation_code}@{unit.id}") if unit else None
            text = f"{office.designation_code} of the {office.scope}"
            if unit is None:
                outcome = f"won, but the place has no {office.scope}"
            else:
                outcome = (
                    f"won: {post.id}" if post else f"won, but no post {office.designation_code}@{unit.id}"
                )
                text += f", {unit.name_en}" + (f"; {unit.how}" if unit.how else "")
        if office is not winner:
            outcome = _lost(office, winner, day)
        tried.append(Tried(office.name, text, outcome))
    return tried


def _tried_limits(edition: Edition, kind: ComplaintType, rung: Rung, day: date) -> list[Tried]:
    winner = in_force(rung.limits, day)
    counted, _ = edition.calendar(kind.code, day)
    return [
        _tried(limit, winner, day, f"limit of {limit.days} {counted.policy} days") for limit in rung.limits
    ]


def _tried_calendars(edition: Edition, kind: ComplaintType, day: date) -> list[Tried]:
    rules = edition.calendars_of[kind.code]
    winner = in_force(rules, day)
    return [
        _tried(rule, winner, day, f"the limit counts {rule.policy} days{_closed(rule)}") for rule in rules
    ]


def _closed(rule: CalendarRule) -> str:
    return f"; closed is {rule.week.words}" if rule.policy == "working" else ""


def _tried_escalations(
    edition: Edition, kind: ComplaintType, left: int, reached: int, day: date
) -> list[Tried]:
    tried = []
    for number in levels_between(edition, left, reached):
        rules = [rule for rule in edition.escalations_of[kind.code] if rule.level == number]
        winner = in_force(rules, day)
        tried += [_tried(rule, winner, day, f"level {number} is left {_HOW[rule.way]}") for rule in rules]
    return tried


_HOW = {"automatic": "by itself when its limit ends", "manual": "by hand"}


def _tried(rule: Rule, winner: Rule | None, day: date, text: str) -> Tried:
    return Tried(rule.name, text, "won" if rule is winner else _lost(rule, winner, day))


def _lost(rule: Rule, winner: Rule | None, day: date) -> str:
    if rule.since is not None and rule.since > day:
        return f"not in force on {day}: holds from {rule.since}"
    return f"not needed: {winner.name} goes before it" if winner else "not needed"
