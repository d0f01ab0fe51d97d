"""The decision: type, place and day in; post, level and last day out, with the reason.

Deterministic: the same edition and registration give the same assignment for ever.
"""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from mapper.days import indian_day
from mapper.decision.choice import Assignment, Registration
from mapper.decision.edition import Edition, Rung
from mapper.errors import NoOfficer, Problem, UnknownPlace, UnknownType
from mapper.model.model import ComplaintType
from mapper.model.place_model import Place


def assign(edition: Edition, registration: Registration) -> Assignment:
    """The officer who must act first and the day by which he must.

    The limit counts from the day of registration in India. Raises UnknownType, UnknownPlace, NoOfficer
    (all DirectoryError), and ValueError for a moment without time zone.
    """
    start = indian_day(registration.registered_at)
    place = edition.places.get(registration.place_id)
    if place is not None:
        choices = edition.first_choices[place.territory.area].get(registration.type_code)
        choice = choices.on(start) if choices is not None else None
        assignment = choice.assignment(place, start) if choice is not None else None
        if assignment is not None:
            return assignment
    kind, place = look_up(edition, registration)
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
        near = _types_like(edition, type_code)
        remedy = f"did you mean {', '.join(near)}?" if near else "choose a type of the list"
        raise UnknownType(Problem("types.csv", 0, "type_code", what, remedy))
    place = edition.places.get(place_id)
    if place is None:
        what = f"edition {edition.name} has no place {place_id!r}"
        raise UnknownPlace(Problem("places.csv", 0, "place_id", what, "choose a place of the list"))
    return kind, place


def _types_like(edition: Edition, code: str) -> list[str]:
    """Codes that differ by case and leading noughts only; else some that are written much like it."""
    plain = code.upper().replace("-0", "-")
    same = [known for known in edition.types if known.upper().replace("-0", "-") == plain]
    return same or get_close_matches(code.upper(), edition.types, n=3, cutoff=0.7)


def decide(edition: Edition, kind: ComplaintType, place: Place, rung: Rung, start: date) -> Assignment | None:
    """The assignment at one rung for a limit that begins on `start`; None without officer or limit."""
    choice = edition.choices[kind.code, place.territory.area, rung.level.number].on(start)
    return choice.assignment(place, start) if choice is not None else None
