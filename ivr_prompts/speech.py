"""The grammar of what is spoken piece by piece, as prompt keys: numbers, dates, times, long numbers.

Hindi and English; every other language speaks by Hindi's rules, since its missing prompts are Hindi's.
All keys are in every catalogue. Numbers count the Indian way, in lakh and crore.
"""

from datetime import date, time
from itertools import pairwise
from math import ceil
from typing import Final

from ivr_prompts.numbers import digit_keys, number_key

LARGEST: Final = 99_99_99_999
"""Ninety-nine crore and all below it; nothing counted in a call is more."""

_PLACES: Final = ((1_00_00_000, "crore"), (1_00_000, "lakh"), (1_000, "thousand"), (100, "hundred"))
_CENTURIES_OF_HUNDREDS: Final = range(1100, 2000)
_GROUP: Final = 4
_LONGEST_GROUP: Final = 5

_QUARTER, _HALF, _THREE_QUARTERS = 15, 30, 45
_FROM_HOUR: Final = {
    "hi": ((0, "night"), (4, "morning"), (12, "noon"), (16, "evening"), (20, "night"), (24, "")),
    "en": ((0, "night"), (4, "morning"), (12, "noon"), (17, "evening"), (21, "night"), (24, "")),
}


def number_keys(number: int, language: str = "hi") -> list[str]:
    """A whole number from 0 to 99,99,99,999: 105 is एक सौ पाँच, never सौ पाँच.

    English leaves the "and" before the last two digits away. Raises ValueError outside the range.
    """
    del language  # both say the places in the same order
    if not 0 <= number <= LARGEST:
        raise ValueError(f"numbers from 0 to {LARGEST} can be spoken, {number} cannot")
    if number == 0:
        return [number_key(0)]
    keys = []
    for value, name in _PLACES:
        count, number = divmod(number, value)
        if count:
            keys += [number_key(count), f"number/{name}"]
    return [*keys, number_key(number)] if number else keys


def year_keys(year: int, language: str = "hi") -> list[str]:
    """A year of four digits: 2026 is दो हज़ार छब्बीस and "twenty twenty-six", 1995 उन्नीस सौ पचानवे.

    Raises ValueError for a year before 1000 or after 9999.
    """
    if not 1000 <= year <= 9999:
        raise ValueError(f"years of four digits can be spoken, {year} cannot")
    century, rest = divmod(year, 100)
    if language == "en" and rest >= 10:
        return [number_key(century), number_key(rest)]
    if year in _CENTURIES_OF_HUNDREDS:
        return [number_key(century), "number/hundred", *([number_key(rest)] if rest else [])]
    return number_keys(year, language)


def date_keys(day: date, language: str = "hi", *, weekday: bool = False, year: bool = True) -> list[str]:
    """A day as callers say it: 23 नवंबर 2026, the name of the day of the week before it when asked for."""
    keys = [f"weekday/{day.isoweekday()}"] if weekday else []
    keys += [number_key(day.day), f"month/{day.month}"]
    return keys + year_keys(day.year, language) if year else keys


def time_keys(moment: time, language: str = "hi") -> list[str]:
    """A time of the day to the minute, on the clock of twelve hours with the part of the day.

    Hindi has words for quarters and halves: 7:15 is सुबह सवा सात बजे, 7:30 साढ़े सात, 7:45 पौने आठ, but 1:30 is
    डेढ़ and 2:30 ढाई; otherwise सात बजकर दस मिनट. English says "seven thirty in the morning".
    """
    hour = (moment.hour - 1) % 12 + 1
    part = f"time/{_part_of_day(moment.hour, language)}"
    if language == "en":
        return [number_key(hour), *_english_minutes(moment.minute), part]
    return [part, *_hindi_clock(hour, moment.minute)]


def duration_keys(seconds: float, language: str = "hi") -> list[str]:
    """How long something lasts, in hours and minutes, rounded up to whole minutes and at least one.

    Raises ValueError for a negative duration or one of more than 99 hours.
    """
    del language  # the words differ, their order does not
    if seconds < 0:
        raise ValueError(f"a duration cannot be negative: {seconds}")
    hours, minutes = divmod(max(1, ceil(seconds / 60)), 60)
    keys = [number_key(hours), "hour-word" if hours == 1 else "hours-word"] if hours else []
    if minutes:
        keys += [number_key(minutes), "minute-word" if minutes == 1 else "minutes-word"]
    return keys


def digit_groups(digits: str) -> list[str]:
    """A long number digit by digit, in even groups of at most four with फिर between them, to be written down.

    Up to five digits stay together. Raises ValueError unless all are digits 0-9.
    """
    keys = digit_keys(digits)
    count = 1 if len(keys) <= _LONGEST_GROUP else ceil(len(keys) / _GROUP)
    ends = [ceil(len(keys) * part / count) for part in range(count + 1)]
    groups = [keys[start:end] for start, end in pairwise(ends)]
    return [key for group in groups for key in ("digits-then", *group)][1:]


def queue_keys(ahead: int, language: str = "hi") -> list[str]:
    """How many callers wait before this one, in words that agree with the number.

    Raises ValueError for a negative number.
    """
    if ahead == 0:
        return ["queue-next"]
    if ahead == 1:
        return ["queue-ahead-one"]
    return ["queue-ahead-before", *number_keys(ahead, language), "queue-ahead-after"]


def _part_of_day(hour: int, language: str) -> str:
    parts = _FROM_HOUR["en" if language == "en" else "hi"]
    return next(name for (first, name), (end, _) in pairwise(parts) if first <= hour < end)


def _english_minutes(minute: int) -> list[str]:
    if minute == 0:
        return ["time/oclock"]
    return ["digit/0", number_key(minute)] if minute < 10 else [number_key(minute)]


def _hindi_clock(hour: int, minute: int) -> list[str]:
    after = hour % 12 + 1
    if minute == _HALF and hour in (1, 2):
        return ["time/half-one" if hour == 1 else "time/half-two", "time/oclock"]
    quarters = {
        0: [number_key(hour)],
        _QUARTER: ["time/quarter-past", number_key(hour)],
        _HALF: ["time/half", number_key(hour)],
        _THREE_QUARTERS: ["time/quarter-to", number_key(after)],
    }
    if minute in quarters:
        return [*quarters[minute], "time/oclock"]
    return [
        number_key(hour),
        "time/past",
        number_key(minute),
        "minute-word" if minute == 1 else "minutes-word",
    ]
