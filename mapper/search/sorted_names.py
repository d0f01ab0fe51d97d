"""Numbers by name in little memory: all names in one text, found whole, by beginning, or with mistakes."""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mapper.search.typos import Pattern

_LAST = "\U0010ffff"

Part = str | bytes
"""A part of an index as the edition's file keeps it: text, or numbers of four bytes with the lowest first."""


def pack(numbers: Iterable[int]) -> bytes:
    """Numbers as the file keeps them."""
    packed = array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack(packed: Part) -> Sequence[int]:
    """The numbers again, without a copy where the machine counts bytes the same way."""
    if isinstance(packed, str):
        raise TypeError("text where numbers should be")
    if sys.byteorder == "little":
        return memoryview(packed).cast("I")
    numbers = array("I", packed)
    numbers.byteswap()
    return numbers


class SortedNames:
    """An immutable index of names. Every name has the numbers of what bears it, in rising order."""

    __slots__ = ("_begins", "_names", "_numbers", "_starts")

    def __init__(self, parts: Mapping[str, Part], name: str) -> None:
        """Read the index `name` that `parts` made."""
        self._names = str(parts[f"{name}.names"])
        self._begins = unpack(parts[f"{name}.begins"])
        self._starts = unpack(parts[f"{name}.starts"])
        self._numbers = unpack(parts[f"{name}.numbers"])

    @staticmethod
    def parts(name: str, numbers: Mapping[str, Iterable[int]]) -> dict[str, Part]:
        """The parts of an index called `name` of these numbers by name."""
        ordered = sorted(numbers)
        begins, starts, flat = [0], [0], []
        for key in ordered:
            begins.append(begins[-1] + len(key) + 1)
            flat += sorted(numbers[key])
            starts.append(len(flat))
        return {
            f"{name}.names": "".join(f"{key}\n" for key in ordered),
            f"{name}.begins": pack(begins),
            f"{name}.starts": pack(starts),
            f"{name}.numbers": pack(flat),
        }

    def names(self) -> list[str]:
        """All names, in rising order."""
        return self._names.split("\n")[:-1]

    def at(self, position: int) -> Sequence[int]:
        """The numbers of the name at a position of `names`."""
        return self._numbers[self._starts[position] : self._starts[position + 1]]

    def exact(self, name: str) -> Sequence[int]:
        """The numbers of that very name."""
        at = self._position(name, 0)
        if at < len(self._begins) - 1 and self._name(at) == name:
            return self._numbers[self._starts[at] : self._starts[at + 1]]
        return ()

    def beginning(self, beginning: str) -> Sequence[int]:
        """The numbers of all names with that beginning; one number may stand there more than once."""
        low, high = self._range(beginning)
        return self._numbers[self._starts[low] : self._starts[high]]

    def misspelt(self, name: str, allowed: int, beginning: str) -> Iterator[tuple[int, Sequence[int]]]:
        """Names that begin with `name` but for `allowed` letters at most: how many are wrong, the numbers.

        Only names with that (true) beginning are looked at.
        """
        low, high = self._range(beginning)
        pattern = Pattern(name)
        for match in _some_piece(name, allowed).finditer(self._names, self._begins[low], self._begins[high]):
            at = bisect_left(self._begins, match.start())
            errors = pattern.errors_in_beginning(self._name(at), allowed)
            if errors <= allowed:
                yield errors, self._numbers[self._starts[at] : self._starts[at + 1]]

    def _name(self, at: int) -> str:
        return self._names[self._begins[at] : self._begins[at + 1] - 1]

    def _range(self, beginning: str) -> tuple[int, int]:
        low = self._position(beginning, 0)
        return low, self._position(beginning + _LAST, low)

    def _position(self, name: str, low: int) -> int:
        high = len(self._begins) - 1
        while low < high:
            middle = (low + high) // 2
            if self._name(middle) < name:
                low = middle + 1
            else:
                high = middle
        return low


def _some_piece(name: str, allowed: int) -> re.Pattern[str]:
    """Lines that can begin with `name` but for `allowed` letters.

    Cut into one piece more than letters may be wrong, one piece must be there as it is, at most so many
    letters from its place.
    """
    size = -(-len(name) // (allowed + 1))
    pieces = (
        f".{{{max(0, at - allowed)},{at + allowed}}}{re.escape(name[at : at + size])}"
        for at in range(0, len(name), size)
    )
    return re.compile(f"^(?:{'|'.join(pieces)})", re.MULTILINE)
