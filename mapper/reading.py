"""Reading a sheet as an office saves it. It never stops at the first fault: every cell that cannot be used
becomes a `Problem` with its row and column.
"""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapper.cells import CellError
from mapper.errors import Problem
from mapper.sheets import OPTIONAL_COLUMNS, Sheet

MAX_BYTES = 64 * 1024 * 1024
"""A sheet of every place of the State has about 10 MB; a bigger file is not a sheet of ours."""


@dataclass(slots=True)
class Row:
    """A row that was read. `number` as a spreadsheet counts (the header is 1); `links`: unit id by scope."""

    number: int
    cells: dict[str, Any]
    links: dict[str, str]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


@dataclass(slots=True)
class Table:
    """What could be read of a sheet; `header` is False when no row could."""

    sheet: Sheet
    rows: list[Row]
    header: bool = True


def read_sheet(folder: Path, sheet: Sheet) -> tuple[Table, list[Problem]]:
    """Read one sheet. Rows with a fault in their key are left out; other faulty cells count as blank."""
    problems: list[Problem] = []
    content, fault = _content(folder / sheet.file, sheet)
    if content is None:
        return Table(sheet, [], header=fault is None), [fault] if fault else []
    records = _records(content, sheet, problems)
    header = next(records, None)
    if header is None:
        problems.append(Problem(sheet.file, 0, "", "the file is empty", f"the header is: {_header(sheet)}"))
        return Table(sheet, [], header=False), problems
    names = [name.strip() for name in header[1]]
    links = _check_header(sheet, names, problems)
    if problems:
        return Table(sheet, [], header=False), problems
    rows: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            what = f"the row has {len(cells)} cells, the header {len(names)}"
            problems.append(
                Problem(sheet.file, number, "", what, "put text that holds a comma into double quotes")
            )
            continue
        row, faulty = _row(sheet, number, dict(zip(names, cells, strict=True)), links, problems)
        if faulty & set(sheet.key):
            continue
        key = tuple(row[name] for name in sheet.key)
        if key in seen:
            shown = ", ".join("*" if part is None else str(part) for part in key)
            what = f"{shown} stands already in row {seen[key]}"
            problems.append(Problem(sheet.file, number, sheet.key[0], what, "delete one of the two rows"))
            continue
        seen[key] = number
        rows.append(row)
    if not rows and not problems and not sheet.optional:
        problems.append(Problem(sheet.file, 0, "", "the sheet has a header and no rows", "fill it in"))
    return Table(sheet, rows, header=bool(rows) or sheet.optional), problems


def _header(sheet: Sheet) -> str:
    return ",".join(column.name for column in sheet.columns)


def _content(path: Path, sheet: Sheet) -> tuple[str | None, Problem | None]:
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        if sheet.optional:
            return None, None
        return None, Problem(
            sheet.file, 0, "", "the file is missing", f"put it beside the others: {_header(sheet)}"
        )
    except OSError as error:
        return None, Problem(sheet.file, 0, "", f"cannot be read ({error.strerror})", "check its permissions")
    if raw is None:
        return None, Problem(sheet.file, 0, "", "bigger than any sheet should be", "is it the right file?")
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig")), None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, Problem(
            sheet.file,
            line,
            "",
            f"not UTF-8 (byte {error.start})",
            "save the sheet as 'CSV UTF-8', not as plain CSV",
        )


def _records(content: str, sheet: Sheet, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if cells or number > 1:
                yield number, cells
    except csv.Error as error:
        remedy = "look for a double quote that is not closed"
        problems.append(
            Problem(sheet.file, reader.line_num, "", f"not a CSV file from here on ({error})", remedy)
        )


def _check_header(sheet: Sheet, names: list[str], problems: list[Problem]) -> dict[str, str]:
    known = {column.name for column in sheet.columns}
    links: dict[str, str] = {}
    for name in names:
        if name in known:
            continue
        if sheet.links and name.endswith("_id"):
            links[name] = name.removesuffix("_id")
            continue
        near = difflib.get_close_matches(name, sorted(known - set(names)), 1)
        remedy = f"did you mean {near[0]!r}?" if near else f"the columns are: {_header(sheet)}"
        problems.append(Problem(sheet.file, 1, name, "no such column", remedy))
    problems.extend(
        Problem(sheet.file, 1, name, "the column stands twice", "delete one of them")
        for name in sorted({name for name in names if names.count(name) > 1})
    )
    problems.extend(
        Problem(sheet.file, 1, column.name, "the column is missing", f"the columns are: {_header(sheet)}")
        for column in sheet.columns
        if column.name not in names and column.name not in OPTIONAL_COLUMNS
    )
    return links


def _row(
    sheet: Sheet, number: int, cells: dict[str, str], links: dict[str, str], problems: list[Problem]
) -> tuple[Row, set[str]]:
    values: dict[str, Any] = {}
    faulty: set[str] = set()
    for column in sheet.columns:
        cell = " ".join(cells.get(column.name, "").split())
        values[column.name] = column.blank
        if not cell and column.required:
            faulty.add(column.name)
            problems.append(
                Problem(sheet.file, number, column.name, "the cell is empty", "every row needs it")
            )
        try:
            if cell:
                values[column.name] = column.parse(cell)
        except CellError as error:
            faulty.add(column.name)
            problems.append(Problem(sheet.file, number, column.name, error.what, error.remedy))
    units = {scope: cells[name].strip() for name, scope in links.items() if cells[name].strip()}
    return Row(number, values, units), faulty
