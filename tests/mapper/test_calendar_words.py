"""Closed days and holidays as offices write them: what is understood, what is told, which day follows."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mapper import Edition, Registration, assign, explain, load_edition
from mapper.directory.edition_file import write_draft
from mapper.sheets.cells import CellError
from mapper.sheets.days.date_words import read_dates
from mapper.sheets.days.week_words import read_week
from mapper.sheets.importer import Sheets, read_sheets
from mapper.week import Nth, Week

from .small_office import SmallOffice, problems_of, read_book, small_office

HERE = "village:478700"


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("sat;sun", "sat;sun"),
        ("1st sat;3rd sat;sun", "sun;1st sat;3rd sat"),
        ("शुक्र;इतवार", "fri;sun"),
        ("शनिवार व रविवार", "sat;sun"),
        ("Saturday & Sunday", "sat;sun"),
        ("दूसरा और चौथा शनिवार", "2nd sat;4th sat"),
        ("द्वितीय, चतुर्थ शनिवार एवं सभी रविवार", "sun;2nd sat;4th sat"),
        ("२रा शनिवार / रविवार", "sun;2nd sat"),
        ("Friday (1st and 3rd), Sundays", "sun;1st fri;3rd fri"),
        ("last saturday of every month", "last sat"),
        ("प्रत्येक माह का अंतिम शुक्रवार", "last fri"),
        ("II & IV Saturday", "2nd sat;4th sat"),
        ("every sunday, 5th saturday", "sun;5th sat"),
        ("fri - sun", "fri;sat;sun"),
        ("jfookj", "sun"),
        ("none", "none"),
        ("कोई नहीं", "none"),
    ],
)
def test_closed_days_are_understood_in_both_languages(written: str, kept: str) -> None:
    read = read_week(written)
    assert str(read.week) == kept
    assert read_week(kept).week == read.week
    assert not read.alternate


@pytest.mark.parametrize("written", ["alternate saturdays;sun", "रविवार, एकांतर शनिवार"])
def test_alternate_saturdays_are_those_of_the_banks(written: str) -> None:
    read = read_week(written)
    assert read.alternate
    assert read.week == Week(frozenset({6}), frozenset({Nth(5, 2), Nth(5, 4)}))


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("satarday;sun", "most likely sat;sun"),
        ("शनिवर", "most likely sat:"),
        ("sat 2nd 4th sun", "write days such as"),
        ("1st-3rd sat", "write days such as"),
        ("2nd;4th", "write days such as"),
        ("2026-11-14", "holidays.csv"),
        ("mon;tue;wed;thu;fri;sat;sun", "at most six"),
        ("सोम से रवि", "at most six"),
    ],
)
def test_what_is_no_list_of_days_is_told_with_what_it_may_be(written: str, remedy: str) -> None:
    with pytest.raises(CellError) as caught:
        read_week(written)
    assert "is no list of days" in caught.value.what
    assert remedy in caught.value.remedy


def test_the_days_of_a_month_fall_where_the_wall_calendar_has_them() -> None:
    def found(which: int, year: int, month: int) -> list[int]:
        return [
            day
            for day in range(1, 29 if month == 2 else 31)
            if Nth(5, which).falls_on(date(year, month, day))
        ]

    assert [found(which, 2026, 8) for which in (1, 2, 3, 4, 5, 9)] == [[1], [8], [15], [22], [29], [29]]
    assert [found(which, 2026, 2) for which in (1, 2, 3, 4, 5, 9)] == [[7], [14], [21], [28], [], [28]]


@pytest.mark.parametrize(
    ("written", "first", "last", "days"),
    [
        ("2 अक्टूबर, शुक्रवार", "2026-10-02", "2026-10-02", 1),
        ("2nd October (Friday)", "2026-10-02", "2026-10-02", 1),
        ("14.04.2026 Tue", "2026-04-14", "2026-04-14", 1),
        ("मंगलवार, 14 अप्रैल 2026", "2026-04-14", "2026-04-14", 1),
        ("August 15, 2026", "2026-08-15", "2026-08-15", 1),
        ("5/11/2026 गुरुवार", "2026-11-05", "2026-11-05", 1),
        ("9 से 12 नवंबर", "2026-11-09", "2026-11-12", 4),
        ("9–12 नवम्बर 2026", "2026-11-09", "2026-11-12", 4),
        ("09-11-2026 to 12-11-2026", "2026-11-09", "2026-11-12", 4),
        ("9-12.11.2026", "2026-11-09", "2026-11-12", 4),
        ("9 से 12 नवंबर (सोमवार से गुरुवार)", "2026-11-09", "2026-11-12", 4),
        ("Monday 9 - Thursday 12 November", "2026-11-09", "2026-11-12", 4),
        ("30 नवंबर से 2 दिसंबर 2026", "2026-11-30", "2026-12-02", 3),
        ("31 दिसंबर 2026 - 1 जनवरी 2027", "2026-12-31", "2027-01-01", 2),
        ("9, 10 व 12 नवंबर", "2026-11-09", "2026-11-12", 3),
        ("9 नवंबर - सोमवार, 12 नवंबर - गुरुवार", "2026-11-09", "2026-11-12", 2),
    ],
)
def test_dates_are_read_as_lists_print_them(written: str, first: str, last: str, days: int) -> None:
    found = read_dates(written, 2026).days
    assert (str(found[0]), str(found[-1]), len(found)) == (first, last, days)


@pytest.mark.parametrize(
    ("written", "beside", "what", "remedy"),
    [
        ("14-04-2026 Monday", "", "14-04-2026 is a Tuesday, the sheet says Monday", "13-04-2026 is a Monday"),
        ("14 अप्रैल", "बुधवार", "14-04-2026 is a Tuesday, the sheet says Wednesday", "which is wrong?"),
        ("2026-04-14", "शुक्र", "14-04-2026 is a Tuesday, the sheet says Friday", "17-04-2026 is a Friday"),
        ("9 से 12 नवंबर", "रविवार", "the sheet says Sunday", "which is wrong?"),
        ("14 अप्रैल", "मंगलवर", "no day of the week", "most likely Tuesday"),
        ("14 Aprl 2026", "", "'aprl' is not understood", "did you mean April?"),
        ("12 से 9 नवंबर", "", "before it begins", "write both days"),
        ("1 जनवरी से 31 मई", "", "151 days long", "at most 62"),
        ("30 फरवरी", "", "there is no such day", "correct the day"),
        ("5/11/2026", "", "day or month first?", "2026-11-05"),
        ("9999-01-26", "", "of no year", "correct the year"),
    ],
)
def test_a_date_that_cannot_be_is_told(written: str, beside: str, what: str, remedy: str) -> None:
    with pytest.raises(CellError) as caught:
        read_dates(written, 2026, beside)
    assert what in caught.value.what
    assert remedy in caught.value.remedy


def test_a_date_without_a_year_needs_a_title() -> None:
    with pytest.raises(CellError, match="has no year"):
        read_dates("14 अप्रैल", None)


def days_of(sheets: Sheets) -> dict[str, tuple[str, str]]:
    """Kind and place of each day of the list."""
    rows = sheets.tables["holidays"].rows
    return {str(row["date"]): (row["kind"], row["place_id"]) for row in rows}


def printed(office: SmallOffice, folder: Path, text: str) -> Path:
    path = office.write_csv(folder / "sheets")
    (path / "holidays.csv").write_text(text, encoding="utf-8")
    return path


def test_a_list_as_the_state_prints_it(office: SmallOffice, tmp_path: Path) -> None:
    path = printed(
        office,
        tmp_path,
        "मध्यप्रदेश शासन सामान्य प्रशासन विभाग,,,,\n"
        "भोपाल दिनांक 28 दिसम्बर 2027: वर्ष 2028 के अवकाशों की सूची,,,,\n"
        "क्र.,अवकाश का नाम,दिनांक,दिन,शक संवत\n"
        "(अ),सामान्य अवकाश,,,\n"
        "1,गणतंत्र दिवस,26 जनवरी,बुधवार,6 माघ 1949\n"
        "2,दीपावली,16 से 18 अक्टूबर,सोमवार से बुधवार,\n"
        '3,गांधी जयंती,"2 अक्टूबर, सोमवार",,\n'
        "4,विश्राम दिवस,द्वितीय एवं चतुर्थ शनिवार,,\n"
        "5,सभी रविवार,—,,\n"
        "(ब),ऐच्छिक अवकाश,,,\n"
        "1,लोहड़ी,13 जनवरी,गुरुवार,\n",
    )
    sheets = read_sheets(path)
    days = days_of(sheets)
    assert {day for day in days if days[day][0] == "optional"} == {"2028-01-13"}
    assert {"2028-01-26", "2028-10-16", "2028-10-17", "2028-10-18", "2028-10-02"} <= days.keys()
    assert {"2028-01-08", "2028-01-22", "2028-12-23", "2028-01-02", "2028-12-31"} <= days.keys()
    assert {day[:4] for day in days} == {"2028"}
    assert len(days) == 1 + 3 + 1 + 24 + 53 + 1
    notes = " | ".join(sheets.tables["holidays"].notes)
    assert "the column 'शक संवत' was not read" in notes
    assert "row 6: '16 से 18 अक्टूबर' is 3 days, 2028-10-16 to 2028-10-18" in notes
    assert "row 9: every Sunday (53 days of 2028)" in notes
    assert "the title's, 2028" in notes
    assert "1 optional holiday is not counted" in notes
    assert "wait for confirmation" in notes


def test_optional_holidays_and_several_of_a_day_in_english(office: SmallOffice, tmp_path: Path) -> None:
    path = printed(
        office,
        tmp_path,
        "Holidays for the year 2027,,,\n"
        "S.No.,Name of Holiday,Date,Day,Type\n"
        "1,Republic Day,26 January (Tuesday),,Gazetted\n"
        "2,Lohri,13 January,Wed,Restricted\n"
        "3,Festival of kites,14.01.2027 Thu,,Public\n"
        "4,Harvest,14 January,Thursday,Public\n"
        "5,All Sundays,,,\n",
    )
    sheets = read_sheets(path)
    days = days_of(sheets)
    assert (days["2027-01-26"], days["2027-01-13"]) == (("public", ""), ("optional", ""))
    assert sum(date.fromisoformat(day).weekday() == 6 for day in days) == 52
    told = "2027-01-14 stands 2 times and counts once: Festival of kites (row 5), Harvest (row 6)"
    assert told in sheets.tables["holidays"].notes


def test_headings_part_a_workbooks_list_and_rules_close_offices_below_any(
    office: SmallOffice, tmp_path: Path
) -> None:
    book = office.book()
    sheet = book["holidays"]
    sheet.delete_rows(1, 100)
    for cells in (
        ["General and restricted holidays, year 2029"],
        ["Sl. No.", "Occasion", "Date", "Day", "Applies to"],
        ["General holidays"],
        [1, "Republic Day", datetime(2029, 1, 26), "Fri", "All"],  # noqa: DTZ001 (as a workbook holds it)
        [2, "Fair", "8 to 9 February", "", "Rajgarh"],
        ["Restricted holidays"],
        [1, "Lohri", "13 January", "Saturday", ""],
        [2, "Second and Fourth Saturdays", "", "", ""],
    ):
        sheet.append(cells)
    for row in (1, 3, 6):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
    days = days_of(read_book(book, tmp_path))
    assert len(days) == 1 + 2 + 24 - 1 + 1
    assert days["2029-01-26"] == ("public", "")
    assert days["2029-02-08"] == days["2029-02-09"] == ("local", "district:422")
    assert days["2029-02-24"] == ("public", "")
    assert {day for day, (kind, _) in days.items() if kind == "optional"} <= {"2029-01-13"}


def test_what_is_wrong_in_a_printed_list_is_told_with_its_row(office: SmallOffice, tmp_path: Path) -> None:
    path = printed(
        office,
        tmp_path,
        "अवकाश का नाम,दिनांक,दिन\n"
        "गणतंत्र दिवस,26 जनवरी 2027,सोमवार\n"
        "होली,22 मार्च,सोमवार\n"
        "गांधी जयंती,2 अक्टुबर 2027,शनिवार\n",
    )
    told = [(problem.row, problem.what.split(" (")[0]) for problem in problems_of(path)]
    assert told == [
        (2, "26-01-2027 is a Tuesday, the sheet says Monday"),
        (3, "'22 मार्च' has no year"),
        (4, "'2 अक्टुबर 2027' is not a date: 'अक्टुबर' is not understood"),
    ]


def test_a_place_of_a_local_holiday_must_be_one_of_ours(office: SmallOffice, tmp_path: Path) -> None:
    for row, place in zip(office.rows["holidays"], ("राजगड़", "सीहोर", ""), strict=True):
        row |= {"place_id": place, "kind": "local"}
    found = {p.row: p for p in problems_of(office.write_csv(tmp_path / "sheets")) if p.column == "place_id"}
    assert "did you mean district:422" in found[2].remedy
    assert "of another district" in found[3].remedy
    assert found[4].what == "a local holiday without its place"


def edition_of(office: SmallOffice, folder: Path) -> Edition:
    sheets = read_sheets(office.write_csv(folder / "sheets"))
    write_draft(sheets.tables, folder / "draft.sqlite", {"number": "0"})
    return load_edition(folder / "draft.sqlite")


def working(office: SmallOffice, weekend: str) -> None:
    for row in office.rows["settings"]:
        row["value"] = "working" if row["key"] == "calendar_policy" else row["value"]
    office.rows["calendars"] = [
        {"subject": "*", "policy": "working", "weekend": weekend, "status": "confirmed"}
    ]


def holiday(day: str, name: str, **more: str) -> dict[str, str]:
    return {"date": day, "name_hi": name, "name_en": name, "status": "confirmed", **more}


def due(edition: Edition, on: datetime, place: str = HERE) -> str:
    return str(assign(edition, Registration("REVENUE-01", place, on)).due)


def test_limits_pass_over_some_saturdays_and_local_holidays(office: SmallOffice, tmp_path: Path) -> None:
    """Seven working days from Monday, 9 November 2026: the 14th is a second Saturday."""
    on = datetime(2026, 11, 9, 5, tzinfo=UTC)
    working(office, "रविवार, दूसरा व चौथा शनिवार")
    office.rows["holidays"] += [
        holiday("2026-11-12", "Fair", place_id="राजगढ़ जिला"),
        holiday("2026-11-13", "Procession", place_id="tehsil:3563"),
        holiday("2026-11-16", "Own day", kind="optional"),
    ]
    edition = edition_of(office, tmp_path)
    assert due(edition, on) == "2026-11-20"
    assert due(edition, on, "district:422") == "2026-11-19"
    tried = explain(edition, Registration("REVENUE-01", HERE, on)).levels[0].tried
    told = {one.rule: one.text for one in tried}
    assert told["days left out"] == (
        "2026-11-12 (Fair, in Rajgarh only), 2026-11-13 (Procession, in Jirapur only),"
        " 2026-11-14 (2nd Saturday), 2026-11-15 (Sunday)"
    )
    assert told["optional holidays"] == "2026-11-16 (Own day)"
    assert "the 2nd and 4th Saturday of a month" in told["*/working days"]


def test_where_every_day_counts_no_saturday_matters(office: SmallOffice, tmp_path: Path) -> None:
    office.rows["calendars"] = [
        {"subject": "*", "policy": "calendar", "weekend": "2nd sat;sun", "status": "confirmed"}
    ]
    edition = edition_of(office, tmp_path)
    on = datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert due(edition, on) == "2026-11-16"
    tried = explain(edition, Registration("REVENUE-01", HERE, on)).levels[0].tried
    assert "days left out" not in {one.rule for one in tried}


def test_the_weekend_of_the_settings_is_understood_alike(office: SmallOffice, tmp_path: Path) -> None:
    values = {"calendar_policy": "working", "weekend": "alternate saturdays, रविवार"}
    office.rows["calendars"] = []
    for row in office.rows["settings"]:
        row["value"] = values.get(row["key"], row["value"])
    sheets = read_sheets(office.write_csv(tmp_path / "sheets"))
    notes = " ".join(sheets.tables["settings"].notes)
    assert "every Sunday; the 2nd and 4th Saturday of a month" in notes
    assert "those on which banks close are taken" in notes
    assert due(edition_of(office, tmp_path), datetime(2026, 11, 9, 5, tzinfo=UTC)) == "2026-11-18"


def test_an_edition_written_before_places_and_kinds_is_read(office: SmallOffice, tmp_path: Path) -> None:
    working(office, "sat;sun")
    office.rows["holidays"].append(holiday("2026-11-12", "Fair"))
    whole = edition_of(office, tmp_path)
    with sqlite3.connect(tmp_path / "draft.sqlite") as connection:
        for column in ("place_id", "kind"):
            connection.execute(f"alter table holidays drop column {column}")
    connection.close()
    before = load_edition(tmp_path / "draft.sqlite")
    assert before.holidays == whole.holidays
    on = datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert due(before, on) == due(whole, on) == "2026-11-19"
