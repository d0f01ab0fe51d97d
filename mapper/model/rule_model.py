"""The nouns of rules: levels, who answers at one, how long it has, which days are holidays. All immutable.

Levels are whatever the edition lists, in order. A rule holds from its `since` on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ANY = "*"
"""Subject of a rule that holds for every type."""

EVERYWHERE = "any"
"""Area of a rule that holds in villages and in towns."""

HOLIDAY_KINDS = ("public", "local", "optional")
"""Whose holiday a day is: everybody's, one unit's, or his who takes it (ऐच्छिक अवकाश)."""


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
    """A closed day. `place_id`: the unit that has it, empty for the whole State; `kind` of HOLIDAY_KINDS."""

    day: date
    name_hi: str
    name_en: str
    drafted: bool
    place_id: str = ""
    kind: str = "public"

    @property
    def counts(self) -> bool:
        """Whether the day is left out of working days: an optional holiday closes no office."""
        return self.kind != "optional"
