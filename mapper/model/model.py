"""The nouns of a decision: departments, types and posts.

A *post* is a designation for a unit. Places are in `mapper.model.place_model`, rules in
`mapper.model.rule_model`. All immutable.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapper.model.place_model import Kind, Place


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
