"""Places that were found, as people are told of them: where they lie, and how surely they are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapper.model.place_model import Kind, Place
from mapper.search.index import where
from mapper.search.place_units import Named, UnitNames
from mapper.search.ranks import ELSEWHERE, SCORES, WHOLE, tier_of
from mapper.search.sorted_names import Part, unpack

_NEAR = 0.9
"""Score of a whole name when the text says that the place is near it."""


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place found. `where_*` tell it from others of its name; `score` is 1 for a whole name, else less.

    `sure`: it may be chosen unasked; at most the first hit is. `namesakes`: how many places have its name,
    itself among them and units named after their seat not counted. `elsewhere_*` says that it does not lie
    where the text has it ("in Jirapur, not in Biaora"); else empty.
    """

    place: Place
    where_hi: str
    where_en: str
    score: float
    sure: bool = False
    namesakes: int = 1
    elsewhere_hi: str = ""
    elsewhere_en: str = ""


class HitTeller:
    """Makes hits of places by number."""

    def __init__(
        self,
        parts: Mapping[str, Part],
        places: Sequence[Place],
        kinds: Mapping[str, Kind],
        units: UnitNames,
    ) -> None:
        self._places, self._kinds, self._units = places, kinds, units
        self._namesakes = unpack(parts["namesakes"])
        self._apart_hi = str(parts["apart_hi"]).split("\n")
        self._apart_en = str(parts["apart_en"]).split("\n")

    def hit(self, number: int, ranked: int, *, sure: bool, near: bool, asked: Named | None) -> PlaceHit:
        """The hit of a place of that rank. `asked`: the unit of the text in which it does not lie."""
        place = self._places[number]
        where_hi, where_en = where(place, self._kinds)
        if self._apart_en[number]:
            where_hi, where_en = (
                f"{where_hi}, {self._apart_hi[number]}",
                f"{where_en}, {self._apart_en[number]}",
            )
        tier = tier_of(ranked)
        score = _NEAR if tier == WHOLE and near else SCORES[tier]
        notes = self._elsewhere(place, asked) if tier == ELSEWHERE and asked else ("", "")
        return PlaceHit(place, where_hi, where_en, score, sure, self._namesakes[number], *notes)

    def _elsewhere(self, place: Place, asked: Named) -> tuple[str, str]:
        """That a place does not lie in the unit that was said, in Hindi and English."""
        said, over = self._units.shown(asked), self._units.over(place, asked)
        if over is None:
            return f"{said.name_hi} में नहीं", f"not in {said.name_en}"
        return (
            f"{over.name_hi} में है, {said.name_hi} में नहीं",
            f"in {over.name_en}, not in {said.name_en}",
        )
