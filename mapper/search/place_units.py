"""The units that a text names beside a place: the tehsil, block, town or district in which it should lie."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain

from mapper.model.place_model import Kind, Place, Unit
from mapper.search.fold import fold, join
from mapper.search.slips import Slips
from mapper.search.sorted_names import Part, SortedNames

_BY_SIZE = ("tehsil", "block", "ulb", "gram_panchayat", "district")
"""Scopes in the order in which a name that several units have is shown."""
_NARROWING = frozenset({"tehsil", "block", "district", "gram_panchayat", "ward"})
"""Scopes that are taken at their word. A village "in the town of Biaora" lies near it, in its tehsil."""
_WIDE = frozenset({"district", "division", "state"})
_REMEMBERED = 256
"""Names of units of which it is remembered which one is shown: the beginning of a name may have thousands."""

Named = frozenset[str]
"""The ids of the units of one name: the tehsil, the block and the town of Biaora."""


class UnitNames:
    """Units over places by name."""

    def __init__(
        self, parts: Mapping[str, Part], places: Mapping[str, Place], kinds: Mapping[str, Kind]
    ) -> None:
        self._ids = str(parts["units"]).split("\n")
        self._sounds = SortedNames(parts, "unit_sounds")
        self._slips = Slips(self._sounds)
        self._places = places
        self._kinds = kinds
        self._shown: dict[Named, Place] = {}
        self._listed = [place_id for place_id in str(parts["places"]).split("\n") if place_id]

    @cached_property
    def _members(self) -> dict[str, Sequence[int]]:
        """The numbers of the places in each unit, and of the unit itself."""
        members: dict[str, array[int]] = {}
        for number, place_id in enumerate(self._listed):
            members.setdefault(place_id, array("I")).append(number)
            for unit in self._places[place_id].territory.found:
                if unit is not None and unit.id != place_id:
                    members.setdefault(unit.id, array("I")).append(number)
        return dict(members)

    def warm(self) -> None:
        """Make now what the first name beside a unit would wait for."""
        self._members  # noqa: B018 (reading it builds it)

    def members(self, named: Named) -> frozenset[int]:
        """The numbers of all places in units of that name, and of these themselves."""
        return frozenset(chain.from_iterable(self._members.get(unit, ()) for unit in named))

    def named(self, run: Sequence[str], scopes: Sequence[str], *, slips: bool = False) -> list[Named]:
        """The units that a run of words names, one after another; the last may be only begun. Empty: unknown.

        `scopes`: the kinds that were said; units of another kind are taken only when there is none of them.
        """
        keys = [fold(word) for word in run]
        for size in range(len(keys), 0, -1):
            key, last = join(keys[:size]), size == len(keys)
            numbers = self._sounds.exact(key) or (self._sounds.beginning(key) if last else ())
            if not numbers and slips and last:
                numbers = [one for _, some in self._slips.near(key) for one in some]
            if not numbers:
                continue
            ids = frozenset(self._ids[number] for number in numbers)
            narrow = _NARROWING.intersection(scopes)
            said = frozenset(unit for unit in ids if self._scope(unit) in narrow) if narrow else ids
            behind = self.named(run[size:], (), slips=slips) if not last else []
            if last or behind:
                return [said or ids, *behind]
        return []

    def _scope(self, unit_id: str) -> str:
        return self._kinds[self._places[unit_id].kind].scope

    def shown(self, named: Named) -> Place:
        """The unit by which a name is told: the tehsil before the block, the town and the district."""
        if named not in self._shown:
            if len(self._shown) >= _REMEMBERED:
                self._shown.clear()
            order = {scope: at for at, scope in enumerate(_BY_SIZE)}
            first = min(named, key=lambda unit: (order.get(self._scope(unit), len(order)), unit))
            self._shown[named] = self._places[first]
        return self._shown[named]

    def over(self, place: Place, named: Named) -> Unit | None:
        """The unit over a place that is of the kind of the one named, else its tehsil, block or district."""
        asked = self._scope(self.shown(named).id)
        wide = [asked] if asked in _WIDE else [asked, "tehsil", "block", "district"]
        return next((unit for scope in wide if (unit := place.territory.unit(scope))), None)


def lies_in(place: Place, named: Named) -> int:
    """2: in a unit of that name, 1: only in the widest of several (the district Rajgarh), 0: in none."""
    over = {unit.id: unit.scope for unit in place.territory.found if unit is not None and unit.id in named}
    if not over:
        return 2 * (place.id in named)
    return 2 if len(over) == len(named) or not set(over.values()) <= _WIDE else 1
