"""Days in India: which day a moment belongs to, and on which day a limit ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from mapper.week import Nth, Week

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
    (Monday is 0), one of `some` (the second Saturday of a month) or one of `holidays` does not count, so the
    last day is always a working day. The day of registration itself never counts. `known_until`: the last day
    for which the holidays are known. `local`: holidays of one unit only, by its id.
    """

    policy: CalendarPolicy
    weekend: frozenset[int]
    holidays: frozenset[date]
    known_until: date | None
    some: frozenset[Nth] = frozenset()
    local: Mapping[str, frozenset[date]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def week(self) -> Week:
        """The closed days of every week and month."""
        return Week(self.weekend, self.some)

    def holidays_in(self, units: Iterable[str]) -> frozenset[date]:
        """The holidays of a place that has these units over it."""
        found = [days for unit in units if (days := self.local.get(unit))]
        return self.holidays.union(*found) if found else self.holidays

    def due(self, start: date, days: int, holidays: frozenset[date] | None = None) -> date:
        """The last day of a limit of `days` (1 or more) that began on `start`.

        `holidays`: those of the place, from `holidays_in`; without them those of the whole State.
        """
        if days < 1:
            raise ValueError(f"a limit of {days} days: at least 1 is needed")
        if self.policy == "calendar":
            return start + timedelta(days=days)
        if len(self.weekend) > 6 or (self.some and not self.week.leaves_work):
            raise ValueError("a week without a working day has no end of a limit")
        closed = self.holidays if holidays is None else holidays
        weekend, some = self.weekend, self.some
        day, left = start, days
        while left:
            day += _ONE
            if (
                day.weekday() not in weekend
                and day not in closed
                and not (some and any(nth.falls_on(day) for nth in some))
            ):
                left -= 1
        return day

    def doubt(self, due: date) -> str:
        """Why `due` may have to be counted again once more is known; empty when it is certain."""
        if self.policy == "working" and (self.known_until is None or due > self.known_until):
            return f"holidays of {due.year} not in the directory"
        return ""
