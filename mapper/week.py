"""Days of the week on which an office is closed: every Sunday, or some of a month (2nd and 4th Saturday)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST = 9
"""As `Nth.which`: the last of its month, be it the fourth or the fifth."""
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", LAST: "last"}
NONE = "none"
"""A week in which no day is closed, as it is stored."""


class Nth(NamedTuple):
    """One weekday of a month: the `which`-th (1 to 5, or LAST) of `day` (Monday is 0)."""

    day: int
    which: int

    def falls_on(self, day: date) -> bool:
        """Whether that day of the calendar is this one of its month."""
        if day.weekday() != self.day:
            return False
        if self.which == LAST:
            return (day + timedelta(days=7)).month != day.month
        return (day.day + 6) // 7 == self.which

    def __str__(self) -> str:
        return f"{_ORDINALS[self.which]} {WEEKDAYS[self.day]}"


@dataclass(frozen=True, slots=True)
class Week:
    """Closed days: those of `days` in every week (Monday is 0), those of `some` in their month only.

    `str()` is the form that editions keep, such as "sun;2nd sat;4th sat", read by `mapper.sheets.days`.
    """

    days: frozenset[int] = frozenset()
    some: frozenset[Nth] = frozenset()

    @staticmethod
    def of(days: Iterable[int], some: Iterable[Nth]) -> Week:
        """A week without what its whole days say already."""
        every = frozenset(days)
        return Week(every, frozenset(nth for nth in some if nth.day not in every))

    @property
    def leaves_work(self) -> bool:
        """Whether every month has a day that is not closed, holidays apart."""
        rests = [
            {nth.which for nth in self.some if nth.day == day} for day in range(7) if day not in self.days
        ]
        return any(not {1, 2, 3} <= rest for rest in rests)

    def why(self, day: date) -> str:
        """What closes that day, such as "Sunday" or "2nd Saturday"; empty for a day that is not closed."""
        if day.weekday() in self.days:
            return NAMES[day.weekday()]
        for nth in sorted(self.some):
            if nth.falls_on(day):
                return f"{_ORDINALS[nth.which]} {NAMES[nth.day]}"
        return ""

    @property
    def words(self) -> str:
        """For people: "every Sunday; the 2nd and 4th Saturday of a month"."""
        every = [f"every {NAMES[day]}" for day in sorted(self.days)]
        for day in sorted({nth.day for nth in self.some}):
            which = [_ORDINALS[nth.which] for nth in sorted(self.some) if nth.day == day]
            every.append(f"the {' and '.join(which)} {NAMES[day]} of a month")
        return "; ".join(every) or "no day"

    def __str__(self) -> str:
        return ";".join([*(WEEKDAYS[day] for day in sorted(self.days)), *map(str, sorted(self.some))]) or NONE
