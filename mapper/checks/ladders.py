"""The ladders that the rules in force make on a day, and where they are climbed: what the check goes by.

A decision depends on the place through its territory alone, and on the type through the rules that win: one
place of each territory and one type of each set of winning rules speak for all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mapper.decision.edition import AREAS, Edition, Rung
from mapper.decision.rules import in_force
from mapper.model.model import ComplaintType
from mapper.model.place_model import Place
from mapper.model.post_table import nested
from mapper.model.rule_model import Responsibility

_NAMED = 5
"""Types that are named before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """The officer that the rules in force name at one level of a ladder."""

    level: int
    label: str
    office: Responsibility


Ladder = tuple[Step, ...]
Groups = Mapping[tuple[str, Ladder], Sequence[ComplaintType]]
"""The types by area and ladder."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that speaks for all `places` of its territory."""

    place: Place
    places: int


class Ground:
    """The places of an edition that take complaints, a spot for each territory, and the posts over them."""

    def __init__(self, edition: Edition) -> None:
        first: dict[int, Place] = {}
        count: Counter[int] = Counter()
        for place in edition.places.values():
            if edition.kinds[place.kind].selectable:
                first.setdefault(place.territory.id, place)
                count[place.territory.id] += 1
        self._posts = nested(edition.posts)
        self.spots: dict[str, list[Spot]] = {area: [] for area in AREAS}
        for number, place in first.items():
            self.spots[place.territory.area].append(Spot(place, count[number]))

    def with_unit(self, area: str, office: Responsibility) -> Iterator[tuple[Spot, str | None]]:
        """Every spot of an area with the unit of the officer who answers there; None where he is missing."""
        posts, scope = self._posts.get(office.designation_code, {}), office.scope
        for spot in self.spots[area]:
            unit = spot.place.territory.unit(scope)
            yield spot, unit.id if unit is not None and unit.id in posts else None


def groups_on(edition: Edition, day: date) -> Groups:
    """The types by area and by the officers that the rules name on a day."""
    groups: dict[tuple[str, Ladder], list[ComplaintType]] = {}
    for kind in edition.types.values():
        for area in AREAS:
            ladder = tuple(
                Step(rung.level.number, rung.level.label, office)
                for rung in edition.ladders[kind.code, area]
                if (office := named(rung, day)) is not None
            )
            groups.setdefault((area, ladder), []).append(kind)
    return groups


def named(rung: Rung, day: date) -> Responsibility | None:
    """The rule that names the officer of a rung; None where no rule holds or the level is left out."""
    office = in_force(rung.offices, day)
    return office if office is not None and office.designation_code else None


def listed(codes: Iterable[str]) -> str:
    """Types by their codes, the first few."""
    every = sorted(codes)
    return ", ".join(every[:_NAMED]) + (", ..." if len(every) > _NAMED else "")


def counted(codes: set[str]) -> str:
    """``type REVENUE-01``, or ``3 types (...)``."""
    return f"type {min(codes)}" if len(codes) == 1 else f"{len(codes)} types ({listed(codes)})"
