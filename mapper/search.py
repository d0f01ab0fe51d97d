"""Places by what a hurried person types: begun or misspelt, in Hindi or Roman letters.

A hit is ranked by how it matched (`_TIERS`), then towns, tehsils and the like before villages, then letters
that agree before sounds that agree, then a fixed order (kind, length of the name, population, name).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mapper.fold import fold, fold_all, has_flap, join, plain, words
from mapper.model import Kind, Place, Territory
from mapper.typos import Pattern

_TIERS = (1.0, 0.8, 0.6, 0.4, 0.3, 0.2)
"""Scores: the whole name, its beginning, the beginning of a later word, one letter wrong, two, and more."""
_WHOLE, _BEGINNING, _LATER, _MISSPELT = range(4)

_BIG = 4
"""Kinds up to this rank (urban bodies, tehsils, districts, blocks) go before villages on an equal match."""
_STATIC_BITS = 24


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place found. `where_*` tell it from others of its name; `score` is 1 for a whole name, else less."""

    place: Place
    where_hi: str
    where_en: str
    score: float


class PlaceIndex:
    """An index over the places that take complaints. Immutable once built."""

    def __init__(self, places: Iterable[Place], kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        known = [place for place in places if kinds[place.kind].selectable]
        known.sort(key=lambda p: (kinds[p.kind].rank, len(p.name_en), -p.population, p.name_en, p.id))
        self._places = known
        self._big = [kinds[place.kind].rank <= _BIG for place in known]
        self._where = _tell_apart(known, kinds)
        self._context = {place.territory.id: _context(place.territory) for place in known}
        letters: dict[str, set[int]] = {}
        sounds: dict[str, set[int]] = {}
        later_letters: dict[str, set[int]] = {}
        later_sounds: dict[str, set[int]] = {}
        for number, place in enumerate(known):
            for name in {place.name_hi, place.name_en, *place.aliases}:
                parts = words(name)
                letters.setdefault(" ".join(parts), set()).add(number)
                for flap in "dr" if has_flap(name) else "d":
                    keys = [fold(part, flap=flap) for part in parts]
                    sounds.setdefault(join(keys), set()).add(number)
                    for start in range(1, len(parts)):
                        later_letters.setdefault(" ".join(parts[start:]), set()).add(number)
                        later_sounds.setdefault(join(keys[start:]), set()).add(number)
        self._letters, self._sounds = _Sorted(letters), _Sorted(sounds)
        self._later_letters, self._later_sounds = _Sorted(later_letters), _Sorted(later_sounds)

    def search(self, text: str, limit: int) -> list[PlaceHit]:
        """The best `limit` hits. Further words may name a unit over the place ("motipura biaora")."""
        parts = words(text)[:8]
        if not parts or limit < 1:
            return []
        best = self._find(parts, limit)
        if len(parts) > 1 and not any(rank >> (_STATIC_BITS + 2) == _WHOLE for rank in best.values()):
            for cut in range(1, len(parts)):
                self._within(best, parts[:cut], parts[cut:], limit)
                self._within(best, parts[cut:], parts[:cut], limit)
        hits = heapq.nsmallest(limit, ((rank, number) for number, rank in best.items()))
        return [self._hit(number, rank) for rank, number in hits]

    def _hit(self, number: int, rank: int) -> PlaceHit:
        where_hi, where_en = self._where[number]
        return PlaceHit(self._places[number], where_hi, where_en, _TIERS[rank >> (_STATIC_BITS + 2)])

    def _within(self, best: dict[int, int], name: list[str], unit: list[str], limit: int) -> None:
        key = join([fold(part) for part in unit])
        fitting = {number for number, names in self._context.items() if any(n.startswith(key) for n in names)}
        if not fitting:
            return
        for number, rank in self._find(name, limit, fuzzy=False).items():
            if self._places[number].territory.id in fitting and rank < best.get(number, rank + 1):
                best[number] = rank

    def _find(self, parts: list[str], limit: int, *, fuzzy: bool = True) -> dict[int, int]:
        """Rank by place number; a smaller rank is better."""
        best: dict[int, int] = {}
        letters, sound = " ".join(parts), join([fold(part) for part in parts])
        self._add(best, self._letters.exact(letters), _WHOLE, heard=False)
        self._add(best, self._sounds.exact(sound), _WHOLE, heard=True)
        self._add(best, self._letters.beginning(letters), _BEGINNING, heard=False)
        self._add(best, self._sounds.beginning(sound), _BEGINNING, heard=True)
        self._add(best, self._later_letters.beginning(letters), _LATER, heard=False)
        self._add(best, self._later_sounds.beginning(sound), _LATER, heard=True)
        if fuzzy and len(best) < limit and len(sound) > 2:
            pattern = Pattern(sound)
            allowed = 1 if len(sound) < 6 else 2
            for index in (self._sounds, self._later_sounds):
                for key in index.same_start(sound[0]) if best or len(sound) > 3 else index.keys:
                    if (errors := pattern.errors_in_beginning(key, allowed)) <= allowed:
                        self._add(best, index.numbers[key], _MISSPELT + min(errors, 3) - 1, heard=True)
        return best

    def _add(self, best: dict[int, int], numbers: Iterable[int], tier: int, *, heard: bool) -> None:
        base = tier << 2 | heard
        for number in numbers:
            rank = (base | (0 if self._big[number] else 2)) << _STATIC_BITS | number
            if rank < best.get(number, rank + 1):
                best[number] = rank


class _Sorted:
    """Place numbers by name or key, found by the whole or by the beginning."""

    def __init__(self, numbers: dict[str, set[int]]) -> None:
        self.keys = sorted(numbers)
        self.numbers = {key: tuple(sorted(numbers[key])) for key in self.keys}

    def exact(self, key: str) -> tuple[int, ...]:
        return self.numbers.get(key, ())

    def same_start(self, beginning: str) -> list[str]:
        low = bisect_left(self.keys, beginning)
        return self.keys[low : bisect_left(self.keys, beginning + "\U0010ffff", low)]

    def beginning(self, beginning: str) -> Iterable[int]:
        for key in self.same_start(beginning):
            yield from self.numbers[key]


def _context(territory: Territory) -> tuple[str, ...]:
    names = {name for unit in territory.units.values() for name in (unit.name_hi, unit.name_en)}
    return tuple(sorted({fold_all(name, flap=flap) for name in names for flap in "dr"}))


def _tell_apart(places: list[Place], kinds: Mapping[str, Kind]) -> list[tuple[str, str]]:
    """Where each place lies, in both languages; with its code when the name and the units are not enough."""
    where = [_where(place, kinds) for place in places]
    same = Counter((plain(place.name_en), en) for place, (_, en) in zip(places, where, strict=True))
    told = []
    for place, (hi, en) in zip(places, where, strict=True):
        number = place.lgd_code or place.id.rpartition("-")[2]
        code = f" ({number})" if same[plain(place.name_en), en] > 1 else ""
        told.append((hi + code, en + code))
    return told


def _where(place: Place, kinds: Mapping[str, Kind]) -> tuple[str, str]:
    kind = kinds[place.kind]
    hi, en = [kind.name_hi], [kind.name_en]
    shown: set[str] = set()
    for scope in kind.where:
        unit = place.territory.units.get(scope)
        if unit is None or (scope == "block" and unit.name_hi in shown):
            continue
        shown.add(unit.name_hi)
        over = kinds[unit.kind]
        hi.append(f"{over.name_hi} {unit.name_hi}")
        en.append(f"{unit.name_en} {over.name_en.lower()}")
    return ", ".join(hi), ", ".join(en)
