"""Which open complaints would go to another officer, or have another last day, by another edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mapper.decision.assign import decide
from mapper.decision.choice import Assignment
from mapper.decision.edition import Edition, Rung

Effect = Literal["officer", "day", "nobody"]


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """What must be known of an open complaint. `level_since` is the day in India its level's limit began."""

    number: str
    type_code: str
    place_id: str
    level: int
    level_since: date
    post_id: str
    due: date


@dataclass(frozen=True, slots=True)
class Affected:
    """What would change for one complaint: its officer (and perhaps its day), its day, or nobody is left.

    "nobody": the edition has no such type, place or level any more; the complaint stays where it is.
    """

    number: str
    effect: Effect
    level: int
    from_post: str
    to_post: str
    from_due: date
    to_due: date | None


def affected(edition: Edition, complaints: Iterable[OpenComplaint]) -> Iterable[Affected]:
    """What the edition would change, in the order of the complaints; those it leaves alone are left out.

    The level keeps its clock: its limit counts from the day it began.
    """
    known: dict[tuple[str, int, int, date], Assignment | None] = {}
    for complaint in complaints:
        place = edition.places.get(complaint.place_id)
        found: Assignment | None = None
        if place is not None and complaint.type_code in edition.types:
            key = (complaint.type_code, place.territory.id, complaint.level, complaint.level_since)
            if key not in known:
                known[key] = _at_level(edition, complaint)
            found = known[key]
        post, due = complaint.post_id, complaint.due
        if found is None:
            yield Affected(complaint.number, "nobody", complaint.level, post, "", due, None)
        elif found.post.id != post:
            yield Affected(complaint.number, "officer", complaint.level, post, found.post.id, due, found.due)
        elif found.due != due:
            yield Affected(complaint.number, "day", complaint.level, post, post, due, found.due)


def _at_level(edition: Edition, complaint: OpenComplaint) -> Assignment | None:
    kind, place = edition.types[complaint.type_code], edition.places[complaint.place_id]
    rungs: Iterable[Rung] = edition.ladders[kind.code, place.territory.area]
    rung = next((rung for rung in rungs if rung.level.number == complaint.level), None)
    return decide(edition, kind, place, rung, complaint.level_since) if rung else None
