"""Days of the week as offices write them: "sat;sun", "2nd and 4th Saturday", "शनिवार व रविवार"."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from mapper.sheets.cells import CellError
from mapper.sheets.script.krutidev import decode
from mapper.week import LAST, NAMES, Nth, Week

_REMEDY = (
    "write days such as sat;sun, शनि;रवि or 2nd sat;4th sat;sun, at most six, or none; "
    "single days go into holidays.csv, a row each"
)
ALTERNATE = frozenset({2, 4})
"""What "alternate Saturdays" means: banks and offices of the State close on the second and the fourth."""

_HINDI_DAYS = (
    "सोमवार सोम चंद्रवार चन्द्रवार somvar somwar",
    "मंगलवार मंगल भौमवार mangalvar mangalwar",
    "बुधवार बुध budhvar budhwar",
    "गुरुवार गुरूवार गुरु गुरू बृहस्पतिवार वृहस्पतिवार बृहस्पति वीरवार जुमेरात guruvar guruwar brihaspativar",
    "शुक्रवार शुक्र जुमा जुम्मा shukravar shukrawar",
    "शनिवार शनि शनिश्चर शनीचर शनिचर shanivar shaniwar",
    "रविवार रवि इतवार एतवार ravivar raviwar itvar itwar",
)
_DAYS: Mapping[str, int] = {
    word: number
    for number, name in enumerate(NAMES)
    for word in (
        *(name.casefold()[:length] for length in range(3, len(name) + 1)),
        *(f"{name.casefold()}s", f"{name.casefold()[:3]}s"),
        *_HINDI_DAYS[number].split(),
    )
}
_ORDINALS: Mapping[str, frozenset[int]] = {
    word: frozenset(which)
    for which, words in {
        (1,): "1 1st first i प्रथम पहला पहले पहली",
        (2,): "2 2nd second ii द्वितीय दूसरा दूसरे दूसरी दुसरा दुसरे",
        (3,): "3 3rd third iii तृतीय तीसरा तीसरे तीसरी",
        (4,): "4 4th fourth forth iv चतुर्थ चौथा चौथे चौथी",
        (5,): "5 5th fifth v पंचम पाँचवाँ पांचवां पाँचवां पांचवाँ पाँचवें पांचवें पाँचवे पांचवे",
        (LAST,): "last अंतिम अन्तिम आखिरी आखरी",
        tuple(ALTERNATE): "alternate alternative alternates एकांतर एकान्तर even",
        (1, 3, 5): "odd",
    }.items()
    for word in words.split()
}
_ALTERNATES = frozenset(("alternate", "alternative", "alternates", "एकांतर", "एकान्तर"))
_EVERY = frozenset(["all", "every", "each", "सभी", "प्रत्येक", "हर", "समस्त", "सब"])
_AND = frozenset([";", ",", "/", "&", "+", "and", "और", "व", "एवं", "एवम्", "तथा", "\n"])
_TO = frozenset(["-", "–", "—", "to", "से"])
_NOISE = frozenset(
    [
        "(",
        ")",
        ".",
        ":",
        "।",
        "of",
        "the",
        "in",
        "on",
        "month",
        "months",
        "monthly",
        "weekly",
        "week",
        "day",
        "days",
        "closed",
        "holiday",
        "holidays",
        "off",
        "only",
        "रा",
        "ला",
        "था",
        "वां",
        "वाँ",
        "माह",
        "मास",
        "महीने",
        "महीना",
        "के",
        "का",
        "की",
        "को",
        "में",
        "दिन",
        "अवकाश",
        "छुट्टी",
        "बंद",
        "बन्द",
        "साप्ताहिक",
        "केवल",
        "वाले",
    ]
)
_NO_DAY = frozenset(("none", "nil", "no day", "-", "कोई नहीं", "कोई नही", "नहीं", "निरंक"))
_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)?(?![a-z])|[a-z]+|[ऀ-ॣॱ-ॿ]+|\S|\n")
_SAME = {ord("०") + n: str(n) for n in range(10)} | {ord("़"): None}


@dataclass(frozen=True, slots=True)
class WeekRead:
    """What was read. `alternate`: which days it means was not said, and is `ALTERNATE`."""

    week: Week
    alternate: bool = False


def simple(text: str) -> str:
    """Text without what writers vary: case, nuktas, Hindi or other digits."""
    return unicodedata.normalize("NFC", text).casefold().translate(_SAME)


def weekday_of(word: str) -> int | None:
    """The number of a weekday by its name in either language, Monday 0; the word as `simple` leaves it."""
    return _DAYS.get(word)


def weekday_like(word: str) -> str | None:
    """The name of a weekday that is written much like the word."""
    near = difflib.get_close_matches(word, _DAYS, n=1, cutoff=0.7)
    return NAMES[_DAYS[near[0]]] if near else None


def read_week(cell: str) -> WeekRead:
    """The closed days that a cell names. Raises CellError with what it most likely means, and the remedy."""
    plain = " ".join(simple(cell).split())
    if plain in _NO_DAY:
        return WeekRead(Week())
    try:
        read = _read(cell, plain)
    except CellError:
        hindi = decode(cell) if cell.isascii() else None
        if hindi is None:
            raise
        try:
            read = _read(cell, simple(hindi))
        except CellError:
            read = _read(cell, plain)
    if not read.week.leaves_work:
        raise CellError(f"{cell!r} is no list of days: no working day is left", _REMEDY)
    return read


@dataclass(slots=True)
class _Reader:
    """Reads word by word. Ordinals wait for the day they are of, or belong to the one just before them."""

    days: set[int] = field(default_factory=set)
    some: set[Nth] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    last: int | None = None
    beside: bool = False
    trailing: bool = False
    apart: bool = True
    span: bool = False

    def take(self, word: str) -> None:
        """The next word. Raises ValueError with what cannot be told."""
        if (which := _ORDINALS.get(word)) is not None:
            self._ordinal(which)
        elif (day := _DAYS.get(word)) is not None:
            self._day(day)
        elif word in _AND:
            self.beside, self.apart = False, True
        elif word in _TO:
            self.span = True

    def _ordinal(self, which: frozenset[int]) -> None:
        if self.span and self.waiting:
            raise ValueError("a span of numbers could be two or all between")
        if self.last is not None and (self.beside or self.trailing):
            self.days.discard(self.last)
            self.some |= {Nth(self.last, each) for each in which}
            self.trailing = True
        else:
            self.waiting |= which
        self.beside = self.apart = False

    def _day(self, day: int) -> None:
        if self.trailing and not self.apart:
            raise ValueError("of which day the numbers are cannot be told")
        if self.span and self.last is not None and not self.waiting:
            self.days |= {(self.last + step) % 7 for step in range((day - self.last) % 7 + 1)}
        elif self.waiting:
            self.some |= {Nth(day, each) for each in self.waiting}
        else:
            self.days.add(day)
        self.beside, self.trailing, self.span = not self.waiting, False, False
        self.waiting.clear()
        self.last, self.apart = day, False


def _read(cell: str, plain: str) -> WeekRead:
    words = list(_words(plain))
    unknown = [word for word in words if not _known(word)]
    if unknown:
        raise CellError(f"{cell!r} is no list of days: {unknown[0]!r} is not understood", _likely(words))
    reader = _Reader()
    for word in words:
        try:
            reader.take(word)
        except ValueError as error:
            raise CellError(f"{cell!r} is no list of days: {error}", _REMEDY) from None
    if reader.waiting or reader.last is None:
        what = "no day of the week is named" if reader.last is None else "a number stands without its day"
        raise CellError(f"{cell!r} is no list of days: {what}", _REMEDY)
    return WeekRead(Week.of(reader.days, reader.some), not _ALTERNATES.isdisjoint(words))


def _words(plain: str) -> Iterator[str]:
    yield from _TOKEN.findall(plain)


def _known(word: str) -> bool:
    return any(word in known for known in (_DAYS, _ORDINALS, _EVERY, _AND, _TO, _NOISE))


@lru_cache(maxsize=1024)
def _near(word: str) -> str | None:
    """The word of lists of days that a slip made into this one; a number is none."""
    if word.isdecimal():
        return None
    every = [*_DAYS, *_ORDINALS, *_EVERY, *_NOISE]
    return next(iter(difflib.get_close_matches(word, every, n=1, cutoff=0.7)), None)


def _likely(words: list[str]) -> str:
    """The remedy: what the cell most likely means if its unknown words are slips, else how to write it."""
    mended = []
    for word in words:
        near = word if _known(word) else _near(word)
        if near is None:
            return _REMEDY
        mended.append(near)
    try:
        week = _read("", " ".join(mended)).week
    except CellError:
        return _REMEDY
    return f"it is most likely {week}: write that, if so"
