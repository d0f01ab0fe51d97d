"""What one search is about: the ways to read its text, and what it has found so far."""

from __future__ import annotations

from dataclasses import dataclass

from mapper.search.address import Address
from mapper.search.address_words import AddressWords
from mapper.search.fold import words
from mapper.search.place_units import Named
from mapper.search.ranks import SCORES, tier_of

_LOOKED_AT = 12
"""Hits ranked however few are asked for: that a name has several bearers is seen among them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a text: which words are the name, of what kind it is said to be, and units over it."""

    name: list[str]
    scopes: tuple[str, ...]
    units: tuple[Named, ...]
    near: bool
    trimmed: bool = True


class Search:
    """What one search has found so far: ranks by place number."""

    def __init__(self, text: str, known: AddressWords, limit: int) -> None:
        self.address = Address(words(text), known)
        self.limit = max(limit, _LOOKED_AT)
        self.best: dict[int, int] = {}
        self.elsewhere: dict[int, Named] = {}
        self.members: dict[Named, frozenset[int]] = {}
        self.near = False

    def keep(self, tier: int, most: int) -> None:
        """Take away the hits of that tier but for the first ones."""
        of_tier = sorted((ranked, number) for number, ranked in self.best.items() if tier_of(ranked) == tier)
        for _, number in of_tier[most:]:
            del self.best[number]

    @property
    def tier(self) -> int:
        """The best tier so far; beyond all of them when nothing is found."""
        return min(map(tier_of, self.best.values()), default=len(SCORES))
