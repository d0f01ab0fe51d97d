"""The office's sheets, read and held against each other: every problem is told before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mapper.errors import DirectoryError, Problem
from mapper.settings import MapperSettings
from mapper.sheets.columns import SHEETS, Sheet
from mapper.sheets.cross_check import Tables, cross_check
from mapper.sheets.cross_check_offices import cross_check_offices
from mapper.sheets.days.local_holidays import find_holiday_units
from mapper.sheets.grid import Progress, no_progress
from mapper.sheets.lgd import places_of_export
from mapper.sheets.reading import Table, names, read_grid
from mapper.sheets.source import Source, open_source
from mapper.sheets.understood import HAVE_READ, Understood, understood
from mapper.sheets.units_by_name import count_claims, find_units

_MANY = 5000
"""Rows of a sheet that take noticeable time to understand."""
_MISSED = re.compile(r"'([^']+)' is not in ([a-z_]+)\.csv$")
_FILE = re.compile(r"\b([a-z_]+)\.csv\b")


@dataclass(frozen=True, slots=True)
class Sheets:
    """An office's sheets, read without a problem."""

    tables: Tables
    understood: Understood


def read_sheets(path: Path, limits: MapperSettings | None = None, progress: Progress = no_progress) -> Sheets:
    """Read and cross-check a folder of CSV files, a folder of workbooks, or one workbook.

    Raises DirectoryError with every problem of every sheet.
    """
    limits = limits or MapperSettings()
    source = open_source(path, limits, progress)
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    assumed = ""
    for sheet in SHEETS:
        grid = source.grids.get(sheet.table)
        if grid is not None:
            if sheet.table == "places" and (export := places_of_export(grid, limits.header_within)):
                grid, assumed = export
            if len(grid.rows) > _MANY:
                progress(f"understanding {grid.where}", 0, 0)
            tables[sheet.table], found = read_grid(grid, sheet, limits)
            problems += found
            continue
        missing = not sheet.optional or sheet.table in source.hidden
        tables[sheet.table] = Table(sheet, [], header=not missing)
        if missing and sheet.table not in source.refused and not (source.problems and not source.grids):
            problems.append(_missing(source, sheet))
    progress("holding the sheets against each other", 0, 0)
    unclear = [*find_units(tables), *find_holiday_units(tables)]
    told = {(problem.file, problem.row, problem.column) for problem in unclear}
    crossed = [
        _in_a_hidden_row(problem, tables) for problem in (*cross_check(tables), *cross_check_offices(tables))
    ]
    problems += unclear
    problems += [one for one in crossed if (one.file, one.row, one.column) not in told]
    if source.problems or problems:
        named = (_as_the_office_calls_it(problem, tables) for problem in problems)
        # Those of the source name files as they are: two may be the same sheet.
        raise DirectoryError([*source.problems, *named, *_unread(tables), *_assumed(tables, assumed)])
    count_claims(tables)
    return Sheets(tables, understood(tables.values(), source.notes))


def _missing(source: Source, sheet: Sheet) -> Problem:
    remedy = f"put it beside the others: {names(sheet)}"
    if hidden := source.hidden.get(sheet.table):
        return Problem(hidden, 0, "", "the sheet is hidden", "show it again (Unhide), or take it away")
    if source.book:
        what = f"the sheet {sheet.table} is missing"
        return Problem(source.book, 0, "", what, f"add it, with these columns: {names(sheet)}")
    return Problem(sheet.file, 0, "", "the file is missing", remedy)


def _unread(tables: Tables) -> Iterator[Problem]:
    """Rows that were left out although they stand there: they may be what the other problems miss."""
    for table in tables.values():
        for told in table.unread:
            yield Problem(table.where, 0, "", told, HAVE_READ, "warning")


def _assumed(tables: Tables, told: str) -> Iterator[Problem]:
    """What was assumed of an export that was read as the places."""
    if told:
        remedy = "if it means something else, write the columns of the sheet places yourself"
        yield Problem(tables["places"].where, 0, "", told, remedy, "warning")


def _in_a_hidden_row(problem: Problem, tables: Tables) -> Problem:
    """The problem, with the hidden row that holds what it misses."""
    missed = _MISSED.match(problem.what)
    for number, cells in tables[missed.group(2)].hidden if missed else ():
        if missed and any(str(cell).strip() == missed.group(1) for cell in cells):
            return replace(problem, what=f"{problem.what} but for its row {number}, which is hidden")
    return problem


def _as_the_office_calls_it(problem: Problem, tables: Tables) -> Problem:
    """The problem with the sheet's own name and the header as it is written there."""
    table = tables.get(problem.file.removesuffix(".csv"))
    if table is None or problem.file != table.sheet.file:
        table = next((one for one in tables.values() if one.where and one.where == problem.file), None)
    if table is None:
        return problem
    written = table.shown.get(problem.column, "")
    column = problem.column
    if written and written.casefold() != column:
        column = f"{written} ({column})"

    def named(found: re.Match[str]) -> str:
        other = tables.get(found.group(1))
        in_a_book = other is not None and ", sheet " in other.where
        return f"the sheet {found.group(1)}" if in_a_book else found.group()

    what, remedy = (_FILE.sub(named, text) for text in (problem.what, problem.remedy))
    return replace(problem, file=table.where or problem.file, column=column, what=what, remedy=remedy)
