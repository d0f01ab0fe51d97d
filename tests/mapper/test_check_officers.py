"""That every type finds an officer and a limit everywhere is checked, for today and for later rules."""

from __future__ import annotations

import random
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from mapper import Edition, NoOfficer, Problem, Registration, assign, load_edition
from mapper.checks.officers import check_officers
from mapper.days import IST
from mapper.directory.store import DirectoryStore

from .conftest import NOW
from .small_office import SmallOffice, small_office

TODAY = date(2026, 11, 23)
LATER = date(2027, 1, 1)


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def made(office: SmallOffice, folder: Path) -> Edition:
    store = DirectoryStore(folder / "directory", clock=lambda: NOW)
    return load_edition(store.import_sheets(office.write_csv(folder / "sheets")).path)


def errors(office: SmallOffice, folder: Path) -> list[Problem]:
    return [one for one in check_officers(made(office, folder), TODAY) if one.severity == "error"]


def rule(subject: str, level: int, **more: Any) -> dict[str, Any]:
    return {"subject": subject, "level": level, "area": "any", "status": "confirmed", "since": ""} | more


def test_the_template_is_whole(office: SmallOffice, tmp_path: Path) -> None:
    assert errors(office, tmp_path) == []


def test_a_rule_that_begins_later_may_leave_nobody(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["responsibilities"].append(rule("REVENUE", 1, since=str(LATER)))
    (found,) = errors(office, tmp_path)
    assert found.file == "responsibilities.csv"
    assert found.what.startswith("from 2027-01-01 on, type REVENUE-01 has no level 1 officer at ")


def test_a_rule_may_want_a_unit_that_places_do_not_have(office: SmallOffice, tmp_path: Path) -> None:
    wards = rule("REVENUE", 1, since=str(LATER), scope="ward", designation_code="REVENUE-L1")
    office.rows["responsibilities"].append(wards)
    (found,) = errors(office, tmp_path)
    assert (found.file, "that lie in no ward" in found.what) == ("places.csv", True)
    assert "ward_id" in found.remedy


def test_a_limit_that_begins_later_is_missing_until_then(office: SmallOffice, tmp_path: Path) -> None:
    limit = {"subject": "*", "days": 7, "status": "confirmed", "since": ""}
    office.rows["time_limits"] = [limit | {"level": level} for level in (1, 3, 4, 5)]
    office.rows["time_limits"].append(limit | {"level": 2, "since": str(LATER)})
    (found,) = errors(office, tmp_path)
    assert found.what == "3 types have no limit at level 2: ENERGY-01, REVENUE-01, WCD-01"
    assert found.file == "time_limits.csv"


def test_a_missing_limit_is_no_missing_officer(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["time_limits"] = [row for row in office.rows["time_limits"] if row["subject"] == "WCD"]
    assert {one.file for one in errors(office, tmp_path)} == {"time_limits.csv"}


def test_many_places_and_types_are_one_line(office: SmallOffice, tmp_path: Path) -> None:
    rows = office.rows["responsibilities"]
    rows[:] = [
        row for row in rows if (row["subject"], row["level"]) not in {("ENERGY", "1"), ("REVENUE", "1")}
    ]
    (found,) = errors(office, tmp_path)
    assert found.what.startswith("2 types (ENERGY-01, REVENUE-01) have no level 1 officer at ")


@pytest.mark.parametrize("seed", range(30))
def test_it_agrees_with_asking_for_each_type_at_each_place(seed: int, tmp_path: Path) -> None:
    """Spoilt at random; the slow way asks for every assignment, today and when later rules begin."""
    dice = random.Random(seed)  # noqa: S311 - the same in every run
    office = small_office()
    rules = office.rows["responsibilities"]
    for _ in range(dice.randrange(3)):
        rules.remove(dice.choice(rules))
    if dice.random() < 0.5:
        scope = dice.choice(["ward", "tehsil", "block", "ulb", "district"])
        subject = dice.choice(["REVENUE", "WCD-01", "*"])
        new = rule(
            subject, 1, since=str(dice.choice(["", LATER])), scope=scope, designation_code="REVENUE-L1"
        )
        if not any(
            all(row[k] == new[k] for k in ("subject", "area", "since")) and row["level"] == "1"
            for row in rules
        ):
            rules.append(new)
    for place in dice.sample(office.rows["places"], 3):
        place[dice.choice(["tehsil_id", "block_id", "district_id"])] = ""
        place["unsure_links"] = ""
    edition = made(office, tmp_path)
    nobody = [one for one in check_officers(edition, TODAY) if "no level 1 officer" in one.what]
    assert bool(nobody) == any(_nobody(edition, on) for on in (TODAY, LATER))


def _nobody(edition: Edition, on: date) -> bool:
    moment = datetime.combine(on, time(12), IST)
    for place in edition.places.values():
        for code in edition.types:
            if edition.kinds[place.kind].selectable:
                try:
                    assign(edition, Registration(code, place.id, moment))
                except NoOfficer:
                    return True
    return False
