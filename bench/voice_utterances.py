"""What is listened to: every prompt inside what a caller hears it in, as the product puts it together."""

import csv
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Final

from bench.voice_compare import Numerals
from ivr_prompts import Catalogue, digit_keys, number_key
from ivr_prompts.catalogue import PACKAGE
from ivr_prompts.speech import date_keys, digit_groups, duration_keys, number_keys, queue_keys, time_keys

NOT_SPEECH: Final = frozenset({"beep"})
WORDS: Final = frozenset({"hour-word", "hours-word", "minute-word", "minutes-word", "digits-then"})
"""Single words whose keys say of no group."""
SENTENCES: Final = "sentences"
_LEADS: Final = frozenset(
    {
        *("you-chose", "offer-district", "complaint-number-is", "complaint-number-again", "code-is"),
        *("status-of", "status-with", "status-due", "closed-opens-at", "queue-wait-about"),
        *("queue-ahead-before", "queue-ahead-after"),
    }
)
"""Sentences that are never heard by themselves; so are those with `_DAY`."""
_DAY: Final = "status-on-"
"""How the keys of sentences begin that a day follows."""

_GROUPS: Final = {"digit": "digits", "district": "districts", "time": "times", "level": "levels"} | {
    name: f"{name}s" for name in ("number", "month", "weekday", "department", "designation")
}
SINGLE: Final = frozenset({"digits", "numbers", "months", "weekdays", "times", "districts", "small words"})
"""Groups of single words, which are listened to by themselves, too."""
_DISTRICTS: Final = PACKAGE.parent / "dialplan" / "data" / "districts.csv"
_NUMBER_DIGITS, _TIMES_EACH = 8, 8


@dataclass(frozen=True)
class Utterance:
    """Prompts played one behind the other, and what numerals in what is heard of them stand for."""

    keys: tuple[str, ...]
    numerals: Numerals = "numbers"


def group_of(key: str) -> str:
    """The group a prompt is reported in."""
    if key in WORDS:
        return "small words"
    return _GROUPS[key.partition("/")[0]] if "/" in key else SENTENCES


def utterances(catalogue: Catalogue, *, districts: Path = _DISTRICTS) -> list[Utterance]:
    """Utterances that hold every prompt of the catalogue at least once; the same in every run.

    What no conversation plays in this language is there by itself.
    """
    language = catalogue.language
    found = [
        Utterance((key,))
        for key in catalogue
        if group_of(key) == SENTENCES and key not in _LEADS | NOT_SPEECH and not key.startswith(_DAY)
    ]
    found += [*_long_numbers(), *_districts(districts), *_counts(language), *_moments(language)]
    found += [*_officers(catalogue), *_deeds(catalogue)]
    played = {key for utterance in found for key in utterance.keys}
    return found + [Utterance((key,)) for key in catalogue if key not in played | NOT_SPEECH]


def singles(catalogue: Catalogue) -> list[Utterance]:
    """Every single word that the language says itself, without anything around it."""
    return [
        Utterance((key,), "digits" if key.startswith("digit/") else "numbers")
        for key in catalogue.own
        if group_of(key) in SINGLE
    ]


def _long_numbers() -> Iterator[Utterance]:
    dice = random.Random(181)  # noqa: S311 - the same numbers in every run
    pool = "".join("".join(dice.sample("0123456789", 10)) for _ in range(_TIMES_EACH))
    leads = itertools.cycle(("complaint-number-is", "status-of", "complaint-number-again", "status-of"))
    for start in range(0, len(pool), _NUMBER_DIGITS):
        digits, lead = pool[start : start + _NUMBER_DIGITS], next(leads)
        keys = digit_groups(digits) if lead == "status-of" else digit_keys(digits)
        yield Utterance((lead, *keys), "digits")


def _districts(path: Path) -> Iterator[Utterance]:
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            name, code = f"district/{row['slug']}", digit_keys(row["code"])
            ways = (
                ("offer-district", name, "offer-yes-no"),
                ("you-chose", *code, name, "confirm-district"),
                (name, "code-is", *code),  # of a list, whose introduction is a sentence for itself
            )
            yield Utterance(ways[number % len(ways)], "digits")


def _counts(language: str) -> Iterator[Utterance]:
    for number in range(2, 100):
        yield Utterance(tuple(queue_keys(number, language)))
    for number in (2_43_00_000, 15_00_700, 3_00_02_100, 31_45_500):
        keys = number_keys(number, language)
        yield Utterance(("queue-ahead-before", *keys, "queue-ahead-after"))
    for minutes in (1, 2, 5, 10, 20, 45, 60, 61, 122, 130, 180):
        yield Utterance(("queue-wait-about", *duration_keys(minutes * 60, language)))


def _moments(language: str) -> Iterator[Utterance]:
    for place, number in enumerate(range(1, 100, 4)):
        day = date(2000 + number, place % 12 + 1, place % 28 + 1)
        yield Utterance(("status-due", *date_keys(day, language)))
    for number in range(1, 15):
        day = date(2026, 2, number)
        yield Utterance(("status-due", *date_keys(day, language, weekday=True, year=False)))
    for hour, minute in itertools.product((1, 2, 6, 9, 12, 18, 21), (0, 15, 30, 45, 5)):
        if (hour + minute) % 2 or minute == 30:
            yield Utterance(("closed-opens-at", *time_keys(time(hour, minute), language)), "clock")


def _deeds(catalogue: Catalogue) -> Iterator[Utterance]:
    leads = [key for key in catalogue if key.startswith(_DAY)]
    for place, lead in enumerate(leads):
        day = date(2026, place % 12 + 1, 2 * place + 3)
        yield Utterance((lead, *date_keys(day, catalogue.language, year=False)))


def _officers(catalogue: Catalogue) -> Iterator[Utterance]:
    levels = itertools.cycle(key for key in catalogue if key.startswith("level/"))
    for key in catalogue:
        if key.startswith(("designation/", "department/")):
            yield Utterance(("status-with", next(levels), key))
    yield Utterance((number_key(0),))
