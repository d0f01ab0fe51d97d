"""A telephone number as offices write it in a cell: with labels, with signs between, two of them, or spoilt.

The rules for one number are those of the desk; here the first of several is taken and the rest is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapper.sheets.cells import CellError
from telephone.counts import TOLL_FREE, whole, with_country
from telephone.written import Unreadable, plain_signs, read_written

_NONE = frozenset(
    (
        "na",
        "n/a",
        "nil",
        "none",
        "no",
        "not available",
        "0",
        "-",
        "--",
        "---",
        "निरंक",
        "नहीं",
        "उपलब्ध नहीं",
        "शून्य",
        "रिक्त",
    )
)
_ROUNDED = 10
_LONGEST_LOCAL = 8
_COUNTED_UP = ("1234567890", "0123456789")
_BEFORE_TEN = re.compile(r"^(?:\+91|0091|91|0)(?=\d{10}$)", re.ASCII)
_FEWEST_ALIKE = 6
"""Fewest digits that are nobody's number because they are all the same, or counted up: 100 and 112 are."""


@dataclass(frozen=True, slots=True)
class Phones:
    """What a cell holds: `number`, as digits with a leading + if it has one, or empty; what else it says."""

    number: str
    others: tuple[str, ...] = ()
    extension: str = ""

    @property
    def remark(self) -> str:
        """What was left out, in words; empty when nothing was."""
        told = []
        if self.others:
            noun = "another number" if len(self.others) == 1 else "other numbers"
            told.append(f"{self.number} was taken, {noun} ({', '.join(self.others)}) was not")
        if self.extension:
            told.append(f"the extension {self.extension} of {self.number} was left out")
        if self._miscounted:
            told.append(
                f"{self.number} has {len(self.number.removeprefix('+'))} digits: look whether it is right"
            )
        if self.number.endswith("0000") and len(self.number) >= _ROUNDED:
            told.append(f"{self.number} ends in 0000: look whether the spreadsheet has rounded it")
        return "; ".join(told)

    @property
    def _miscounted(self) -> bool:
        """Whether a number is too long for one within a town, and has another count than numbers of India."""
        if self.number.startswith("+"):
            return self.number.startswith("+91") and not with_country(self.number[1:])
        free = self.number.startswith(TOLL_FREE)
        return len(self.number) > _LONGEST_LOCAL and not (free or whole(self.number))


def read_phones(cell: str) -> Phones:
    """The numbers of a cell, the first one apart. Raises CellError with what the cell most likely is."""
    text = plain_signs(cell)
    if text.strip().casefold() in _NONE or not text.strip(" .-/"):
        return Phones("")
    try:
        found = read_written(cell)
    except Unreadable as error:
        raise CellError(error.what, error.remedy) from error
    numbers = list({_within(one): one for one in reversed(found.numbers) if not _filler(one)}.values())[::-1]
    if not numbers:
        what = f"{cell!r} is nobody's telephone number: it only fills the cell"
        raise CellError(what, "write the number, or leave the cell empty")
    return Phones(numbers[0], tuple(numbers[1:]), found.extension)


def phone(cell: str) -> str:
    """The first telephone number of a cell, as digits with a leading + if it has one."""
    return read_phones(cell).number


def phone_remark(cell: str) -> str:
    """What of a cell that `phone` accepts was left out, in words."""
    try:
        return read_phones(cell).remark
    except CellError:
        return ""


def _filler(number: str) -> bool:
    """Whether it was typed because the cell had to hold something: 0000000000, 9999999999, 1234567890."""
    digits = _within(number).removeprefix("+")
    if not digits.strip("0"):
        return True
    if len(digits) < _FEWEST_ALIKE:
        return False
    return len(set(digits)) == 1 or any(up.startswith(digits) for up in _COUNTED_UP)


def _within(number: str) -> str:
    """A number as it is called within the country, without a leading 0."""
    return _BEFORE_TEN.sub("", number)
