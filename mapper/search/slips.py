"""Names with letters swapped, left out, doubled or hit beside the right key: whole names, by rapidfuzz.

Comparing a key with every name of the State takes milliseconds. One letter is wrong, or two neighbours are
swapped, either in the first half or in the second: the other half is as it should be, and only names that
begin or end with it are compared. With two letters wrong the same is asked of the first and the last third.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mapper.search.sorted_names import SortedNames

_LONG = 6
"""Letters of a key from which two may be wrong. Keys have few vowels: six are a name of three syllables."""
_SHORTEST = 3
_MOST = 60
"""Names given at most: who typed so little of a name that more are as near must type on."""
_LAST = "\U0010ffff"


class Slips:
    """An index of whole names by what was meant. Made from the sorted names at the first use."""

    def __init__(self, names: SortedNames) -> None:
        self._sorted = names

    @cached_property
    def _names(self) -> list[str]:
        return self._sorted.names()

    @cached_property
    def _backwards(self) -> tuple[list[str], list[int]]:
        pairs = sorted((name[::-1], at) for at, name in enumerate(self._names))
        return [name for name, _ in pairs], [at for _, at in pairs]

    def warm(self) -> None:
        """Make the index now."""
        self._backwards  # noqa: B018 (reading it builds it)

    def near(self, key: str) -> Iterator[tuple[int, Sequence[int]]]:
        """Names in which one letter is wrong, in long ones two: how many, and the numbers. The nearest first.

        Two letters that are swapped count as one.
        """
        if len(key) < _SHORTEST:
            return
        for allowed in (1, 2) if len(key) >= _LONG else (1,):
            part = len(key) // (allowed + 1)
            found = dict(self._beginning(key, max(1, part - (allowed == 1 and len(key) % 2 == 0)), allowed))
            found |= self._ending(key, part, allowed)
            if found:
                for at, errors in sorted(found.items(), key=lambda item: (item[1], item[0]))[:_MOST]:
                    yield errors, self._sorted.at(at)
                return

    def _beginning(self, key: str, size: int, allowed: int) -> Iterator[tuple[int, int]]:
        low, high = _range(self._names, key[:size])
        for errors, at in _compare(key, self._names[low:high], allowed):
            yield low + at, errors

    def _ending(self, key: str, size: int, allowed: int) -> Iterator[tuple[int, int]]:
        names, positions = self._backwards
        low, high = _range(names, key[::-1][:size])
        for errors, at in _compare(key[::-1], names[low:high], allowed):
            yield positions[low + at], errors


def errors_between(text: str, name: str) -> int:
    """Letters that differ, two swapped ones counting as one; all that stands behind the text is one more."""
    whole = OSA.distance(text, name)
    return min(whole, OSA.distance(text, name[: len(text)]) + 1) if whole > 1 else whole


def _range(names: list[str], beginning: str) -> tuple[int, int]:
    low = bisect_left(names, beginning)
    return low, bisect_left(names, beginning + _LAST, low)


def _compare(key: str, names: list[str], allowed: int) -> Iterator[tuple[int, int]]:
    for _, errors, at in process.extract_iter(key, names, scorer=OSA.distance, score_cutoff=allowed):
        yield int(errors), at
