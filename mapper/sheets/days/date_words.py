"""Dates as lists of holidays print them: "26 जनवरी, सोमवार", "26.01.2026 Mon", "20 से 24 अक्टूबर".

A cell may name one day, several, or spans of days; the year may stand in a title above. A weekday beside a
date is held against it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from mapper.sheets.cells import MONTHS, YEARS, CellError, day
from mapper.sheets.days.week_words import simple, weekday_like, weekday_of
from mapper.week import NAMES

_ONE = timedelta(days=1)
_LONGEST = 62
"""Days of a span: longer than any vacation in a list of holidays; more is a slip of the finger."""
_TOKEN = re.compile(
    r"(?P<iso>\d{4}[-./]\d\d?[-./]\d\d?)(?!\d)|(?P<full>\d\d?[-./]\d\d?[-./]\d{4})(?!\d)"
    r"|(?P<short>(?<![\d./-])\d\d?[./]\d\d)(?![\d./-])|(?P<year>(?:19|20|21)\d\d)(?!\d)"
    r"|(?P<number>\d\d?)(?:st|nd|rd|th)?(?![\da-z])|(?P<word>[a-z]+|[ऀ-ॣॱ-ॿ]+)|(?P<dash>[-–—−])|(?P<sign>\S)"
)
_TO = frozenset(["to", "till", "until", "through", "upto", "से"])
_AND = frozenset(["and", "और", "व", "एवं", "एवम्", "तथा"])
_NOISE = frozenset(
    [
        "दिनांक",
        "dated",
        "date",
        "dt",
        "on",
        "the",
        "of",
        "को",
        "के",
        "की",
        "का",
        "तक",
        "from",
        "ई",
        "सन्",
        "वर्ष",
        "year",
        "weekday",
        "day",
        "दिन",
    ]
)
_SIGNS = frozenset("(),;:/&+.।[]'\"")


class _Strange(Exception):  # noqa: N818 (no fault: another reader may know the form)
    """The cell is no date of any form known here; `word` is what was not understood, if it was a word."""

    def __init__(self, word: str = "") -> None:
        super().__init__(word)
        self.word = word


@dataclass(slots=True)
class _Point:
    """A day as far as the cell names it. `slashed`: its day and month may be the other way round."""

    number: int
    month: int | None = None
    year: int | None = None
    span: bool = False
    slashed: bool = False


@dataclass(slots=True)
class _Reader:
    points: list[_Point] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    month: int | None = None
    year: int | None = None
    span: bool = False
    dashed: bool = False
    weekday_first: bool = False

    def point(self, point: _Point) -> None:
        point.span = (self.span or self.dashed) and bool(self.points)
        self.span = self.dashed = False
        self.points.append(point)

    def take_month(self, month: int) -> None:
        self.dashed = False
        waiting = [point for point in self.points if point.month is None]
        for point in waiting:
            point.month = month
        if not waiting:
            self.month = month

    def take_year(self, year: int) -> None:
        self.dashed = False
        waiting = [point for point in self.points if point.year is None]
        for point in waiting:
            point.year = year
        if not waiting:
            self.year = year

    def take_full(self, number: int, month: int, year: int | None, *, slashed: bool = False) -> None:
        for point in self.points:
            point.month = point.month or month
            point.year = point.year or year
        self.point(
            _Point(number, month, year, slashed=slashed and number <= 12 and month <= 12 and number != month)
        )


@dataclass(frozen=True, slots=True)
class DatesRead:
    """The days of a cell. `year_given` by whoever asked, because the cell has none."""

    days: tuple[date, ...]
    year_given: bool = False


def read_dates(cell: str, year: int | None, beside: str = "") -> DatesRead:
    """The days that a cell names, in their order, each once.

    `year` holds where the cell names none; `beside` is the cell with the weekday, if the list has one.
    Raises CellError with the remedy: for what is no date, has no year, or falls on another weekday than said.
    """
    said = weekdays_in(beside) if beside else []
    try:
        plain = DatesRead((day(cell),))
    except CellError as error:
        try:
            return _read(cell, year, said)
        except _Strange as strange:
            raise _told(cell, strange.word, error) from None
    _agree(cell, plain.days, [plain.days[0]], said)
    return plain


def weekdays_in(cell: str) -> list[int]:
    """The weekdays that a cell names. Raises CellError when it names none."""
    words = re.findall(r"[a-z]+|[ऀ-ॣॱ-ॿ]+", simple(cell))
    found = [number for word in words if (number := weekday_of(word)) is not None]
    if not found:
        near = next((name for word in words if (name := weekday_like(word))), None)
        remedy = f"it is most likely {near}: write that, if so" if near else "write it as Monday or सोमवार"
        raise CellError(f"{cell!r} is no day of the week", remedy)
    return found


def _told(cell: str, word: str, error: CellError) -> CellError:
    if not word or not any(sign.isdigit() for sign in cell):
        return error
    near = difflib.get_close_matches(word, MONTHS, n=1, cutoff=0.7)
    meant = near[0].capitalize() if near else weekday_like(word)
    if meant is None:
        return error
    return CellError(f"{cell!r} is not a date: {word!r} is not understood", f"did you mean {meant}?")


def _read(cell: str, year: int | None, beside: Sequence[int]) -> DatesRead:
    reader = _filled(simple(cell))
    points, said = reader.points, [*reader.weekdays, *beside]
    if not points or any(point.month is None for point in points):
        raise _Strange
    year_given = any(point.year is None for point in points)
    if year_given and year is None:
        what = f"{cell!r} has no year"
        raise CellError(what, "write it in the cell, or in a title above the header, such as वर्ष 2026")
    starts = [_dated(cell, point, year or 0, said if len(points) == 1 else ()) for point in points]
    days: dict[date, None] = {}
    for at, (point, found) in enumerate(zip(points, starts, strict=True)):
        if point.span:
            days.update(dict.fromkeys(_span(cell, starts[at - 1], found)))
        days[found] = None
    _agree(cell, tuple(days), starts, reader.weekdays)
    _agree(cell, tuple(days), starts, beside)
    return DatesRead(tuple(days), year_given)


def _filled(plain: str) -> _Reader:
    reader = _Reader()
    for found in _TOKEN.finditer(plain):
        text = found.group()
        match found.lastgroup:
            case "iso":
                year, month, number = map(int, re.split(r"[-./]", text))
                reader.take_full(number, month, year)
            case "full":
                number, month, year = map(int, re.split(r"[-./]", text))
                reader.take_full(number, month, year, slashed="/" in text)
            case "short":
                number, month = map(int, re.split(r"[./]", text))
                reader.take_full(number, month, reader.year, slashed="/" in text)
            case "year":
                reader.take_year(int(text))
            case "number":
                reader.point(_Point(int(found.group("number")), reader.month, reader.year))
            case "word":
                _word(reader, text)
            case "dash":
                reader.dashed = True
            case _:
                if text not in _SIGNS:
                    raise _Strange
                reader.dashed &= text not in ",;/&+"
    return reader


def _word(reader: _Reader, word: str) -> None:
    if (number := weekday_of(word)) is not None:
        reader.weekday_first |= not reader.points and not reader.weekdays
        # "26 January - Monday" has a dash that says nothing; "Monday 19 - Wednesday 21" is a span.
        reader.dashed &= reader.weekday_first
        reader.weekdays.append(number)
    elif (month := _month(word)) is not None:
        reader.take_month(month)
    elif word in _TO:
        reader.span = True
    elif word not in _AND and word not in _NOISE:
        raise _Strange(word)


def _month(word: str) -> int | None:
    """The month of a name, or of its beginning when it is that of one month only."""
    if len(word) < (3 if word.isascii() else 2):
        return None
    found = {number for name, number in MONTHS.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 else MONTHS.get(word)


def _dated(cell: str, point: _Point, year: int, said: Sequence[int]) -> date:
    """The day of a point. One that can be read in two ways is decided by its weekday."""
    at = point.year or year
    if at not in YEARS:
        raise _Strange
    ways = [(point.number, point.month or 0)] + ([(point.month or 0, point.number)] if point.slashed else [])
    found = []
    for number, month in ways:
        try:
            found.append(date(at, month, number))
        except ValueError:
            continue
    if not found:
        raise CellError(f"{cell!r} is not a date: there is no such day", "correct the day or the month")
    fitting = [each for each in found if each.weekday() in said] if point.slashed else found
    if len(fitting) != 1:
        what = f"{cell!r} is not a date one can be sure of (day or month first?)"
        raise CellError(what, f"write it as year-month-day: {found[0]}, if so")
    return fitting[0]


def _span(cell: str, first: date, last: date) -> Iterator[date]:
    if last < first:
        raise CellError(f"{cell!r} ends on {last}, before it begins", "write both days with month and year")
    if (last - first).days >= _LONGEST:
        what = f"{cell!r} is {(last - first).days + 1} days long"
        raise CellError(what, f"write at most {_LONGEST} days in a row of the list")
    while first <= last:
        yield first
        first += _ONE


def _agree(cell: str, days: Sequence[date], starts: Sequence[date], said: Sequence[int]) -> None:
    """Raises CellError when the weekdays that the list says are not those of its dates."""
    if not said:
        return
    if len(said) == len(starts):
        wrong = next(((at, n) for at, n in zip(starts, said, strict=True) if at.weekday() != n), None)
    else:
        real = {each.weekday() for each in days}
        wrong = next(((days[0], number) for number in said if number not in real), None)
    if wrong is None:
        return
    at, number = wrong
    near = min((at + timedelta(days=step) for step in range(-3, 4)), key=lambda d: d.weekday() != number)
    what = f"{at:%d-%m-%Y} is a {NAMES[at.weekday()]}, the sheet says {NAMES[number]} ({cell!r})"
    raise CellError(
        what,
        f"which is wrong? Correct the day of the week, or the date: {near:%d-%m-%Y} is a {NAMES[number]}",
    )
