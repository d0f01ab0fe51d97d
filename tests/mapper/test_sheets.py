"""What is wrong with the sheets is told all at once: file, row, column, what, remedy."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper import DirectoryError, Problem, Registration, assign, load_edition
from mapper.directory.store import DirectoryStore
from mapper.sheets.columns import SHEETS
from mapper.sheets.importer import read_sheets

from .conftest import NOW, Edit, Row
from .small_office import small_office


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(DirectoryError) as caught:
        read_sheets(folder)
    for problem in caught.value.problems:
        assert problem.remedy
        assert problem.file
    return caught.value.problems


def spots(folder: Path) -> set[tuple[str, int, str]]:
    return {(problem.file, problem.row, problem.column) for problem in problems(folder)}


def put(row: int, column: str, value: str) -> Callable[[list[Row]], None]:
    """Write a cell; `row` as a spreadsheet counts."""

    def change(rows: list[Row]) -> None:
        rows[row - 2][column] = value

    return change


def test_the_shipped_sheets_have_no_problem(sheets: Path) -> None:
    tables = read_sheets(sheets).tables
    assert len(tables["places"].rows) == 2405
    assert len(tables["types"].rows) == 160


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "what"),
    [
        ("places.csv", 9, "tehsil_id", "tehsil:0", "is not in places.csv"),
        ("places.csv", 40, "tehsil_id", "block:3942", "is a block, not a tehsil"),
        ("places.csv", 40, "kind", "hamlet", "is not in kinds.csv"),
        ("places.csv", 40, "name_hi", "", "the cell is empty"),
        ("places.csv", 40, "name_status", "perhaps", "is not known here"),
        ("places.csv", 40, "population", "१२क", "is not a whole number"),
        ("places.csv", 40, "lat", "24,02", "is not a coordinate"),
        ("places.csv", 40, "lat", "nan", "is not a coordinate"),
        ("places.csv", 40, "unsure_links", "ulb", "names no ulb"),
        ("types.csv", 3, "department_code", "NONE", "is not in departments.csv"),
        ("types.csv", 3, "type_code", "बिजली", "is not a code"),
        ("responsibilities.csv", 5, "designation_code", "NOBODY", "is not in designations.csv"),
        ("responsibilities.csv", 5, "scope", "circle", "is no scope"),
        ("responsibilities.csv", 5, "scope", "", "is no scope"),
        ("responsibilities.csv", 5, "level", "9", "is not in levels.csv"),
        ("responsibilities.csv", 5, "level", "first", "is not a whole number"),
        ("responsibilities.csv", 5, "area", "town", "is not known here"),
        ("responsibilities.csv", 5, "since", "1/4/2026", "is not a date"),
        ("responsibilities.csv", 5, "since", "2026-02-30", "is not a date"),
        ("responsibilities.csv", 5, "subject", "NONE", "neither in types.csv"),
        ("time_limits.csv", 3, "subject", "NONE", "neither in types.csv"),
        ("time_limits.csv", 3, "days", "0", "from 1 to 365"),
        ("time_limits.csv", 3, "days", "seven", "from 1 to 365"),
        ("time_limits.csv", 3, "days", "-7", "from 1 to 365"),
        ("time_limits.csv", 3, "days", "99999999999999999999", "from 1 to 365"),
        ("holidays.csv", 4, "date", "03-13-2026", "is not a date"),
        ("scope_fallbacks.csv", 8, "via", "circle", "is no scope"),
        ("scope_fallbacks.csv", 8, "take", "all", "is not known here"),
        ("kinds.csv", 4, "selectable", "perhaps", "neither 0 nor 1"),
        ("kinds.csv", 7, "where", "circle", "is no scope"),
        ("levels.csv", 3, "escalation", "now", "is not known here"),
        ("reasons.csv", 2, "purpose", "special-close", "is no purpose"),
        ("settings.csv", 2, "value", "lunar", "is not known"),
        ("settings.csv", 3, "value", "holiday", "is no list of days"),
        ("settings.csv", 3, "value", "mon;tue;wed;thu;fri;sat;sun", "is no list of days"),
        ("settings.csv", 4, "value", "town", "is no scope"),
        ("settings.csv", 4, "key", "colour", "is no setting"),
    ],
)
def test_a_wrong_cell_is_named(
    sheets: Path, edit: Edit, file: str, row: int, column: str, value: str, what: str
) -> None:
    edit(file, put(row, column, value))
    found = problems(sheets)
    assert any(p.file == file and p.row == row and p.column == column and what in p.what for p in found), (
        found
    )


def test_all_problems_of_all_sheets_are_told_at_once(sheets: Path, edit: Edit) -> None:
    edit("places.csv", put(9, "tehsil_id", "tehsil:0"))
    edit("places.csv", put(700, "lat", "north"))
    edit("time_limits.csv", put(2, "days", "soon"))
    edit("holidays.csv", put(3, "date", "tomorrow"))
    assert spots(sheets) == {
        ("places.csv", 9, "tehsil_id"),
        ("places.csv", 700, "lat"),
        ("time_limits.csv", 2, "days"),
        ("holidays.csv", 3, "date"),
    }
    with pytest.raises(DirectoryError, match=r"and 3 more problems\)$"):
        read_sheets(sheets)


def test_a_misspelt_column_is_named_with_the_right_one(sheets: Path) -> None:
    path = sheets / "types.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("name_hi", "nam_hi", 1), encoding="utf-8")
    found = problems(sheets)
    assert {(p.row, p.column, p.what) for p in found} == {
        (1, "nam_hi", "no such column"),
        (1, "name_hi", "the column is missing"),
    }
    assert any("'name_hi'" in p.remedy for p in found)


def test_a_column_that_stands_twice(sheets: Path) -> None:
    path = sheets / "settings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("key,value", "key,key", 1), encoding="utf-8")
    assert ("settings.csv", 1, "key") in spots(sheets)


def test_optional_columns_may_be_missing(sheets: Path) -> None:
    path = sheets / "settings.csv"
    path.write_text("key,value\ncalendar_policy,calendar\nweekend,sun\nurban_scope,ulb\n", encoding="utf-8")
    read_sheets(sheets)


def test_a_duplicate_id_names_both_rows(sheets: Path, edit: Edit) -> None:
    edit("places.csv", lambda rows: rows.append(dict(rows[100])))
    found = problems(sheets)
    assert [(p.row, p.column) for p in found] == [(2407, "place_id")]
    assert "row 102" in found[0].what


def test_a_file_that_is_not_utf8(sheets: Path) -> None:
    path = sheets / "types.csv"
    content = path.read_bytes()
    cut = content.index(b"\n", content.index(b"\n") + 1) + 1
    path.write_bytes(content[:cut] + "ENERGY-99,ENERGY,\u092c".encode("utf-16") + content[cut:])
    found = problems(sheets)
    assert [(p.file, p.row) for p in found] == [("types.csv", 3)]
    assert "UTF-8" in found[0].remedy


def test_a_byte_order_mark_is_welcome(sheets: Path) -> None:
    path = sheets / "types.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    read_sheets(sheets)


@pytest.mark.parametrize("content", ["", "\n", "type_code,department_code,name_hi,name_en,keywords,status\n"])
def test_an_empty_file(sheets: Path, content: str) -> None:
    (sheets / "types.csv").write_text(content, encoding="utf-8")
    assert {p.file for p in problems(sheets)} == {"types.csv"}


def test_a_missing_file_and_a_missing_folder(sheets: Path) -> None:
    (sheets / "levels.csv").unlink()
    assert [(p.file, p.what) for p in problems(sheets)] == [("levels.csv", "the file is missing")]
    assert [p.what for p in problems(sheets / "none")] == ["no such folder or file"]


def test_a_row_of_another_length_and_an_open_quote(sheets: Path) -> None:
    path = sheets / "settings.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text(good + "colour,red,not,quoted\n", encoding="utf-8")
    assert [p.what for p in problems(sheets)] == ["the row has 4 cells, the header 3"]
    path.write_text(good + 'colour,"red\n' + good, encoding="utf-8")
    told = [p for p in problems(sheets) if "not a CSV file from here on" in p.what]
    assert [p.row for p in told] == [good.count("\n") + 1]


def test_a_circle_of_fallbacks(sheets: Path, edit: Edit) -> None:
    def circle(rows: list[Row]) -> None:
        rows.append({**rows[-1], "scope": "ulb", "order": "1", "via": "ward", "take": "unit"})

    edit("scope_fallbacks.csv", circle)
    assert {(p.file, p.row, p.column) for p in problems(sheets)} == {
        ("scope_fallbacks.csv", 12, "via"),
        ("scope_fallbacks.csv", 13, "via"),
    }


def test_untidy_cells_are_tidied(sheets: Path, edit: Edit, store: DirectoryStore) -> None:
    edit("types.csv", put(2, "name_hi", "  बिजली   आपूर्ति  "))
    edit("time_limits.csv", put(3, "days", " 15 "))
    draft = store.import_sheets(sheets)
    assert load_edition(draft.path).types["ENERGY-01"].name_hi == "बिजली आपूर्ति"


def test_a_police_station_with_its_villages(sheets: Path, edit: Edit, store: DirectoryStore) -> None:
    """Further jurisdictions are data: a unit among the places, and who belongs to it in jurisdictions.csv."""

    def add_station(rows: list[Row]) -> None:
        blank = dict.fromkeys(rows[0], "")
        station = {
            "place_id": "ps:1",
            "kind": "police_station",
            "name_hi": "मलावर",
            "name_en": "Malawar",
            "name_status": "confirmed",
        }
        rows.append(blank | station | {"district_id": "district:422"})

    edit("places.csv", add_station)
    (sheets / "jurisdictions.csv").write_text(
        "place_id,scope,unit_id,status\nvillage:479643,police_station,ps:1,confirmed\n", encoding="utf-8"
    )
    edition = load_edition(store.import_sheets(sheets).path)
    found = assign(edition, Registration("HOME-01", "village:479643", NOW))
    assert found.post.name_hi == "थाना प्रभारी, मलावर"
    assert "stand" not in found.rule
    assert "police_station of the place" not in found.rule
    other = assign(edition, Registration("HOME-01", "village:479644", NOW))
    assert other.post.name_hi == "थाना प्रभारी, तहसील ब्यावरा"


def test_a_column_of_places_serves_as_well(sheets: Path, edit: Edit, store: DirectoryStore) -> None:
    def add_subdivision(rows: list[Row]) -> None:
        blank = dict.fromkeys(rows[0], "")
        for row in rows:
            row["subdivision_id"] = "subdivision:1" if row["place_id"] == "tehsil:3566" else ""
        unit = {"place_id": "subdivision:1", "kind": "subdivision", "name_status": "confirmed"}
        rows.append(blank | unit | {"name_hi": "ब्यावरा", "name_en": "Biaora"})

    edit("places.csv", add_subdivision)
    edit(
        "scope_fallbacks.csv",
        lambda rows: rows.insert(0, {**rows[0], "scope": "subdivision", "order": "2", "via": "tehsil"}),
    )
    edit("scope_fallbacks.csv", lambda rows: rows.sort(key=lambda row: row["scope"]))

    def within_first(rows: list[Row]) -> None:
        for row in rows:
            if row["scope"] == "subdivision":
                row["order"] = "1" if row["take"] == "within" else "2"

    edit("scope_fallbacks.csv", within_first)
    edition = load_edition(store.import_sheets(sheets).path)
    roads = assign(edition, Registration("PWD-01", "village:479643", NOW))
    assert roads.post.name_hi == "अनुविभागीय अधिकारी (सहायक यंत्री), लोक निर्माण, ब्यावरा"
    elsewhere = assign(edition, Registration("PWD-01", "village:478700", NOW))
    assert elsewhere.post.name_hi == "अनुविभागीय अधिकारी (सहायक यंत्री), लोक निर्माण, तहसील जीरापुर"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), junk=st.binary(max_size=12))
def test_any_damage_is_a_told_problem_or_harmless(tmp_path: Path, seed: int, junk: bytes) -> None:
    """Bytes thrown into any sheet never end in anything but a reading or a DirectoryError."""
    sheets = small_office().write_csv(tmp_path / "small")
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    path = sheets / chance.choice(SHEETS).file
    good = path.read_bytes() if path.exists() else b""
    at = chance.randrange(len(good) + 1)
    path.write_bytes(good[:at] + junk + good[at + chance.randrange(4) :])
    try:
        read_sheets(sheets)
    except DirectoryError as error:
        assert error.problems  # noqa: PT017 (either outcome is fine, an unknown error is not)
    finally:
        if good:
            path.write_bytes(good)
        else:
            path.unlink()
