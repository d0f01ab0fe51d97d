"""Where an office's sheets lie: a folder of CSV files, a folder of workbooks, or one workbook of all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mapper.errors import Problem
from mapper.settings import MapperSettings
from mapper.sheets.columns import SHEETS
from mapper.sheets.files.csv_grid import read_csv
from mapper.sheets.files.workbook import read_workbook
from mapper.sheets.grid import Grid, Progress, no_progress

NOTES = "notes"
"""The sheet of explanations in a template; never read."""

_BOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt"})
_OTHERS = {
    ".xlsb": "open it in Excel and save it as an Excel workbook (.xlsx)",
    ".ods": "open it in LibreOffice and save it as an Excel workbook (.xlsx)",
    ".tsv": "name it .csv",
    ".txt": "name it .csv",
}
_ALIASES = {
    "places": "place|स्थान|villages|village|ग्राम|गाँव|गांव",
    "kinds": "kind|स्थान के प्रकार|प्रकार",
    "jurisdictions": "jurisdiction|अधिकार क्षेत्र|कार्यक्षेत्र",
    "scope_fallbacks": "fallbacks|fallback",
    "departments": "department|विभाग",
    "types": "type|complaint types|प्रारूप",
    "designations": "designation|पदनाम",
    "levels": "level|लेवल|स्तर",
    "responsibilities": "responsibility|जिम्मेदारी|दायित्व|उत्तरदायित्व",
    "time_limits": "limits|time limit|समय सीमा|समय-सीमा",
    "holidays": "holiday|अवकाश|छुट्टियाँ",
    "settings": "setting|सेटिंग",
    "holders": "holder|officers|अधिकारी|पदधारी|पदस्थ अधिकारी",
    "escalation": "escalations|अग्रेषण",
    "calendars": "calendar|कैलेंडर",
    "reasons": "reason|कारण",
    "grading": "grades|ग्रेडिंग",
}


@dataclass(slots=True)
class Source:
    """The sheets that were found, by table. `refused`: a file has the table's name and could not be read."""

    grids: dict[str, Grid] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    book: str = ""


def open_source(path: Path, limits: MapperSettings, progress: Progress = no_progress) -> Source:
    """Find and read the sheets at `path`. Never raises for what is wrong with them: it becomes a problem."""
    source = Source()
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file() and not file.name.startswith((".", "~")):
                _file(source, file, limits, progress)
    elif path.is_file():
        if path.suffix.casefold() == ".csv":
            what, remedy = "one CSV file is not a directory", "name the folder that holds all the sheets"
            source.problems.append(Problem(path.name, 0, "", what, remedy))
        else:
            source.book = path.name
            _book(source, path, limits, progress)
    else:
        what, remedy = "no such folder or file", "name the folder that holds the sheets, or the workbook"
        source.problems.append(Problem(str(path), 0, "", what, remedy))
    return source


def table_of(name: str) -> str | None:
    """The table that a file or a sheet of that name holds; None when it is none of ours."""
    return _TABLES.get(_key(name))


def _file(source: Source, file: Path, limits: MapperSettings, progress: Progress) -> None:
    kind, table = file.suffix.casefold(), table_of(file.stem)
    if kind in _BOOKS:
        _book(source, file, limits, progress)
    elif kind == ".csv":
        if table is not None:
            content = _content(source, file, limits)
            if content is not None:
                _take(source, table, read_csv(file.name, content, limits, progress))
        elif _key(file.stem) != NOTES:
            source.notes.append(f"{file.name} was not read: no sheet has that name")
    elif table is not None and kind in _OTHERS:
        source.refused.add(table)
        what = f"a file of the kind {kind} is not read"
        source.problems.append(Problem(file.name, 0, "", what, _OTHERS[kind]))


def _book(source: Source, file: Path, limits: MapperSettings, progress: Progress) -> None:
    stem = table_of(file.stem)
    content = _content(source, file, limits)
    if content is None:
        return
    sheets = read_workbook(file.name, content, limits, progress)
    source.problems += sheets.problems
    if sheets.problems and stem is not None:
        source.refused.add(stem)
    for title in sheets.hidden:
        if table := table_of(title):
            source.hidden[table] = f"{file.name}, sheet {title}"
        source.notes.append(f"{file.name}, sheet {title} is hidden: it was not read")
    filled = [(title, grid) for title, grid in sheets.visible if grid.rows or grid.problems]
    for title, grid in filled:
        table = table_of(title)
        if stem is not None and (len(filled) == 1 or table is None):
            table = stem if len(filled) == 1 else table
        if table is not None:
            _take(source, table, grid)
        elif _key(title) != NOTES:
            source.notes.append(f"{grid.where} was not read: no sheet of ours has that name")


def _take(source: Source, table: str, grid: Grid) -> None:
    if table in source.grids:
        what = f"the sheet {table} stands also in {source.grids[table].where}"
        source.problems.append(Problem(grid.where, 0, "", what, "take one of the two away"))
        return
    source.grids[table] = grid


def _content(source: Source, file: Path, limits: MapperSettings) -> bytes | None:
    try:
        if file.stat().st_size <= limits.sheet_megabytes << 20:
            return file.read_bytes()
        what, remedy = "bigger than any sheet should be", "is it the right file?"
    except OSError as error:
        what, remedy = f"cannot be read ({error.strerror})", "check its permissions"
    source.problems.append(Problem(file.name, 0, "", what, remedy))
    if table := table_of(file.stem):
        source.refused.add(table)
    return None


def _key(name: str) -> str:
    return re.sub(r"[^0-9a-zऀ-ॿ]", "", unicodedata.normalize("NFC", name).casefold())


def _tables() -> Iterable[tuple[str, str]]:
    for sheet in SHEETS:
        for alias in (sheet.table, *filter(None, _ALIASES.get(sheet.table, "").split("|"))):
            yield _key(alias), sheet.table


_TABLES = dict(_tables())
