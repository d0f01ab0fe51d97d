"""What a cell may hold: each kind of cell as a parser that tells what is wrong and how to mend it.

Parsers take tidy text (see `mapper.sheets.tidy`): no blanks to spare, digits 0 to 9.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

CONFIRMED = frozenset({"confirmed", "sourced", "sourced-unofficial"})
"""Statuses that need no confirmation. Every other one marks its row as drafted."""
STATUSES = CONFIRMED | {"partly sourced", "drafted", "draft-hand", "draft-machine"}

_ISO = re.compile(r"(\d{4})[-./](\d\d?)[-./](\d\d?)(?:[ T]00:00(?::00)?)?", re.ASCII)
_INDIAN = re.compile(r"(\d\d?)([-./])(\d\d?)[-./](\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_NAMED = re.compile(r"(\d\d?)[-. ]+([A-Za-zऀ-ॣ]+)\.?[-, ]+(\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_SHORT_YEAR = re.compile(r"\d\d?[-./ ]+(?:\d\d?|[A-Za-zऀ-ॣ]+)[-./ ]+\d\d", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_DAY_0 = date(1899, 12, 30)
"""From here spreadsheets number their days."""
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
    "मैनुअल": "manual",
    "हाथ से": "manual",
}
"""Words of a list that offices write otherwise, without their nuktas."""
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january जनवरी", "february फरवरी", "march मार्च", "april अप्रैल", "may मई", "june जून"),
            *("july जुलाई", "august अगस्त", "september सितम्बर सितंबर", "october अक्टूबर अक्तूबर"),
            *("november नवम्बर नवंबर", "december दिसम्बर दिसंबर"),
        ),
        start=1,
    )
    for name in names.split()
}
YEARS = range(1900, 2200)
"""Any other year is a slip of the finger: a holiday of 9999 would make the holidays known for ever."""


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
            what = f"{cell!r} is not a whole number from {low} to {high}"
            raise CellError(what, "write one in digits 0 to 9, and nothing else")
        return int(found.group(1))

    return parse


_LEVEL = whole(1, 99)


def level(cell: str) -> int:
    """A level's number, also written as its label: 2 or L2."""
    return int(_LEVEL(cell[1:] if cell[:1] in {"L", "l"} else cell))


def level_or_all(cell: str) -> int | None:
    """A level's number; `*` (every level) is None."""
    return None if cell == "*" else level(cell)


def degrees(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = 999.0
    if not -180.0 <= value <= 180.0:
        raise CellError(f"{cell!r} is not a coordinate", "write degrees with a point, such as 24.0056")
    return value


def day(cell: str) -> date:
    """A day: year-month-day, or day-month-year as India writes it, its month also by name (2 Oct 2026).

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
    elif (named := _NAMED.fullmatch(cell)) and (month := _month(named.group(2))):
        parts = (named.group(3), str(month), named.group(1))
    try:
        written = date(*map(int, parts)) if parts else None
    except ValueError:
        written = None
    if written is None and parts:
        raise CellError(f"{cell!r} is not a date: there is no such day", "correct the day or the month")
    if written is None:
        remedy = "write it as year-month-day, such as 2026-01-26"
        if _SHORT_YEAR.fullmatch(cell):
            remedy = "write the year with four digits, such as 2026-01-26"
        elif (serial := _SERIAL.fullmatch(cell)) and (
            meant := _DAY_0 + timedelta(days=int(serial.group(1)))
        ).year in YEARS:
            remedy = f"it may be a spreadsheet's number of {meant}: write that, if so"
        raise CellError(f"{cell!r} is not a date", remedy)
    if written.year not in YEARS:
        what = f"{cell!r} is of no year from {YEARS[0]} to {YEARS[-1]}"
        raise CellError(what, "correct the year; leave the cell empty for a time without an end")
    return written


def _month(word: str) -> int | None:
    """The number of a month by its Hindi name or its English one, or three letters or more of that."""
    plain = word.casefold().replace("़", "")
    if len(plain) < 3 or not plain.isascii():
        return MONTHS.get(plain)
    return next((number for name, number in MONTHS.items() if name.startswith(plain)), None)


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
