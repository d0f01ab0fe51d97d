"""The decision: type, place and day in; post, level and last day out, with the reason.

Deterministic: the same edition and registration give the same assignment for ever.
"""

from __future__ import annotations

from datetime import date

from mapper.days import indian_day
from mapper.edition import Edition, Rung
from mapper.errors import NoOfficer, Problem, UnknownPlace, UnknownType
from mapper.model import (
    Assignment,
    CalendarRule,
    ComplaintType,
    Place,
    Post,
    Registration,
    Responsibility,
    TimeLimit,
    Unit,
)
from mapper.rules import in_force


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
    raise _nobody(edition, edition.levels[0].number, kind, place)


def assign_level(edition: Edition, registration: Registration, level: int, start: date) -> Assignment:
    """The officer of one level and the last day of that level's own limit, which begins on `start`.

    `start` is the day in India on which the complaint reaches the level. Raises UnknownType, UnknownPlace,
    and NoOfficer when the chain of that type and place has no such level.
    """
    kind, place = look_up(edition, registration)
    for rung in edition.ladders[kind.code, place.territory.area]:
        if rung.level.number == level:
            assignment = decide(edition, kind, place, rung, start)
            if assignment is not None:
                return assignment
    raise _nobody(edition, level, kind, place)


def _nobody(edition: Edition, level: int, kind: ComplaintType, place: Place) -> NoOfficer:
    spot = f"{kind.code} at {place.id} ({place.name_en})"
    what = f"edition {edition.name} has no level {level} officer for {spot}"
    remedy = "run `helpline directory explain` for the rules that were tried, and add one"
    return NoOfficer(Problem("responsibilities.csv", 0, "", what, remedy))


def look_up(edition: Edition, registration: Registration) -> tuple[ComplaintType, Place]:
    """The type and the place that a registration names. Raises UnknownType, UnknownPlace."""
    return look_up_codes(edition, registration.type_code, registration.place_id)


def look_up_codes(edition: Edition, type_code: str, place_id: str) -> tuple[ComplaintType, Place]:
    """The type and the place of these codes. Raises UnknownType, UnknownPlace."""
    kind = edition.types.get(type_code)
    if kind is None:
        what = f"edition {edition.name} has no type {type_code!r}"
        raise UnknownType(Problem("types.csv", 0, "type_code", what, "choose a type of the list"))
    place = edition.places.get(place_id)
    if place is None:
        what = f"edition {edition.name} has no place {place_id!r}"
        raise UnknownPlace(Problem("places.csv", 0, "place_id", what, "choose a place of the list"))
    return kind, place


def decide(edition: Edition, kind: ComplaintType, place: Place, rung: Rung, start: date) -> Assignment | None:
    """The assignment at one rung for a limit that begins on `start`; None without officer or limit."""
    office = in_force(rung.offices, start)
    limit = in_force(rung.limits, start)
    if office is None or limit is None or not office.designation_code:
        return None
    unit = place.territory.units.get(office.scope)
    if unit is None:
        return None
    post = edition.posts.get(f"{office.designation_code}@{unit.id}")
    if post is None:
        return None
    day_rule, calendar = edition.calendar(kind.code, start)
    due = day_rule.due(start, limit.days)
    to_confirm = doubts(kind, office, unit, limit, post, calendar, day_rule.doubt(due))
    rule = (
        f"edition {edition.name}: officer by {office.name} ({office.scope} {unit.name_en}); "
        f"limit by {limit.name}, {limit.days} {day_rule.policy} days"
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


def doubts(
    kind: ComplaintType,
    office: Responsibility,
    unit: Unit,
    limit: TimeLimit,
    post: Post,
    calendar: CalendarRule | None,
    due: str,
) -> list[str]:
    """What of a decision waits for confirmation, in words. `due`: what is doubtful of the last day."""
    found = []
    if kind.drafted:
        found.append("type")
    if office.drafted or post.drafted:
        found.append("officer")
    if unit.drafted:
        found.append(f"{unit.scope} of the place")
    if limit.drafted:
        found.append("limit")
    if calendar is not None and calendar.drafted:
        found.append("calendar")
    if due:
        found.append(due)
    return found
