"""Sheets to fill in: each with its header and examples, and notes on every column in Hindi and English.

The examples are a small directory that works, cut out of the shipped one: an untouched template can be
imported.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mapper.settings import SHIPPED
from mapper.sheets.columns import SHEETS, Column, Sheet
from mapper.sheets.source import NOTES
from mapper.sheets.template_notes import SHEETS_TOLD, told

_UNITS = ("state", "division", "district", "tehsil", "block", "ulb")
_PLACES = frozenset(
    ("village:478700", "village:478701", "village:478702", "ulb:250929", "tehsil:3563", "block:3947")
)
_TYPES = frozenset(("REVENUE-01", "ENERGY-01", "WCD-01"))
_HOLDER = {
    "name_hi": "नाम यहाँ लिखें",
    "name_en": "Write the name here",
    "phone": "9800000000",
    "from": "2026-01-01",
    "charge": "regular",
    "note": "example: write your officers, or delete the row",
}

Row = dict[str, str]


def template_rows() -> Iterator[tuple[str, list[str], list[Row]]]:
    """Each sheet: its table, its header, its example rows."""
    rows = {sheet.table: list(_shipped(sheet)) for sheet in SHEETS}
    places = _with_units(rows["places"])
    kept = {row["type_code"]: row["department_code"] for row in rows["types"] if row["type_code"] in _TYPES}
    subjects = {"*", *kept, *kept.values()}
    rows["places"] = [row for row in rows["places"] if row["place_id"] in places]
    rows["jurisdictions"] = []
    rows["types"] = [row for row in rows["types"] if row["type_code"] in kept]
    departments = set(kept.values())
    rows["departments"] = [row for row in rows["departments"] if row["department_code"] in departments]
    for table in ("responsibilities", "time_limits", "escalation", "calendars"):
        rows[table] = [row for row in rows[table] if row["subject"] in subjects]
    used = {row["designation_code"] for row in rows["responsibilities"]}
    rows["designations"] = [row for row in rows["designations"] if row["designation_code"] in used]
    rows["holidays"] = rows["holidays"][:3]
    rows["holders"] = [_HOLDER | {"post_id": _a_post(rows["responsibilities"])}]
    for sheet in SHEETS:
        yield sheet.table, _header(sheet), rows[sheet.table]


def notes_rows() -> list[tuple[str, str, str, str, str]]:
    """Sheet, column, needed or not, and what it means in Hindi and English; sheets first."""
    rows = []
    for sheet in SHEETS:
        known = {column.name: column for column in sheet.columns}
        needed = "may be left out / वैकल्पिक" if sheet.optional else "needed / आवश्यक"
        rows.append((sheet.table, "", needed, *SHEETS_TOLD[sheet.table]))
        for name in _header(sheet):
            rows.append((sheet.table, name, _need(sheet, known.get(name)), *told(sheet.table, name)))
    return rows


NOTES_HEADER = ("sheet", "column", "needed", "हिन्दी", "English")


def write_csv_template(folder: Path) -> list[Path]:
    """Write one CSV file a sheet, and the notes. Raises FileExistsError for one that is there; OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    contents: list[tuple[str, Iterable[str], Iterable[Iterable[str]]]] = [(NOTES, NOTES_HEADER, notes_rows())]
    for table, header, rows in template_rows():
        contents.append((table, header, [[row.get(name, "") for name in header] for row in rows]))
    files = [folder / f"{name}.csv" for name, _, _ in contents]
    for file in files:
        if file.exists():
            raise FileExistsError(17, "is there already", str(file))
    for file, (_, first, lines) in zip(files, contents, strict=True):
        # With its mark Excel takes the file for UTF-8, and Hindi shows as Hindi.
        with file.open("x", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target, lineterminator="\r\n")
            writer.writerow(first)
            writer.writerows(lines)
    return files


def write_xlsx_template(file: Path) -> None:
    """Write one workbook with a sheet for each. Raises FileExistsError when it is there, and OSError."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    if file.exists():
        raise FileExistsError(17, "is there already", str(file))
    book = Workbook()
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    sheet = book.active
    sheet.title = NOTES
    sheet.append(NOTES_HEADER)
    for line in notes_rows():
        sheet.append(line)
    for place, width in enumerate((18, 18, 24, 50, 50), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in sheet.iter_rows(min_row=2, min_col=4, max_col=5):
        for cell in row:
            cell.alignment = wrapped
    for table, header, rows in template_rows():
        page = book.create_sheet(table)
        page.append(header)
        for example in rows:
            page.append([example.get(name, "") for name in header])
        for place, name in enumerate(header, start=1):
            page.column_dimensions[get_column_letter(place)].width = max(14, len(name) + 4)
            for cell in page[get_column_letter(place)]:
                cell.number_format = "@"  # As text: a spreadsheet would make dates of codes such as 1-2.
    for page in book.worksheets:
        page.freeze_panes = "A2"
        for cell in page[1]:
            cell.font = bold
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as target:
        book.save(target)


def _header(sheet: Sheet) -> list[str]:
    names = [column.name for column in sheet.columns]
    if not sheet.links:
        return names
    at = names.index("unsure_links")
    return [*names[:at], *(f"{scope}_id" for scope in _UNITS), *names[at:]]


def _need(sheet: Sheet, column: Column | None) -> str:
    if column is None:
        return "may be empty / खाली हो सकता है"
    if sheet.may_be_left_out(column.name):
        return "may be left out / वैकल्पिक"
    return "needed / आवश्यक" if column.required else "may be empty / खाली हो सकता है"


def _shipped(sheet: Sheet) -> Iterator[Row]:
    file = SHIPPED / sheet.file
    if file.exists():
        with file.open(encoding="utf-8", newline="") as source:
            yield from csv.DictReader(source)


def _with_units(places: Iterable[Mapping[str, str]]) -> set[str]:
    """The example places and every unit that one of them names."""
    by_id = {row["place_id"]: row for row in places}
    wanted: set[str] = set()
    waiting = list(_PLACES)
    while waiting:
        place_id = waiting.pop()
        if place_id not in wanted:
            wanted.add(place_id)
            waiting += [unit for scope in _UNITS if (unit := by_id[place_id].get(f"{scope}_id", ""))]
    return wanted


def _a_post(rules: Iterable[Mapping[str, str]]) -> str:
    """The first officer of a tehsil, as the example of a holder's post."""
    rule = next(row for row in rules if row["scope"] == "tehsil" and row["level"] == "1")
    return f"{rule['designation_code']}@tehsil:3563"
