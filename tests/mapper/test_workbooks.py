"""Excel workbooks as offices keep them, and those that cannot be read."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.styles import Font

from mapper.settings import MapperSettings
from mapper.sheets.importer import read_sheets

from .kruti_writer import type_in_kruti_dev
from .small_office import SmallOffice, did, place_of, problems_of, read_book, small_office

PLAIN = ("settings", "kinds", "scope_fallbacks")


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def column(sheet: Any, name: str) -> int:
    """The number of a column of the first row."""
    return [cell.value for cell in sheet[1]].index(name) + 1


def test_one_workbook_and_a_folder_of_workbooks(office: SmallOffice, tmp_path: Path) -> None:
    whole = read_book(office.book(), tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in office.headers:
        book = office.book(name)
        book.worksheets[0].title = "Sheet1"
        book.create_sheet("Sheet2")
        book.save(folder / f"{name}.xlsx")
    apart = read_sheets(folder)
    for table, rows in office.rows.items():
        assert len(whole.tables[table].rows) == len(apart.tables[table].rows) == len(rows)
    assert whole.tables["places"].where == "office.xlsx, sheet places"
    assert apart.tables["places"].where == "places.xlsx, sheet Sheet1"


def test_dates_numbers_and_flags_of_a_spreadsheet(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holidays"][0]["date"] = datetime(2026, 1, 26)  # noqa: DTZ001 (as a workbook holds it)
    office.rows["holidays"][1]["date"] = 46054
    office.place("village:478700")["lgd_code"] = 478700.0
    office.place("village:478700")["population"] = 1891.0
    office.rows["time_limits"][0]["days"] = 7
    office.rows["kinds"][0]["selectable"] = True
    sheets = read_book(office.book(), tmp_path)
    days = [row["date"] for row in sheets.tables["holidays"].rows]
    assert days[:2] == [date(2026, 1, 26), date(2026, 2, 1)]
    assert did(sheets, "holidays") == {"dates": 2}
    read = place_of(sheets, "village:478700")
    assert (read["lgd_code"], read["population"]) == ("478700", 1891)


def test_what_a_spreadsheet_made_of_a_code(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["types"][0]["type_code"] = datetime(2026, 1, 2)  # noqa: DTZ001 (as a workbook holds it)
    office.rows["time_limits"][1]["days"] = 7.5
    path = tmp_path / "office.xlsx"
    office.book().save(path)
    told = {(p.file, p.row, p.column): p.what for p in problems_of(path)}
    spot = ("office.xlsx, sheet types", 2, "type_code")
    assert told[spot] == "the spreadsheet has made the date or time 2026-01-02 of it"
    assert "'7.5' is not a whole number" in told["office.xlsx, sheet time_limits", 3, "days"]


def test_merged_cells_hold_for_all(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["places"].sort(key=lambda row: row["kind"] != "village")
    book = office.book()
    sheet = book["places"]
    for name in ("tehsil_id", "block_id"):
        place = column(sheet, name)
        sheet.merge_cells(start_row=2, end_row=4, start_column=place, end_column=place)
    sheet.insert_rows(1)
    sheet["A1"] = "तहसील जीरापुर के ग्राम"
    sheet.merge_cells("A1:H1")
    # Inserting a row moves cells, not merged areas: put them where the sheet shows them.
    for area in [area for area in sheet.merged_cells.ranges if area.min_row == 2]:
        area.shift(row_shift=1)
    sheets = read_book(book, tmp_path)
    for village in ("village:478700", "village:478701", "village:478702"):
        assert place_of(sheets, village).links["tehsil"] == "tehsil:3563"
        assert place_of(sheets, village).links["block"] == "block:3947"
    assert sheets.tables["places"].rows[0].number == 3
    assert any("take their value from a merged cell" in note for note in sheets.tables["places"].notes)


def test_a_merged_area_without_end_is_harmless(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    book["holidays"].merged_cells.add("Z1:XFD1048576")
    book["holidays"].merged_cells.add("E2:E1048576")
    book["holidays"].cell(2, 5).value = "टीप"
    assert len(read_book(book, tmp_path).tables["holidays"].rows) == 3


def test_kruti_dev_by_its_font(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    sheet = book["places"]
    place = column(sheet, "name_hi")
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, place)
        cell.value, cell.font = type_in_kruti_dev(cell.value), Font(name="Kruti Dev 010")
    sheets = read_book(book, tmp_path)
    assert place_of(sheets, "village:478700")["name_hi"] == "धानोदा"
    assert did(sheets, "places")["krutidev"] == len(office.rows["places"])


def test_formulas_without_a_result_and_errors(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    book["time_limits"].cell(2, 3).value = "=3+4"
    book["types"].cell(3, 4).value = "#REF!"
    book["types"].cell(3, 4).data_type = "e"
    path = tmp_path / "office.xlsx"
    book.save(path)
    told = {(p.file, p.row, p.column): p.what for p in problems_of(path)}
    assert told == {
        ("office.xlsx, sheet time_limits", 2, "days"): "the cell holds a formula without its result",
        ("office.xlsx, sheet types", 3, "name_en"): "the cell shows the error #REF!",
    }


def test_a_formula_whose_result_is_an_empty_text(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    book["holidays"].cell(2, 5).value = '=IF(TRUE,"","")'
    written = io.BytesIO()
    book.save(written)
    part = f"xl/worksheets/sheet{book.sheetnames.index('holidays') + 1}.xml"
    bare = b'<c r="E2"><f>IF(TRUE,"","")</f><v /></c>'
    reckoned = b'<c r="E2" t="str"><f>IF(TRUE,"","")</f><v></v></c>'
    path = tmp_path / "office.xlsx"
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert bare in content
                content = content.replace(bare, reckoned)
            target.writestr(name, content)
    assert read_sheets(path).tables["holidays"].rows[0]["note"] == ""


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("#REF!", "the cell shows the error #REF!"),
        ("=A1", "the cell holds a formula without its result"),
        (date(2026, 1, 2), "the spreadsheet has made the date or time 2026-01-02 of it"),
    ],
)
def test_what_is_wrong_with_a_cell_that_names_a_unit(
    office: SmallOffice, tmp_path: Path, value: Any, what: str
) -> None:
    book = office.book()
    sheet = book["places"]
    cell = sheet.cell(4, column(sheet, "division_id"))
    cell.value = value
    if value == "#REF!":
        cell.data_type = "e"
    path = tmp_path / "office.xlsx"
    book.save(path)
    assert [(p.row, p.column, p.what) for p in problems_of(path)] == [(4, "division_id", what)]


def test_hidden_and_strange_sheets(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    book["levels"].sheet_state = "hidden"
    book.create_sheet("calculation").append([1, 2])
    path = tmp_path / "office.xlsx"
    book.save(path)
    assert ("office.xlsx, sheet levels", "the sheet is hidden") in {
        (p.file, p.what) for p in problems_of(path)
    }
    book["levels"].sheet_state = "visible"
    book.create_sheet("scratch").sheet_state = "hidden"
    assert read_book(book, tmp_path).understood.notes == (
        "office.xlsx, sheet scratch is hidden: it was not read",
        "office.xlsx, sheet calculation was not read: no sheet of ours has that name",
    )


def test_blank_rows_columns_and_notes_beside_the_table(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    sheet = book["holidays"]
    for row in range(6, 60):
        sheet.cell(row, 1).value = " "
    sheet.cell(3, 9).value = "किसने देखा?"
    sheet.cell(40, 30).value = "x"
    sheets = read_book(book, tmp_path)
    assert len(sheets.tables["holidays"].rows) == 3
    assert "1 column beside the table, without a header, was not read" in sheets.tables["holidays"].notes


def test_a_sheet_twice(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    office.book("types").save(folder / "types.xlsx")
    assert any(
        p.what == "the sheet types stands also in types.csv" and p.file == "types.xlsx, sheet types"
        for p in problems_of(folder)
    )


def test_a_sheet_twice_is_told_with_both_files(office: SmallOffice, tmp_path: Path) -> None:
    """Whichever of the two is read first."""
    folder = office.write_csv(tmp_path / "s")
    office.book("types").save(folder / "all.xlsx")
    (found,) = problems_of(folder)
    assert (found.file, found.what) == (
        "types.csv",
        "the sheet types stands also in all.xlsx, sheet types",
    )


def test_missing_sheets_of_a_workbook_are_named(office: SmallOffice, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    office.book("places", "kinds").save(path)
    missing = {p.what for p in problems_of(path) if p.what.endswith("is missing")}
    assert "the sheet types is missing" in missing
    assert "the sheet holders is missing" not in missing


def _bytes(office: SmallOffice) -> bytes:
    target = io.BytesIO()
    office.book(*PLAIN).save(target)
    return target.getvalue()


def _without(content: bytes, part: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return target.getvalue()


def test_workbooks_that_cannot_be_read(office: SmallOffice, tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    good = _bytes(office)
    spoilt = bytearray(good)
    inside = good.index(b"xl/worksheets/sheet1.xml") + 80
    spoilt[inside : inside + 40] = bytes(40)
    no_book = io.BytesIO()
    with zipfile.ZipFile(no_book, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    for content, what in (
        (ole, "no workbook, or a damaged one"),
        (ole + "EncryptedPackage".encode("utf-16-le"), "the workbook has a password"),
        (b"PK\x03\x04 nothing", "the workbook is damaged"),
        (b"", "the file is empty"),
        (b"%PDF-1.7 a scan", "not an Excel workbook but a PDF document"),
        (b"<html><table><tr><td>1</td></tr></table>", "not an Excel workbook but a web page"),
        (good[: len(good) // 2], "the workbook is damaged"),
        (no_book.getvalue(), "not an Excel workbook"),
        (_without(good, "xl/workbook.xml"), "the workbook is damaged"),
        (_without(good, "xl/worksheets/sheet1.xml"), "the sheet settings is missing"),
        (bytes(spoilt), "the workbook is damaged"),
    ):
        path = tmp_path / "office.xlsx"
        path.write_bytes(content)
        found = problems_of(path)
        assert any(p.what.startswith(what) and p.file.startswith("office.xlsx") for p in found), (what, found)


def test_a_workbook_that_unpacks_without_end(office: SmallOffice, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    path.write_bytes(_bytes(office))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", b" " * (3 << 20))
    found = problems_of(path, replace(MapperSettings(), unpacked_megabytes=2))
    assert found[0].what == "unpacks to 3 MB, more than 2"
    found = problems_of(path, replace(MapperSettings(), sheet_rows=4))
    assert any(p.what == "more than 4 rows" for p in found)


def test_problems_of_every_sheet_at_once(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    book["time_limits"].cell(2, 3).value = "सात"
    book["holidays"].cell(2, 1).value = "4/3/2026"
    book["types"].cell(1, 2).value = "colour"
    book["places"].cell(4, 2).value = "hamlet"
    path = tmp_path / "office.xlsx"
    book.save(path)
    assert load_workbook(path).sheetnames[0] == "settings"
    spots = {(p.file.rpartition(" ")[2], p.row, p.column) for p in problems_of(path)}
    assert {("time_limits", 2, "days"), ("holidays", 2, "date"), ("types", 1, "colour")} <= spots
    assert ("places", 4, "kind") in spots
    unknown = next(p for p in problems_of(path) if p.column == "kind")
    assert unknown.what == "'hamlet' is not in the sheet kinds"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), junk=st.binary(max_size=20), inside=st.booleans())
def test_any_damage_of_a_workbook_is_told(tmp_path: Path, seed: int, junk: bytes, inside: bool) -> None:
    """Whatever is done to the file or to a part of it, reading ends with problems and nothing else."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    content = _good()
    if inside:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        parts[name] = _damaged(parts[name], chance, junk)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for part, data in parts.items():
                archive.writestr(part, data)
        content = target.getvalue()
    else:
        content = _damaged(content, chance, junk)
    path = tmp_path / "office.xlsx"
    path.write_bytes(content)
    assert problems_of(path)


@cache
def _good() -> bytes:
    return _bytes(small_office())


def _damaged(content: bytes, chance: random.Random, junk: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + junk + content[at + chance.randrange(60) :]


def test_a_long_sheet_tells_how_far_it_is(office: SmallOffice, tmp_path: Path) -> None:
    rows = [office.rows["holidays"][0] | {"date": "", "name_en": f"Day {n}"} for n in range(5500)]
    start = date(2010, 1, 1)
    for n, row in enumerate(rows):
        row["date"] = str(start + timedelta(days=n))
    office.rows["holidays"] = rows
    office.book().save(tmp_path / "office.xlsx")
    for source in (tmp_path / "office.xlsx", office.write_csv(tmp_path / "sheets")):
        told: list[tuple[str, int, int]] = []
        read_sheets(source, None, lambda *one, told=told: told.append(one))
        counted = [(done, of) for what, done, of in told if "holidays" in what and of]
        assert counted[-1][0] >= 4000
        assert all(5500 <= of <= 5502 for _, of in counted)
        assert [what for what, _, of in told if not of][-1] == "holding the sheets against each other"
