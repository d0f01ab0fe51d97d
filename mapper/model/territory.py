"""Which unit of each scope lies over a place: what the place names, else what the fallback table says.

A fallback row says: when no unit of `scope` is known, go to the unit of scope `via` over the same place and
take that unit itself ("unit": the block stands in for the distribution centre) or the unit of `scope` that it
names in its turn ("within": the tehsil of the block). Rows are tried in their order; the first find wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Link(NamedTuple):
    """A unit that a place names."""

    unit_id: str
    drafted: bool


class Found(NamedTuple):
    """A unit over a place. `how` is empty when the place names it; `stand_in`: a unit of another scope."""

    unit_id: str
    drafted: bool
    how: str
    stand_in: bool


@dataclass(frozen=True, slots=True)
class Fallback:
    """One row of the fallback table."""

    scope: str
    order: int
    via: str
    take: str
    drafted: bool
    note: str


Links = Mapping[str, Link]


class Resolver:
    """Finds units. `links_of` gives the links of a unit by its id, for the rows that look within it."""

    def __init__(self, fallbacks: Iterable[Fallback], links_of: Mapping[str, Links]) -> None:
        self._rows: dict[str, list[Fallback]] = {}
        for row in sorted(fallbacks, key=lambda row: (row.scope, row.order)):
            self._rows.setdefault(row.scope, []).append(row)
        self._links_of = links_of

    @property
    def scopes(self) -> set[str]:
        """Scopes that have a fallback."""
        return set(self._rows)

    def find(self, links: Links, scope: str, *, without: frozenset[str] = frozenset()) -> Found | None:
        """The unit of `scope` for a place with these links; None when nothing finds one.

        `without` are the scopes on the way here, not asked again, so that a table with a circle ends.
        """
        link = links.get(scope)
        if link is not None:
            return Found(link.unit_id, link.drafted, "", stand_in=False)
        if scope in without:
            return None
        for row in self._rows.get(scope, ()):
            base = self.find(links, row.via, without=without | {scope})
            if base is None:
                continue
            doubtful = row.drafted or base.drafted
            if row.take == "unit":
                return Found(base.unit_id, doubtful, self._how(row), stand_in=True)
            inner = self._links_of.get(base.unit_id, {}).get(scope)
            if inner is not None:
                return Found(inner.unit_id, doubtful or inner.drafted, self._how(row), base.stand_in)
        return None

    @staticmethod
    def _how(row: Fallback) -> str:
        if not row.drafted:
            return ""
        step = f"by its {row.via}" if row.take == "unit" else f"through its {row.via}"
        return f"no {row.scope} known for the place: {step}" + (f" ({row.note})" if row.note else "")


def circles(fallbacks: Iterable[Fallback]) -> list[Fallback]:
    """Rows through which the table leads back to its own scope."""
    rows = list(fallbacks)
    leads: dict[str, set[str]] = {}
    for row in rows:
        leads.setdefault(row.scope, set()).add(row.via)

    def reaches(start: str, goal: str) -> bool:
        seen: set[str] = set()
        stack = [start]
        while stack:
            scope = stack.pop()
            if scope == goal:
                return True
            if scope not in seen:
                seen.add(scope)
                stack.extend(leads.get(scope, ()))
        return False

    return [row for row in rows if row.take == "unit" and reaches(row.via, row.scope)]
