"""Text in columns on a terminal, Devanagari included: letters are counted as a terminal draws them.

A matra or virama that is written above or below its letter takes no column; one beside it takes its own.
"""

import unicodedata
from collections.abc import Iterable, Sequence

_NO_COLUMN = {"Mn", "Me", "Cf", "Cc"}
_ELLIPSIS = "…"


def width(text: str) -> int:
    """How many columns a terminal needs for the text."""
    return sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """The text with blanks behind it up to that many columns; a longer one stays as it is."""
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """The text in at most that many columns (1 or more), an ellipsis where something is left out."""
    if width(text) <= columns:
        return text
    used, end = 1, 0
    for end, character in enumerate(text):  # noqa: B007 (where it stopped is what is wanted)
        used += _columns(character)
        if used > columns:
            break
    while end and unicodedata.category(text[end]).startswith("M"):
        end -= 1  # A letter never loses its matra: it would be another syllable.
    return text[:end].rstrip() + _ELLIPSIS


def table(
    rows: Iterable[Sequence[str]], *, heads: Sequence[str] = (), widest: int = 48, between: str = "  "
) -> list[str]:
    """Lines with the cells below each other, none wider than ``widest`` columns; the last is never cut."""
    every = [tuple(heads), *(tuple(row) for row in rows)] if heads else [tuple(row) for row in rows]
    every = [(*(cut(cell, widest) for cell in row[:-1]), row[-1]) for row in every]
    widths = [max(width(cell) for cell in column) for column in zip(*every, strict=True)]
    return [
        between.join(pad(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in every
    ]


def wrap(text: str, columns: int, *, indent: str = "") -> list[str]:
    """The text in lines of at most that many columns where its blanks allow; its own line breaks stay."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and width(indent + longer) > columns:
                lines.append(indent + line)
                longer = word
            line = longer
        lines.append((indent + line).rstrip())
    return lines


def _columns(character: str) -> int:
    if unicodedata.category(character) in _NO_COLUMN:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
