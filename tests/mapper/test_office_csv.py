"""CSV files as offices save them: what they mean is understood, what is doubtful is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mapper.directory.store import DirectoryStore
from mapper.settings import MapperSettings
from mapper.sheets.importer import read_sheets

from .conftest import NOW
from .kruti_writer import type_in_kruti_dev
from .small_office import SmallOffice, did, place_of, problems_of, small_office


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [
        (",", "utf-8"),
        (",", "utf-8-sig"),
        (";", "utf-8"),
        ("\t", "utf-16"),
        ("\t", "utf-16-le"),
        (";", "utf-16-be"),
        (",", "utf-32"),
        ("|", "utf-8"),
    ],
)
def test_any_separator_and_encoding(
    office: SmallOffice, tmp_path: Path, separator: str, encoding: str
) -> None:
    sheets = read_sheets(office.write_csv(tmp_path / "s", separator, encoding))
    assert {table: len(rows.rows) for table, rows in sheets.tables.items()} == {
        table: len(rows) for table, rows in office.rows.items()
    }
    assert place_of(sheets, "village:478700")["name_hi"] == "धानोदा"


def test_lists_within_cells_do_not_hide_the_separator(office: SmallOffice, tmp_path: Path) -> None:
    for row in office.rows["types"]:
        row["keywords"] = "; ".join(f"word{n}" for n in range(40))
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert len(sheets.tables["types"].rows) == len(office.rows["types"])


@pytest.mark.parametrize("letter", ["L", "l"])
def test_a_level_may_be_written_as_its_label(office: SmallOffice, tmp_path: Path, letter: str) -> None:
    for table in ("levels", "responsibilities", "time_limits", "escalation"):
        for row in office.rows[table]:
            row["level"] = row["level"] if row["level"] == "*" else f"{letter}{row['level']}"
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert [row["level"] for row in sheets.tables["levels"].rows] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("written", "what", "remedy"),
    [
        ("31/02/2026", "no such day", "correct the day or the month"),
        ("1.4.26", "is not a date", "the year with four digits"),
        ("1-Apr-26", "is not a date", "the year with four digits"),
        ("soon", "is not a date", "year-month-day"),
    ],
)
def test_what_is_wrong_with_a_date(
    office: SmallOffice, tmp_path: Path, written: str, what: str, remedy: str
) -> None:
    office.rows["holidays"][0]["date"] = written
    (found,) = problems_of(office.write_csv(tmp_path / "s"))
    assert what in found.what
    assert remedy in found.remedy


def test_a_limit_given_twice_is_named_without_its_empty_day(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["time_limits"].append(dict(office.rows["time_limits"][0]))
    (found,) = problems_of(office.write_csv(tmp_path / "s"))
    assert found.what == "*, * stands already in row 2"


def test_kruti_dev_in_plain_csv(office: SmallOffice, tmp_path: Path) -> None:
    """Typed in Kruti Dev and saved as plain CSV: the code page is Windows-1252."""
    for row in office.rows["places"]:
        row["name_hi"] = type_in_kruti_dev(row["name_hi"])
        row["note"] = row["aliases"] = ""
    office.place("village:478701")["name_hi"] = type_in_kruti_dev("क्रय केन्द्र, छापीहेड़ा (नया)")
    folder = office.write_csv(tmp_path / "s")
    lines = [",".join(f'"{cell}"' for cell in row) for row in office.table("places")]
    (folder / "places.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    sheets = read_sheets(folder)
    assert place_of(sheets, "village:478700")["name_hi"] == "धानोदा"
    assert place_of(sheets, "village:478701")["name_hi"] == "क्रय केन्द्र, छापीहेड़ा (नया)"
    assert did(sheets, "places")["krutidev"] == len(office.rows["places"])
    told = next(sheet for sheet in sheets.understood.sheets if sheet.table == "places")
    assert "11 names converted from Kruti Dev to Unicode" in told.words
    assert "read as Windows-1252, the encoding of plain CSV" in told.words


def test_digits_blanks_and_numbers(office: SmallOffice, tmp_path: Path) -> None:
    village = office.place("village:478700")
    village |= {"population": "१,८९१", "lat": "२४.१9732", "lgd_code": "478700.0"}
    village["name_hi"] = " धानोदा\u200d \u00a0 खुर्द\ufeff "
    office.rows["time_limits"][0]["days"] = "07.0"
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    read = place_of(sheets, "village:478700")
    assert (read["population"], read["lat"], read["lgd_code"]) == (1891, 24.19732, "478700")
    assert read["name_hi"] == "धानोदा खुर्द"
    assert sheets.tables["time_limits"].rows[0]["days"] == 7
    assert did(sheets, "places") == {"digits": 2, "blanks": 1}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("04-03-2026", date(2026, 3, 4)),
        ("4.3.2026", date(2026, 3, 4)),
        ("०४-०३-२०२६", date(2026, 3, 4)),
        ("26/1/2026", date(2026, 1, 26)),
        ("5/5/2026", date(2026, 5, 5)),
        ("2026/03/04", date(2026, 3, 4)),
        ("2026-03-04 00:00:00", date(2026, 3, 4)),
        ("4 March 2026", date(2026, 3, 4)),
        ("4-Sept-2026", date(2026, 9, 4)),
        ("04 oct, 2026", date(2026, 10, 4)),
        ("२६ जनवरी २०२६", date(2026, 1, 26)),
        ("2 अक्टूबर 2026", date(2026, 10, 2)),
        ("3 फ़रवरी 2026", date(2026, 2, 3)),
    ],
)
def test_dates_as_india_writes_them(office: SmallOffice, tmp_path: Path, written: str, meant: date) -> None:
    office.rows["holidays"][0]["date"] = written
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert sheets.tables["holidays"].rows[0]["date"] == meant


@pytest.mark.parametrize(
    "written", ["4/3/2026", "04-03-26", "31-02-2026", "4 Marsh 2026", "4 Ma 2026", "46085", "०४-१३-२०२६"]
)
def test_a_date_that_could_be_two_is_refused(office: SmallOffice, tmp_path: Path, written: str) -> None:
    office.rows["holidays"][0]["date"] = written
    found = problems_of(office.write_csv(tmp_path / "s"))
    assert [(p.file, p.row, p.column) for p in found] == [("holidays.csv", 2, "date")]
    assert "is not a date" in found[0].what


@pytest.mark.parametrize("written", ["31-12-9999", "0026-03-04"])
def test_a_year_that_is_a_slip_is_refused(office: SmallOffice, tmp_path: Path, written: str) -> None:
    office.rows["holidays"][0]["date"] = written
    (found,) = problems_of(office.write_csv(tmp_path / "s"))
    assert "is of no year from 1900 to 2199" in found.what


def test_the_header_may_stand_below_a_title_and_be_in_hindi(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    lines = ["कार्यालय कलेक्टर,,,,,", ",,,,,", "क्र.,प्रारूप कोड,विभाग,हिन्दी नाम,Name (English),स्थिति"]
    lines += [
        f"{n},{row['type_code']},{row['department_code']},{row['name_hi']},{row['name_en']},पुष्ट"
        for n, row in enumerate(office.rows["types"], 1)
    ]
    (folder / "types.csv").write_text("\n".join(lines) + "\n,,,,,\n,,,,,\n", encoding="utf-8")
    sheets = read_sheets(folder)
    assert [row["type_code"] for row in sheets.tables["types"].rows] == [
        row["type_code"] for row in office.rows["types"]
    ]
    assert not any(row["status"] for row in sheets.tables["types"].rows)
    assert sheets.tables["types"].rows[0].number == 4
    assert "the column 'क्र.' was not read" in sheets.tables["types"].notes


def test_rows_that_are_only_numbered_are_empty(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    path = folder / "types.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"क्र.,{header}", *(f"{n},{row}" for n, row in enumerate(rows, 1)), "4,,,,,,,,", "5,,,,,,,,"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert len(read_sheets(folder).tables["types"].rows) == len(rows)


def test_a_spreadsheets_number_of_a_day_is_told_as_that_day(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holidays"][0]["date"] = "46381"
    (found,) = problems_of(office.write_csv(tmp_path / "s"))
    assert "2026-12-25" in found.remedy
    office.rows["holidays"][0]["date"] = "99999"
    (found,) = problems_of(office.write_csv(tmp_path / "t"))
    assert "number of 2173-10-13" in found.remedy


@pytest.mark.parametrize("column", ["name_hi", "keywords", "type_code"])
def test_an_error_that_a_spreadsheet_wrote_into_the_csv_is_no_text(
    office: SmallOffice, tmp_path: Path, column: str
) -> None:
    office.rows["types"][0][column] = "#N/A"
    told = [(p.column, p.what) for p in problems_of(office.write_csv(tmp_path / "s"))]
    assert (column, "the cell shows the error #N/A") in told


@pytest.mark.parametrize(("hindi", "english"), [("अन्य", "Other"), ("खनिज", "Ete")])
def test_beside_a_hindi_name_a_short_one_is_english(
    office: SmallOffice, tmp_path: Path, hindi: str, english: str
) -> None:
    """Also in a small sheet, where the rest of the column says nothing."""
    office.rows["types"][0] |= {"name_hi": hindi, "name_en": english}
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert (sheets.tables["types"].rows[0]["name_hi"], sheets.tables["types"].rows[0]["name_en"]) == (
        hindi,
        english,
    )


def test_a_policy_that_cannot_be_read_is_told_once(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["calendars"][0]["policy"] = "working_days"
    (found,) = problems_of(office.write_csv(tmp_path / "s"))
    assert (found.file, found.row, found.column) == ("calendars.csv", 2, "policy")


def test_a_header_typed_in_kruti_dev(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    path = folder / "departments.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name_hi", type_in_kruti_dev("हिन्दी नाम"), 1), encoding="utf-8")
    assert len(read_sheets(folder).tables["departments"].rows) == 3


def test_problems_name_the_header_as_it_is_written(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    path = folder / "holidays.csv"
    path.write_text("दिनांक,नाम,name,status\nकल,अवकाश,Holiday,confirmed\n", encoding="utf-8")
    found = problems_of(folder)
    assert [(p.file, p.row, p.column) for p in found] == [("holidays.csv", 2, "दिनांक (date)")]
    path.write_text("date,name_hi,name_en,status,Ordered By\n", encoding="utf-8")
    assert ("holidays.csv", 1, "Ordered By") in {(p.file, p.row, p.column) for p in problems_of(folder)}


def test_two_headers_that_mean_the_same(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    (folder / "holidays.csv").write_text(
        "date,नाम,name_hi,name_en,status\n2026-01-26,अ,अ,A,confirmed\n", encoding="utf-8"
    )
    assert [p.what for p in problems_of(folder)] == ["'name_hi' and 'नाम' both mean name_hi"]


def test_no_header_at_all(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    (folder / "types.csv").write_text("1,2,3\n4,5,6\n", encoding="utf-8")
    found = [p for p in problems_of(folder) if p.file == "types.csv"]
    assert [p.what for p in found] == ["no row of the first 20 is a header"]


def test_names_in_each_others_column(office: SmallOffice, tmp_path: Path) -> None:
    village = office.place("village:478700")
    village["name_hi"], village["name_en"] = village["name_en"], village["name_hi"]
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    read = place_of(sheets, "village:478700")
    assert (read["name_hi"], read["name_en"]) == ("धानोदा", "Dhanoda")
    assert did(sheets, "places")["swapped"] == 1


def test_hindi_names_in_roman_letters_are_taken_and_told(office: SmallOffice, tmp_path: Path) -> None:
    village = office.place("village:478700")
    village["name_hi"] = village["name_en"]
    store = DirectoryStore(tmp_path / "d", clock=lambda: NOW)
    draft = store.import_sheets(office.write_csv(tmp_path / "s"))
    told = next(sheet for sheet in draft.understood.sheets if sheet.table == "places")
    assert "1 Hindi name that is in Roman letters" in told.words
    assert any("1 of 11 Hindi names are in Roman letters (Dhanoda)" in p.what for p in store.check(draft))


def test_units_are_found_by_their_names(office: SmallOffice, tmp_path: Path) -> None:
    named = office.place("tehsil:3563")
    office.place("village:478700")["tehsil_id"] = named["name_hi"]
    office.place("village:478701")["tehsil_id"] = named["name_en"].upper()
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    for village in ("village:478700", "village:478701"):
        assert place_of(sheets, village).links["tehsil"] == "tehsil:3563"
    assert did(sheets, "places")["by_name"] == 2


def test_the_id_of_a_unit_in_hindi_digits(office: SmallOffice, tmp_path: Path) -> None:
    office.place("village:478700")["tehsil_id"] = "tehsil:३५63"
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert place_of(sheets, "village:478700").links["tehsil"] == "tehsil:3563"
    assert did(sheets, "places") == {"digits": 1}


def test_a_name_of_two_units_is_told(office: SmallOffice, tmp_path: Path) -> None:
    twin = office.place("tehsil:3563") | {"place_id": "tehsil:1"}
    office.rows["places"].append(twin)
    office.place("village:478700")["tehsil_id"] = twin["name_hi"]
    office.place("village:478701")["tehsil_id"] = "नकली"
    told = {(p.row, p.column): p for p in problems_of(office.write_csv(tmp_path / "s"))}
    rows = [row["place_id"] for row in office.rows["places"]]
    first, second = rows.index("village:478700") + 2, rows.index("village:478701") + 2
    assert told.keys() == {(first, "tehsil_id"), (second, "tehsil_id")}
    assert "is the name of 2 units" in told[first, "tehsil_id"].what
    assert "tehsil:3563, tehsil:1" in told[first, "tehsil_id"].remedy


def test_words_of_a_list_in_hindi(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["kinds"][0]["selectable"] = "हाँ"
    office.rows["holders"][0]["charge"] = "नियमित"
    for row, way in zip(office.rows["escalation"], ("स्वतः", "मैनुअल", "हाथ से"), strict=False):
        row["way"] = way
    sheets = read_sheets(office.write_csv(tmp_path / "s"))
    assert sheets.tables["kinds"].rows[0]["selectable"] is True
    assert sheets.tables["holders"].rows[0]["charge"] == "regular"
    ways = [row["way"] for row in sheets.tables["escalation"].rows[:3]]
    assert ways == ["automatic", "manual", "manual"]


def test_too_big_and_too_long_sheets(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    limits = replace(MapperSettings(), sheet_rows=5)
    found = problems_of(folder, limits)
    assert ("places.csv", 6, "more than 5 rows") in {(p.file, p.row, p.what) for p in found}
    with (folder / "places.csv").open("ab") as file:
        file.truncate(2 << 20)
    found = problems_of(folder, replace(MapperSettings(), sheet_megabytes=1))
    assert "bigger than any sheet should be" in {p.what for p in found if p.file == "places.csv"}


def test_files_that_are_none_of_ours(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    for name in ("notes.csv", "~$places.xlsx", ".hidden.csv", "letter.txt"):
        (folder / name).write_bytes(b"\x00anything")
    (folder / "मेरी सूची.csv").write_text("a,b\n", encoding="utf-8")
    assert read_sheets(folder).understood.notes == ("मेरी सूची.csv was not read: no sheet has that name",)


def test_other_kinds_of_files_are_refused(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    (folder / "types.csv").rename(folder / "types.ods")
    found = problems_of(folder)
    assert ("types.ods", "a file of the kind .ods is not read") in {(p.file, p.what) for p in found}
    assert "one CSV file is not a directory" in problems_of(folder / "places.csv")[0].what
    assert "no such folder or file" in problems_of(tmp_path / "none")[0].what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "not a CSV file but a PDF document"),
        (b"PK\x03\x04" + bytes(range(256)), "not a CSV file but a workbook or an archive"),
        (b"\xef\xbb\xbf\n<HTML><table>", "not a CSV file but a web page"),
    ],
)
def test_a_file_that_only_has_the_name(
    office: SmallOffice, tmp_path: Path, content: bytes, what: str
) -> None:
    folder = office.write_csv(tmp_path / "s")
    (folder / "holidays.csv").write_bytes(content)
    assert [(p.file, p.what) for p in problems_of(folder)] == [("holidays.csv", what)]


def test_the_sheets_may_have_hindi_names(office: SmallOffice, tmp_path: Path) -> None:
    folder = office.write_csv(tmp_path / "s")
    (folder / "places.csv").rename(folder / "स्थान.csv")
    assert read_sheets(folder).tables["places"].where == "स्थान.csv"


@pytest.mark.parametrize("name", ["types.tsv", "types.xls", "types.xlsx", "types.ods"])
def test_a_file_that_cannot_be_read_is_not_also_missing(
    office: SmallOffice, tmp_path: Path, name: str
) -> None:
    sheets = office.write_csv(tmp_path / "sheets")
    (sheets / "types.csv").rename(sheets / name)
    assert [problem.file for problem in problems_of(sheets)] == [name]
