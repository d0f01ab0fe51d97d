"""In which script a name is written: Hindi, Roman letters, or Hindi in the disguise of a Kruti Dev font.

Text typed in Kruti Dev is Latin letters to a program, and now and then a Roman name reads as good Hindi
("Bhopal" would be ठीवचंस). So the text is weighed both ways: by which pairs of letters names have, in Roman
letters and in Hindi, learnt from the names of the shipped sheets.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from mapper.settings import SHIPPED
from mapper.sheets.script.krutidev import decode

Script = Literal["hindi", "roman", "krutidev", "unsure", "none"]

FIRM = 0.35
"""Lead a letter by which one reading must win on its own. Below it lie short names and abbreviations."""
CERTAIN = 1.0
"""Lead beyond which no name of the shipped sheets is read wrongly, so that nothing else is asked."""

_DEVANAGARI = re.compile("[ऀ-ॣॱ-ॿ]")
_ROMAN = re.compile("[A-Za-z]")
_TYPED = re.compile("[A-Za-z¡-ÿƒˆ–—‘-”†•…‰‹Œ‚„Š™]")

_REMEMBERED = 65_536
"""Texts whose weight is remembered: names and words stand in many cells and are weighed more than once."""

_SOURCES = (("places.csv", 1), ("designations.csv", 3), ("departments.csv", 5), ("types.csv", 2))
"""Sheets the letters are learnt from, and how often each row counts, so that few titles weigh too."""


class _Pairs:
    """How usual each letter is after the one before it. `weigh` gives the mean logarithm a letter."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._pairs: Counter[str] = Counter()
        self._firsts: Counter[str] = Counter()
        for text in texts:
            padded = f" {text} "
            for i in range(len(padded) - 1):
                self._pairs[padded[i : i + 2]] += 1
                self._firsts[padded[i]] += 1
        self._letters = len(self._firsts) + 1

    def weigh(self, text: str) -> float:
        padded = f" {text} "
        total = 0.0
        for i in range(len(padded) - 1):
            seen = self._pairs[padded[i : i + 2]] + 0.05
            total += math.log(seen / (self._firsts[padded[i]] + 0.05 * self._letters))
        return total / (len(padded) - 1)


def script(text: str) -> Script:
    """The script of a text by itself. "unsure": as likely a Roman word as one typed in Kruti Dev."""
    if _DEVANAGARI.search(text):
        return "hindi"
    if not _TYPED.search(text):
        return "none"
    lead = kruti_lead(text)
    if lead is None:
        return "roman" if _ROMAN.search(text) else "none"
    if abs(lead) < FIRM:
        return "unsure"
    return "krutidev" if lead > 0 else "roman"


@lru_cache(maxsize=_REMEMBERED)
def kruti_lead(text: str) -> float | None:
    """By how much (mean logarithm a letter) the text is rather Kruti Dev than Roman; None: it cannot be."""
    hindi = decode(text)
    if hindi is None:
        return None
    return hindi_weight(hindi) - roman_weight(text)


@lru_cache(maxsize=_REMEMBERED)
def roman_weight(text: str) -> float:
    """How usual its pairs of letters are in Roman names, as a mean logarithm: nearer to 0 is more usual."""
    return max(_learnt()[0].weigh(variant) for variant in (text, text.title(), text.capitalize()))


@lru_cache(maxsize=_REMEMBERED)
def hindi_weight(text: str) -> float:
    """How usual its pairs of letters are in Hindi names."""
    return _learnt()[1].weigh(text)


@lru_cache(maxsize=1)
def _learnt() -> tuple[_Pairs, _Pairs]:
    roman: list[str] = []
    hindi: list[str] = []
    for file, times in _SOURCES:
        with (SHIPPED / file).open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                roman += [row["name_en"]] * times
                hindi += [row["name_hi"]] * times
    return _Pairs(roman), _Pairs(hindi)
