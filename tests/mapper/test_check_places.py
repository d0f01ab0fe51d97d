"""Places that contradict each other, lie in each other or stand twice are told before they are published."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper.directory.store import DirectoryStore

from .conftest import NOW
from .small_office import SmallOffice, problems_of, small_office


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def warnings(office: SmallOffice, tmp_path: Path) -> dict[str, str]:
    """What is said of places.csv, by column."""
    store = DirectoryStore(tmp_path / "directory", clock=lambda: NOW)
    found = store.check(store.import_sheets(office.write_csv(tmp_path / "s")))
    return {one.column: one.what for one in found if one.file == "places.csv" and one.severity == "warning"}


def test_places_of_the_template_agree(office: SmallOffice, tmp_path: Path) -> None:
    assert warnings(office, tmp_path).keys() == {"name_status"}


def test_a_village_in_another_district_than_its_tehsil(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["places"].append(office.place("district:422") | {"place_id": "district:9", "lgd_code": "9"})
    village = office.place("village:478701")
    village |= {"district_id": "district:9", "block_id": ""}
    assert warnings(office, tmp_path)["district_id"] == (
        "1 place names another district than its tehsil does: village:478701 (Jiriya Khedi) says district:9, "
        "its tehsil:3563 says district:422"
    )
    village["unsure_links"] = "district"
    assert "district_id" not in warnings(office, tmp_path)


def test_places_that_lie_in_each_other(office: SmallOffice, tmp_path: Path) -> None:
    office.place("district:422")["unsure_links"] = "block"
    told = warnings(office, tmp_path)
    assert told[""] == "places that lie in each other: district:422 → tehsil:3565 → district:422"
    assert told.keys() == {"", "name_status"}, "villages of another tehsil than the seat are no contradiction"


def test_one_village_under_two_ids(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["places"].append(office.place("village:478701") | {"place_id": "village:1"})
    assert warnings(office, tmp_path)["lgd_code"] == (
        "1 LGD code stands at more than one place of a kind "
        "(478701: village:1 (Jiriya Khedi), village:478701 (Jiriya Khedi))"
    )


def test_english_names_in_hindi_letters(office: SmallOffice, tmp_path: Path) -> None:
    office.place("village:478701")["name_en"] = office.place("village:478701")["name_hi"]
    assert warnings(office, tmp_path)["name_en"] == "1 of 11 English names are in Hindi letters (जीरिया खेड़ी)"


def test_a_type_with_the_code_of_a_department(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["types"].append(office.rows["types"][0] | {"type_code": "REVENUE"})
    told = problems_of(office.write_csv(tmp_path / "s"))
    assert [(p.file, p.row, p.column) for p in told] == [("types.csv", 5, "type_code")]
    assert "'REVENUE' is the code of a department" in told[0].what
