"""The nouns of places. All immutable.

A *unit* is a place that an officer answers for (a tehsil, a block, an urban body, a police station); the kind
of unit is a *scope*. A *territory* is the set of units over one place: places with the same units share one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place. `rank` orders equal search hits; only `selectable` kinds take complaints."""

    code: str
    scope: str
    name_hi: str
    name_en: str
    rank: int
    selectable: bool
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of one scope over a territory. `how` it was found is empty when the place names it."""

    scope: str
    id: str
    name_hi: str
    name_en: str
    kind: str
    drafted: bool
    how: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """The units over a place, fallbacks applied. `area` is "urban" or "rural".

    `found` holds a unit or None for each scope, at the position that `positions` gives; all territories of an
    edition share the positions.
    """

    id: int
    area: str
    positions: Mapping[str, int]
    found: tuple[Unit | None, ...]

    def unit(self, scope: str) -> Unit | None:
        """The unit of that scope, if there is one."""
        position = self.positions.get(scope)
        return None if position is None else self.found[position]

    @property
    def units(self) -> Mapping[str, Unit]:
        """All units by scope."""
        return {unit.scope: unit for unit in self.found if unit is not None}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a complaint can arise. `drafted`: its Hindi name is a transliteration nobody has confirmed."""

    id: str
    kind: str
    name_hi: str
    name_en: str
    aliases: tuple[str, ...]
    lgd_code: str
    population: int
    drafted: bool
    territory: Territory = field(compare=False, repr=False)
    point: tuple[float, float] | None = field(default=None, compare=False, repr=False)
    """Latitude and longitude in degrees, where they are known."""

    def unit_id(self, scope: str) -> str | None:
        """The id of the unit of that scope over this place, e.g. `unit_id("tehsil")`, if there is one."""
        unit = self.territory.unit(scope)
        return unit.id if unit else None

    @property
    def unit_ids(self) -> frozenset[str]:
        """The ids of the place itself and of every unit over it."""
        return frozenset((self.id, *(unit.id for unit in self.territory.found if unit is not None)))

    @property
    def district_id(self) -> str | None:
        return self.unit_id("district")

    @property
    def tehsil_id(self) -> str | None:
        return self.unit_id("tehsil")

    @property
    def block_id(self) -> str | None:
        return self.unit_id("block")

    @property
    def ulb_id(self) -> str | None:
        """The urban body over the place; None in a village."""
        return self.unit_id("ulb")
