"""From the administrator's sheets to a draft: read, cross-check, derive posts, write one SQLite file.

Every problem of every sheet is collected before anything is written. The draft file appears in one rename.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlite_utils

from mapper.cross_check import Tables, cross_check, fallbacks
from mapper.cross_check_offices import cross_check_offices
from mapper.errors import DirectoryError, Problem
from mapper.grid import Progress, no_progress
from mapper.layout import FORMAT, OFFICE_TABLES
from mapper.posts import derive_posts
from mapper.reading import Row, Table, names, read_grid
from mapper.settings import MapperSettings
from mapper.sheets import SHEETS, Sheet
from mapper.source import Source, open_source
from mapper.territory import Found, Link, Links, Resolver
from mapper.understood import Understood, understood
from mapper.units_by_name import find_units


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
    problems = list(source.problems)
    tables: dict[str, Table] = {}
    for sheet in SHEETS:
        grid = source.grids.get(sheet.table)
        if grid is not None:
            tables[sheet.table], found = read_grid(grid, sheet, limits)
            problems += found
            continue
        missing = not sheet.optional or sheet.table in source.hidden
        tables[sheet.table] = Table(sheet, [], header=not missing)
        if missing and not (source.problems and not source.grids):
            problems.append(_missing(source, sheet))
    problems += [
        *find_units(tables),
        *cross_check(tables),
        *cross_check_offices(tables),
    ]
    if problems:
        raise DirectoryError(_as_the_office_calls_it(problem, tables) for problem in problems)
    return Sheets(tables, understood(tables.values(), source.notes))


def _missing(source: Source, sheet: Sheet) -> Problem:
    remedy = f"put it beside the others: {names(sheet)}"
    if hidden := source.hidden.get(sheet.table):
        return Problem(hidden, 0, "", "the sheet is hidden", "show it again (Unhide), or take it away")
    if source.book:
        what = f"the sheet {sheet.table} is missing"
        return Problem(source.book, 0, "", what, f"add it, with these columns: {names(sheet)}")
    return Problem(sheet.file, 0, "", "the file is missing", remedy)


def _as_the_office_calls_it(problem: Problem, tables: Tables) -> Problem:
    """The problem with the sheet's own name and the header as it is written there."""
    table = tables.get(problem.file.removesuffix(".csv"))
    if table is None or problem.file != table.sheet.file:
        table = next((one for one in tables.values() if one.where and one.where == problem.file), None)
    if table is None:
        return problem
    written = table.shown.get(problem.column, problem.column)
    column = problem.column if written.casefold() == problem.column else f"{written} ({problem.column})"
    return replace(problem, file=table.where or problem.file, column=column)


def write_draft(tables: Tables, path: Path, meta: Mapping[str, str]) -> None:
    """Write the draft file at `path`, replacing an earlier one in one rename. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}.making")
    making.unlink(missing_ok=True)
    try:
        database = sqlite_utils.Database(str(making))
        try:
            with database.conn:
                _fill(database, tables, meta)
        finally:
            database.close()
        making.replace(path)
    finally:
        making.unlink(missing_ok=True)


def _links(tables: Tables) -> dict[str, dict[str, Link]]:
    """What each place names: its columns, the jurisdictions sheet (which wins), itself for its own scope."""
    table = fallbacks(tables)
    as_units = {row["scope"] for row in tables["responsibilities"].rows if row["scope"]}
    as_units |= {row.scope for row in table} | {row.via for row in table}
    for place in tables["places"].rows:
        as_units |= place.links.keys()
    scope_of_kind = {row["kind"]: row["scope"] for row in tables["kinds"].rows}
    links: dict[str, dict[str, Link]] = {}
    for place in tables["places"].rows:
        own = {scope: Link(unit, scope in place["unsure_links"]) for scope, unit in place.links.items()}
        if (scope := scope_of_kind[place["kind"]]) in as_units:
            own[scope] = Link(place["place_id"], False)
        links[place["place_id"]] = own
    for row in tables["jurisdictions"].rows:
        links[row["place_id"]][row["scope"]] = Link(row["unit_id"], row["status"])
    return links


def _fill(database: sqlite_utils.Database, tables: Tables, meta: Mapping[str, str]) -> None:
    def put(table: str, rows: Iterable[dict[str, Any]], pk: str | tuple[str, ...], **more: Any) -> None:
        database.table(table).insert_all(rows, pk=pk, **more)

    links = _links(tables)
    resolver = Resolver(fallbacks(tables), links)
    settings = {row["key"]: row["value"] for row in tables["settings"].rows}
    put(
        "meta",
        [{"key": key, "value": value} for key, value in {**meta, "format": str(FORMAT)}.items()],
        "key",
    )
    put("settings", [{"key": key, "value": value} for key, value in settings.items()], "key")
    for name, pk in (
        ("kinds", "kind"),
        ("departments", "department_code"),
        ("types", "type_code"),
        ("designations", "designation_code"),
        ("levels", "level"),
        ("scope_fallbacks", ("scope", "order")),
    ):
        keys = {"types": [("department_code", "departments")]}.get(name, [])
        put(name, [_plain(row) for row in tables[name].rows], pk, foreign_keys=keys)
    for name in ("responsibilities", "time_limits", "holidays"):
        put(name, ({"id": number, **_plain(row)} for number, row in enumerate(tables[name].rows, 1)), "id")

    for name in OFFICE_TABLES:
        table = tables[name]
        database.table(name).create(_columns(table), pk="id")
        put(name, ({"id": number, **_plain(row)} for number, row in enumerate(table.rows, 1)), "id")

    territories: dict[tuple[tuple[str, Link], ...], int] = {}
    places = []
    for row in tables["places"].rows:
        key = tuple(sorted(links[row["place_id"]].items()))
        number = territories.setdefault(key, len(territories) + 1)
        places.append(_plain(row) | {"territory": number})
    urban = settings["urban_scope"]
    wanted = {row["scope"] for row in tables["responsibilities"].rows if row["scope"]} | resolver.scopes
    covers: list[dict[str, Any]] = []
    found: dict[int, dict[str, Found]] = {}
    for key, number in territories.items():
        own: Links = dict(key)
        found[number] = {s: unit for s in sorted(wanted | own.keys()) if (unit := resolver.find(own, s))}
        for scope, unit in found[number].items():
            covers.append({"territory": number, "scope": scope} | unit._asdict())
    put(
        "territories",
        [{"id": n, "area": "urban" if urban in dict(k) else "rural"} for k, n in territories.items()],
        "id",
    )
    put("places", places, "place_id", foreign_keys=[("territory", "territories", "id")])
    unit_key = [("territory", "territories", "id"), ("unit_id", "places", "place_id")]
    put("territory_units", covers, ("territory", "scope"), foreign_keys=unit_key)
    post_keys = [("designation_code", "designations"), ("unit_id", "places", "place_id")]
    put("posts", derive_posts(tables, found.values()), "post_id", foreign_keys=post_keys)


def _columns(table: Table) -> dict[str, type]:
    numbers = {"id": int, "level": int, "value": float, "drafted": int}
    names = ["id", *(column.name for column in table.sheet.columns)]
    plain = ["drafted" if name == "status" else name for name in names]
    return {name: numbers.get(name, str) for name in plain}


def _plain(row: Row) -> dict[str, Any]:
    """Cells as SQLite keeps them: lists joined by ';', days as ISO text, marks as 0 or 1."""
    cells = dict(row.cells)
    for name, value in cells.items():
        if isinstance(value, tuple):
            cells[name] = ";".join(value)
        elif isinstance(value, bool):
            cells[name] = int(value)
        elif hasattr(value, "isoformat"):
            cells[name] = value.isoformat()
    for name in ("status", "name_status"):
        if name in cells:
            cells["drafted"] = cells.pop(name)
    return cells
