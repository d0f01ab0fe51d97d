"""What a cell may hold: each kind of cell as a parser that tells what is wrong and how to mend it.

Parsers take tidy text (see `mapper.tidy`): no blanks to spare, digits 0 to 9.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

CONFIRMED = frozenset({"confirmed", "sourced", "sourced-unofficial"})
"""Statuses that need no confirmation. Every other one marks its row as drafted."""
STATUSES = CONFIRMED | {"partly sourced", "drafted", "draft-hand", "draft-machine"}

_ISO = re.compile(r"(\d{4})[-./](\d\d?)[-./](\d\d?)(?:[ T]00:00(?::00)?)?", re.ASCII)
_INDIAN = re.compile(r"(\d\d?)([-./])(\d\d?)[-./](\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]*")
_WHOLE = re.compile(r"([0-9]{1,12})(?:\.0+)?", re.ASCII)
_SAME = {
    "हाँ": "1",
    "हां": "1",
    "yes": "1",
    "true": "1",
    "नहीं": "0",
    "no": "0",
    "false": "0",
    "पुष्ट": "confirmed",
    "पुष्टि": "confirmed",
    "प्रारूप": "drafted",
    "ड्राफ्ट": "drafted",
    "draft": "drafted",
    "ग्रामीण": "rural",
    "शहरी": "urban",
    "नगरीय": "urban",
    "सभी": "any",
    "नियमित": "regular",
    "अतिरिक्त": "additional",
    "स्वतः": "automatic",
}
"""Words of a list that offices write otherwise, without their nuktas."""


class CellError(ValueError):
    """What is wrong with a cell and its remedy, as args."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


Parser = Callable[[str], Any]


def text(cell: str) -> str:
    return cell


def numeral(cell: str) -> str:
    """A number kept as it is written, but for the ".0" that a spreadsheet adds."""
    found = _WHOLE.fullmatch(cell)
    return found.group(1) if found else cell


def code(cell: str) -> str:
    if not _CODE.fullmatch(cell):
        raise CellError(f"{cell!r} is not a code", "use Latin letters, digits and : _ . - without blanks")
    return cell


def subject(cell: str) -> str:
    return cell if cell == "*" else code(cell)


def whole(low: int, high: int) -> Parser:
    def parse(cell: str) -> int:
        found = _WHOLE.fullmatch(cell.replace(",", ""))
        if not found or not low <= int(found.group(1)) <= high:
            raise CellError(
                f"{cell!r} is not a whole number from {low} to {high}", "write it in digits 0 to 9"
            )
        return int(found.group(1))

    return parse


def level(cell: str) -> int | None:
    """A level's number; `*` (every level) is None."""
    return None if cell == "*" else int(whole(1, 99)(cell.removeprefix("L")))


def degrees(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = 999.0
    if not -180.0 <= value <= 180.0:
        raise CellError(f"{cell!r} is not a coordinate", "write degrees with a point, such as 24.0056")
    return value


def day(cell: str) -> date:
    """A day: year-month-day, or day-month-year as India writes it.

    With slashes and no number above 12 it could as well be an American date, so it is refused.
    """
    found = _ISO.fullmatch(cell)
    parts = found.groups() if found else None
    if indian := _INDIAN.fullmatch(cell):
        first, sign, second, year = indian.groups()
        if sign == "/" and int(first) <= 12 and int(second) <= 12 and first != second:
            what = f"{cell!r} is not a date one can be sure of (day or month first?)"
            raise CellError(what, f"write it as year-month-day: {year}-{second:0>2}-{first:0>2}, if so")
        parts = (year, second, first)
    try:
        if parts:
            return date(*map(int, parts))
    except ValueError:
        pass
    raise CellError(f"{cell!r} is not a date", "write it as year-month-day, such as 2026-01-26")


def flag(cell: str) -> bool:
    plain = _plain(cell)
    if plain not in {"0", "1"}:
        raise CellError(f"{cell!r} is neither 0 nor 1", "write 1 for yes, 0 for no")
    return plain == "1"


def listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def one_of(*allowed: str) -> Parser:
    def parse(cell: str) -> str:
        plain = _plain(cell)
        if plain not in allowed:
            raise CellError(f"{cell!r} is not known here", f"write one of: {', '.join(sorted(allowed))}")
        return plain

    return parse


_status = one_of(*STATUSES)


def drafted(cell: str) -> bool:
    """A status cell, as the mark it leaves: True when its row waits for confirmation."""
    return _status(cell) not in CONFIRMED


def _plain(cell: str) -> str:
    word = cell.casefold()
    return _SAME.get(word, word)
