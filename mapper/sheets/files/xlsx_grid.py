"""The sheets of an Excel workbook. Bounded: a hostile or endless file is refused before it is unpacked."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mapper.errors import Problem
from mapper.settings import MapperSettings
from mapper.sheets.files.foreign import foreign, is_text
from mapper.sheets.files.merged import spread
from mapper.sheets.files.xlsx_marks import read_marks
from mapper.sheets.grid import Grid, Progress, Raw, Unusable, error_cell, no_progress
from mapper.sheets.script.styles import Style, styled

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_ZIP = b"PK"
_STEP = 2000
_FAULTS = (
    *(ValueError, LookupError, TypeError, AttributeError, OSError, SyntaxError, EOFError, AssertionError),
    *(RuntimeError, ArithmeticError, zlib.error, struct.error, zipfile.BadZipFile),
)
"""What the reading library lets through for a damaged part (XML errors are SyntaxErrors)."""


@dataclass(slots=True)
class Sheets:
    """What a workbook holds: its visible sheets, and the titles of the hidden ones, which are not read."""

    visible: list[tuple[str, Grid]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_xlsx(file: str, content: bytes, limits: MapperSettings, progress: Progress = no_progress) -> Sheets:
    """Read every visible sheet of a workbook; `file` names it in problems."""
    sheets = Sheets()
    if fault := _refused(file, content, limits):
        sheets.problems.append(fault)
        return sheets
    with warnings.catch_warnings():
        # Of drop-down lists and styles that it does not know: nothing an office must hear.
        warnings.simplefilter("ignore")
        _read(sheets, file, content, limits, progress)
    return sheets


def _read(sheets: Sheets, file: str, content: bytes, limits: MapperSettings, progress: Progress) -> None:
    try:
        book = _open(content, values=True)
    except _FAULTS as error:
        sheets.problems.append(_broken(file, error))
        return
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                sheets.hidden.append(sheet.title)
                continue
            grid = Grid(f"{file}, sheet {sheet.title}")
            sheets.visible.append((sheet.title, grid))
            try:
                _fill(grid, sheet, content, limits, progress)
            except _FAULTS as error:
                grid.problems.append(_broken(grid.where, error))
    finally:
        book.close()


def _open(content: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _refused(file: str, content: bytes, limits: MapperSettings) -> Problem | None:
    """Why the file is no workbook that can be read, told from its first bytes and its table of contents."""
    if not content:
        return Problem(file, 0, "", "the file is empty", "save the workbook again, or copy it anew")
    if not content.startswith(_ZIP) and (other := foreign(content)):
        return Problem(file, 0, "", f"not an Excel workbook but {other[0]}", other[1])
    if not content.startswith(_ZIP) and is_text(content):
        return Problem(file, 0, "", "not an Excel workbook but plain text", "name it .csv")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        return _broken(file, error)
    if unpacked > limits.unpacked_megabytes << 20:
        what = f"unpacks to {unpacked >> 20} MB, more than {limits.unpacked_megabytes}"
        remedy = "is it the right file? Else raise unpacked_megabytes in the settings"
        return Problem(file, 0, "", what, remedy)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        remedy = "open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx)"
        return Problem(file, 0, "", "not an Excel workbook", remedy)
    return None


def _broken(where: str, error: Exception) -> Problem:
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    remedy = "open it in Excel or LibreOffice, save it anew as an Excel workbook (.xlsx), and try again"
    return Problem(where, 0, "", f"the workbook is damaged ({reason})", remedy)


def _fill(grid: Grid, sheet: Any, content: bytes, limits: MapperSettings, progress: Progress) -> None:
    marks = read_marks(content, sheet._worksheet_path, limits.sheet_columns)
    sheet.reset_dimensions()
    styles: dict[int, Style] = {}
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > limits.sheet_rows:
            remedy = "delete the rows below the last one that is used, or raise sheet_rows in the settings"
            grid.problems.append(
                Problem(grid.where, number, "", f"more than {limits.sheet_rows} rows", remedy)
            )
            break
        values = [_value(cell, styles) for cell in cells[: limits.sheet_columns]]
        if any(value is not None for value in values):
            grid.rows.append((number, values))
        if number % _STEP == 0:
            progress(grid.where, number, max(number, marks.rows))
    if marks.formulas:
        _mark_formulas(grid, sheet.title, content, limits)
    if marks.merged:
        spread(grid, marks.merged, limits)
    grid.set_aside(marks.hidden_rows)
    grid.hidden_columns = marks.hidden_columns


def _value(cell: Any, styles: dict[int, Style]) -> Raw:
    """What a cell holds. `styles` remembers what was said of a style: a sheet has few of them."""
    value: Raw = cell.value
    if value is None:
        # A formula that was reckoned and gives an empty text; one never reckoned has no type of its own.
        return "" if cell.data_type == "str" else None
    if cell.data_type == "e":
        return Unusable(*error_cell(str(value)))
    number = cell._style_id
    if number not in styles:
        styles[number] = _style(cell)
    return styled(value, styles[number])


def _style(cell: Any) -> Style:
    try:
        font = cell.font
        return Style.of(font.name, struck=bool(font.strike))
    except (IndexError, AttributeError, KeyError):
        return Style()


def _mark_formulas(grid: Grid, title: str, content: bytes, limits: MapperSettings) -> None:
    """Formulas whose value the file does not hold, found by reading the sheet a second time."""
    book = _open(content, values=False)
    try:
        sheet: Any = book[title]
        sheet.reset_dimensions()
        rows = dict(grid.rows)
        added: dict[int, list[Raw]] = {}
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number > limits.sheet_rows:
                break
            for place, cell in enumerate(cells[: limits.sheet_columns]):
                if cell.data_type != "f":
                    continue
                values = rows.get(number) or added.setdefault(number, [None] * len(cells))
                if place < len(values) and values[place] is None:
                    remedy = "open the workbook in Excel and save it, or write the value itself"
                    values[place] = Unusable("the cell holds a formula without its result", remedy)
        if added:
            grid.rows = sorted([*grid.rows, *added.items()], key=lambda row: row[0])
    finally:
        book.close()


def excel_day(serial: float) -> datetime | None:
    """The day of a number that a spreadsheet shows as a date; None outside the years 2000 to 2099."""
    if not 36526 <= serial < 73051:
        return None
    from openpyxl.utils.datetime import from_excel

    found = from_excel(serial)
    return found if isinstance(found, datetime) else None
