"""The administrator's sheets: which columns each has, what a cell may hold, and how a sheet is read.

Reading never stops at the first fault: every cell that cannot be used becomes a `Problem` with its row and column.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mapper.errors import Problem

CONFIRMED = frozenset({"confirmed", "sourced", "sourced-unofficial"})
"""Statuses that need no confirmation. Every other one marks its row as drafted."""
STATUSES = CONFIRMED | {"partly sourced", "drafted", "draft-hand", "draft-machine"}

MAX_BYTES = 64 * 1024 * 1024
"""A sheet of every place of the State has about 10 MB; a bigger file is not a sheet of ours."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]*")


class CellError(ValueError):
    """What is wrong with a cell and its remedy, as args."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


Parser = Callable[[str], Any]


def text(cell: str) -> str:
    return cell


def code(cell: str) -> str:
    if not _CODE.fullmatch(cell):
        raise CellError(f"{cell!r} is not a code", "use Latin letters, digits and : _ . - without blanks")
    return cell


def subject(cell: str) -> str:
    return cell if cell == "*" else code(cell)


def whole(low: int, high: int) -> Parser:
    def parse(cell: str) -> int:
        plain = cell.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,12}", plain) or not low <= int(plain) <= high:
            raise CellError(f"{cell!r} is not a whole number from {low} to {high}", "write it in digits 0 to 9")
        return int(plain)

    return parse


def level(cell: str) -> int | None:
    """A level's number; `*` (every level) is None."""
    return None if cell == "*" else int(whole(1, 99)(cell.removeprefix("L")))


def degrees(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = 999.0
    if not -180.0 <= value <= 180.0:
        raise CellError(f"{cell!r} is not a coordinate", "write degrees with a point, such as 24.0056")
    return value


def day(cell: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
            raise ValueError(cell)
        return date.fromisoformat(cell)
    except ValueError:
        raise CellError(f"{cell!r} is not a date", "write it as year-month-day, such as 2026-01-26") from None


def flag(cell: str) -> bool:
    if cell not in {"0", "1"}:
        raise CellError(f"{cell!r} is neither 0 nor 1", "write 1 for yes, 0 for no")
    return cell == "1"


def listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def one_of(*allowed: str) -> Parser:
    def parse(cell: str) -> str:
        if cell not in allowed:
            raise CellError(f"{cell!r} is not known here", f"write one of: {', '.join(sorted(allowed))}")
        return cell

    return parse


def drafted(cell: str) -> bool:
    """A status cell, as the mark it leaves: True when its row waits for confirmation."""
    one_of(*STATUSES)(cell)
    return cell not in CONFIRMED


@dataclass(frozen=True, slots=True)
class Column:
    """`blank` is the value of an empty cell; a `required` column must hold something in every row."""

    name: str
    parse: Parser = text
    required: bool = False
    blank: Any = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV file. `key` names the columns no two rows may share; `links` allows further columns `<scope>_id`."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    optional: bool = False
    links: bool = False

    @property
    def table(self) -> str:
        return self.file.removesuffix(".csv")


def _names() -> tuple[Column, Column]:
    return Column("name_hi", required=True), Column("name_en", required=True)


_STATUS = Column("status", drafted, required=True)
_SINCE = Column("since", day, blank=None)
_NOTES = (Column("source"), Column("note"))

SHEETS: tuple[Sheet, ...] = (
    Sheet("settings.csv", (Column("key", code, True), Column("value", required=True), Column("note")), ("key",)),
    Sheet(
        "kinds.csv",
        (
            Column("kind", code, True),
            Column("scope", code, True),
            *_names(),
            Column("search_rank", whole(1, 99), True),
            Column("selectable", flag, True),
            Column("where", listed, blank=()),
        ),
        ("kind",),
    ),
    Sheet(
        "places.csv",
        (
            Column("place_id", code, True),
            Column("kind", code, True),
            *_names(),
            Column("name_status", drafted, True),
            Column("aliases", listed, blank=()),
            Column("unsure_links", listed, blank=()),
            Column("lgd_code"),
            Column("lat", degrees, blank=None),
            Column("lon", degrees, blank=None),
            Column("population", whole(0, 999_999_999), blank=0),
            Column("note"),
        ),
        ("place_id",),
        links=True,
    ),
    Sheet(
        "jurisdictions.csv",
        (Column("place_id", code, True), Column("scope", code, True), Column("unit_id", code, True), _STATUS, *_NOTES),
        ("place_id", "scope"),
        optional=True,
    ),
    Sheet(
        "scope_fallbacks.csv",
        (
            Column("scope", code, True),
            Column("order", whole(1, 99), True),
            Column("via", code, True),
            Column("take", one_of("unit", "within"), True),
            _STATUS,
            Column("note"),
        ),
        ("scope", "order"),
    ),
    Sheet("departments.csv", (Column("department_code", code, True), *_names(), _STATUS, *_NOTES), ("department_code",)),
    Sheet(
        "types.csv",
        (
            Column("type_code", code, True),
            Column("department_code", code, True),
            *_names(),
            Column("keywords", listed, blank=()),
            _STATUS,
            *_NOTES,
        ),
        ("type_code",),
    ),
    Sheet("designations.csv", (Column("designation_code", code, True), *_names(), _STATUS, *_NOTES), ("designation_code",)),
    Sheet(
        "levels.csv",
        (
            Column("level", whole(1, 99), True),
            Column("label", required=True),
            *_names(),
            Column("escalation", one_of("start", "automatic", "manual"), True),
            _STATUS,
            Column("note"),
        ),
        ("level",),
    ),
    Sheet(
        "responsibilities.csv",
        (
            Column("subject", subject, True),
            Column("level", whole(1, 99), True),
            Column("area", one_of("any", "rural", "urban"), True),
            Column("scope", code),
            Column("designation_code", code),
            _SINCE,
            _STATUS,
            *_NOTES,
        ),
        ("subject", "level", "area", "since"),
    ),
    Sheet(
        "time_limits.csv",
        (
            Column("subject", subject, True),
            Column("level", level, True),
            Column("days", whole(1, 365), True),
            _SINCE,
            _STATUS,
            *_NOTES,
        ),
        ("subject", "level", "since"),
    ),
    Sheet("holidays.csv", (Column("date", day, True), *_names(), _STATUS, Column("note")), ("date", "name_en")),
)
OPTIONAL_COLUMNS = frozenset({"note", "source", "since", "aliases", "unsure_links", "lgd_code", "lat", "lon", "population", "keywords"})
"""Columns an office may leave out altogether; every other one must be in the header."""


@dataclass(slots=True)
class Row:
    """A row that was read. `number` is its line in a spreadsheet (the header is 1); `links` maps scope to unit id."""

    number: int
    cells: dict[str, Any]
    links: dict[str, str]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


@dataclass(slots=True)
class Table:
    """What could be read of a sheet; `header` is False when nothing could."""

    sheet: Sheet
    rows: list[Row]
    header: bool = True


def read_sheet(folder: Path, sheet: Sheet) -> tuple[Table, list[Problem]]:
    """Read one sheet. Rows with a fault in their key are left out; other faulty cells hold their blank value."""
    problems: list[Problem] = []
    content, fault = _content(folder / sheet.file, sheet)
    if content is None:
        return Table(sheet, [], header=fault is None), [fault] if fault else []
    records = _records(content, sheet, problems)
    header = next(records, None)
    if header is None:
        problems.append(Problem(sheet.file, 0, "", "the file is empty", f"the header is: {_header(sheet)}"))
        return Table(sheet, [], header=False), problems
    names = [name.strip() for name in header[1]]
    links = _check_header(sheet, names, problems)
    if problems:
        return Table(sheet, [], header=False), problems
    rows: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            what = f"the row has {len(cells)} cells, the header {len(names)}"
            problems.append(Problem(sheet.file, number, "", what, "put text that holds a comma into double quotes"))
            continue
        row, faulty = _row(sheet, number, dict(zip(names, cells, strict=True)), links, problems)
        if faulty & set(sheet.key):
            continue
        key = tuple(row[name] for name in sheet.key)
        if key in seen:
            shown = ", ".join("*" if part is None else str(part) for part in key)
            what = f"{shown} stands already in row {seen[key]}"
            problems.append(Problem(sheet.file, number, sheet.key[0], what, "delete one of the two rows"))
            continue
        seen[key] = number
        rows.append(row)
    if not rows and not problems and not sheet.optional:
        problems.append(Problem(sheet.file, 0, "", "the sheet has a header and no rows", "fill it in"))
    return Table(sheet, rows), problems


def _header(sheet: Sheet) -> str:
    return ",".join(column.name for column in sheet.columns)


def _content(path: Path, sheet: Sheet) -> tuple[str | None, Problem | None]:
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        if sheet.optional:
            return None, None
        return None, Problem(sheet.file, 0, "", "the file is missing", f"put it beside the others: {_header(sheet)}")
    except OSError as error:
        return None, Problem(sheet.file, 0, "", f"cannot be read ({error.strerror})", "check its permissions")
    if raw is None:
        return None, Problem(sheet.file, 0, "", "bigger than any sheet should be", "is it the right file?")
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig")), None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, Problem(
            sheet.file, line, "", f"not UTF-8 (byte {error.start})", "save the sheet as 'CSV UTF-8', not as plain CSV"
        )


def _records(content: str, sheet: Sheet, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if cells or number > 1:
                yield number, cells
    except csv.Error as error:
        remedy = "look for a double quote that is not closed"
        problems.append(Problem(sheet.file, reader.line_num, "", f"not a CSV file from here on ({error})", remedy))


def _check_header(sheet: Sheet, names: list[str], problems: list[Problem]) -> dict[str, str]:
    known = {column.name for column in sheet.columns}
    links: dict[str, str] = {}
    for name in names:
        if name in known:
            continue
        if sheet.links and name.endswith("_id"):
            links[name] = name.removesuffix("_id")
            continue
        near = difflib.get_close_matches(name, sorted(known - set(names)), 1)
        remedy = f"did you mean {near[0]!r}?" if near else f"the columns are: {_header(sheet)}"
        problems.append(Problem(sheet.file, 1, name, "no such column", remedy))
    problems.extend(
        Problem(sheet.file, 1, name, "the column stands twice", "delete one of them")
        for name in sorted({name for name in names if names.count(name) > 1})
    )
    problems.extend(
        Problem(sheet.file, 1, column.name, "the column is missing", f"the columns are: {_header(sheet)}")
        for column in sheet.columns
        if column.name not in names and column.name not in OPTIONAL_COLUMNS
    )
    return links


def _row(
    sheet: Sheet, number: int, cells: dict[str, str], links: dict[str, str], problems: list[Problem]
) -> tuple[Row, set[str]]:
    values: dict[str, Any] = {}
    faulty: set[str] = set()
    for column in sheet.columns:
        cell = " ".join(cells.get(column.name, "").split())
        values[column.name] = column.blank
        try:
            if cell:
                values[column.name] = column.parse(cell)
            elif column.required:
                raise CellError("the cell is empty", "every row needs it")
        except CellError as error:
            faulty.add(column.name)
            problems.append(Problem(sheet.file, number, column.name, error.what, error.remedy))
    units = {scope: cells[name].strip() for name, scope in links.items() if cells[name].strip()}
    return Row(number, values, units), faulty
