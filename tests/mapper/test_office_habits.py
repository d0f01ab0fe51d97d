"""What offices do to a sheet that people see and a program does not: hide, strike out, head in two rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font

from mapper.directory.store import shipped_source
from mapper.sheets.cells import CellError
from mapper.sheets.importer import read_sheets
from mapper.sheets.phones import read_phones
from mapper.sheets.script.krutidev import decode
from mapper.sheets.script.legacy_fonts import font_of, other_font
from mapper.sheets.table.row_words import told_rows

from .kruti_writer import type_in_kruti_dev
from .other_fonts import type_in_chanakya, type_in_shree_dev
from .small_office import SmallOffice, problems_of, read_book, small_office

NEW = "REVENUE-L1@tehsil:3563"


@pytest.fixture
def office() -> SmallOffice:
    office = small_office()
    holder = office.rows["holders"][0]
    office.rows["holders"] = [
        holder
        | {
            "post_id": NEW,
            "name_hi": "गीता सोनी",
            "name_en": "Gita Soni",
            "from": "2024-02-01",
            "to": "2026-04-30",
        },
        holder | {"post_id": NEW, "name_hi": "अनिल जोशी", "name_en": "Anil Joshi", "from": "2026-05-01"},
    ]
    return office


def holders(sheets: Any) -> list[str]:
    return [row["name_en"] for row in sheets.tables["holders"].rows]


def notes(sheets: Any, table: str) -> str:
    told = next(one for one in sheets.understood.sheets if one.table == table)
    return "\n".join(told.words)


@pytest.mark.parametrize("how", ["hand", "filter", "group", "height"])
def test_a_hidden_row_is_not_read_and_said_so(office: SmallOffice, tmp_path: Path, how: str) -> None:
    book = office.book()
    sheet = book["holders"]
    row = sheet.row_dimensions[2]
    if how == "height":
        row.height = 0.4
    elif how == "group":
        sheet.row_dimensions.group(2, 2, outline_level=1, hidden=True)
    else:
        row.hidden = True
    if how == "filter":
        sheet.auto_filter.ref = "A1:L3"
        sheet.auto_filter.add_filter_column(2, ["अनिल जोशी"])
    sheets = read_book(book, tmp_path)
    assert holders(sheets) == ["Anil Joshi"]
    assert "row 2 is hidden: it was not read; to have them read, show them" in notes(sheets, "holders")


def test_what_a_hidden_row_holds_is_named_where_it_is_missed(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    sheet = book["departments"]
    sheet.row_dimensions[2].hidden = True
    path = tmp_path / "office.xlsx"
    book.save(path)
    found = problems_of(path)
    code = sheet.cell(2, 1).value
    assert any(
        f"'{code}' is not in the sheet departments but for its row 2, which is hidden" in p.what
        for p in found
    )
    assert any(p.severity == "warning" and p.what.startswith("row 2 is hidden") for p in found)


def test_a_hidden_column_is_read_unless_a_visible_one_says_the_same(
    office: SmallOffice, tmp_path: Path
) -> None:
    book = office.book()
    sheet = book["holders"]
    sheet.insert_cols(1)
    sheet["A1"], sheet["A2"] = "मोबाइल", "9000000001"
    for letter in ("A", "B"):
        sheet.column_dimensions[letter].hidden = True
    sheets = read_book(book, tmp_path)
    assert sheets.tables["holders"].rows[0]["phone"] == "9800000000"
    assert "the hidden column 'मोबाइल' was not read" in notes(sheets, "holders")
    assert "the column 'post_id' is hidden: it was read" in notes(sheets, "holders")


def test_an_officer_who_is_struck_out_is_not_read(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    sheet = book["holders"]
    for cell in sheet[2][:-1]:
        cell.font = Font(strike=True)
    sheet.cell(2, 12).value = "स्थानांतरित"
    sheets = read_book(book, tmp_path)
    assert holders(sheets) == ["Anil Joshi"]
    assert "row 2 is struck through: it was not read" in notes(sheets, "holders")


def test_a_row_of_which_a_part_is_struck_out_is_told(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    book["holders"].cell(3, 3).font = Font(strike=True)
    path = tmp_path / "office.xlsx"
    book.save(path)
    assert [(p.row, p.column, p.what) for p in problems_of(path)] == [
        (3, "name_hi", "the cell is struck through")
    ]


TWO_ROWS = [
    "कार्यालय कलेक्टर,,,,,,,,,",
    "क्र.,पद,नाम,,मोबाइल नंबर,अवधि,,प्रभार,अवकाश,",
    ",,हिन्दी,अंग्रेजी,,कब से,कब तक,,से,तक",
    "1,2,3,4,5,6,7,8,9,10",
    f"1,{NEW},गीता सोनी,Gita Soni,9000000001,2024-02-01,2026-04-30,regular,2026-01-02,2026-01-05",
    "क्र.,पद,नाम,,मोबाइल नंबर,अवधि,,प्रभार,अवकाश,",
    ",,हिन्दी,अंग्रेजी,,कब से,कब तक,,से,तक",
    f"2,{NEW},अनिल जोशी,Anil Joshi,9000000002,2026-05-01,2026-06-30,regular,,",
    "योग,2,,,,,,,,",
    ",,,,,,,,हस्ताक्षर,",
]


def test_a_header_of_two_rows_and_what_stands_around_the_table(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    (folder / "holders.csv").write_text("\n".join(TWO_ROWS), encoding="utf-8")
    sheets = read_sheets(folder)
    assert holders(sheets) == ["Gita Soni", "Anil Joshi"]
    first, second = sheets.tables["holders"].rows
    assert [str(first[name]) for name in ("from", "leave_from", "leave_to")] == [
        "2024-02-01",
        "2026-01-02",
        "2026-01-05",
    ]
    assert str(second["to"]) == "2026-06-30"
    told = notes(sheets, "holders")
    assert "the header stands in rows 2 and 3" in told
    assert "row 4 was not read: numbers of the columns" in told
    assert "rows 6 and 7 were not read: the header again" in told
    assert "row 9 was not read: a total" in told
    assert "row 10 was not read: below the table (हस्ताक्षर)" in told


def test_a_column_that_a_header_of_two_rows_lacks_is_told_with_both(
    office: SmallOffice, tmp_path: Path
) -> None:
    folder = office.write_csv(tmp_path / "s")
    text = "\n".join(TWO_ROWS).replace("अंग्रेजी", "")
    (folder / "holders.csv").write_text(text, encoding="utf-8")
    found = [p for p in problems_of(folder) if p.what == "the column is missing"]
    assert [(p.column, "the header stands in rows 2 and 3" in p.remedy) for p in found] == [("name_en", True)]


@pytest.mark.parametrize(
    ("cell", "number", "others"),
    [
        ("07372-255111, 9425099001", "07372255111", ("9425099001",)),
        ("07372-255111\n9425099001", "07372255111", ("9425099001",)),
        ("255111/12", "255111", ("255112",)),
        ("(O) 07372-255111 (M) 9425099001", "07372255111", ("9425099001",)),
        ("9425099001 9425099002", "9425099001", ("9425099002",)),
        ("मो.नं. ९४२५०९९००१", "9425099001", ()),
        ("'9425099001.0", "9425099001", ()),
        ("94250\u201199001", "9425099001", ()),
        ("+91 (0) 7372-255111", "+917372255111", ()),
        ("9.425099001E+09", "9425099001", ()),
        ("निरंक", "", ()),
    ],
)
def test_telephone_numbers_as_offices_write_them(cell: str, number: str, others: tuple[str, ...]) -> None:
    found = read_phones(cell)
    assert (found.number, found.others) == (number, others)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("9.4251E+09", "has lost the last digits"),
        ("94250990019425099002", "most likely 9425099001 and 9425099002"),
        ("office@mp.gov.in", "an e-mail address"),
        ("94xxxxxx01", "some digits of the number are hidden"),
        ("94250OO901", "a letter O, l or I stands for a digit"),
    ],
)
def test_what_is_no_telephone_number_is_told_as_what_it_is(cell: str, what: str) -> None:
    with pytest.raises(CellError) as caught:
        read_phones(cell)
    assert what in caught.value.what


def test_two_numbers_of_a_cell_are_both_told(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holders"][0]["phone"] = "07372-255111 Ext. 4 / 9425099001"
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert sheets.tables["holders"].rows[0]["phone"] == "07372255111"
    told = notes(sheets, "holders")
    assert "row 2, phone: 07372255111 was taken, another number (9425099001) was not" in told
    assert "the extension 4 of 07372255111 was left out" in told


def _names() -> list[tuple[str, str]]:
    with (shipped_source() / "places.csv").open(encoding="utf-8", newline="") as file:
        return [(row["name_hi"], row["name_en"]) for row in csv.DictReader(file)][::7]


def test_names_in_other_legacy_fonts_are_known_and_no_name_is_taken_for_one() -> None:
    names = _names()
    shree = sum(font_of(type_in_shree_dev(hi), en) is not None for hi, en in names)
    chanakya = sum(font_of(type_in_chanakya(hi), en) is not None for hi, en in names)
    assert (shree >= 0.75 * len(names), chanakya == len(names)) == (True, True)
    for hi, en in names:
        typed = type_in_kruti_dev(hi)
        assert decode(typed) == hi
        assert [font_of(text) for text in (hi, en, en.upper(), typed)] == [None] * 4


def test_a_name_in_another_legacy_font_is_refused_with_that_font(office: SmallOffice, tmp_path: Path) -> None:
    rows = office.rows["departments"]
    rows[0]["name_hi"], rows[1]["name_hi"] = type_in_shree_dev("कृषि विभाग"), type_in_chanakya("वन विभाग")
    found = problems_of(office.write_csv(tmp_path / "s"))
    told = {p.row: p for p in found if p.file == "departments.csv"}
    assert "not Kruti Dev, most likely Shree-Dev" in told[2].what
    assert "not Kruti Dev, most likely Chanakya" in told[3].what
    assert "type it in Unicode" in told[2].remedy


def test_the_font_of_a_cell_tells_which_it_is(office: SmallOffice, tmp_path: Path) -> None:
    book = office.book()
    cell = book["departments"].cell(2, 2)
    cell.value, cell.font = "Ram", Font(name="Walkman-Chanakya901")
    path = tmp_path / "office.xlsx"
    book.save(path)
    assert any("most likely Walkman-Chanakya901" in p.what for p in problems_of(path))
    assert [other_font(name) for name in ("Shree-Dev-0714", "APS-DV-Prakash", "Arial", "Kruti Dev 010")] == [
        True,
        True,
        False,
        False,
    ]


def test_rows_in_words() -> None:
    assert told_rows([2]) == "row 2"
    assert told_rows([5, 2]) == "rows 2 and 5"
    assert told_rows([2, 3, 4, 9]) == "rows 2 to 4 and 9"


def test_a_letter_o_between_digits_parts_no_number() -> None:
    with pytest.raises(CellError, match="letter O"):
        read_phones("9713o48201")
    assert read_phones("O-07372-255033, M9713048201").others == ("9713048201",)


@pytest.mark.parametrize("cell", ["97130482011", "99713048201", "971304820", "+9197130482"])
def test_a_number_with_a_digit_too_many_or_too_few_is_remarked(cell: str) -> None:
    assert "look whether it is right" in read_phones(cell).remark


@pytest.mark.parametrize(
    "cell", ["181", "255033", "07372-255033", "+91 97130 48201", "1800 233 4455", "+14155552671"]
)
def test_a_number_of_the_right_count_has_no_remark(cell: str) -> None:
    assert read_phones(cell).remark == ""


def test_misspelt_kruti_dev_in_both_columns_is_no_name(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holders"][1] |= {"name_hi": "jke kekZ", "name_en": "jke kekZ"}
    path = office.write_csv(tmp_path / "s")
    told = {p.column: p for p in problems_of(path) if p.file == "holders.csv" and p.row == 3}
    assert set(told) == {"name_hi", "name_en"}
    assert "most likely Kruti Dev (of राम वर्मा/शर्मा?) with a slip" in told["name_hi"].what
    assert "type the name in Unicode" in told["name_hi"].remedy


def test_another_legacy_font_in_both_columns_is_told_in_every_row(
    office: SmallOffice, tmp_path: Path
) -> None:
    rows = office.rows["departments"]
    for row in rows:
        row["name_hi"] = row["name_en"] = type_in_shree_dev(row["name_hi"])
    found = [p for p in problems_of(office.write_csv(tmp_path / "s")) if p.file == "departments.csv"]
    assert {p.row for p in found if p.column == "name_hi" and "legacy font" in p.what} == set(
        range(2, len(rows) + 2)
    )
