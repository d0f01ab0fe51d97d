"""What the check tells before publishing: coverage and holders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapper import Problem
from mapper.directory.store import DirectoryStore

from .conftest import NOW
from .small_office import SmallOffice, problems_of, small_office


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def told(office: SmallOffice, folder: Path, file: str = "holders.csv") -> list[str]:
    """What the check says of one sheet."""
    store = DirectoryStore(folder / "directory", clock=lambda: NOW)
    found: list[Problem] = store.check(store.import_sheets(office.write_csv(folder / "sheets")))
    assert all(problem.severity == "warning" for problem in found)
    return [problem.what for problem in found if problem.file == file]


def holder(office: SmallOffice, **more: Any) -> dict[str, Any]:
    """The example's holder, changed."""
    return office.rows["holders"][0] | {"name_en": "Asha", "name_hi": "आशा"} | more


def test_places_without_a_unit_of_their_own(office: SmallOffice, tmp_path: Path) -> None:
    found = [what for what in told(office, tmp_path, "jurisdictions.csv") if "distribution centre" in what]
    assert len(found) == 1
    assert "9 of 9 places have no distribution centre of their own (3 villages, 2 blocks" in found[0]
    assert "a block or nagar parishad stands in" in found[0]


def test_two_units_that_claim_one_place(office: SmallOffice, tmp_path: Path) -> None:
    claim = {"place_id": "village:478700", "scope": "tehsil", "unit_id": "tehsil:3565", "status": "confirmed"}
    office.rows["jurisdictions"] = [claim]
    assert "two units claim 1 places: one here, another in a column of places.csv" in told(
        office, tmp_path, "jurisdictions.csv"
    )
    office.rows["jurisdictions"] = [claim, claim | {"unit_id": "tehsil:3563"}]
    found = problems_of(office.write_csv(tmp_path / "again"))
    assert [p.what for p in found] == ["tehsil:3563 and tehsil:3565 (row 2) both claim village:478700"]


def test_a_tehsil_in_another_tehsil(office: SmallOffice, tmp_path: Path) -> None:
    office.place("tehsil:3563")["tehsil_id"] = "tehsil:3565"
    found = problems_of(office.write_csv(tmp_path / "sheets"))
    assert [p.what for p in found] == ["a tehsil cannot lie in another tehsil"]


def test_no_holders_at_all(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holders"].clear()
    assert [what.partition(":")[0] for what in told(office, tmp_path)] == ["no holder is named"]


def test_vacant_posts_are_counted_once(office: SmallOffice, tmp_path: Path) -> None:
    assert [what for what in told(office, tmp_path) if what.startswith("18 of 19 posts are vacant: ")]


def test_a_time_that_ends_soon(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holders"] = [holder(office, to="2026-12-10")]
    assert any(
        "1 holder with a last day within 30 days and nobody after" in w for w in told(office, tmp_path)
    )
    following = holder(office, name_en="Usha", name_hi="उषा") | {"from": "2026-12-11", "to": ""}
    office.rows["holders"].append(following)
    assert not any("nobody after" in what for what in told(office, tmp_path))


def test_on_leave_without_a_deputy_who_is_there(office: SmallOffice, tmp_path: Path) -> None:
    leave = {"leave_from": "2026-11-20", "leave_to": "2026-11-30"}
    post = office.rows["holders"][0]["post_id"]
    other = next(
        f"{row['designation_code']}@tehsil:3565"
        for row in office.rows["responsibilities"]
        if f"{row['designation_code']}@tehsil:3563" == post
    )
    office.rows["holders"] = [holder(office, **leave)]
    assert any("on leave until 2026-11-30, and no deputy is named" in w for w in told(office, tmp_path))
    office.rows["holders"] = [
        holder(office, **leave, deputy_post_id=other),
        holder(office, **leave, post_id=other, deputy_post_id=post, name_en="Usha", name_hi="उषा"),
    ]
    found = told(office, tmp_path)
    assert any(f"the deputy {other} is away or vacant as well" in what for what in found)
    assert any(what.startswith("deputies in a circle: ") for what in found)


def test_a_post_that_no_rule_leads_to(office: SmallOffice, tmp_path: Path) -> None:
    designation = office.rows["designations"][0]["designation_code"]
    office.rows["holders"] = [holder(office, post_id=f"{designation}@village:478700")]
    assert any("1 post that no rule leads to" in what for what in told(office, tmp_path))


def test_one_login_for_two_persons(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["holders"] = [
        holder(office, username="teh"),
        holder(office, username="teh", charge="additional", post_id="REVENUE-L1@tehsil:3565"),
    ]
    assert not any("with several names" in what for what in told(office, tmp_path))
    office.rows["holders"][1] |= {"name_en": "Usha", "name_hi": "उषा"}
    found = [what for what in told(office, tmp_path) if "with several names" in what]
    assert found == ["1 login with several names: teh (asha, usha)"]


def test_weights_and_grades_that_look_like_a_slip(office: SmallOffice, tmp_path: Path) -> None:
    assert told(office, tmp_path, "grading.csv") == []
    rows = office.rows["grading"]
    weight = next(row for row in rows if row["key"] == "weight_pending")
    grade = next(row for row in rows if row["key"] == "grade_b")
    rows += [weight | {"value": "25", "since": "2027-01-01"}, grade | {"value": "90", "since": "2026-01-01"}]
    assert told(office, tmp_path, "grading.csv") == [
        "the grades begin at 80, 90, 40 (A, B, C): not falling",
        "from 2027-01-01 on, the four weights add up to 105, not to 100",
    ]


def test_working_days_need_the_holidays_ahead(office: SmallOffice, tmp_path: Path) -> None:
    def about() -> list[str]:
        return [what for what in told(office, tmp_path, "holidays.csv") if "working days" in what]

    assert about() == []
    office.rows["calendars"].append(
        {
            "subject": "WCD",
            "policy": "working",
            "weekend": "sun",
            "since": "2027-01-01",
            "status": "confirmed",
        }
    )
    assert about() == ["limits count working days, and the holidays are known until the end of 2026"]
    office.rows["holidays"].append(office.rows["holidays"][0] | {"date": "2027-08-15"})
    assert about() == []


def test_a_level_without_officers_and_a_label_that_stands_twice(office: SmallOffice, tmp_path: Path) -> None:
    assert told(office, tmp_path, "levels.csv") == []
    extra = office.rows["levels"][-1] | {"level": "6"}
    office.rows["levels"].append(extra)
    store = DirectoryStore(tmp_path / "other", clock=lambda: NOW)
    found = store.check(store.import_sheets(office.write_csv(tmp_path / "sheets")))
    assert (found[0].severity, found[0].what) == ("error", "2 levels are called 'L5'")
    extra["label"] = "L6"
    assert told(office, tmp_path, "levels.csv") == [
        "level 6 has no officer for any type: complaints pass it over"
    ]


def test_types_of_one_department_with_one_name(office: SmallOffice, tmp_path: Path) -> None:
    revenue = next(row for row in office.rows["types"] if row["type_code"] == "REVENUE-01")
    office.rows["types"].append(revenue | {"type_code": "REVENUE-99", "name_en": "Other"})
    assert [what for what in told(office, tmp_path, "types.csv") if "called" in what] == [
        "2 types of one department are called 'नामांतरण': REVENUE-01, REVENUE-99"
    ]
    office.rows["types"][-1]["department_code"] = "WCD"
    assert not [what for what in told(office, tmp_path, "types.csv") if "called" in what]


def test_a_list_of_reasons_that_is_missing(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["reasons"] = [row for row in office.rows["reasons"] if row["purpose"] != "send_up"]
    assert told(office, tmp_path, "reasons.csv") == ["there is no reason for send_up: any words would do"]


def test_a_unit_that_is_written_otherwise_is_named(office: SmallOffice, tmp_path: Path) -> None:
    for written in ("जीरापूर", "Jeerapoor", "Jirapurr"):
        office.place("village:478700")["tehsil_id"] = written
        (found,) = problems_of(office.write_csv(tmp_path / "sheets"))
        assert found.what == f"no tehsil is called {written!r}"
        assert "did you mean tehsil:3563 (" in found.remedy
    office.place("village:478700")["tehsil_id"] = "Bombay"
    (found,) = problems_of(office.write_csv(tmp_path / "sheets"))
    assert "'Bombay' is not in" in found.what
