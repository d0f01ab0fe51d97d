"""The nouns of a decision: departments, types and posts; a registration goes in, an assignment comes out.

A *post* is a designation for a unit. Places are in `mapper.place_model`, rules in `mapper.rule_model`. All
immutable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from mapper.place_model import Kind, Place

if TYPE_CHECKING:
    from mapper.choice import Choice


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
