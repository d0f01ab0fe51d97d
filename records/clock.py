"""Moments: aware UTC inside, whoever asks and whichever database answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")

Clock = Callable[[], datetime]
"""Gives the current moment, aware. Shells pass it in, so that tests can hold time still."""


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises `ValueError` for a naive datetime: it could mean IST as well as UTC, five and a half hours apart.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; pass an aware datetime")
    return moment.astimezone(UTC)


def stamp(moment: datetime) -> str:
    """Fixed-width ISO 8601 in UTC: sorts as time does, and is what event hashes are made over."""
    return as_utc(moment).isoformat(timespec="microseconds")


def indian_day(moment: datetime) -> date:
    """The day in India of an aware moment; limits end with a day there."""
    return as_utc(moment).astimezone(INDIA).date()
