"""Writing an edition's file: the sheets as tables, and what is derived from them so that loading is quick.

units            every unit that some territory has, once for each way in which it was found
territories      the distinct sets of units, and territory_units: the unit of each scope
posts            every post that some rule can reach
search           the index of places by name, ready for use

The file appears in one rename.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlite_utils

from mapper.directory.layout import FORMAT, OFFICE_TABLES
from mapper.directory.loader import load_edition
from mapper.directory.posts import derive_posts
from mapper.model.territory import Found, Link, Links, Resolver
from mapper.search.index import make_parts
from mapper.sheets.cross_check import Tables, fallbacks
from mapper.sheets.days.local_holidays import local_scopes
from mapper.sheets.reading import Row, Table

_PLACE_COLUMNS = (
    *("place_id", "kind", "name_hi", "name_en", "aliases", "lgd_code", "lat", "lon", "population"),
    *("drafted", "note", "territory"),
)


def write_draft(tables: Tables, path: Path, meta: Mapping[str, str]) -> None:
    """Write the draft file at `path`, replacing an earlier one in one rename. Raises OSError.

    The caller holds the folder's lock: what another writer left unfinished when it was killed is taken away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{path.name}.*.making*"):
        left.unlink(missing_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}.making")
    try:
        database = sqlite_utils.Database(str(making))
        # Nobody sees the file before it is whole and on the disk: no statement need wait for the disk.
        database.conn.execute("pragma synchronous = off")
        database.conn.execute("pragma journal_mode = memory")
        try:
            with database.conn:
                _write_sheets(database, tables, meta)
                _write_places(database, tables)
            with database.conn:
                _write_search(database, making)
        finally:
            database.close()
        with making.open("rb") as file:
            os.fsync(file.fileno())
        making.replace(path)
    finally:
        making.unlink(missing_ok=True)


def _write_sheets(database: sqlite_utils.Database, tables: Tables, meta: Mapping[str, str]) -> None:
    def put(table: str, rows: Iterable[dict[str, Any]], pk: str | tuple[str, ...], **more: Any) -> None:
        database.table(table).insert_all(rows, pk=pk, **more)

    every = {**meta, "format": str(FORMAT)}
    put("meta", [{"key": key, "value": value} for key, value in every.items()], "key")
    put("settings", [{"key": row["key"], "value": row["value"]} for row in tables["settings"].rows], "key")
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


def _write_places(database: sqlite_utils.Database, tables: Tables) -> None:
    """Places, their territories and the posts: too many rows for anything but plain statements."""
    execute = database.conn.execute
    execute(
        "create table places (place_id text primary key, kind text, name_hi text, name_en text, aliases text,"
        " lgd_code text, lat float, lon float, population integer, drafted integer, note text,"
        " territory integer references territories(id)) without rowid"
    )
    execute("create table territories (id integer primary key, area text)")
    execute(
        "create table units (id integer primary key, scope text, place_id text references places(place_id),"
        " drafted integer, how text)"
    )
    execute(
        "create table territory_units (territory integer references territories(id), scope text,"
        " unit integer references units(id), primary key (territory, scope)) without rowid"
    )
    execute(
        "create table posts (designation_code text references designations(designation_code),"
        " unit_id text references places(place_id), stand_in integer, drafted integer,"
        " primary key (designation_code, unit_id)) without rowid"
    )
    links = _links(tables)
    numbers: dict[tuple[tuple[str, Link], ...], int] = {}

    def place(row: Row) -> tuple[Any, ...]:
        key = tuple(sorted(links[row["place_id"]].items()))
        cells = _plain(row) | {"territory": numbers.setdefault(key, len(numbers) + 1)}
        return tuple(cells[name] for name in _PLACE_COLUMNS)

    marks = ", ".join("?" * len(_PLACE_COLUMNS))
    database.conn.executemany(
        f"insert into places ({', '.join(_PLACE_COLUMNS)}) values ({marks})",  # noqa: S608 (our own names)
        map(place, tables["places"].rows),
    )
    urban = next(row["value"] for row in tables["settings"].rows if row["key"] == "urban_scope")
    database.conn.executemany(
        "insert into territories values (?, ?)",
        ((number, "urban" if urban in dict(key) else "rural") for key, number in numbers.items()),
    )
    resolver = Resolver(fallbacks(tables), links)
    wanted = {row["scope"] for row in tables["responsibilities"].rows if row["scope"]} | resolver.scopes
    wanted |= local_scopes(tables)
    units: dict[tuple[str, str, bool, str], int] = {}
    covers: list[tuple[int, str, int]] = []
    reached: dict[tuple[str, str], bool] = {}
    for key, number in numbers.items():
        own: Links = dict(key)
        for scope in sorted(wanted | own.keys()):
            found = resolver.find(own, scope)
            if found is not None:
                covers.append((number, scope, units.setdefault(_unit(scope, found), len(units) + 1)))
                at = scope, found.unit_id
                reached[at] = reached.get(at, True) and found.stand_in
    database.conn.executemany(
        "insert into units values (?, ?, ?, ?, ?)", ((number, *unit) for unit, number in units.items())
    )
    database.conn.executemany("insert into territory_units values (?, ?, ?)", covers)
    database.conn.executemany("insert into posts values (?, ?, ?, ?)", derive_posts(tables, reached))


def _unit(scope: str, found: Found) -> tuple[str, str, bool, str]:
    return scope, found.unit_id, found.drafted, found.how


def _write_search(database: sqlite_utils.Database, path: Path) -> None:
    """The index is made from the edition as it will be read."""
    database.conn.execute("create table search (part text primary key, content blob)")
    edition = load_edition(path)
    parts = make_parts(edition.places.values(), edition.kinds)
    database.conn.executemany("insert into search values (?, ?)", parts.items())


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
    cells.pop("weekday", None)  # held against the date when it was read
    return cells
