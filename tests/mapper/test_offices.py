"""Who acts for a post on a day: holders, additional charge, leave and deputies; and the lists of reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import DirectoryError, Edition, Holder, holders_of, load_edition, posts_of, reasons
from mapper.directory.store import DirectoryStore, shipped_source
from mapper.model.office_model import CalendarRule
from mapper.sheets.importer import read_sheets

DAY = date(2026, 11, 23)
POST = "REVENUE-L1@tehsil:3566"
OTHER = "REVENUE-L1@tehsil:3563"
HEADER = "post_id,username,name_hi,name_en,phone,from,to,charge,leave_from,leave_to,deputy_post_id,note\n"


def holder(post: str, username: str, charge: str = "regular", deputy: str = "", **days: date) -> Holder:
    return Holder(
        post,
        username,
        username,
        username,
        "",
        days.get("since"),
        days.get("until"),
        charge,
        days.get("leave_from"),
        days.get("leave_to"),
        deputy,
        "",
    )


def names(edition: Edition, post: str, on: date = DAY) -> list[str]:
    return [found.username for found in holders_of(edition, post, on)]


def test_terms_begin_and_end_on_their_days(edition: Edition) -> None:
    some = replace(
        edition,
        holders=(
            holder(POST, "before", until=date(2026, 11, 22)),
            holder(POST, "now", since=DAY, until=DAY),
            holder(POST, "after", since=date(2026, 11, 24)),
        ),
    )
    assert [names(some, POST, DAY + timedelta(days=n)) for n in (-1, 0, 1)] == [
        ["before"],
        ["now"],
        ["after"],
    ]
    assert names(some, OTHER) == []
    assert posts_of(some, "now", DAY) == (POST,)
    assert posts_of(some, "before", DAY) == posts_of(some, "nobody", DAY) == ()


def test_regular_goes_before_additional_charge(edition: Edition) -> None:
    some = replace(edition, holders=(holder(POST, "extra", "additional"), holder(POST, "own")))
    assert names(some, POST) == ["own", "extra"]


def test_a_deputy_acts_only_while_the_leave_lasts(edition: Edition) -> None:
    away = holder(POST, "away", deputy=OTHER, leave_from=DAY, leave_to=DAY)
    some = replace(edition, holders=(away, holder(OTHER, "deputy")))
    assert names(some, POST) == ["deputy", "away"]
    assert names(some, POST, DAY + timedelta(days=1)) == ["away"]
    assert set(posts_of(some, "deputy", DAY)) == {POST, OTHER}
    assert posts_of(some, "deputy", DAY + timedelta(days=1)) == (OTHER,)
    assert posts_of(some, "away", DAY) == (POST,)


def test_a_deputy_s_deputy_and_a_circle_of_deputies(edition: Edition) -> None:
    third = "REVENUE-L1@tehsil:3564"
    chain = (
        holder(POST, "a", deputy=OTHER, leave_from=DAY),
        holder(OTHER, "b", deputy=third, leave_from=DAY),
        holder(third, "c"),
    )
    some = replace(edition, holders=chain)
    assert names(some, POST) == ["c", "a"]
    assert set(posts_of(some, "c", DAY)) == {POST, OTHER, third}
    circle = replace(edition, holders=(chain[0], holder(OTHER, "b", deputy=POST, leave_from=DAY)))
    assert names(circle, POST) == ["a"]
    assert posts_of(circle, "a", DAY) == (POST,)


_posts = st.sampled_from(["P@1", "P@2", "P@3", "P@4"])
_days = st.none() | st.dates(DAY - timedelta(days=2), DAY + timedelta(days=2))
_holders = st.builds(
    Holder,
    _posts,
    st.sampled_from("abc"),
    st.just("क"),
    st.just("k"),
    st.just(""),
    _days,
    _days,
    st.sampled_from(["regular", "additional"]),
    _days,
    _days,
    _posts | st.just(""),
    st.just(""),
)


@settings(deadline=None, max_examples=300)
@given(people=st.lists(_holders, max_size=7))
def test_whoever_may_act_for_a_post_is_among_its_holders_and_back(
    edition: Edition, people: list[Holder]
) -> None:
    some = replace(edition, holders=tuple(people))
    for username in "abc":
        may = set(posts_of(some, username, DAY))
        for post in ("P@1", "P@2", "P@3", "P@4"):
            assert (post in may) == any(h.username == username for h in holders_of(some, post, DAY))


def test_a_login_is_one_however_it_is_written(edition: Edition) -> None:
    """`helpline user add Mohan` makes the login mohan."""
    one = replace(edition, holders=(holder(POST, "Mohan"), holder(OTHER, "mohan")))
    assert posts_of(one, "mohan", DAY) == posts_of(one, "MOHAN", DAY) == (POST, OTHER)


def test_shipped_lists_of_reasons(edition: Edition) -> None:
    first = reasons(edition, "send_up")[0]
    assert (first.code, first.drafted) == ("POLICY", False)
    for purpose in ("send_up", "send_back", "special_close", "out_of_department", "discard", "not_attended"):
        assert len(reasons(edition, purpose)) >= 3, purpose
    assert reasons(edition, "none") == ()


def test_shipped_rules_of_offices(edition: Edition) -> None:
    assert edition.holders == ()
    assert edition.calendars == (CalendarRule("*", "calendar", frozenset({5, 6}), None, drafted=False),)
    assert {value.key for value in edition.grading if not value.drafted} == {
        *("weight_satisfaction", "weight_pending", "pending_days", "grade_a"),
        *("habitual_over", "change_type_days"),
    }


def test_holders_are_read_as_written(sheets: Path, store: DirectoryStore) -> None:
    row = (
        f"{POST},r.sharma,राम शर्मा,Ram Sharma,98260-12345,2026-01-01,,regular,2026-11-20,,{OTHER},on training"
    )
    (sheets / "holders.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    edition = load_edition(store.import_sheets(sheets).path)
    assert edition.holders == (
        Holder(
            POST,
            "r.sharma",
            "राम शर्मा",
            "Ram Sharma",
            "9826012345",
            date(2026, 1, 1),
            None,
            "regular",
            date(2026, 11, 20),
            None,
            OTHER,
            "on training",
        ),
    )


def test_without_the_optional_sheets_the_old_rules_hold(sheets: Path, store: DirectoryStore) -> None:
    for file in ("escalation.csv", "calendars.csv", "reasons.csv", "grading.csv"):
        assert (shipped_source() / file).exists()
        (sheets / file).unlink()
    edition = load_edition(store.import_sheets(sheets).path)
    assert (edition.escalations, edition.calendars, edition.reasons, edition.grading) == ((), (), (), ())
    from mapper import next_level

    ways = [next_level(edition, "REVENUE-01", "tehsil:3566", level, DAY).way for level in range(1, 5)]
    assert ways == ["automatic", "automatic", "manual", "manual"]


def holders(*rows: str) -> tuple[str, str]:
    return "holders.csv", HEADER + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("content", "file", "row", "column", "what"),
    [
        (holders("REVENUE-L1,,क,K,,,,regular,,,,"), "holders.csv", 2, "post_id", "is no post"),
        (
            holders("NOBODY@tehsil:3566,,क,K,,,,regular,,,,"),
            "holders.csv",
            2,
            "post_id",
            "not in designations",
        ),
        (
            holders("REVENUE-L1@tehsil:0,,क,K,,,,regular,,,,"),
            "holders.csv",
            2,
            "post_id",
            "not in places.csv",
        ),
        (holders(f"{POST},,क,K,phone,,,regular,,,,"), "holders.csv", 2, "phone", "no telephone number"),
        (holders(f"{POST},,क,K,,,,temporary,,,,"), "holders.csv", 2, "charge", "is not known here"),
        (holders(f"{POST},,क,K,,2026-02-01,2026-01-31,regular,,,,"), "holders.csv", 2, "to", "is before"),
        (
            holders(f"{POST},,क,K,,,,regular,2026-02-01,2026-01-31,,"),
            *("holders.csv", 2, "leave_to", "is before"),
        ),
        (holders(f"{POST},,क,K,,,,regular,,2026-01-31,,"), "holders.csv", 2, "leave_from", "no beginning"),
        (holders(f"{POST},,क,K,,,,regular,,,{OTHER},"), "holders.csv", 2, "leave_from", "but no leave"),
        (
            holders(f"{POST},,क,K,,,,regular,2026-02-01,,{POST},"),
            "holders.csv",
            2,
            "deputy_post_id",
            "itself",
        ),
        (
            holders(f"{POST},,क,K,,,2026-03-01,regular,,,,", f"{POST},,ख,L,,2026-03-01,,regular,,,,"),
            *("holders.csv", 3, "from", "already in row 2"),
        ),
        (
            ("escalation.csv", "subject,level,way,status\nNONE,1,manual,drafted\n"),
            *("escalation.csv", 2, "subject", "neither in types.csv"),
        ),
        (
            ("escalation.csv", "subject,level,way,status\n*,9,manual,drafted\n"),
            *("escalation.csv", 2, "level", "not in levels.csv"),
        ),
        (
            ("escalation.csv", "subject,level,way,status\n*,1,never,drafted\n"),
            *("escalation.csv", 2, "way", "is not known here"),
        ),
        (
            ("calendars.csv", "subject,policy,weekend,status\n*,working,sat;sun,drafted\n"),
            *("settings.csv", 2, "value", "goes first"),
        ),
        (
            ("calendars.csv", "subject,policy,weekend,status\nWCD,working,someday,drafted\n"),
            *("calendars.csv", 2, "weekend", "no list of days"),
        ),
        (
            ("grading.csv", "key,value,status\nweight_of_tea,1,drafted\n"),
            *("grading.csv", 2, "key", "is no key"),
        ),
        (
            ("grading.csv", "key,value,status\ngrade_a,-1,drafted\n"),
            *("grading.csv", 2, "value", "not a number"),
        ),
        (
            (
                "levels.csv",
                "level,label,name_hi,name_en,escalation,decides,status\n"
                "1,L1,क,A,start,1,drafted\n2,L2,क,A,manual,1,drafted\n",
            ),
            *("levels.csv", 3, "decides", "level 1 decides already"),
        ),
    ],
)
def test_a_wrong_cell_is_named(
    sheets: Path, content: tuple[str, str], file: str, row: int, column: str, what: str
) -> None:
    (sheets / content[0]).write_text(content[1], encoding="utf-8")
    with pytest.raises(DirectoryError) as caught:
        read_sheets(sheets)
    found = caught.value.problems
    assert any(p.file == file and p.row == row and p.column == column and what in p.what for p in found), (
        found
    )
    assert all(p.remedy for p in found)
