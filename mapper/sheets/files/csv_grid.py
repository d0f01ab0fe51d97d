"""A CSV file as an office saves it: whichever encoding and separator its spreadsheet chose."""

from __future__ import annotations

import csv
import io
from collections import Counter

from mapper.errors import Problem
from mapper.settings import MapperSettings
from mapper.sheets.files.foreign import foreign
from mapper.sheets.grid import Grid, Progress, no_progress

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", ""),
    (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
    (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_STEP = 5000
_SEPARATORS = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_csv(where: str, content: bytes, limits: MapperSettings, progress: Progress = no_progress) -> Grid:
    """Read a CSV file. What cannot be read stands in `problems`; the rows before it are there."""
    grid = Grid(where, ruled=True)
    if other := foreign(content):
        grid.problems.append(Problem(where, 0, "", f"not a CSV file but {other[0]}", other[1]))
        return grid
    text = _decode(content, grid)
    if text is None:
        return grid
    separator = _separator(text)
    if _SEPARATORS[separator]:
        grid.notes.append(f"cells are separated by {_SEPARATORS[separator]}")
    lines = text.count("\n") + 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > limits.sheet_rows:
                remedy = "split the sheet, or raise sheet_rows in the settings"
                grid.problems.append(
                    Problem(where, number, "", f"more than {limits.sheet_rows} rows", remedy)
                )
                break
            if any(cells):
                grid.rows.append((number, [*cells[: limits.sheet_columns]]))
            if number % _STEP == 0:
                progress(where, number, max(number, lines))
    except csv.Error as error:
        what = f"not a CSV file from here on ({error})"
        remedy = "look for a double quote that is not closed"
        # The row in which it began: the reader stands at the end of the file when a quote stays open.
        grid.problems.append(Problem(where, number + 1, "", what, remedy))
    return grid


def _decode(content: bytes, grid: Grid) -> str | None:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            if name:
                grid.notes.append(f"read as {name}")
            return _strictly(content, codec, grid)
    if unmarked := _unmarked_utf16(content[:4096]):
        grid.notes.append("read as UTF-16")
        return _strictly(content, unmarked, grid)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _windows(content, error, grid)


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without a mark: every Latin letter has a zero byte, always on the same side."""
    first, second = content[::2].count(0), content[1::2].count(0)
    few = len(content) // 20
    if second > few and not first:
        return "utf-16-le"
    return "utf-16-be" if first > few and not second else None


def _windows(content: bytes, error: UnicodeDecodeError, grid: Grid) -> str | None:
    """Text of a Western Windows, which is what Kruti Dev text is when it is saved as plain CSV.

    Not when the file also holds Hindi in UTF-8: then single bytes are damaged, and a guess would hide it.
    """
    hindi = content.count(b"\xe0\xa4") + content.count(b"\xe0\xa5")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if hindi or not text:
        line = content.count(b"\n", 0, error.start) + 1
        what, remedy = f"not UTF-8 (byte {error.start})", "save the sheet as 'CSV UTF-8', not as plain CSV"
        grid.problems.append(Problem(grid.where, line, "", what, remedy))
        return None
    grid.notes.append("read as Windows-1252, the encoding of plain CSV")
    return text


def _strictly(content: bytes, codec: str, grid: Grid) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what, remedy = (
            f"not {codec.removesuffix('-sig').upper()} (byte {error.start})",
            "save it as 'CSV UTF-8'",
        )
        grid.problems.append(Problem(grid.where, line, "", what, remedy))
        return None


def _separator(text: str) -> str:
    """The separator that stands in most of the first lines, outside double quotes, then the most frequent.

    Not simply the most frequent: lists within cells have semicolons, and more of them than a row has cells.
    """
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    found: Counter[str] = Counter()
    among: Counter[str] = Counter()
    for line in lines:
        outside = "".join(line.split('"')[::2])
        for separator in _SEPARATORS:
            found[separator] += outside.count(separator)
            among[separator] += separator in outside
    best = max(_SEPARATORS, key=lambda separator: (among[separator], found[separator]))
    return best if found[best] else ","
