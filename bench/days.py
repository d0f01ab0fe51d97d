"""Last days of limits against a slow, obvious count: a million cases at random over five years with holidays.

The count knows nothing of the mapper and of Python's dates: it has its own months, leap years and weekdays,
and walks from day to day.
"""

import datetime as dt
import random
import time
from dataclasses import dataclass

from mapper.days import DayRule, end_of_day, indian_day

CASES = 1_000_000
FIRST_YEAR, YEARS = 2024, 5
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Day = tuple[int, int, int]
"""Year, month, day."""


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint that arrives at a moment (UTC, to the second), and how its days count."""

    moment: dt.datetime
    days: int
    policy: str
    weekend: frozenset[str]


def next_day(day: Day) -> Day:
    """The day after, by the calendar on the wall."""
    year, month, number = day
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if number < MONTHS[month - 1] + (1 if leap and month == 2 else 0):
        return year, month, number + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def week_of(first: Day, name: str, days: int) -> dict[Day, str]:
    """The weekday of so many days, counted on from the first."""
    names, day, at = {}, first, WEEK.index(name)
    for _ in range(days):
        names[day] = WEEK[at % 7]
        day, at = next_day(day), at + 1
    return names


WEEKDAYS = week_of((FIRST_YEAR, 1, 1), "mon", 366 * (YEARS + 3))
"""1 January 2024 was a Monday."""


def slow_due(case: Case, holidays: frozenset[Day]) -> Day:
    """The last day: from the day in India on, day by day, counting those that count."""
    moment = case.moment
    day = moment.year, moment.month, moment.day
    if moment.hour * 60 + moment.minute + 5 * 60 + 30 >= 24 * 60:
        day = next_day(day)
    left = case.days
    while left > 0:
        day = next_day(day)
        closed = WEEKDAYS[day] in case.weekend or day in holidays
        if case.policy == "calendar" or not closed:
            left -= 1
    return day


def random_holidays(dice: random.Random) -> frozenset[Day]:
    """Some 25 days in each of the years, a few of them in a row."""
    days = list(WEEKDAYS)
    some = {day for day in days if dice.random() < 0.06}
    return frozenset(some | {next_day(day) for day in some if dice.random() < 0.2})


def random_case(dice: random.Random) -> Case:
    """Any moment of the five years; every second one within two seconds of midnight in India."""
    day = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=dice.randrange(365 * YEARS))
    if dice.random() < 0.5:
        moment = day + dt.timedelta(hours=18, minutes=30, seconds=dice.randint(-2, 2))
    else:
        moment = day + dt.timedelta(seconds=dice.randrange(24 * 3600))
    weekend = frozenset(dice.sample(WEEK, dice.choice((0, 1, 2, 2, 3))))
    return Case(moment, dice.choice((1, 3, 7, 10, 15, 30, 60)), dice.choice(("calendar", "working")), weekend)


def compare(cases: int, seed: int = 181) -> int:
    """Compare so many cases and return how many disagree; new holidays every ten thousand cases."""
    dice = random.Random(seed)  # noqa: S311 - the same cases in every run
    wrong = 0
    holidays: frozenset[Day] = frozenset()
    closed: frozenset[dt.date] = frozenset()
    for number in range(cases):
        if number % 10_000 == 0:
            holidays = random_holidays(dice)
            closed = frozenset(dt.date(*day) for day in holidays)
        case = random_case(dice)
        weekend = frozenset(WEEK.index(name) for name in case.weekend)
        rule = DayRule("working" if case.policy == "working" else "calendar", weekend, closed, None)
        due = rule.due(indian_day(case.moment), case.days)
        last = end_of_day(due) - dt.timedelta(microseconds=1)
        if (due.year, due.month, due.day) != slow_due(case, holidays) or indian_day(last) != due:
            wrong += 1
    return wrong


def run(smoke: bool) -> str:
    """How many of the cases agree."""
    cases = 20_000 if smoke else CASES
    began = time.perf_counter()
    wrong = compare(cases)
    taken = time.perf_counter() - began
    assert wrong == 0, f"{wrong} of {cases} last days differ"
    return f"{cases:,} of {cases:,} last days agree with the slow count ({taken:.0f} s)."
