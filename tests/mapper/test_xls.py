"""Workbooks of the old kind (.xls), which offices and portals still make: real ones, written by xlwt."""

from __future__ import annotations

import io
import random
import struct
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlwt

from mapper.settings import MapperSettings
from mapper.sheets.files.workbook import read_workbook
from mapper.sheets.importer import read_sheets

from .kruti_writer import type_in_kruti_dev
from .small_office import SmallOffice, did, place_of, problems_of, small_office

DAY = xlwt.easyxf(num_format_str="DD/MM/YYYY")
STRUCK = xlwt.easyxf("font: struck_out on")
KRUTI = xlwt.easyxf("font: name Kruti Dev 010")
SHREE = xlwt.easyxf("font: name SHREE-DEV7-0714")


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def old_book(office: SmallOffice, styles: dict[tuple[str, int, str], Any] | None = None) -> xlwt.Workbook:
    """The office's sheets; `styles` by sheet, row as a spreadsheet counts, and column's name."""
    book = xlwt.Workbook(encoding="utf-8")
    for name in office.headers:
        sheet = book.add_sheet(name)
        for row, cells in enumerate(office.table(name), start=1):
            for place, cell in enumerate(cells):
                style = (styles or {}).get((name, row, office.headers[name][place]))
                style = style or (DAY if isinstance(cell, date) else xlwt.Style.default_style)
                if cell != "":
                    sheet.write(row - 1, place, cell, style)
    return book


def saved(book: xlwt.Workbook, folder: Path, name: str = "office.xls") -> Path:
    path = folder / name
    book.save(str(path))
    return path


def column(office: SmallOffice, sheet: str, name: str) -> int:
    return office.headers[sheet].index(name)


def told_of(path: Path, table: str) -> str:
    understood = read_sheets(path).understood
    words = [word for one in understood.sheets if one.table == table for word in one.words]
    return "\n".join([*understood.notes, *words])


def test_it_says_what_a_new_one_says(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holidays"][0]["date"] = datetime(2026, 1, 26)  # noqa: DTZ001 (as a workbook holds it)
    office.rows["holidays"][1]["date"] = 46054
    office.place("village:478700")["lgd_code"] = 478700
    office.rows["kinds"][0]["selectable"] = True
    office.rows["time_limits"][0]["days"] = 7
    old = read_sheets(saved(old_book(office), tmp_path))
    office.book().save(tmp_path / "office.xlsx")
    new = read_sheets(tmp_path / "office.xlsx")
    assert {name: table.rows for name, table in old.tables.items()} == {
        name: table.rows for name, table in new.tables.items()
    }
    assert did(old, "holidays") == {"dates": 2}
    assert place_of(old, "village:478700")["lgd_code"] == "478700"
    assert old.tables["places"].where == "office.xls, sheet places"


def test_a_date_of_the_other_calendar(office: SmallOffice, tmp_path: Path) -> None:
    """Workbooks from old Macintoshes count days from 1904."""
    office.rows["holidays"][0]["date"] = ""
    book = old_book(office)
    book.dates_1904 = True
    book.get_sheet("holidays").write(1, column(office, "holidays", "date"), date(2026, 1, 26), DAY)
    read = read_sheets(saved(book, tmp_path))
    assert read.tables["holidays"].rows[0]["date"] == date(2026, 1, 26)


@pytest.mark.parametrize("how", ["hidden", "no height", "struck"])
def test_what_is_not_shown_is_not_read_and_said_so(office: SmallOffice, tmp_path: Path, how: str) -> None:
    row = {name: ("holders", 2, name) for name in office.headers["holders"]}
    book = old_book(office, dict.fromkeys(row.values(), STRUCK) if how == "struck" else None)
    if how == "hidden":
        book.get_sheet("holders").row(1).hidden = True
    elif how == "no height":
        book.get_sheet("holders").row(1).height_mismatch = True
        book.get_sheet("holders").row(1).height = 0
    path = saved(book, tmp_path)
    assert len(read_sheets(path).tables["holders"].rows) == len(office.rows["holders"]) - 1
    assert ("row 2 is hidden" if how != "struck" else "row 2 is struck through") in told_of(path, "holders")


def test_a_hidden_column_and_a_hidden_sheet_are_named(office: SmallOffice, tmp_path: Path) -> None:
    book = old_book(office)
    book.get_sheet("holders").col(column(office, "holders", "post_id")).hidden = True
    book.add_sheet("पुराने अधिकारी").visibility = 1
    told = told_of(saved(book, tmp_path), "holders")
    assert "the column 'post_id' is hidden: it was read" in told
    assert "sheet पुराने अधिकारी is hidden: it was not read" in told


def test_hindi_in_its_fonts(office: SmallOffice, tmp_path: Path) -> None:
    name = office.rows["departments"][0]["name_hi"]
    office.rows["departments"][0]["name_hi"] = type_in_kruti_dev(name)
    book = old_book(office, {("departments", 2, "name_hi"): KRUTI})
    assert read_sheets(saved(book, tmp_path)).tables["departments"].rows[0]["name_hi"] == name
    book = old_book(office, {("departments", 2, "name_hi"): SHREE})
    (told,) = [p for p in problems_of(saved(book, tmp_path)) if p.row == 2]
    assert told.file == "office.xls, sheet departments"
    assert "SHREE-DEV7-0714" in told.what


def test_merged_cells_hold_for_all_of_them(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["places"].sort(key=lambda row: row["kind"] != "village")
    at = column(office, "places", "tehsil_id")
    same = office.rows["places"][0]["tehsil_id"]
    for row in office.rows["places"][:3]:
        row["tehsil_id"] = ""
    book = old_book(office)
    book.get_sheet("places").write_merge(1, 3, at, at, same)
    read = read_sheets(saved(book, tmp_path)).tables["places"]
    assert {row.links["tehsil"] for row in read.rows[:3]} == {same}
    assert any("2 cells take their value from a merged cell" in note for note in read.notes)


def test_an_error_in_a_cell_is_told(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["time_limits"][0]["days"] = ""
    book = old_book(office)
    book.get_sheet("time_limits").row(1).set_cell_error(column(office, "time_limits", "days"), "#N/A!")
    told = {(p.row, p.column): p.what for p in problems_of(saved(book, tmp_path))}
    assert told[2, "days"] == "the cell shows the error #N/A"


def test_one_file_for_each_sheet(office: SmallOffice, tmp_path: Path) -> None:
    for name in office.headers:
        small = SmallOffice({name: office.headers[name]}, {name: office.rows[name]})
        book = old_book(small)
        book.get_sheet(0).name = "Sheet1"
        saved(book, tmp_path, f"{name}.xls")
    assert len(read_sheets(tmp_path).tables["places"].rows) == len(office.rows["places"])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html><table><tr><td>1</td></tr></table>", "not an Excel workbook but a web page"),
        ("विभाग,नाम\n1,2\n".encode(), "not an Excel workbook but plain text"),
        ("code\tname\n1\t2\n".encode("utf-16"), "not an Excel workbook but plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no workbook, or a damaged one"),
        (b"", "the file is empty"),
        (b"\r\n<TABLE border=1><tr><td>1</td></tr></TABLE>", "not an Excel workbook but a web page"),
        (b"<!-- portal --><meta charset=utf-8><table>", "not an Excel workbook but a web page"),
        ("<table><tr><td>क".encode("utf-16"), "not an Excel workbook but a web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "not an Excel workbook but a web page in"),
        (b"name_hi,name_en\n\xa3jke,2", "not an Excel workbook but plain text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "not an Excel workbook but a picture"),
    ],
)
def test_what_is_none_is_told_with_the_remedy(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "office.xls").write_bytes(content)
    (told,) = [p for p in problems_of(tmp_path / "office.xls") if not p.what.endswith("is missing")]
    assert (told.file, told.what[: len(what)]) == ("office.xls", what)


def test_a_new_workbook_by_an_old_name_and_back(office: SmallOffice, tmp_path: Path) -> None:
    office.book().save(tmp_path / "new.xls")
    assert read_sheets(tmp_path / "new.xls").tables["places"].where == "new.xls, sheet places"
    path = saved(old_book(office), tmp_path, "old.xlsx")
    assert read_sheets(path).tables["places"].where == "old.xlsx, sheet places"


def test_any_damage_is_a_told_problem_or_harmless(office: SmallOffice) -> None:
    target = io.BytesIO()
    old_book(office).save(target)
    content = target.getvalue()
    chance = random.Random(7)  # noqa: S311 - only to spoil a file
    for _ in range(60):
        spoilt = bytearray(content)
        for _ in range(chance.randrange(1, 40)):
            spoilt[chance.randrange(8, len(spoilt))] = chance.randrange(256)
        cut = bytes(spoilt[: chance.choice([len(spoilt), chance.randrange(9, len(spoilt))])])
        sheets = read_workbook("office.xls", cut, MapperSettings())
        told = [*sheets.problems]
        for _, grid in sheets.visible:
            told += grid.problems
        assert all(problem.what and problem.remedy for problem in told)


def test_a_part_of_a_cell_in_a_font_of_its_own(office: SmallOffice, tmp_path: Path) -> None:
    """People mark the old name within the cell, strike it out, and type the new one behind it."""
    crossed, plain = xlwt.easyfont("struck_out on"), xlwt.easyfont("")
    kruti, shree = xlwt.easyfont("name DevLys 010"), xlwt.easyfont("name SHREE-DEV7-0714")
    book = old_book(office)
    at = column(office, "departments", "name_hi")
    sheet = book.get_sheet("departments")
    sheet._cell_overwrite_ok = True
    name = office.rows["departments"][1]["name_hi"]
    sheet.write_rich_text(1, at, [("राजस्व ", crossed), ("वन", plain)])
    sheet.write_rich_text(3, at, [("a_o", shree), (" ", plain)])
    path = saved(book, tmp_path)
    told = {p.row: p for p in problems_of(path) if p.column == "name_hi"}
    assert "a part of the cell is struck through" in told[2].what
    assert "SHREE-DEV7-0714" in told[4].what
    book = old_book(office)
    book.get_sheet("departments")._cell_overwrite_ok = True
    book.get_sheet("departments").write_rich_text(2, at, [(type_in_kruti_dev(name), kruti)])
    assert read_sheets(saved(book, tmp_path)).tables["departments"].rows[1]["name_hi"] == name


def test_numbers_that_are_telephone_numbers_and_codes(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holders"][0]["phone"] = 9713048201
    office.place("village:478700")["lgd_code"] = "00478700"
    path = saved(old_book(office), tmp_path)
    assert read_sheets(path).tables["holders"].rows[0]["phone"] == "9713048201"
    assert place_of(read_sheets(path), "village:478700")["lgd_code"] == "00478700"
    office.rows["holders"][0]["phone"] = 1111111111
    (told,) = [p for p in problems_of(saved(old_book(office), tmp_path)) if p.column == "phone"]
    assert "nobody's telephone number" in told.what


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def bare_book(locked: bytes = b"") -> bytes:
    """A workbook of Excel 5 (BIFF5) without a compound file around it: a name and a number."""

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<4H", 0x500, kind, 0x0DBB, 0x07CC))

    font = record(0x31, struct.pack("<5H4B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05Arial")
    looks = b"".join(record(0xE0, struct.pack("<8H", 0, 0, kind, 32, 0, 0, 0, 0)) for kind in (0xFFF5, 1))

    def book(at: int) -> bytes:
        sheet = record(0x85, struct.pack("<LBB", at, 0, 0) + b"\x07holders")
        return (
            begin(5)
            + locked
            + record(0x42, struct.pack("<H", 1252))
            + font * 5
            + looks
            + sheet
            + record(10, b"")
        )

    cells = record(0x204, struct.pack("<4H", 0, 0, 1, 5) + b"Rajan") + record(
        0x203, struct.pack("<3Hd", 0, 1, 1, 9713048201.0)
    )
    size = record(0x200, struct.pack("<5H", 0, 1, 0, 2, 0))
    return book(len(book(0))) + begin(0x10) + size + cells + record(10, b"")


def test_a_workbook_of_excel_5_and_one_under_a_password() -> None:
    ((title, grid),) = read_workbook("old.xls", bare_book(), MapperSettings()).visible
    assert (title, grid.rows) == ("holders", [(1, ["Rajan", 9713048201.0])])
    (told,) = read_workbook("old.xls", bare_book(record(0x2F, bytes(4))), MapperSettings()).problems
    assert (told.file, told.what) == ("old.xls", "the workbook has a password")
    assert "take the password away" in told.remedy


def test_the_limits_of_rows_and_columns_hold() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("places")
    for row, place in ((0, 0), (60_000, 0), (5, 250)):
        sheet.write(row, place, "x")
    target = io.BytesIO()
    book.save(target)
    limits = MapperSettings(sheet_rows=100, sheet_columns=10)
    ((_, grid),) = read_workbook("old.xls", target.getvalue(), limits).visible
    assert [number for number, _ in grid.rows] == [1]
    assert [(p.row, p.what) for p in grid.problems] == [(101, "more than 100 rows")]
