"""The grammar of numbers, dates and times, held to an independent speller of numbers."""

import unicodedata
from datetime import date, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from indic_numtowords import num2words  # type: ignore[import-untyped]

from ivr_prompts import load_catalogue
from ivr_prompts.speech import (
    LARGEST,
    date_keys,
    digit_groups,
    duration_keys,
    number_keys,
    queue_keys,
    time_keys,
    year_keys,
)

CATALOGUES = {language: load_catalogue(language) for language in ("hi", "en")}
# The same numbers as the other speller writes them; which spelling stands is said in the catalogue.
SPELLINGS = {"छः": "छह", "अट्ठारह": "अठारह", "चौंतालीस": "चवालीस", "तिरेपन": "तिरपन", "तिरेसठ": "तिरसठ"}
SPELLINGS |= {"छयासठ": "छियासठ", "सरसठ": "सड़सठ", "अठासी": "अट्ठासी", "and": ""}
languages = st.sampled_from(["hi", "en"])


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def text_of(keys: list[str], language: str = "hi") -> str:
    return " ".join(CATALOGUES[language][key].text for key in keys)


def spelt_elsewhere(number: int, language: str) -> str:
    found = num2words(number, lang=language)
    words = plain(found if isinstance(found, str) else found[0]).split()
    same = {plain(theirs): plain(ours) for theirs, ours in SPELLINGS.items()}
    return " ".join(filter(None, (same.get(word, word) for word in words)))


@settings(deadline=None)
@given(number=st.integers(0, LARGEST) | st.integers(0, 2000), language=languages)
@example(number=100, language="hi")
@example(number=1_00_001, language="hi")
@example(number=LARGEST, language="hi")
@example(number=0, language="en")
def test_numbers_are_spoken_as_another_speller_writes_them(number: int, language: str) -> None:
    assert plain(text_of(number_keys(number, language), language)) == spelt_elsewhere(number, language)


@pytest.mark.parametrize("number", range(100))
def test_every_number_below_a_hundred_is_the_word_the_other_speller_writes(number: int) -> None:
    assert plain(text_of(number_keys(number))) == spelt_elsewhere(number, "hi")


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_other_numbers_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="cannot"):
        number_keys(number)


@pytest.mark.parametrize(
    ("year", "hindi", "english"),
    [
        (2026, "दो हज़ार छब्बीस", "twenty twenty six"),
        (2005, "दो हज़ार पाँच", "two thousand five"),
        (2000, "दो हज़ार", "two thousand"),
        (1995, "उन्नीस सौ पचानवे", "nineteen ninety five"),
        (1900, "उन्नीस सौ", "nineteen hundred"),
        (1050, "एक हज़ार पचास", "ten fifty"),
    ],
)
def test_years(year: int, hindi: str, english: str) -> None:
    assert text_of(year_keys(year)) == hindi
    assert text_of(year_keys(year, "en"), "en") == english


@pytest.mark.parametrize("year", [999, 10000])
def test_years_of_other_lengths_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="four digits"):
        year_keys(year)


def test_dates() -> None:
    day = date(2026, 11, 23)
    assert text_of(date_keys(day)) == "तेईस नवंबर दो हज़ार छब्बीस"
    assert text_of(date_keys(day, weekday=True, year=False)) == "सोमवार तेईस नवंबर"
    assert (
        text_of(date_keys(day, "en", weekday=True), "en") == "Monday twenty three November twenty twenty six"
    )


@pytest.mark.parametrize(
    ("hour", "minute", "hindi", "english"),
    [
        (7, 0, "सुबह सात बजे", "seven o'clock in the morning"),
        (7, 15, "सुबह सवा सात बजे", "seven fifteen in the morning"),
        (18, 30, "शाम साढ़े छह बजे", "six thirty in the evening"),
        (13, 30, "दोपहर डेढ़ बजे", "one thirty in the afternoon"),
        (14, 30, "दोपहर ढाई बजे", "two thirty in the afternoon"),
        (12, 45, "दोपहर पौने एक बजे", "twelve forty five in the afternoon"),
        (23, 0, "रात ग्यारह बजे", "eleven o'clock at night"),
        (0, 5, "रात बारह बजकर पाँच मिनट", "twelve zero five at night"),
        (3, 59, "रात तीन बजकर उनसठ मिनट", "three fifty nine at night"),
    ],
)
def test_times(hour: int, minute: int, hindi: str, english: str) -> None:
    assert text_of(time_keys(time(hour, minute))) == hindi
    assert text_of(time_keys(time(hour, minute), "en"), "en") == english


@settings(deadline=None)
@given(seconds=st.integers(0, 99 * 3600), language=languages)
def test_durations_round_up_to_whole_minutes(seconds: int, language: str) -> None:
    keys = duration_keys(seconds, language)
    values = {"hour-word": 60, "hours-word": 60, "minute-word": 1, "minutes-word": 1}
    counts = [int(key.removeprefix("number/")) for key in keys[::2]]
    minutes = sum(count * values[word] for count, word in zip(counts, keys[1::2], strict=True))
    assert timedelta(minutes=minutes - 1) < timedelta(seconds=max(seconds, 1)) <= timedelta(minutes=minutes)


def test_durations_agree_with_their_number() -> None:
    assert text_of(duration_keys(0)) == "एक मिनट"
    assert text_of(duration_keys(3600)) == "एक घंटा"
    assert text_of(duration_keys(2 * 3600 + 300)) == "दो घंटे पाँच मिनट"
    assert text_of(duration_keys(3660, "en"), "en") == "one hour one minute"
    with pytest.raises(ValueError, match="negative"):
        duration_keys(-1)


@pytest.mark.parametrize(
    ("digits", "spoken"),
    [
        ("7", "7"),
        ("12345", "12345"),
        ("10000017", "1000 0017"),
        ("123456789", "123 456 789"),
        ("123456", "123 456"),
    ],
)
def test_long_numbers_are_grouped(digits: str, spoken: str) -> None:
    keys = digit_groups(digits)
    assert "".join(" " if key == "digits-then" else key[-1] for key in keys) == spoken


@settings(deadline=None)
@given(digits=st.text("0123456789", min_size=1, max_size=40))
def test_grouping_loses_no_digit(digits: str) -> None:
    assert "".join(key[-1] for key in digit_groups(digits) if key.startswith("digit/")) == digits


def test_only_digits_are_grouped() -> None:
    with pytest.raises(ValueError, match="digits"):
        digit_groups("12a")


def test_callers_ahead() -> None:
    assert text_of(queue_keys(0)) == "अगली बारी आपकी है।"
    assert queue_keys(1) == ["queue-ahead-one"]
    assert text_of(queue_keys(12)) == "इस समय आपसे पहले, बारह लोग हैं। उनके बाद आपकी बारी आएगी।"
    with pytest.raises(ValueError, match="cannot"):
        queue_keys(-1)


@settings(deadline=None)
@given(day=st.dates(date(1000, 1, 1)), moment=st.times(), language=st.sampled_from(["hi", "en", "mup"]))
def test_every_key_of_a_moment_is_in_the_catalogue(day: date, moment: time, language: str) -> None:
    keys = date_keys(day, language, weekday=True) + time_keys(moment, language)
    assert set(keys) <= CATALOGUES["en" if language == "en" else "hi"].keys()
