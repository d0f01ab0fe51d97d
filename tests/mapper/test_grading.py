"""The grading: worked by hand once, then held against its own definition on complaints at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import Edition
from mapper.decision.grading import GROUPS, ComplaintFacts, Counts, Grades, Group, grade, letter, score
from mapper.decision.grading_rules import KEYS, GradingRules, grading_on
from mapper.model.office_model import GradingValue

ON = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
RULES = GradingRules(dict(KEYS), ())


def facts(number: str, days_ago: int = 1, closure: str | None = None, **more: object) -> ComplaintFacts:
    made = ComplaintFacts(
        number,
        "39",
        "REVENUE",
        "A@1",
        "",
        NOON - timedelta(days=days_ago),
        NOON if closure else None,
        closure,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def total(grades: Grades, group: Group, key: str) -> float:
    found = grades.of(group, key)
    assert found is not None
    assert found.score is not None
    return found.score.total


def test_a_district_worked_by_hand(edition: Edition) -> None:
    """Of 10: 4 closed with satisfaction, 1 at low quality, 5 open, 2 of them over 50 days, 1 not attended."""
    ten = [
        *(facts(str(n), closure="satisfied") for n in range(4)),
        facts("4", closure="low_quality"),
        facts("5"),
        facts("6", 50),
        facts("7", 20, not_attended=2, not_attended_posts=("B@1",)),
        facts("8", 51),
        facts("9", 400),
    ]
    grades = grade(edition, ten, ON)
    found = grades.of("district", "39")
    assert found is not None
    assert found.counts == Counts(10, 5, 4, 1, 2, 10, 1)
    assert found.score is not None
    # 60 x 4/5, 20 x (1 - 2/10), 10 x (1 - 1/5), 10 x (1 - 1/10)
    assert (found.score.satisfaction, found.score.pending) == (48.0, 16.0)
    assert (found.score.low_quality, found.score.not_attended) == (8.0, 9.0)
    assert (found.score.total, found.letter) == (81.0, "A")
    # Not attended counts against the officer who let it pass, not against the one who has it now.
    assert total(grades, "post", "A@1") == 82.0
    passed = grades.of("post", "B@1")
    assert passed is not None
    assert (passed.counts, passed.score, passed.letter) == (Counts(had=1, not_attended=1), None, "")
    best = grades.gains("district", "39")
    assert [gain.number for gain in best] == ["9", "8", "6", "7", "5"]
    # 60 x (5/6 - 4/5) + 20 x 1/10 + 10 x (1/5 - 1/6)
    assert best[0].gain == pytest.approx(2.0 + 2.0 + 1 / 3)
    assert best[2].gain == pytest.approx(2.0 + 1 / 3)
    assert [gain.number for gain in grades.gains("district", "39", 2)] == ["9", "8"]
    assert grades.gains("district", "40") == ()


def test_a_person_with_more_than_ten_complaints_is_left_out(edition: Edition) -> None:
    ten = [facts(str(n), citizen="+91981") for n in range(10)]
    assert grade(edition, ten, ON).left_out == 0
    eleven = [*ten, facts("10", citizen="+91981"), facts("11", citizen="+91982"), facts("12")]
    grades = grade(edition, eleven, ON)
    assert grades.left_out == 11
    found = grades.of("post", "A@1")
    assert found is not None
    assert found.counts.received == 2


def test_who_is_habitual_by_complaints_of_other_times_is_left_out(edition: Edition) -> None:
    two = [facts("1", citizen="+91981"), facts("2", citizen="+91982")]
    assert grade(edition, two, ON, habitual={"+91981"}).left_out == 1


def test_the_day_is_that_of_india(edition: Edition) -> None:
    late = datetime(2026, 11, 23, 18, 29, tzinfo=UTC)
    next_day = late + timedelta(minutes=1)
    some = [facts("1", registered_at=late), facts("2", registered_at=next_day)]
    some.append(facts("3", 60, "satisfied", closed_at=next_day))
    found = grade(edition, some, ON).of("district", "39")
    assert found is not None
    assert found.counts == Counts(received=2, pending_long=1, had=2)


def test_no_complaints_no_grades(edition: Edition) -> None:
    grades = grade(edition, [], ON)
    assert (grades.districts, grades.departments, grades.posts, grades.left_out) == ((), (), (), 0)


def test_numbers_are_the_edition_s_and_hold_from_their_day(edition: Edition) -> None:
    assert dict(grading_on(edition, ON).values) == KEYS
    assert "weight_low_quality" in grading_on(edition, ON).assumed
    assert "weight_pending" not in grading_on(edition, ON).assumed
    later = GradingValue("grade_a", 90.0, date(2026, 12, 1), drafted=True, note="")
    some = replace(edition, grading=(later, *edition.grading))
    assert grading_on(some, date(2026, 11, 30))["grade_a"] == 80.0
    assert grading_on(some, date(2026, 12, 1))["grade_a"] == 90.0
    assert set(grading_on(replace(edition, grading=()), ON).assumed) == set(KEYS)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (100.0, "A"),
        (80.0, "A"),
        (79.999, "B"),
        (60.0, "B"),
        (59.9, "C"),
        (40.0, "C"),
        (39.9, "D"),
        (0.0, "D"),
    ],
)
def test_letters(points: float, expected: str) -> None:
    assert letter(points, RULES) == expected


def test_parameters_of_the_formulas() -> None:
    counts = Counts(received=10, closed=4, satisfied=2, low_quality=1, pending_long=1, had=10, not_attended=1)
    stricter = GradingRules(
        KEYS
        | {
            "satisfaction_of_closed": 0.0,
            "satisfaction_full_percent": 40.0,
            "pending_zero_percent": 20.0,
            "low_quality_zero_percent": 0.0,
            "not_attended_zero_percent": 5.0,
        },
        (),
    )
    found = score(counts, stricter)
    assert found.satisfaction == pytest.approx(60 * 0.2 / 0.4)
    assert found.pending == pytest.approx(10.0)
    assert (found.low_quality, found.not_attended) == (0.0, 0.0)


_moments = st.integers(0, 120).map(lambda days: NOON - timedelta(days=days))
_closed = st.one_of(
    st.just((None, None)),
    st.tuples(_moments, st.sampled_from(["satisfied", "low_quality", "special", "answered"])),
)
_passed = st.lists(st.sampled_from(["A@1", "A@2", "B@1"]), max_size=2).map(tuple)


@st.composite
def _complaint(draw: st.DrawFn) -> ComplaintFacts:
    closed_at, closure = draw(_closed)
    passed = draw(_passed)
    return ComplaintFacts(
        "",
        draw(st.sampled_from(["39", "04"])),
        draw(st.sampled_from(["REVENUE", "HOME"])),
        draw(st.sampled_from(["A@1", "A@2"])),
        draw(st.sampled_from(["", "x", "y"])),
        draw(_moments),
        closed_at,
        closure,
        len(passed),
        passed,
    )


_many = st.lists(_complaint(), max_size=30).map(
    lambda found: [replace(one, number=str(n)) for n, one in enumerate(found)]
)


@settings(deadline=None, max_examples=150)
@given(every=_many, over=st.integers(0, 20), of_closed=st.booleans())
def test_gains_are_what_counting_again_gives(
    edition: Edition, every: list[ComplaintFacts], over: int, of_closed: bool
) -> None:
    values = {"habitual_over": float(over), "satisfaction_of_closed": float(of_closed)}
    some = replace(
        edition, grading=tuple(GradingValue(key, value, None, True, "") for key, value in values.items())
    )
    grades = grade(some, every, ON)
    counted = [one for one in every if not _habitual(one, every, over)]
    assert grades.left_out == len(every) - len(counted)
    for group in GROUPS:
        keys = {getattr(one, group) for one in counted}
        for key in keys:
            before = total(grades, group, key)
            assert 0.0 <= before <= 100.0 + 1e-9
            gains = grades.gains(group, key, 1000)
            still_open = {one.number for one in counted if not one.closed_at and getattr(one, group) == key}
            assert {gain.number for gain in gains} == still_open
            assert [gain.gain for gain in gains] == sorted((gain.gain for gain in gains), reverse=True)
            for gain in gains[:3]:
                closed = [
                    replace(one, closed_at=NOON, closure="satisfied") if one.number == gain.number else one
                    for one in every
                ]
                assert total(grade(some, closed, ON), group, key) - before == gain.gain
                assert gain.gain >= 0.0


@settings(deadline=None, max_examples=60)
@given(every=_many, data=st.data())
def test_order_does_not_matter(edition: Edition, every: list[ComplaintFacts], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(every))
    one, other = grade(edition, every, ON), grade(edition, shuffled, ON)
    assert (one.districts, one.departments, one.posts) == (other.districts, other.departments, other.posts)
    for found in one.posts:
        assert one.gains("post", found.key) == other.gains("post", found.key)


def _habitual(one: ComplaintFacts, every: list[ComplaintFacts], over: int) -> bool:
    return bool(one.citizen) and sum(other.citizen == one.citizen for other in every) > over
