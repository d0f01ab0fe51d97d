"""Numbers, dates and durations as people here write them."""

from datetime import UTC, date, datetime

import pytest

from desk import formats


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (231660, "2,31,660"),
        (12345678, "1,23,45,678"),
        (-5000, "-5,000"),
    ],
)
def test_indian_groups(number: int, text: str) -> None:
    assert formats.indian(number) == text


def test_complaint_numbers_are_read_in_fours() -> None:
    assert formats.complaint_number("10000018") == "1000 0018"
    assert formats.complaint_number("123456789") == "1234 5678 9"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+919812345610", "98123 45610"),
        ("+917552551234", "0755 255 1234"),
        ("98xxxxxx10", "98xxx xxx10"),
        ("181", "181"),
        ("", ""),
        ("+14155550100", "+14155550100"),
    ],
)
def test_phone_numbers(number: str, text: str) -> None:
    assert formats.phone(number) == text


def test_days_in_both_languages() -> None:
    assert formats.day(date(2026, 12, 7), "hi") == "7 दिसंबर 2026"
    assert formats.day(date(2026, 2, 1), "en") == "1 February 2026"


def test_a_moment_is_told_in_indian_time() -> None:
    late = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    assert formats.day(late, "en") == "24 November 2026"
    assert formats.clock_time(late) == "00:30"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (-3, "0:00"), (14.9, "0:14"), (75, "1:15"), (3661, "1:01:01")]
)
def test_durations(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text
