"""Exports of the Local Government Directory in the place of the sheet of places."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper.directory.store import shipped_source
from mapper.sheets.importer import read_sheets

from .small_office import SmallOffice, did, place_of, problems_of, small_office

VILLAGES = (
    "\ufeffList of villages\n"
    '"S.No.","State Code","State Name (In English)","District Code","District Name (In English)",'
    '"Sub-District Code","Sub-District Name (In English)","Village Code","Village Version",'
    '"Village Name (In Enlgish)","Village Name (In Local)","Village Status"\n'
    '"1","23","MADHYA PRADESH","422","RAJGARH","3563","Jirapur","478700","1","DHANODA KALAN",'
    '"धनोदा कलाँ","Inhabited"\n'
    '"2","23","MADHYA PRADESH","422","RAJGARH","3563","Jirapur","478701","1","NAYA GAON","","Inhabited"\n'
)
BLOCKS = (
    "S.No.,State Code,State Name(In English),District Code,District Name(In English),"
    "Development Block Code,Development Block Name (In English),Development Block Name (In Local)\n"
    "1,23,MADHYA PRADESH,422,RAJGARH,3947,Zirapur,जीरापुर\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    office: SmallOffice = small_office()
    office.rows["holders"], office.rows["jurisdictions"] = [], []
    return office.write_csv(tmp_path / "s")


def test_an_export_of_villages_becomes_places_with_their_units(folder: Path) -> None:
    (folder / "places.csv").write_text(VILLAGES, encoding="utf-8")
    sheets = read_sheets(folder)
    assert [row["place_id"] for row in sheets.tables["places"].rows] == [
        *("state:23", "district:422", "tehsil:3563", "village:478700", "village:478701")
    ]
    first, second = place_of(sheets, "village:478700"), place_of(sheets, "village:478701")
    assert (first["name_hi"], first["name_en"], first["lgd_code"]) == ("धनोदा कलाँ", "Dhanoda Kalan", "478700")
    assert first.links == {"state": "state:23", "district": "district:422", "tehsil": "tehsil:3563"}
    assert (first["name_status"], second["name_status"]) == (False, True)
    assert second["name_hi"] == "Naya Gaon"
    assert did(sheets, "places")["roman"] == 4
    told = " ".join(sheets.tables["places"].notes)
    assert "'Village Code' is lgd_code, 'Village Name (In Enlgish)' is name_en" in told
    assert "'Village Name (In Local)' is name_hi, 'State Code' is state_id" in told
    assert "place_id and kind are not in it: they were made of the code (village:CODE, village)" in told
    assert "not read: 'S.No.', 'Village Version', 'Village Status'" in told


def test_an_export_of_blocks(folder: Path) -> None:
    (folder / "places.csv").write_text(BLOCKS, encoding="utf-8")
    read = place_of(read_sheets(folder), "block:3947")
    assert (read["kind"], read["name_hi"], read.links["district"]) == ("block", "जीरापुर", "district:422")


def test_problems_of_an_export_come_with_what_was_assumed(folder: Path) -> None:
    (folder / "places.csv").write_text(VILLAGES.replace('"478701"', '""'), encoding="utf-8")
    found = problems_of(folder)
    assert ("places.csv", 4, "place_id", "the cell is empty") in {
        (p.file, p.row, p.column, p.what) for p in found
    }
    assert any(p.severity == "warning" and "'Village Code' is lgd_code" in p.what for p in found)


def test_no_cell_of_the_shipped_sheets_is_taken_for_a_legacy_font() -> None:
    told = read_sheets(shipped_source()).understood.sheets
    assert [sheet.table for sheet in told if sheet.did.get("legacy")] == []
