"""What an import understood, in words: rows of each sheet, and what had to be converted on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mapper.sheets.reading import Table

WORDS: Mapping[str, tuple[str, str]] = {
    "krutidev": ("name converted from Kruti Dev to Unicode", "names converted from Kruti Dev to Unicode"),
    "legacy": (
        "cell typed in a legacy font that is not Kruti Dev, kept as it is",
        "cells typed in a legacy font that is not Kruti Dev, kept as they are",
    ),
    "swapped": (
        "row with the Hindi and the English name in each other's column",
        "rows with the Hindi and the English name in each other's column",
    ),
    "roman": ("Hindi name that is in Roman letters", "Hindi names that are in Roman letters"),
    "by_name": ("unit found by its name", "units found by their name"),
    "claimed": (
        "place that names another unit in the sheet places; the one here goes first",
        "places that name another unit in the sheet places; the one here goes first",
    ),
    "digits": ("cell with Hindi digits", "cells with Hindi digits"),
    "dates": ("date of the spreadsheet", "dates of the spreadsheet"),
    "blanks": ("cell with spare, hard or unseen blanks", "cells with spare, hard or unseen blanks"),
}

HAVE_READ = "to have them read, show them (clear the filter, Unhide) or take the line away, and import again"
_REMARKS = 20
"""Cells of which something was left out that are told one by one."""


@dataclass(frozen=True, slots=True)
class SheetUnderstood:
    """One sheet: where it was, how many rows count, what was mended (see `WORDS`) and remarked."""

    table: str
    where: str
    rows: int
    did: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """What was done, each as a phrase."""
        counted = [f"{number} {WORDS[what][number != 1]}" for what, number in self.did.items() if number]
        return [*counted, *self.notes]


@dataclass(frozen=True, slots=True)
class Understood:
    """A whole import; `notes` are of files and sheets that were not read."""

    sheets: tuple[SheetUnderstood, ...]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON carries it."""
        return asdict(self)

    @staticmethod
    def of(content: Mapping[str, Any]) -> Understood:
        """From what `as_dict` gave."""
        sheets = (
            SheetUnderstood(one["table"], one["where"], one["rows"], one["did"], tuple(one["notes"]))
            for one in content["sheets"]
        )
        return Understood(tuple(sheets), tuple(content["notes"]))


def understood(tables: Iterable[Table], notes: Iterable[str]) -> Understood:
    """What was understood of sheets that were read."""
    sheets = (
        SheetUnderstood(table.sheet.table, table.where, len(table.rows), dict(table.did), _notes(table))
        for table in tables
        if table.where
    )
    return Understood(tuple(sheets), tuple(notes))


def _notes(table: Table) -> tuple[str, ...]:
    """What an office must know first, then the rest; of many remarks on cells the first ones."""
    unread = [f"{told}; {HAVE_READ}" for told in table.unread]
    remarks = table.remarks[:_REMARKS]
    if more := len(table.remarks) - len(remarks):
        remarks.append(f"{more} more cell{'s' if more > 1 else ''} of which something was left out")
    return (*unread, *table.notes, *remarks)
