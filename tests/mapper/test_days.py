"""Due dates against a slow, obvious count, and the borders of an Indian day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.days import compare
from mapper.days import IST, DayRule, end_of_day, indian_day

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def slow_due(policy: str, weekend: set[str], holidays: set[str], start: date, days: int) -> date:
    """Write the following days into a calendar, strike out what does not count, read off the n-th left."""
    calendar = [start + timedelta(days=n) for n in range(1, 900)]
    if policy == "working":
        calendar = [
            d
            for d in calendar
            if d.strftime("%a").lower() not in weekend and d.strftime("%Y-%m-%d") not in holidays
        ]
    return calendar[days - 1]


@settings(deadline=None, max_examples=300)
@given(
    policy=st.sampled_from(["calendar", "working"]),
    weekend=st.sets(st.sampled_from(_NAMES), max_size=6),
    start=st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    days=st.integers(1, 60),
    offsets=st.sets(st.integers(0, 120), max_size=40),
)
def test_due_agrees_with_the_slow_count(
    policy: str, weekend: set[str], start: date, days: int, offsets: set[int]
) -> None:
    holidays = {start + timedelta(days=n) for n in offsets}
    rule = DayRule(
        "working" if policy == "working" else "calendar",
        frozenset(_NAMES.index(name) for name in weekend),
        frozenset(holidays),
        date(2030, 12, 31),
    )
    assert rule.due(start, days) == slow_due(policy, weekend, {str(d) for d in holidays}, start, days)


def test_last_days_agree_with_a_count_that_knows_no_dates() -> None:
    """Some of the million cases of `python -m bench days`, many around midnight in India."""
    assert compare(20_000) == 0


def test_the_count_can_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a due date one day late nearly every case is found out."""
    right = DayRule.due
    monkeypatch.setattr(
        DayRule, "due", lambda rule, start, days: right(rule, start, days) + timedelta(days=1)
    )
    assert compare(200) == 200


@settings(deadline=None)
@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 (the zone is added below)
    minutes=st.integers(-12 * 60, 14 * 60),
)
def test_the_day_is_that_of_india_whatever_the_zone(moment: datetime, minutes: int) -> None:
    given_moment = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    by_hand = moment - timedelta(minutes=minutes) + timedelta(minutes=330)
    assert indian_day(given_moment) == by_hand.date()


def test_a_day_ends_at_midnight_in_india() -> None:
    end = end_of_day(date(2026, 12, 1))
    assert end == datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
    assert indian_day(end - timedelta(microseconds=1)) == date(2026, 12, 1)
    assert indian_day(end) == date(2026, 12, 2)
    assert end.tzinfo is IST


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        indian_day(datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)


def test_a_limit_without_days_is_refused() -> None:
    rule = DayRule("calendar", frozenset(), frozenset(), None)
    with pytest.raises(ValueError, match="at least 1"):
        rule.due(date(2026, 1, 1), 0)


def test_a_week_without_working_days_is_refused() -> None:
    rule = DayRule("working", frozenset(range(7)), frozenset(), None)
    with pytest.raises(ValueError, match="working day"):
        rule.due(date(2026, 1, 1), 1)


def test_working_days_beyond_the_known_holidays_are_doubtful() -> None:
    rule = DayRule("working", frozenset({5, 6}), frozenset({date(2027, 1, 26)}), date(2027, 12, 31))
    assert rule.doubt(date(2027, 12, 31)) == ""
    assert "2028" in rule.doubt(date(2028, 1, 3))
    every_day = DayRule("calendar", frozenset(), frozenset(), None)
    assert every_day.doubt(date(2028, 1, 3)) == ""
