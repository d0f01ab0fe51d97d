"""The sheets of a workbook of the old kind (.xls, BIFF), with what they hide, strike out and merge."""

from __future__ import annotations

import io
import struct
from datetime import date, datetime, time
from typing import Any

import xlrd

from mapper.errors import Problem
from mapper.settings import MapperSettings
from mapper.sheets.files.foreign import SAVE_AS_XLSX
from mapper.sheets.files.merged import spread
from mapper.sheets.files.xls_fonts import with_fonts
from mapper.sheets.files.xlsx_grid import Sheets
from mapper.sheets.grid import Grid, Progress, Raw, Unusable, error_cell, no_progress

_FAULTS = (
    *(xlrd.XLRDError, xlrd.compdoc.CompDocError, xlrd.xldate.XLDateError, struct.error, UnicodeError),
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, EOFError),
    *(OSError, RecursionError, MemoryError, NotImplementedError),
)
"""What the reading library lets through for a damaged part."""
_STEP = 2000
PASSWORD = (
    "the workbook has a password",
    "open it in Excel, take the password away (File, Info, Protect Workbook), and save it",
)
"""What to say of a workbook under a password, and the remedy."""
_UNSEEN_HEIGHT, _UNSEEN_WIDTH = 20, 25
"""One point a row and a tenth of a letter a column, as the file counts: less shows nothing on a screen."""


def read_xls(file: str, content: bytes, limits: MapperSettings, progress: Progress = no_progress) -> Sheets:
    """Read every visible sheet; `file` names the workbook in problems, which hold all that cannot be read."""
    sheets = Sheets()
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
    except _FAULTS as error:
        sheets.problems.append(_broken(file, error))
        return sheets
    with book:
        for index, title in enumerate(book.sheet_names()):
            grid = Grid(f"{file}, sheet {title}")
            try:
                sheet = book.sheet_by_index(index)
                if sheet.visibility:
                    sheets.hidden.append(title)
                    continue
                _fill(grid, book, sheet, limits, progress)
            except _FAULTS as error:
                grid.problems.append(_broken(grid.where, error))
            sheets.visible.append((title, grid))
            book.unload_sheet(index)
    return sheets


def _broken(where: str, error: BaseException) -> Problem:
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    if "encrypted" in reason.lower():
        return Problem(where, 0, "", *PASSWORD)
    return Problem(where, 0, "", f"no workbook, or a damaged one ({reason})", SAVE_AS_XLSX)


def _fill(grid: Grid, book: Any, sheet: Any, limits: MapperSettings, progress: Progress) -> None:
    columns = min(sheet.ncols, limits.sheet_columns)
    for number in range(1, sheet.nrows + 1):
        if number > limits.sheet_rows:
            remedy = "delete the rows below the last one that is used, or raise sheet_rows in the settings"
            grid.problems.append(
                Problem(grid.where, number, "", f"more than {limits.sheet_rows} rows", remedy)
            )
            break
        cells = sheet.row(number - 1)[:columns]
        values = [
            _value(book, cell, sheet.rich_text_runlist_map.get((number - 1, place)))
            for place, cell in enumerate(cells)
        ]
        if any(value is not None for value in values):
            grid.rows.append((number, values))
        if number % _STEP == 0:
            progress(grid.where, number, sheet.nrows)
    if sheet.merged_cells:
        areas = ((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
        spread(grid, areas, limits)
    grid.set_aside({number + 1 for number, row in sheet.rowinfo_map.items() if _unseen_row(row)})
    grid.hidden_columns = {
        place
        for place, column in sheet.colinfo_map.items()
        if place < limits.sheet_columns and (column.hidden or column.width < _UNSEEN_WIDTH)
    }


def _unseen_row(row: Any) -> bool:
    """Hidden by hand, by a filter or in a closed group, or of no height that shows."""
    return bool(row.hidden) or (row.height_mismatch and row.height < _UNSEEN_HEIGHT)


def _value(book: Any, cell: Any, runs: list[tuple[int, int]] | None) -> Raw:
    """What a cell holds; `runs` are the fonts of parts of its text."""
    if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return None
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Unusable(*error_cell(xlrd.error_text_from_code.get(cell.value, "#VALUE!")))
    value: Raw = cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(cell.value)
    elif cell.ctype == xlrd.XL_CELL_DATE:
        value = _moment(cell.value, book.datemode)
    return with_fonts(value, book, cell.xf_index, runs)


def _moment(serial: float, datemode: int) -> date | datetime | time | float:
    """A cell that is shown as a date or a time; the number itself when it is none."""
    try:
        found: datetime = xlrd.xldate_as_datetime(serial, datemode)
    except (ValueError, ArithmeticError, xlrd.xldate.XLDateError):
        return serial
    return found.time() if 0 <= serial < 1 else found
