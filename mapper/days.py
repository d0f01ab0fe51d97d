"""Days in India: which day a moment belongs to, and on which day a limit ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

IST = ZoneInfo("Asia/Kolkata")
_ONE = timedelta(days=1)
_OFFSET = timedelta(hours=5, minutes=30)
"""India's time since 1945: what `IST` says as well, at a third of the price, for moments that come as UTC."""

CalendarPolicy = Literal["calendar", "working"]


def indian_day(moment: datetime) -> date:
    """The day in India of an aware moment. Raises ValueError for a naive one: it would be a guess."""
    if moment.tzinfo is UTC:
        return (moment + _OFFSET).date()
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(IST).date()


def end_of_day(day: date) -> datetime:
    """The first moment after `day` in India, where a limit with that last day is over."""
    return datetime.combine(day + _ONE, time(), IST)


@dataclass(frozen=True, slots=True)
class DayRule:
    """How days are counted.

    "calendar": every day counts, holidays too (the State's rule at present). "working": a day of `weekend`
    (Monday is 0) or of `holidays` does not count, so the last day is always a working day. The day of
    registration itself never counts. `known_until`: the last day for which the holidays are known.
    """

    policy: CalendarPolicy
    weekend: frozenset[int]
    holidays: frozenset[date]
    known_until: date | None

    def due(self, start: date, days: int) -> date:
        """The last day of a limit of `days` (1 or more) that began on `start`."""
        if days < 1:
            raise ValueError(f"a limit of {days} days: at least 1 is needed")
        if self.policy == "calendar":
            return start + timedelta(days=days)
        if len(self.weekend) > 6:
            raise ValueError("a week without a working day has no end of a limit")
        day, left = start, days
        while left:
            day += _ONE
            if day.weekday() not in self.weekend and day not in self.holidays:
                left -= 1
        return day

    def doubt(self, due: date) -> str:
        """Why `due` may have to be counted again once more is known; empty when it is certain."""
        if self.policy == "working" and (self.known_until is None or due > self.known_until):
            return f"holidays of {due.year} not in the directory"
        return ""
