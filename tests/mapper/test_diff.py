"""What one edition changes of another, in words, and for which open complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mapper import Edition, Registration, assign, load_edition
from mapper.changes.affected import OpenComplaint
from mapper.changes.diff import compare
from mapper.days import indian_day
from mapper.directory.store import DirectoryStore

from .conftest import NOW
from .small_office import SmallOffice, small_office

Make = Callable[[SmallOffice], Edition]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """An edition (a draft) of an office's sheets."""
    made = 0

    def draft(office: SmallOffice) -> Edition:
        nonlocal made
        made += 1
        store = DirectoryStore(tmp_path / f"directory-{made}", clock=lambda: NOW)
        return load_edition(store.import_sheets(office.write_csv(tmp_path / f"sheets-{made}")).path)

    return draft


def open_at(edition: Edition, number: str, type_code: str, place_id: str) -> OpenComplaint:
    """A complaint as the edition would have assigned it today."""
    found = assign(edition, Registration(type_code, place_id, NOW))
    return OpenComplaint(number, type_code, place_id, found.level, indian_day(NOW), found.post.id, found.due)


def said(old: Edition, new: Edition) -> dict[tuple[str, str], str]:
    return {(change.subject, change.verb): change.en for change in compare(old, new).changes}


def second_tehsil(office: SmallOffice) -> None:
    office.rows["places"].append(
        office.place("tehsil:3563")
        | {"place_id": "tehsil:9", "name_hi": "माचलपुर", "name_en": "Machalpur", "aliases": ""}
    )
    for village in ("village:478700", "village:478701"):
        office.place(village)["tehsil_id"] = "tehsil:9"


def test_the_same_sheets_change_nothing(make: Make) -> None:
    found = compare(make(small_office()), make(small_office()))
    assert (found.changes, found.affected, found.looked_at) == ((), (), 0)


def test_villages_move_and_complaints_with_them(make: Make) -> None:
    office = small_office()
    old = make(office)
    second_tehsil(office)
    new = make(office)
    complaints = [
        open_at(old, "1", "REVENUE-01", "village:478700"),
        open_at(old, "2", "REVENUE-01", "village:478702"),
        open_at(old, "3", "WCD-01", "village:478700"),
    ]
    found = compare(old, new, iter(complaints))
    moved = next(change for change in found.changes if change.subject == "moves")
    assert moved.en == "2 villages move from tehsil Jirapur to tehsil Machalpur"
    assert moved.hi == "2 ग्राम: तहसील जीरापुर से तहसील माचलपुर में"
    assert moved.examples == ("धानोदा (Dhanoda)", "जीरिया खेड़ी (Jiriya Khedi)")
    assert found.looked_at == 3
    assert [(one.number, one.effect, one.to_post.partition("@")[2]) for one in found.affected] == [
        ("1", "officer", "tehsil:9")
    ]
    assert found.affected[0].to_due == complaints[0].due
    assert ("places", "added") in said(old, new)
    assert ("posts", "added") in said(old, new)


def test_a_limit_changes_the_day_only(make: Make) -> None:
    office = small_office()
    old = make(office)
    office.rows["time_limits"][0]["days"] = "10"
    new = make(office)
    found = compare(old, new, [open_at(old, "1", "REVENUE-01", "village:478700")])
    assert [change.examples for change in found.changes] == [("*/*: 7 days → 10 days",)]
    assert [(one.effect, one.from_due, one.to_due) for one in found.affected] == [
        ("day", date(2026, 11, 30), date(2026, 12, 3))
    ]


def test_a_complaint_that_nobody_is_named_for(make: Make) -> None:
    office = small_office()
    old = make(office)
    office.rows["types"] = [row for row in office.rows["types"] if row["type_code"] != "WCD-01"]
    office.rows["places"] = [row for row in office.rows["places"] if row["place_id"] != "village:478700"]
    new = make(office)
    complaints = [
        open_at(old, "1", "WCD-01", "village:478701"),
        open_at(old, "2", "REVENUE-01", "village:478700"),
    ]
    found = compare(old, new, complaints)
    assert [(one.number, one.effect, one.to_due) for one in found.affected] == [
        ("1", "nobody", None),
        ("2", "nobody", None),
    ]
    assert found.effects() == {"nobody": 2}
    assert found.as_dict()["open_complaints"]["nobody"] == 2


def test_everything_else_in_words(make: Make) -> None:
    office = small_office()
    old = make(office)
    office.rows["holders"][0] |= {"name_en": "Asha Verma", "name_hi": "आशा वर्मा"}
    office.rows["holidays"].pop(0)
    office.rows["types"][0]["name_hi"] += " (नया)"
    office.rows["responsibilities"][0]["since"] = "2027-01-01"
    office.rows["reasons"][0]["name_en"] += "!"
    office.rows["grading"][0]["value"] = "59"
    office.rows["escalation"][0]["way"] = "manual"
    words = said(old, make(office))
    assert words["holders", "changed"] == "1 post gets other holders"
    assert words["holidays", "removed"] == "1 holiday removed"
    assert words["types", "changed"] == "1 complaint type changed"
    assert words["rules", "added"] == "1 rule of who answers added"
    assert words["reasons", "changed"] == "1 reason changed"
    assert words["grading", "changed"] == "1 number of the grading changed"


def recode(office: SmallOffice, code: str, new: str) -> None:
    """The designation gets another code, everywhere."""
    for table in ("designations", "responsibilities"):
        for row in office.rows[table]:
            if row["designation_code"] == code:
                row["designation_code"] = new
    for row in office.rows["holders"]:
        for column in ("post_id", "deputy_post_id"):
            if str(row.get(column, "")).startswith(f"{code}@"):
                row[column] = row[column].replace(f"{code}@", f"{new}@")


def test_a_designation_with_another_name_is_renamed(make: Make) -> None:
    office = small_office()
    old = make(office)
    row = next(row for row in office.rows["designations"] if row["designation_code"] == "REVENUE-L1")
    row |= {"name_hi": "तहसील प्रमुख", "name_en": "Head of Tehsil"}
    (change,) = compare(old, make(office)).changes
    count = sum(1 for post in old.posts.values() if post.designation_code == "REVENUE-L1")
    assert (change.subject, change.verb, change.count) == ("posts", "renamed", count)
    assert (
        change.en
        == f"{count} post{'s' if count > 1 else ''} renamed from Tehsildar / Naib Tehsildar to Head of Tehsil"
    )
    assert "तहसील प्रमुख" in change.hi
    row["name_en"] = "Tehsildar / Naib Tehsildar"
    (change,) = compare(old, make(office)).changes
    assert change.en.endswith("to तहसील प्रमुख (Tehsildar / Naib Tehsildar)"), "in Hindi alone"


def test_a_designation_with_another_code_is_renamed_with_its_holders(make: Make) -> None:
    office = small_office()
    old = make(office)
    recode(office, "REVENUE-L1", "TEHSILDAR")
    (change,) = compare(old, make(office)).changes
    assert (change.subject, change.verb) == ("posts", "renamed")
    assert change.en.endswith(
        "renamed from Tehsildar / Naib Tehsildar (REVENUE-L1) to Tehsildar / Naib Tehsildar (TEHSILDAR)"
    )
    office.rows["holders"][0] |= {"name_en": "Asha Verma", "name_hi": "आशा वर्मा"}
    words = said(old, make(office))
    assert set(words) == {("posts", "renamed"), ("holders", "changed")}
    assert words["holders", "changed"] == "1 post gets other holders"


def test_a_rule_that_names_another_designation_renames_nothing(make: Make) -> None:
    """A new office beside the old one, which keeps other work."""
    office = small_office()
    old = make(office)
    recode(office, "REVENUE-L1", "TEHSILDAR")
    first = next(row for row in office.rows["responsibilities"] if row["designation_code"] == "TEHSILDAR")
    first["designation_code"] = next(
        row["designation_code"]
        for row in office.rows["designations"]
        if row["designation_code"] != "TEHSILDAR"
    )
    assert ("posts", "renamed") not in said(old, make(office))


def test_a_type_is_named_with_its_code(make: Make) -> None:
    """The only thing that tells one that was given another code."""
    office = small_office()
    old = make(office)
    row = next(row for row in office.rows["types"] if row["type_code"] == "REVENUE-01")
    row["type_code"] = "REVENUE-91"
    found = {change.verb: change.examples for change in compare(old, make(office)).changes}
    assert found["removed"] == ("REVENUE-01 नामांतरण (Mutation (namantaran))",)
    assert found["added"] == ("REVENUE-91 नामांतरण (Mutation (namantaran))",)


def test_levels_in_words(make: Make) -> None:
    office = small_office()
    old = make(office)
    for table in ("levels", "responsibilities", "escalation"):
        office.rows[table] = [row for row in office.rows[table] if str(row["level"]) != "5"]
    office.rows["levels"][2]["decides"] = "0"
    examples = {(one.subject, one.verb): one.examples for one in compare(old, make(office)).changes}
    assert examples["levels", "removed"] == ("5: L5 / manual",)
    assert examples["levels", "changed"] == ("3: L3 / automatic / decides → L3 / automatic",)
