"""A list of holidays as the State prints it, row by row into single days.

A row may name several days, a span, or a rule ("all Sundays"); the year may stand in the title only; headings
part the public holidays from the optional ones; a weekday beside the date is held against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from mapper.errors import Problem
from mapper.sheets.cells import CellError
from mapper.sheets.days.date_words import read_dates
from mapper.sheets.days.week_words import read_week, simple, weekday_of
from mapper.sheets.draft_row import DraftRow
from mapper.sheets.grid import Grid, Raw, blank
from mapper.sheets.script.krutidev import decode
from mapper.week import Week

OPTIONAL, PUBLIC, LOCAL = "optional", "public", "local"
_OPTIONAL = re.compile(r"ऐच्छिक|एच्छिक|वैकल्पिक|प्रतिबंधित अवकाश|optional|restricted|\brh\b")
_PUBLIC = re.compile(r"सामान्य|सार्वजनिक|राजपत्रित|general|gazetted|public|\bgh\b")
_DEPARTMENT = re.compile(r"सामान्य प्रशासन|general administration")
_LOCAL = re.compile(r"स्थानीय|केवल|\blocal\b|\bonly\b")
_HEADING = re.compile(r"अवकाश|छुट्टी|holiday")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_YEAR_NAMED = re.compile(
    r"(?:वर्ष|सन्|year|calendar|कैलेंडर)\D{0,12}?((?:19|20|21)\d\d)(?!\d)|((?:19|20|21)\d\d) *(?:के लिए|हेतु|में)"
)
_RULE = re.compile(r"सभी|प्रत्येक|समस्त|हर |\b(?:all|every|each)\b")
_PARTS = re.compile(r"\s*(?:[;,\n/]| और | व | एवं | and )\s*")
_EVERYWHERE = frozenset(
    ("सभी", "समस्त", "पूरा प्रदेश", "सम्पूर्ण प्रदेश", "संपूर्ण प्रदेश", "all", "whole state", "state", "-", "*")
)
_EMPTY = frozenset(("", "-", "–", "—"))
_ONE = timedelta(days=1)


@dataclass(slots=True)
class _Reading:
    """What is gathered on the way through the rows."""

    where: str
    title_year: int | None
    notes: list[str]
    problems: list[Problem]
    days: list[tuple[DraftRow, tuple[date, ...]]] = field(default_factory=list)
    rules: list[tuple[DraftRow, Week, int | None]] = field(default_factory=list)
    by_title: int = 0

    def fault(self, row: DraftRow, column: str, error: CellError) -> None:
        row.faulty.add(column)
        row.texts.pop(column, None)
        self.problems.append(Problem(self.where, row.number, column, error.what, error.remedy))


def spread(
    drafts: Sequence[DraftRow],
    grid: Grid,
    header: int,
    columns: Iterable[str],
    notes: list[str],
    problems: list[Problem],
) -> list[DraftRow]:
    """A draft for each single day that the rows name, its date as year-month-day.

    `header`: the header's row; `columns`: which of our columns the sheet has. What was understood is added to
    `notes`, what cannot be used to `problems`.
    """
    present = frozenset(columns)
    above = [
        str(cell) for number, cells in grid.rows if number <= header for cell in cells if cell is not None
    ]
    reading = _Reading(grid.where, _year([*above, grid.where]), notes, problems)
    headings = {
        number: found for number, cells in grid.rows if number > header and (found := heading_kind(cells))
    }
    notes += [
        f"row {number} is a heading: the holidays below it are {kind}" for number, kind in headings.items()
    ]
    kind = _kind_of_title(above)
    for row in drafts:
        kind = next(
            (headings[number] for number in sorted(headings, reverse=True) if number <= row.number), kind
        )
        if row.number not in headings:
            _complete(row, kind, present, reading)
            _take(row, reading)
    rows = list(_single_days(reading))
    _tell(reading, rows, present)
    return rows


def _year(texts: Iterable[str]) -> int | None:
    """The year that the titles are of: the one called so, else the only one in them."""
    plain = [simple(text) for text in texts]
    named = {int(a or b) for text in plain for a, b in _YEAR_NAMED.findall(text)}
    every = named or {int(found) for text in plain for found in _YEAR.findall(text)}
    return every.pop() if len(every) == 1 else None


def _kind_of_title(above: Iterable[str]) -> str:
    """Optional when the title says that and nothing else; a title of both kinds is divided by headings."""
    plain = (_DEPARTMENT.sub("", simple(text)) for text in above)
    titles = [text for text in plain if _HEADING.search(text)]
    optional = any(_OPTIONAL.search(text) for text in titles)
    return OPTIONAL if optional and not any(_PUBLIC.search(text) for text in titles) else PUBLIC


def heading_kind(cells: Sequence[Raw]) -> str:
    """The kind of the holidays below a row that only heads them ("(ब) ऐच्छिक अवकाश"); empty for others."""
    said = {simple(str(cell)).strip() for cell in cells if not blank(cell)}
    words = [text for text in said if len(text) > 3]
    if len(words) != 1 or len(said) > 2 or not _HEADING.search(words[0]):
        return ""
    optional, public = _OPTIONAL.search(words[0]), _PUBLIC.search(words[0])
    return PUBLIC if public else OPTIONAL if optional else ""


def names_rule(cells: Sequence[Raw]) -> bool:
    """Whether a row without a date names a rule, such as "all Sundays"."""
    return any(isinstance(cell, str) and _rule(cell) is not None for cell in cells)


def _complete(row: DraftRow, kind: str, present: frozenset[str], reading: _Reading) -> None:
    """Fill in what a printed list has no cell for: the other name, the status, the kind."""
    texts = row.texts
    hindi, english = texts.get("name_hi", ""), texts.get("name_en", "")
    if simple(texts.get("place_id", "")) in _EVERYWHERE:
        texts["place_id"] = ""
    if kind == OPTIONAL and any(_rule(texts.get(name, "")) for name in ("date", "name_hi", "name_en")):
        kind = PUBLIC  # "all Sundays" closes the offices wherever in the list it stands
    if not {"name_hi", "name_en"} <= present:
        texts["name_hi"], texts["name_en"] = hindi or english, english or hindi
    if "status" not in present:
        texts["status"] = "drafted"
    written = simple(texts.get("kind", ""))
    if written:
        marks = ((OPTIONAL, _OPTIONAL), (LOCAL, _LOCAL), (PUBLIC, _PUBLIC))
        texts["kind"] = next((name for name, mark in marks if mark.search(written)), texts["kind"])
    elif "kind" not in row.faulty:
        named = _OPTIONAL.search(simple(f"{hindi} {english}"))
        texts["kind"] = (
            OPTIONAL if named else kind if not texts.get("place_id") or kind == OPTIONAL else LOCAL
        )
    if texts["kind"] == LOCAL and not texts.get("place_id"):
        what = "a local holiday without its place"
        remedy = "name the district or unit in the column place_id, or write public for the whole State"
        reading.fault(row, "place_id", CellError(what, remedy))
    elif not texts.get("place_id") and _LOCAL.search(simple(f"{hindi} {english}")):
        told = f"row {row.number} ({hindi or english}) is counted in the whole State"
        reading.notes.append(f"{told}: name its district in place_id, if not so")


def _take(row: DraftRow, reading: _Reading) -> None:
    cell = row.texts.get("date", "")
    if "date" in row.faulty:
        reading.days.append((row, ()))
        return
    for text, column in (
        (cell, "date"),
        *((row.texts.get(name, ""), name) for name in ("name_hi", "name_en")),
    ):
        if (column == "date" or cell in _EMPTY) and (rule := _rule(text)) is not None:
            of = _YEAR.search(simple(text))
            reading.rules.append((row, rule, int(of.group()) if of else None))
            return
    beside = row.texts.get("weekday", "")
    if beside and "weekday" not in row.faulty:
        beside = _hindi(beside)
    if not cell:
        reading.days.append((row, ()))
        return
    try:
        read = read_dates(_hindi(cell), reading.title_year, beside)
    except CellError as error:
        reading.fault(row, "date", error)
        reading.days.append((row, ()))
        return
    reading.by_title += read.year_given
    reading.days.append((row, read.days))


def _hindi(cell: str) -> str:
    """The cell, from Kruti Dev if only that makes it name a month or a weekday."""
    if not cell.isascii():
        return cell
    read = " ".join(decode(word) or word for word in cell.split()) if re.search(r"[A-Za-z]", cell) else cell
    words = re.findall(r"[ऀ-ॣ]+", simple(read))
    known = any(weekday_of(word) is not None or word in _MONTHS_HI for word in words)
    return read if known else cell


def _rule(text: str) -> Week | None:
    """The days of a row such as "all Sundays"; None for any other text."""
    plain = simple(_hindi(text))
    if not re.search(r"[^\W\d]", plain):
        return None
    without_year = _YEAR.sub(" ", plain)
    try:
        week = read_week(without_year).week
    except CellError:
        return None
    if week.some or _RULE.search(plain) or re.search(r"days\b", plain):
        return week if week.days or week.some else None
    return None


def _single_days(reading: _Reading) -> Iterator[DraftRow]:
    years = {day.year for _, days in reading.days for day in days}
    if reading.title_year is not None:
        years.add(reading.title_year)
    for row, days in reading.days:
        if days:
            for day in days:
                yield from _at_places(row.with_texts(date=day.isoformat()))
        else:
            yield row
        if len(days) > 1:
            told = f"row {row.number}: {row.texts['date']!r} is {len(days)} days"
            reading.notes.append(f"{told}, {', '.join(_ends(days))}")
    for row, week, year in reading.rules:
        of = sorted({year} if year else years)
        if not of:
            what = f"{week.words}: of which year is not said"
            reading.fault(
                row, "date", CellError(what, "write the year in a title above the header, such as वर्ष 2026")
            )
            continue
        found = [day for each in of for day in _days_of(each) if week.why(day)]
        said = ", ".join(map(str, of))
        reading.notes.append(f"row {row.number}: {week.words} ({len(found)} days of {said})")
        for day in found:
            yield from _at_places(row.with_texts(date=day.isoformat()))


def _ends(days: Sequence[date]) -> list[str]:
    if days[-1] - days[0] == (len(days) - 1) * _ONE:
        return [f"{days[0]} to {days[-1]}"]
    return [str(day) for day in days]


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += _ONE


def _at_places(row: DraftRow) -> Iterator[DraftRow]:
    """The row for each of the units that it names; a row for all has an empty cell."""
    parts = [part for part in _PARTS.split(row.texts.get("place_id", "")) if part]
    parts = ["" if simple(part) in _EVERYWHERE else part for part in parts] or [""]
    for part in dict.fromkeys(parts):
        yield row.with_texts(place_id=part)


def _tell(reading: _Reading, rows: Sequence[DraftRow], present: frozenset[str]) -> None:
    if reading.by_title:
        dates = "1 date" if reading.by_title == 1 else f"{reading.by_title} dates"
        reading.notes.append(f"{dates} without a year: the title's, {reading.title_year}")
    optional = {row.number for row in rows if row.texts.get("kind") == OPTIONAL}
    if optional:
        many = "1 optional holiday is" if len(optional) == 1 else f"{len(optional)} optional holidays are"
        reading.notes.append(
            f"{many} not counted: write public in the column kind for one that closes the offices"
        )
    if rows and "status" not in present:
        reading.notes.append("the list has no column status: its days wait for confirmation (drafted)")
    named: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        if row.texts.get("kind") != OPTIONAL and "date" not in row.faulty:
            at = row.texts.get("date", ""), row.texts.get("place_id", "")
            named.setdefault(at, {}).setdefault(row.texts.get("name_en", ""), row.number)
    rules = {row.number for row, _, _ in reading.rules}
    for (day, _), names in named.items():
        if day and len(names) > 1 and not rules & set(names.values()):
            told = ", ".join(f"{name} (row {number})" for name, number in names.items())
            reading.notes.append(f"{day} stands {len(names)} times and counts once: {told}")


_MONTHS_HI = frozenset(
    [
        "जनवरी",
        "फरवरी",
        "मार्च",
        "अप्रैल",
        "मई",
        "जून",
        "जुलाई",
        "अगस्त",
        "सितम्बर",
        "सितंबर",
        "अक्टूबर",
        "अक्तूबर",
        "नवम्बर",
        "नवंबर",
        "दिसम्बर",
        "दिसंबर",
    ]
)
