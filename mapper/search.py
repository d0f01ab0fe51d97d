"""Places by what a hurried person types: begun or misspelt, in Hindi or Roman letters.

A hit is ranked by how it matched (`_TIERS`), then towns, tehsils and the like before villages, then letters
that agree before sounds that agree, then a fixed order (kind, length of the name, population, name).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mapper.fold import fold, join, words
from mapper.namesakes import count_places
from mapper.place_model import Kind, Place
from mapper.search_index import where
from mapper.sorted_names import Part, SortedNames, unpack

_TIERS = (1.0, 0.8, 0.6, 0.4, 0.3, 0.2)
"""Scores: the whole name, its beginning, the beginning of a later word, one letter wrong, two, and more."""
_WHOLE, _BEGINNING, _LATER, _MISSPELT = range(4)

_STATIC_BITS = 24

_LOOKED_AT = 12
"""Hits ranked however few are asked for: that a name has several bearers is seen among them."""


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


class PlaceIndex:
    """An index over the places that take complaints, from the parts that `make_parts` made of them."""

    def __init__(
        self, parts: Mapping[str, Part], places: Mapping[str, Place], kinds: Mapping[str, Kind]
    ) -> None:
        self._kinds = kinds
        self._places = [places[place_id] for place_id in str(parts["places"]).split("\n") if place_id]
        self._big = unpack(parts["big"])[0]
        self._coded = parts["coded"]
        self._namesakes = unpack(parts["namesakes"])
        self._units = str(parts["units"]).split("\n")
        self._letters = SortedNames(parts, "letters")
        self._sounds = SortedNames(parts, "sounds")
        self._later_letters = SortedNames(parts, "later_letters")
        self._later_sounds = SortedNames(parts, "later_sounds")
        self._unit_sounds = SortedNames(parts, "unit_sounds")

    def search(self, text: str, limit: int) -> list[PlaceHit]:
        """The best `limit` hits. Further words may name a unit over the place ("motipura biaora")."""
        parts = words(text)[:8]
        if not parts or limit < 1:
            return []
        best = self._find(parts, max(limit, _LOOKED_AT))
        if len(parts) > 1 and not any(rank >> (_STATIC_BITS + 2) == _WHOLE for rank in best.values()):
            for cut in range(1, len(parts)):
                self._within(best, parts[:cut], parts[cut:])
                self._within(best, parts[cut:], parts[:cut])
        hits = heapq.nsmallest(limit, ((rank, number) for number, rank in best.items()))
        sure = self._is_sure(hits[0][0], best) if hits else False
        return [self._hit(number, rank, sure and not at) for at, (rank, number) in enumerate(hits)]

    def _is_sure(self, first: int, best: Mapping[int, int]) -> bool:
        """Whether the first rank is of a whole name that one place bears.

        A town whose very letters were typed is meant, though a village may sound alike.
        """
        match = first >> _STATIC_BITS
        if match >> 2 != _WHOLE:
            return False
        alike = {match, match | 2} if not match & 3 else range((_WHOLE + 1) << 2)
        bearers = [self._places[number] for number, rank in best.items() if rank >> _STATIC_BITS in alike]
        return count_places(bearers) == 1

    def _hit(self, number: int, rank: int, sure: bool) -> PlaceHit:
        place = self._places[number]
        where_hi, where_en = where(place, self._kinds)
        if self._coded[number]:
            code = f" ({place.lgd_code or place.id.rpartition('-')[2]})"
            where_hi, where_en = where_hi + code, where_en + code
        return PlaceHit(
            place, where_hi, where_en, _TIERS[rank >> (_STATIC_BITS + 2)], sure, self._namesakes[number]
        )

    def _within(self, best: dict[int, int], name: list[str], unit: list[str]) -> None:
        key = join([fold(part) for part in unit])
        fitting = {self._units[number] for number in self._unit_sounds.beginning(key)}
        if not fitting:
            return
        for number, rank in self._find(name, None).items():
            if rank < best.get(number, rank + 1):
                units = self._places[number].territory.found
                if any(over is not None and over.id in fitting for over in units):
                    best[number] = rank

    def _find(self, parts: list[str], limit: int | None) -> dict[int, int]:
        """Rank by place number; a smaller rank is better. Without a limit all, but no misspelt names."""
        best: dict[int, int] = {}
        letters, sound = " ".join(parts), join([fold(part) for part in parts])
        self._add(best, self._letters.exact(letters), _WHOLE, limit, heard=False)
        self._add(best, self._sounds.exact(sound), _WHOLE, limit, heard=True)
        self._add(best, self._letters.beginning(letters), _BEGINNING, limit, heard=False)
        self._add(best, self._sounds.beginning(sound), _BEGINNING, limit, heard=True)
        self._add(best, self._later_letters.beginning(letters), _LATER, limit, heard=False)
        self._add(best, self._later_sounds.beginning(sound), _LATER, limit, heard=True)
        if limit is not None and len(best) < limit and len(sound) > 2:
            allowed = 1 if len(sound) < 6 else 2
            for index in (self._sounds, self._later_sounds):
                beginning = sound[0] if best or len(sound) > 3 else ""
                for errors, numbers in index.misspelt(sound, allowed, beginning):
                    self._add(best, numbers, _MISSPELT + min(errors, 3) - 1, limit, heard=True)
        return best

    def _add(
        self, best: dict[int, int], numbers: Sequence[int], tier: int, limit: int | None, *, heard: bool
    ) -> None:
        """Rank the numbers; of more than `limit` only the first, for no other can be among the best."""
        base = tier << 2 | heard
        some: Iterable[int] = numbers
        if limit is not None and len(numbers) > limit:
            some = heapq.nsmallest(limit, set(numbers))
        for number in some:
            rank = (base | (0 if number < self._big else 2)) << _STATIC_BITS | number
            if rank < best.get(number, rank + 1):
                best[number] = rank
