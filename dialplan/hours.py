"""When the centres take calls. Read from data/hours.toml, which administrators edit."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from dialplan.toml import Mistakes, read_toml
from dialplan.variables import STATE_QUEUE

HOURS_FILE: Final = Path(__file__).resolve().parent / "data" / "hours.toml"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
INDIA: Final = timezone(timedelta(hours=5, minutes=30), "IST")
"""Without the time zone database: India has had one time and no summer time since 1945."""

_LOOK_AHEAD_DAYS = 31
_MIDNIGHT = time(0)


@dataclass(frozen=True)
class CentreHours:
    """Hours of a centre, Indian time. `closing` 00:00 is the end of the day; `days` count from Monday, 0."""

    days: frozenset[int]
    opening: time
    closing: time
    closed: frozenset[date]

    def is_open_on(self, day: date) -> bool:
        """Whether it opens at all on this day."""
        return day.weekday() in self.days and day not in self.closed

    def is_open_at(self, local: datetime) -> bool:
        """Whether it is open at this Indian time: from opening on, until just before closing."""
        now = local.time()
        return (
            self.is_open_on(local.date())
            and now >= self.opening
            and (self.closing == _MIDNIGHT or now < self.closing)
        )


class Hours:
    """Opening hours by district code, or "state" for the state's operators. What is not in it is open."""

    def __init__(self, centres: Mapping[str, CentreHours]) -> None:
        self.centres = dict(centres)

    def is_open(self, code: str, at_utc: datetime) -> bool:
        """Whether the centre of this district takes calls at an aware time."""
        centre = self.centres.get(code)
        return centre is None or centre.is_open_at(at_utc.astimezone(INDIA))

    def opens_next(self, code: str, at_utc: datetime) -> datetime | None:
        """When a closed centre opens again (aware, UTC).

        The same time when it is open; None when it stays closed for more than a month.
        """
        centre = self.centres.get(code)
        local = at_utc.astimezone(INDIA)
        if centre is None or centre.is_open_at(local):
            return at_utc
        for ahead in range(_LOOK_AHEAD_DAYS + 1):
            day = local.date() + timedelta(days=ahead)
            opening = datetime.combine(day, centre.opening, INDIA)
            if centre.is_open_on(day) and opening >= local:
                return opening.astimezone(UTC)
        return None


def load_hours(path: Path | None = None, centres: Collection[str] | None = None) -> Hours:
    """Hours of the TOML file (default: the one shipped). ``centres``: codes of districts that have one.

    Raises DialplanError naming file, key and remedy of every mistake.
    """
    path = path or HOURS_FILE
    return parse_hours(read_toml(path), path.name, centres)


def parse_hours(
    document: Mapping[str, Any], file: str = "hours.toml", centres: Collection[str] | None = None
) -> Hours:
    """Hours out of the file's content. Raises DialplanError like `load_hours`."""
    mistakes = Mistakes(file)
    mistakes.unknown_keys("", document, {"centres"})
    tables = document.get("centres", {})
    if not isinstance(tables, Mapping):
        mistakes.add("centres", "is no table", "write [centres.39]")
        tables = {}
    found = {code: _centre(mistakes, code, table, centres) for code, table in tables.items()}
    mistakes.done()
    return Hours(found)


def _centre(mistakes: Mistakes, code: str, table: object, centres: Collection[str] | None) -> CentreHours:
    where = f"centres.{code}"
    if not re.fullmatch(rf"[0-9]{{2}}|{STATE_QUEUE}", code) or not isinstance(table, Mapping):
        mistakes.add(
            where, "is no district's table", "write [centres.39], the district's code, or [centres.state]"
        )
        table = {}
    elif code != STATE_QUEUE and centres is not None and code not in centres:
        mistakes.add(where, "is no district with a centre", "correct the code, see districts.csv")
    where += "."
    mistakes.unknown_keys(where, table, {"days", "opening", "closing", "closed"})
    days = table.get("days", list(DAYS))
    if not isinstance(days, list) or not days or not all(day in DAYS for day in days):
        mistakes.add(f"{where}days", f"{days!r} does not fit", f"use a list of {', '.join(DAYS)}")
        days = []
    opening, closing = _time(mistakes, where, "opening", table), _time(mistakes, where, "closing", table)
    if opening is not None and closing not in (None, _MIDNIGHT) and closing <= opening:
        mistakes.add(
            f"{where}closing",
            f"{closing:%H:%M} is not after opening",
            "write a later time, or 00:00:00 for midnight",
        )
    closed = table.get("closed", [])
    if not isinstance(closed, list) or not all(type(day) is date for day in closed):
        mistakes.add(f"{where}closed", f"{closed!r} does not fit", "write dates: [2027-01-26]")
        closed = []
    return CentreHours(
        frozenset(map(DAYS.index, days)), opening or _MIDNIGHT, closing or _MIDNIGHT, frozenset(closed)
    )


def _time(mistakes: Mistakes, where: str, name: str, table: Mapping[str, Any]) -> time | None:
    value = table.get(name, _MIDNIGHT)
    if isinstance(value, time) and not value.second and not value.microsecond:
        return value
    mistakes.add(f"{where}{name}", f"{value!s} does not fit", "write a time in whole minutes: 07:00:00")
    return None
