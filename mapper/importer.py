"""From the administrator's sheets to a draft: read, cross-check, derive posts, write one SQLite file.

Every problem of every sheet is collected before anything is written. The draft file appears in one rename.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlite_utils

from mapper.errors import DirectoryError, Problem
from mapper.layout import FORMAT, WEEKDAYS, weekend
from mapper.model import ANY
from mapper.sheets import SHEETS, Row, Table, read_sheet
from mapper.territory import Fallback, Found, Link, Links, Resolver, circles

SETTINGS: dict[str, frozenset[str] | None] = {
    "calendar_policy": frozenset({"calendar", "working"}),
    "weekend": None,
    "urban_scope": None,
}

Tables = Mapping[str, Table]


def read_folder(source: Path) -> Tables:
    """Read and cross-check the sheets of a folder. Raises DirectoryError with all problems found."""
    if not source.is_dir():
        raise DirectoryError(Problem(str(source), 0, "", "no such folder", "name the folder that holds the sheets"))
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for sheet in SHEETS:
        tables[sheet.table], found = read_sheet(source, sheet)
        problems.extend(found)
    problems.extend(_cross_check(tables))
    if problems:
        raise DirectoryError(problems)
    return tables


def write_draft(tables: Tables, path: Path, meta: Mapping[str, str]) -> None:
    """Write the draft file at `path`, replacing an earlier one in one rename. Raises DirectoryError, OSError."""
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


def _cross_check(tables: Tables) -> Iterable[Problem]:
    def known(table: str, column: str) -> set[Any]:
        return {row[column] for row in tables[table].rows}

    kinds, departments = known("kinds", "kind"), known("departments", "department_code")
    scope_of_kind = {row["kind"]: row["scope"] for row in tables["kinds"].rows}
    scopes = set(scope_of_kind.values())
    kind_of_place = {row["place_id"]: row["kind"] for row in tables["places"].rows}
    types, levels = known("types", "type_code"), known("levels", "level")
    designations = known("designations", "designation_code")

    def missing(table: str, row: Row, column: str, value: Any, targets: set[Any], target: str) -> Iterable[Problem]:
        # A sheet that could not be read at all is told once, not again for every row that points to it.
        if value not in targets and tables[target].header:
            remedy = f"add it to {target}.csv, or write one that is there"
            yield Problem(f"{table}.csv", row.number, column, f"{value!r} is not in {target}.csv", remedy)

    def link(table: str, row: Row, column: str, scope: str, unit: str) -> Iterable[Problem]:
        if not tables["kinds"].header or not tables["places"].header:
            return
        file, places = f"{table}.csv", "places.csv"
        if scope not in scopes:
            yield Problem(file, row.number, column, f"{scope!r} is no scope of kinds.csv", "correct the scope")
        elif unit not in kind_of_place:
            yield Problem(file, row.number, column, f"{unit!r} is not in {places}", f"add the unit to {places} or correct it")
        elif scope_of_kind.get(kind_of_place[unit], scope) != scope:
            what = f"{unit!r} is a {kind_of_place[unit]}, not a {scope}"
            yield Problem(file, row.number, column, what, f"name a {scope}")

    for row in tables["kinds"].rows:
        for scope in row["where"]:
            if scope not in scopes:
                yield Problem("kinds.csv", row.number, "where", f"{scope!r} is no scope of the sheet", "correct it")
    for row in tables["places"].rows:
        yield from missing("places", row, "kind", row["kind"], kinds, "kinds")
        for scope, unit in row.links.items():
            yield from link("places", row, f"{scope}_id", scope, unit)
        for scope in row["unsure_links"]:
            if scope not in row.links:
                what = f"the row names no {scope}, so it cannot be unsure"
                yield Problem("places.csv", row.number, "unsure_links", what, f"fill in {scope}_id or take it out here")
    for row in tables["jurisdictions"].rows:
        yield from missing("jurisdictions", row, "place_id", row["place_id"], set(kind_of_place), "places")
        yield from link("jurisdictions", row, "unit_id", row["scope"], row["unit_id"])
    for row in tables["scope_fallbacks"].rows:
        for column in ("scope", "via"):
            if row[column] not in scopes and tables["kinds"].header:
                what = f"{row[column]!r} is no scope of kinds.csv"
                yield Problem("scope_fallbacks.csv", row.number, column, what, "correct it, or add its kind there")
    for circle in circles(fallbacks(tables)):
        what = f"{circle.scope} falls back on {circle.via}, which falls back on {circle.scope}"
        row_number = next(r.number for r in tables["scope_fallbacks"].rows if r["scope"] == circle.scope and r["order"] == circle.order)
        yield Problem("scope_fallbacks.csv", row_number, "via", what, "break the circle")
    for row in tables["types"].rows:
        yield from missing("types", row, "department_code", row["department_code"], departments, "departments")
    for table in ("responsibilities", "time_limits"):
        for row in tables[table].rows:
            if row["subject"] != ANY and tables["types"].header and tables["departments"].header:
                yield from missing(table, row, "subject", row["subject"], types | departments, "departments")
            if row["level"] is not None:
                yield from missing(table, row, "level", row["level"], levels, "levels")
    for row in tables["responsibilities"].rows:
        if not row["scope"] and not row["designation_code"]:
            continue  # the level is left out
        yield from missing("responsibilities", row, "designation_code", row["designation_code"], designations, "designations")
        if row["scope"] not in scopes and tables["kinds"].header:
            what = f"{row['scope']!r} is no scope of kinds.csv"
            yield Problem("responsibilities.csv", row.number, "scope", what, "name the unit that picks the officer")
    yield from _check_settings(tables["settings"], scopes if tables["kinds"].header else None)


def _check_settings(table: Table, scopes: set[str] | None) -> Iterable[Problem]:
    values = {row["key"]: row for row in table.rows}
    if not table.header:
        return
    for key in sorted(SETTINGS.keys() - values.keys()):
        yield Problem("settings.csv", 0, "key", f"the setting {key!r} is missing", "add a row for it")
    for key, row in values.items():
        value, allowed = row["value"], SETTINGS.get(key)
        if key not in SETTINGS:
            yield Problem("settings.csv", row.number, "key", f"{key!r} is no setting", f"known: {', '.join(SETTINGS)}")
        elif allowed and value not in allowed:
            remedy = f"write one of: {', '.join(sorted(allowed))}"
            yield Problem("settings.csv", row.number, "value", f"{value!r} is not known", remedy)
        elif key == "weekend" and not weekend(value):
            remedy = f"write days of {';'.join(WEEKDAYS)}, at most six"
            yield Problem("settings.csv", row.number, "value", f"{value!r} is no list of days", remedy)
        elif key == "urban_scope" and scopes is not None and value not in scopes:
            yield Problem("settings.csv", row.number, "value", f"{value!r} is no scope of kinds.csv", "correct it")


def fallbacks(tables: Tables) -> list[Fallback]:
    return [
        Fallback(row["scope"], row["order"], row["via"], row["take"], row["status"], row["note"])
        for row in tables["scope_fallbacks"].rows
    ]


def _links(tables: Tables) -> dict[str, dict[str, Link]]:
    """What each place names: its columns, the jurisdictions sheet (which wins), and itself for its own scope."""
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
    def put(table: str, rows: Iterable[Mapping[str, Any]], pk: str | tuple[str, ...], **more: Any) -> None:
        database.table(table).insert_all(rows, pk=pk, **more)

    links = _links(tables)
    resolver = Resolver(fallbacks(tables), links)
    settings = {row["key"]: row["value"] for row in tables["settings"].rows}
    put("meta", [{"key": key, "value": value} for key, value in (meta | {"format": str(FORMAT)}).items()], "key")
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
    put("territories", [{"id": n, "area": "urban" if urban in dict(k) else "rural"} for k, n in territories.items()], "id")
    put("places", places, "place_id", foreign_keys=[("territory", "territories", "id")])
    unit_key = [("territory", "territories", "id"), ("unit_id", "places", "place_id")]
    put("territory_units", covers, ("territory", "scope"), foreign_keys=unit_key)
    post_keys = [("designation_code", "designations"), ("unit_id", "places", "place_id")]
    put("posts", _posts(tables, found), "post_id", foreign_keys=post_keys)


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


def _posts(tables: Tables, found: Mapping[int, Mapping[str, Found]]) -> list[dict[str, Any]]:
    """One post for each designation and unit that some rule can reach, named after both.

    Where a unit only stands in for another scope, the post's name tells the unit's kind and the post is drafted.
    """
    designations = {row["designation_code"]: row for row in tables["designations"].rows}
    places = {row["place_id"]: row for row in tables["places"].rows}
    kinds = {row["kind"]: row for row in tables["kinds"].rows}
    duties = {(row["designation_code"], row["scope"]) for row in tables["responsibilities"].rows if row["scope"]}
    posts: dict[str, dict[str, Any]] = {}
    for code, scope in sorted(duties):
        title = designations[code]
        for units in found.values():
            unit = units.get(scope)
            if unit is None:
                continue
            post_id = f"{code}@{unit.unit_id}"
            if post_id in posts and not (posts[post_id]["stand_in"] and not unit.stand_in):
                continue
            place = places[unit.unit_id]
            kind = kinds[place["kind"]]
            area_hi, area_en = f"{kind['name_hi']} {place['name_hi']}", f"{place['name_en']} {kind['name_en'].lower()}"
            short_hi, short_en = (area_hi, area_en) if unit.stand_in else (place["name_hi"], place["name_en"])
            posts[post_id] = {
                "post_id": post_id,
                "designation_code": code,
                "unit_id": unit.unit_id,
                "jurisdiction_hi": area_hi,
                "jurisdiction_en": area_en,
                "name_hi": f"{title['name_hi']}, {short_hi}",
                "name_en": f"{title['name_en']}, {short_en}",
                "stand_in": int(unit.stand_in),
                "drafted": int(title["status"] or unit.stand_in),
            }
    return list(posts.values())
