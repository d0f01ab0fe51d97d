"""A sheet as found in a file, before anything is known of its meaning: numbered rows of raw cells."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from mapper.errors import Problem


class LegacyText(str):
    """Text of a cell that is set in a Kruti Dev font."""

    __slots__ = ()


class OtherFontText(str):
    """Text of a cell that is set in another font that draws Hindi from Latin letters; `font` is its name."""

    __slots__ = ("font",)

    font: str

    @classmethod
    def set_in(cls, font: str, text: str) -> OtherFontText:
        """The text, with the font it is set in."""
        made = cls(text)
        made.font = font
        return made


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell whose content nobody can use: a formula that was never reckoned, an error of the spreadsheet."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Struck(Unusable):
    """A cell that is struck through. `shown` is what can be read under the line."""

    shown: str = ""

    @classmethod
    def whole(cls, shown: str) -> Struck:
        """A cell that is struck through from end to end."""
        return cls("the cell is struck through", "delete what no longer holds, or take the line away", shown)


SHEET_ERRORS = frozenset(("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"))
"""What spreadsheets show in a cell they cannot reckon; in a CSV file it stands as if it were text."""


def error_cell(error: str) -> tuple[str, str]:
    """What to say of a cell with an error of the spreadsheet, and the remedy."""
    return f"the cell shows the error {error}", "mend its formula, or write the value itself"


Raw = str | int | float | bool | date | datetime | time | timedelta | Unusable | None
"""What a cell of a CSV file (always text) or of a workbook holds."""


@dataclass(slots=True)
class Grid:
    """One sheet. `where` names it as the office knows it; rows are numbered as a spreadsheet does, from 1.

    `notes` tell in words what was understood on the way here, such as an encoding or filled merged cells.
    `ruled`: a cell to the right of the header is a sign of a broken row, as it is in a CSV file.
    `hidden`: rows that the office has hidden, which are not among `rows`; `hidden_columns` count from 0.
    """

    where: str
    rows: list[tuple[int, list[Raw]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ruled: bool = False
    hidden: list[tuple[int, list[Raw]]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)

    def set_aside(self, hidden: Container[int]) -> None:
        """Take the rows of these numbers out of `rows`, into `hidden`."""
        self.hidden += [row for row in self.rows if row[0] in hidden]
        self.rows = [row for row in self.rows if row[0] not in hidden]


Progress = Callable[[str, int, int], None]
"""Told of long work: on what, how many rows are done and of how many; 0 of 0 where none are counted."""


def no_progress(what: str, done: int, rows: int) -> None:
    """Tell nobody."""


def blank(raw: Raw) -> bool:
    """Whether a cell shows nothing."""
    return raw is None or (isinstance(raw, str) and not raw.strip())
