"""The sheets that say which days count, made ready for parsing: closed days of the week, and holidays."""

from __future__ import annotations

from collections.abc import Iterable

from mapper.errors import Problem
from mapper.sheets.cells import CellError
from mapper.sheets.columns import Sheet
from mapper.sheets.days.holiday_list import spread
from mapper.sheets.days.week_words import read_week, simple
from mapper.sheets.draft_row import DraftRow
from mapper.sheets.grid import Grid
from mapper.sheets.table.headers import Header


def settle_days(
    sheet: Sheet,
    drafts: list[DraftRow],
    grid: Grid,
    header: Header,
    notes: list[str],
    problems: list[Problem],
) -> list[DraftRow]:
    """The drafts of a sheet with its days in the form that is kept; those of other sheets as they are."""
    if sheet.table == "holidays":
        return spread(drafts, grid, header.row, header.columns, notes, problems)
    if sheet.table == "calendars":
        _weeks(drafts, "weekend", notes)
    elif sheet.table == "settings":
        _weeks((row for row in drafts if row.texts.get("key") == "weekend"), "value", notes)
    return drafts


def _weeks(drafts: Iterable[DraftRow], column: str, notes: list[str]) -> None:
    for row in drafts:
        cell = row.texts.get(column, "")
        try:
            read = read_week(cell)
        except CellError:
            continue  # Told where the cell is parsed.
        row.texts[column] = str(read.week)
        if str(read.week) != simple(cell):
            told = f"row {row.number}: {cell!r} is {read.week.words}"
            if read.alternate:
                told += "; which ones alternate days are is not said, so those on which banks close are taken"
            notes.append(told)
