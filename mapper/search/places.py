"""Places by what a hurried person types: begun or misspelt, in Hindi or Roman letters, as in an address.

A text is first taken for a name as a whole, words of kinds included. Then, if it is none, every span of it is
tried as the name: the other words must be units over the place or words that cost nothing. A hit is ranked by
`mapper.search.ranks`, then by a fixed order (kind, length of the name, population, name).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from mapper.model.place_model import Kind, Place
from mapper.search.address import Address
from mapper.search.address_words import AddressWords
from mapper.search.namesakes import count_places
from mapper.search.place_hits import HitTeller, PlaceHit
from mapper.search.place_names import Found, PlaceNames
from mapper.search.place_search import Reading, Search
from mapper.search.place_units import Named, UnitNames, lies_in
from mapper.search.ranks import (
    AMONG,
    BEGINNING,
    ELSEWHERE,
    LATER,
    MORE_WRONG,
    ONE_WRONG,
    TWO_WRONG,
    WHOLE,
    far_of,
    is_by_letters,
    is_plain_whole,
    is_small,
    is_whole_of_kind,
    rank,
    tier_of,
)
from mapper.search.sorted_names import Part, unpack

_COMPARED = 40
"""Bearers of a sound whose letters are compared; of more the fixed order decides."""
_SPANS_MISSPELT = 3
"""Spans of a text that may be misspelt names, the longest ones."""
_CODE_DIGITS, _VILLAGE_DIGITS = 3, 6
"""The shortest LGD code that is looked for, a district's (wards have shorter numbers), and a village's."""
_FAR_FOR_SURE = 1
"""Letters in which a village's name may differ from what sounds like it and yet be chosen unasked."""
_VILLAGES = frozenset({"village", "habitation", "gram_panchayat"})
_SHORTEST_AMONG = 3
"""Letters of a name among other words: shorter ones are seldom names."""
_BY_LETTERS = frozenset({ONE_WRONG, TWO_WRONG, MORE_WRONG})
"""Tiers in which a village with fewer wrong letters goes before a town."""


class PlaceIndex:
    """An index over the places that take complaints, from the parts that `make_parts` made of them."""

    def __init__(
        self, parts: Mapping[str, Part], places: Mapping[str, Place], kinds: Mapping[str, Kind]
    ) -> None:
        self._kinds = kinds
        self._places = [places[place_id] for place_id in str(parts["places"]).split("\n") if place_id]
        self._big = unpack(parts["big"])[0]
        self._names = PlaceNames(parts, self._places)
        self._units = UnitNames(parts, places, kinds)
        self._words = AddressWords(kinds)
        self._teller = HitTeller(parts, self._places, kinds, self._units)

    def warm(self) -> None:
        """Make now what the first misspelt name would wait for."""
        self._names.warm()
        self._units.warm()

    def search(self, text: str, limit: int) -> list[PlaceHit]:
        """The best `limit` hits. Further words may name a unit over the place ("motipura biaora")."""
        search = Search(text, self._words, limit)
        tokens = search.address.tokens
        if not tokens or limit < 1:
            return []
        self._by_code(search)
        if search.tier > WHOLE:
            self._by_name(search)
        search.keep(ELSEWHERE, (limit + 1) // 2)
        hits = heapq.nsmallest(limit, ((ranked, number) for number, ranked in search.best.items()))
        sure = bool(hits) and not search.near and self._is_sure(search, *hits[0])
        return [
            self._teller.hit(
                number,
                ranked,
                sure=sure and not at,
                near=search.near,
                asked=search.elsewhere.get(number),
            )
            for at, (ranked, number) in enumerate(hits)
        ]

    def _by_code(self, search: Search) -> None:
        """A code with words of kinds at most; a village's is known by its length among other words, too."""
        address = search.address
        names = [each for each, spare in zip(address.tokens, address.spare, strict=True) if not spare]
        codes = [each for each in names if each.isdecimal() and len(each) >= _CODE_DIGITS]
        if len(codes) == 1 and (names == codes or len(codes[0]) == _VILLAGE_DIGITS):
            for number in self._names.coded(codes[0]):
                search.best[number] = rank(WHOLE, number, heard=False)

    def _by_name(self, search: Search) -> None:
        address = search.address
        text = Reading(address.tokens, (), (), near=False)
        self._take(search, text, self._names.whole(text.name))
        self._take(search, text, self._names.begun(text.name))
        readings = [text]
        if search.tier > WHOLE and len(text.name) > 1:
            readings = self._readings(address)
            if self._whole_in_units(search, readings):
                return
            readings = [each for each in readings if each.trimmed] or [text]
            for reading in readings:
                if reading.name != text.name:
                    self._take(search, reading, self._names.begun(reading.name))
        if len(search.best) < search.limit or search.tier > BEGINNING:
            self._misspelt(search, readings)

    def _misspelt(self, search: Search, readings: list[Reading]) -> None:
        for reading in readings[:_SPANS_MISSPELT]:
            self._take(search, reading, self._names.slipped(reading.name))
        if search.tier > ONE_WRONG:
            self._take_in_misspelt_units(search)
        if search.tier > ONE_WRONG:
            reading = readings[0]
            begun = self._names.misspelt(reading.name, any_beginning=not search.best)
            self._take(search, reading, begun)
        if search.tier > LATER:
            self._among(search)

    def _readings(self, address: Address) -> list[Reading]:
        """All ways to read a text as a name and units, the longest names first."""
        found: list[Reading] = []
        for passing in (True, False) if any(address.passing) else (True,):
            for begin, end in address.spans():
                units: list[Named] = []
                for run, start, stop in address.rest(begin, end, passing=passing):
                    named = self._units.named(run, address.scopes(start, stop, range(begin, end)))
                    units += named
                    if not named:
                        break
                else:
                    found.append(self._reading(address, begin, end, units))
        return found

    @staticmethod
    def _reading(address: Address, begin: int, end: int, units: Iterable[Named]) -> Reading:
        trimmed = not address.spare[begin] and not address.spare[end - 1]
        near = address.near_outside(begin, end)
        return Reading(address.tokens[begin:end], address.scopes(begin, end), tuple(units), near, trimmed)

    def _whole_in_units(self, search: Search, readings: Iterable[Reading]) -> bool:
        """Whether some span is the whole name of a place in all units that the text names."""
        length = 0
        for reading in readings:
            if len(reading.name) < length:
                break
            self._take(search, reading, self._names.whole(reading.name))
            if search.tier == WHOLE:
                length = max(length, len(reading.name))
        if length:
            search.keep(ELSEWHERE, 0)
        return bool(length)

    def _take_in_misspelt_units(self, search: Search) -> None:
        """Whole names whose other words are, with a slip, units over the place."""
        address = search.address
        for begin, end in address.spans():
            runs = address.rest(begin, end, passing=True)
            if not runs or not (numbers := self._bearers(address.tokens[begin:end])):
                continue
            units: list[Named] = []
            for run, start, stop in runs:
                scopes = address.scopes(start, stop, range(begin, end))
                units += self._units.named(run, scopes, slips=True) or [frozenset()]
            reading = self._reading(address, begin, end, units)
            self._take(search, reading, [(numbers, ONE_WRONG, True)])

    def _among(self, search: Search) -> None:
        """Whole names among words that are neither names nor units, the longest ones only."""
        address, length = search.address, 0
        for begin, end in address.spans():
            name = address.tokens[begin:end]
            if end - begin < length:
                break
            if end - begin == len(address.tokens) or len("".join(name)) < _SHORTEST_AMONG:
                continue
            if numbers := self._bearers(name):
                runs = address.rest(begin, end, passing=False)
                units = [self._units.named(run, address.scopes(at, stop)) for run, at, stop in runs]
                reading = self._reading(address, begin, end, [one for some in units for one in some])
                self._take(search, reading, [(numbers, AMONG, True)])
                length = end - begin

    def _bearers(self, name: Sequence[str]) -> list[int]:
        return sorted({number for numbers, _, _ in self._names.whole(name) for number in numbers})

    def _take(self, search: Search, reading: Reading, found: Iterable[Found]) -> None:
        """Rank what was found by that reading; the first of more than are asked for where none falls out."""
        lies = partial(_lies, {}, reading.units)
        for numbers, tier, heard in found:
            some: Iterable[int] = numbers
            whole_of_kind = tier == WHOLE and reading.scopes
            if not reading.units and not whole_of_kind and len(numbers) > search.limit:
                some = heapq.nsmallest(search.limit, set(numbers))
            if reading.units and tier != WHOLE:
                some = self._within(search, reading.units, numbers)
            compared = heard and tier not in (BEGINNING, LATER) and len(numbers) <= _COMPARED
            for number in some:
                lying = lies(self._places[number])
                if 0 in lying:
                    if tier != WHOLE:
                        continue
                    search.elsewhere[number] = reading.units[lying.index(0)]
                ranked = self._rank(reading, number, tier, lying, heard=heard, compared=compared)
                if ranked < search.best.get(number, ranked + 1):
                    search.best[number] = ranked
                    if tier_of(ranked) == WHOLE:
                        search.near = reading.near

    def _within(self, search: Search, units: Iterable[Named], numbers: Iterable[int]) -> Iterable[int]:
        """Those of the places that lie in all units."""
        for named in units:
            if named not in search.members:
                search.members[named] = self._units.members(named)
            numbers = search.members[named].intersection(numbers)
        return numbers

    def _rank(
        self, reading: Reading, number: int, tier: int, lying: Sequence[int], *, heard: bool, compared: bool
    ) -> int:
        """The rank of a place by that reading, in whose units it lies so."""
        scope = self._kinds[self._places[number].kind].scope
        other = bool(reading.scopes) and scope not in reading.scopes
        small = number >= self._big
        far = self._names.far(reading.name, number) if compared else 0
        if tier in _BY_LETTERS:
            far, small = 2 * far + small, False
        elif not small:
            far = 0
        in_unit = ELSEWHERE if 0 in lying else tier
        return rank(in_unit, number, heard=heard, small=small, other=other, wide=1 in lying, far=far)

    def _is_sure(self, search: Search, first: int, number: int) -> bool:
        """Whether the first rank is of a whole name, of the kind that was said, that one place bears.

        A town whose very letters were typed is meant, though a village may sound alike; not when the text
        speaks of a village ("Rajgarh tehsil ka gaon").
        """
        if not is_plain_whole(first) or far_of(first) > _FAR_FOR_SURE:
            return False
        if search.address.says("village") and self._kinds[self._places[number].kind].scope not in _VILLAGES:
            return False
        whole = [(number, ranked) for number, ranked in search.best.items() if is_whole_of_kind(ranked)]
        if is_by_letters(first) and not is_small(first):
            whole = [(number, ranked) for number, ranked in whole if is_by_letters(ranked)]
        return count_places([self._places[number] for number, _ in whole]) == 1


def _lies(known: dict[int, list[int]], units: Sequence[Named], place: Place) -> list[int]:
    """`lies_in` for each of the units. Places of one territory lie alike, but for a unit itself."""
    if not units:
        return []
    if any(place.id in named for named in units):
        return [lies_in(place, named) for named in units]
    territory = place.territory.id
    if territory not in known:
        known[territory] = [lies_in(place, named) for named in units]
    return known[territory]
