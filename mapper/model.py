"""The nouns of a directory edition: places, departments, types, posts, rules. All immutable.

A *unit* is a place that an officer answers for (a tehsil, a block, an urban body, a police station); the kind
of unit is a *scope*. A *territory* is the set of units over one place: places with the same units share one.
A *post* is a designation for a unit. Levels are whatever the edition lists, in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mapper.choice import Choice

ANY = "*"
"""Subject of a rule that holds for every type."""

EVERYWHERE = "any"
"""Area of a rule that holds in villages and in towns."""


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

    def unit_id(self, scope: str) -> str | None:
        """The id of the unit of that scope over this place, e.g. `unit_id("tehsil")`, if there is one."""
        unit = self.territory.unit(scope)
        return unit.id if unit else None

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


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name_hi: str
    name_en: str
    drafted: bool


@dataclass(frozen=True, slots=True)
class ComplaintType:
    """A type of complaint (प्रारूप). `keywords` are everyday words by which it is searched."""

    code: str
    department_code: str
    name_hi: str
    name_en: str
    keywords: tuple[str, ...]
    drafted: bool


@dataclass(frozen=True, slots=True)
class Designation:
    """An office by its title, however many departments it serves."""

    code: str
    name_hi: str
    name_en: str
    drafted: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A designation with its jurisdiction (पद): complaints belong to it, whoever holds it.

    `id` is "DESIGNATION@unit" and stays the same from edition to edition. Where the unit only stands in for
    another scope, the name tells its kind.
    """

    designation: Designation
    unit: Place
    kind: Kind
    stand_in: bool
    drafted: bool

    @property
    def id(self) -> str:
        return f"{self.designation.code}@{self.unit.id}"

    @property
    def designation_code(self) -> str:
        return self.designation.code

    @property
    def designation_hi(self) -> str:
        return self.designation.name_hi

    @property
    def designation_en(self) -> str:
        return self.designation.name_en

    @property
    def unit_id(self) -> str:
        return self.unit.id

    @property
    def jurisdiction_hi(self) -> str:
        return f"{self.kind.name_hi} {self.unit.name_hi}"

    @property
    def jurisdiction_en(self) -> str:
        return f"{self.unit.name_en} {self.kind.name_en.lower()}"

    @property
    def name_hi(self) -> str:
        return f"{self.designation.name_hi}, {self.jurisdiction_hi if self.stand_in else self.unit.name_hi}"

    @property
    def name_en(self) -> str:
        return f"{self.designation.name_en}, {self.jurisdiction_en if self.stand_in else self.unit.name_en}"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the ladder. `escalation` says how a complaint comes here: start, automatic or manual.

    `decides`: its officer decides what lower levels propose (special close, another department).
    """

    number: int
    label: str
    name_hi: str
    name_en: str
    escalation: str
    drafted: bool
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers for `subject` (type, department, ANY) at a level, in `area`: the designation of `scope`.

    An empty designation leaves the level out for that subject. Holds from `since` on (None: always).
    """

    subject: str
    level: int
    area: str
    scope: str
    designation_code: str
    since: date | None
    drafted: bool

    @property
    def name(self) -> str:
        area = "" if self.area == EVERYWHERE else f"/{self.area}"
        since = f" since {self.since}" if self.since else ""
        return f"{self.subject}/L{self.level}{area}{since}"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Days a level has; `level` None means every level. Holds from `since` on (None: always)."""

    subject: str
    level: int | None
    days: int
    since: date | None
    drafted: bool

    @property
    def name(self) -> str:
        level = "*" if self.level is None else f"L{self.level}"
        since = f" since {self.since}" if self.since else ""
        return f"{self.subject}/{level}{since}"


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name_hi: str
    name_en: str
    drafted: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """What the mapper needs to know of a complaint. `registered_at` must be aware (any zone)."""

    type_code: str
    place_id: str
    registered_at: datetime


class Assignment(NamedTuple):
    """The officer and the day. `due` is the last day in India: the limit ends at the end of that day.

    `drafted`: something of the decision waits for confirmation. `choice` holds the rules that won.
    """

    post: Post
    level: int
    level_label: str
    due: date
    edition: str
    department: Department
    type: ComplaintType
    place: Place
    drafted: bool
    choice: Choice

    @property
    def rule(self) -> str:
        """The rules that decided, in words, with the edition and what of them waits for confirmation."""
        return self.choice.reason(self.post, self.place, self.due)
