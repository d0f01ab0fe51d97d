"""What the writer and the reader of an edition's file must agree on."""

from __future__ import annotations

FORMAT = 2
"""Version of the file's layout. A file with another one is refused, but for 1 (see `mapper.layout_1`)."""

OFFICE_TABLES = ("holders", "escalation", "calendars", "reasons", "grading")
"""Tables of the sheets that an office may leave out: always in the file, empty without their sheet."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekend(value: str) -> frozenset[int]:
    """The days of "sat;sun" as numbers, Monday 0; empty for any other text or when no working day is left."""
    days = [part.strip().lower() for part in value.split(";") if part.strip()]
    if not set(days) <= set(WEEKDAYS) or len(set(days)) > 6:
        return frozenset()
    return frozenset(WEEKDAYS.index(name) for name in days)
