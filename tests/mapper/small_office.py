"""A small office's sheets, as CSV files or as workbooks, to be spoilt cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from mapper import DirectoryError, Problem
from mapper.settings import MapperSettings
from mapper.sheets.importer import Sheets, read_sheets
from mapper.sheets.template import template_rows


@dataclass
class SmallOffice:
    """The template's sheets in memory: `rows[table]` are dicts, `headers[table]` the columns."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def place(self, place_id: str) -> dict[str, Any]:
        return next(row for row in self.rows["places"] if row["place_id"] == place_id)

    def table(self, name: str) -> list[list[Any]]:
        """Header and rows of a sheet."""
        header = self.headers[name]
        return [list(header), *([row.get(column, "") for column in header] for row in self.rows[name])]

    def write_csv(self, folder: Path, separator: str = ",", encoding: str = "utf-8") -> Path:
        folder.mkdir(exist_ok=True)
        for name in self.headers:
            lines = [separator.join(_quoted(cell) for cell in row) for row in self.table(name)]
            (folder / f"{name}.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
        return folder

    def book(self, *names: str) -> Workbook:
        """A workbook of the sheets named, or of all."""
        book = Workbook()
        book.remove(book.active)
        for name in names or self.headers:
            sheet = book.create_sheet(name)
            for row in self.table(name):
                sheet.append([None if cell == "" else cell for cell in row])
        return book


def small_office() -> SmallOffice:
    office = SmallOffice()
    for table, header, rows in template_rows():
        office.headers[table] = list(header)
        office.rows[table] = [dict(row) for row in rows]
    return office


def read_book(book: Workbook, folder: Path) -> Sheets:
    """Save a workbook and read it."""
    path = folder / "office.xlsx"
    book.save(path)
    return read_sheets(path)


def problems_of(path: Path, limits: MapperSettings | None = None) -> list[Problem]:
    """The problems that reading tells; there must be some, each with a spot and a remedy."""
    with pytest.raises(DirectoryError) as caught:
        read_sheets(path, limits)
    assert all(problem.file and problem.what and problem.remedy for problem in caught.value.problems)
    return caught.value.problems


def place_of(sheets: Sheets, place_id: str) -> Any:
    """A row of places as it was read."""
    return next(row for row in sheets.tables["places"].rows if row["place_id"] == place_id)


def did(sheets: Sheets, table: str) -> dict[str, int]:
    """What was mended in a sheet."""
    return dict(sheets.tables[table].did)


def _quoted(cell: Any) -> str:
    text = str(cell).replace('"', '""')
    return f'"{text}"'
