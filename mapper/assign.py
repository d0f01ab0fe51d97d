"""The decision: type, place and day in; post, level and last day out, with the reason.

Deterministic: the same edition and registration give the same assignment for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapper.days import indian_day
from mapper.edition import Edition, Rung
from mapper.errors import NoOfficer, Problem, UnknownPlace, UnknownType
from mapper.model import Assignment, ComplaintType, Place, Registration, Responsibility, TimeLimit, Unit


def assign(edition: Edition, registration: Registration) -> Assignment:
    """The officer who must act first and the day by which he must.

    The limit counts from the day of registration in India. Raises UnknownType, UnknownPlace, NoOfficer
    (all DirectoryError), and ValueError for a moment without time zone.
    """
    kind, place = look_up(edition, registration)
    start = indian_day(registration.registered_at)
    rungs = edition.ladders[kind.code, place.territory.area]
    if rungs and rungs[0].level.number == edition.levels[0].number:
        assignment = decide(edition, kind, place, rungs[0], start)
        if assignment is not None:
            return assignment
    raise NoOfficer(
        Problem(
            "responsibilities.csv",
            0,
            "",
            f"edition {edition.name} has no level 1 officer for {kind.code} at {place.id} ({place.name_en})",
            "run `helpline directory explain` for the rules that were tried, and add one",
        )
    )


def look_up(edition: Edition, registration: Registration) -> tuple[ComplaintType, Place]:
    """The type and the place that a registration names. Raises UnknownType, UnknownPlace."""
    kind = edition.types.get(registration.type_code)
    if kind is None:
        what = f"edition {edition.name} has no type {registration.type_code!r}"
        raise UnknownType(Problem("types.csv", 0, "type_code", what, "choose a type of the list"))
    place = edition.places.get(registration.place_id)
    if place is None:
        what = f"edition {edition.name} has no place {registration.place_id!r}"
        raise UnknownPlace(Problem("places.csv", 0, "place_id", what, "choose a place of the list"))
    return kind, place


def decide(edition: Edition, kind: ComplaintType, place: Place, rung: Rung, start: date) -> Assignment | None:
    """The assignment at one rung for a limit that begins on `start`; None without officer or limit."""
    office = office_in_force(rung, start)
    limit = limit_in_force(rung, start)
    if office is None or limit is None or not office.designation_code:
        return None
    unit = place.territory.units.get(office.scope)
    if unit is None:
        return None
    post = edition.posts.get(f"{office.designation_code}@{unit.id}")
    if post is None:
        return None
    due = edition.day_rule.due(start, limit.days)
    to_confirm = doubts(edition, kind, office, unit, limit, post.drafted, due)
    rule = (
        f"edition {edition.name}: officer by {office.name} ({office.scope} {unit.name_en}); "
        f"limit by {limit.name}, {limit.days} {edition.day_rule.policy} days"
    )
    if unit.how:
        rule += f"; {unit.how}"
    if to_confirm:
        rule += f"; to be confirmed: {', '.join(to_confirm)}"
    level = rung.level
    return Assignment(
        post,
        level.number,
        level.label,
        due,
        rule,
        edition.name,
        edition.departments[kind.department_code],
        kind,
        place,
        bool(to_confirm),
    )


def office_in_force(rung: Rung, start: date) -> Responsibility | None:
    """The first rule of the rung that holds on that day."""
    for office in rung.offices:
        if office.since is None or office.since <= start:
            return office
    return None


def limit_in_force(rung: Rung, start: date) -> TimeLimit | None:
    """The first limit of the rung that holds on that day."""
    for limit in rung.limits:
        if limit.since is None or limit.since <= start:
            return limit
    return None


def doubts(
    edition: Edition,
    kind: ComplaintType,
    office: Responsibility,
    unit: Unit,
    limit: TimeLimit,
    post: bool,
    due: date,
) -> list[str]:
    """What of this decision waits for confirmation, in words."""
    found = []
    if kind.drafted:
        found.append("type")
    if office.drafted or post:
        found.append("officer")
    if unit.drafted:
        found.append(f"{unit.scope} of the place")
    if limit.drafted:
        found.append("limit")
    if doubt := edition.day_rule.doubt(due):
        found.append(doubt)
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, and what came of it: "won", or why not."""

    rule: str
    text: str
    outcome: str


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
    for rung in edition.ladders[kind.code, place.territory.area]:
        assignment = decide(edition, kind, place, rung, day)
        tried = (*_tried_offices(edition, place, rung, day), *_tried_limits(edition, rung, day))
        level = rung.level
        levels.append(LevelExplained(level.number, level.label, level.escalation, assignment, tried))
        if assignment is not None:
            day = assignment.due
    return Explanation(kind, place, place.territory.area, edition.name, start, tuple(levels))


def _tried_offices(edition: Edition, place: Place, rung: Rung, day: date) -> list[Tried]:
    winner = office_in_force(rung, day)
    tried = []
    for office in rung.offices:
        if not office.designation_code:
            text, outcome = "the level is left out for this type", "won"
        else:
            unit = place.territory.units.get(office.scope)
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


def _tried_limits(edition: Edition, rung: Rung, day: date) -> list[Tried]:
    winner = limit_in_force(rung, day)
    return [
        Tried(
            limit.name,
            f"limit of {limit.days} {edition.day_rule.policy} days",
            "won" if limit is winner else _lost(limit, winner, day),
        )
        for limit in rung.limits
    ]


def _lost(rule: Responsibility | TimeLimit, winner: Responsibility | TimeLimit | None, day: date) -> str:
    if rule.since is not None and rule.since > day:
        return f"not in force on {day}: holds from {rule.since}"
    return f"not needed: {winner.name} goes before it" if winner else "not needed"
