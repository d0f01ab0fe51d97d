"""Rows of a sheet in words, as people name them."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 8


def told_rows(numbers: Iterable[int]) -> str:
    """ "row 2", "rows 2 and 5", "rows 2 to 9, 14 and 20"; of many pieces the first few and the last."""
    pieces: list[str] = []
    ordered = sorted(set(numbers))
    begin = 0
    for at, number in enumerate(ordered):
        if at + 1 < len(ordered) and ordered[at + 1] == number + 1:
            continue
        first = ordered[begin]
        pieces += [str(first)] if first == number else [f"{first} to {number}"]
        if number == first + 1:
            pieces[-1:] = [str(first), str(number)]
        begin = at + 1
    if len(pieces) > _SHOWN:
        pieces = [*pieces[: _SHOWN - 1], "...", pieces[-1]]
    noun = "row" if len(ordered) == 1 else "rows"
    return f"{noun} {pieces[0]}" if len(pieces) == 1 else f"{noun} {', '.join(pieces[:-1])} and {pieces[-1]}"


def were(numbers: Iterable[int]) -> tuple[str, str]:
    """ "is" and "it was" of one row, "are" and "they were" of more."""
    return ("is", "it was") if len(set(numbers)) == 1 else ("are", "they were")
