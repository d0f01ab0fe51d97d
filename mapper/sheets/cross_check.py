"""Whether the sheets agree: every code that a row points to must be there, and be of its kind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from mapper.errors import Problem
from mapper.model.territory import Fallback, circles
from mapper.sheets.cells import CellError
from mapper.sheets.office_cells import days_of_week
from mapper.sheets.reading import Row, Table

Tables = Mapping[str, Table]
"""The sheets as read, by name without ".csv"."""

SETTINGS: dict[str, frozenset[str] | None] = {
    "calendar_policy": frozenset({"calendar", "working"}),
    "weekend": None,
    "urban_scope": None,
}


def cross_check(tables: Tables) -> Iterable[Problem]:
    """Every reference of one sheet to another that does not hold."""

    def known(table: str, column: str) -> set[Any]:
        return {row[column] for row in tables[table].rows}

    kinds, departments = known("kinds", "kind"), known("departments", "department_code")
    scope_of_kind = {row["kind"]: row["scope"] for row in tables["kinds"].rows}
    scopes = set(scope_of_kind.values())
    kind_of_place = {row["place_id"]: row["kind"] for row in tables["places"].rows}
    levels, designations = known("levels", "level"), known("designations", "designation_code")

    def missing(
        table: str, row: Row, column: str, value: Any, targets: Container[Any], target: str
    ) -> Iterable[Problem]:
        # A sheet that could not be read at all is told once, not again for every row that points to it.
        if value not in targets and tables[target].header:
            remedy = f"add it to {target}.csv, or write one that is there"
            yield Problem(f"{table}.csv", row.number, column, f"{value!r} is not in {target}.csv", remedy)

    def link(table: str, row: Row, column: str, scope: str, unit: str) -> Iterable[Problem]:
        if not tables["kinds"].header or not tables["places"].header:
            return
        file, places = f"{table}.csv", "places.csv"
        if scope not in scopes:
            yield Problem(
                file, row.number, column, f"{scope!r} is no scope of kinds.csv", "correct the scope"
            )
        elif unit not in kind_of_place:
            yield Problem(
                file,
                row.number,
                column,
                f"{unit!r} is not in {places}",
                f"add the unit to {places} or correct it",
            )
        elif scope_of_kind.get(kind_of_place[unit], scope) != scope:
            what = f"{unit!r} is a {kind_of_place[unit]}, not a {scope}"
            yield Problem(file, row.number, column, what, f"name a {scope}")

    for row in tables["kinds"].rows:
        for scope in row["where"]:
            if scope not in scopes:
                yield Problem(
                    "kinds.csv", row.number, "where", f"{scope!r} is no scope of the sheet", "correct it"
                )
    for row in tables["places"].rows:
        yield from missing("places", row, "kind", row["kind"], kinds, "kinds")
        for scope, unit in row.links.items():
            yield from link("places", row, f"{scope}_id", scope, unit)
            if scope_of_kind.get(row["kind"]) == scope and unit in kind_of_place and unit != row["place_id"]:
                what = f"a {scope} cannot lie in another {scope}"
                yield Problem(
                    "places.csv", row.number, f"{scope}_id", what, "empty the cell, or correct the kind"
                )
        for scope in row["unsure_links"]:
            if scope not in row.links:
                what = f"the row names no {scope}, so it cannot be unsure"
                yield Problem(
                    "places.csv", row.number, "unsure_links", what, f"fill in {scope}_id or take it out here"
                )
    for row in tables["jurisdictions"].rows:
        yield from missing("jurisdictions", row, "place_id", row["place_id"], kind_of_place, "places")
        yield from link("jurisdictions", row, "unit_id", row["scope"], row["unit_id"])
    for row in tables["scope_fallbacks"].rows:
        for column in ("scope", "via"):
            if row[column] not in scopes and tables["kinds"].header:
                what = f"{row[column]!r} is no scope of kinds.csv"
                yield Problem(
                    "scope_fallbacks.csv", row.number, column, what, "correct it, or add its kind there"
                )
    for circle in circles(fallbacks(tables)):
        what = f"{circle.scope} falls back on {circle.via}, which falls back on {circle.scope}"
        row_number = next(
            r.number
            for r in tables["scope_fallbacks"].rows
            if r["scope"] == circle.scope and r["order"] == circle.order
        )
        yield Problem("scope_fallbacks.csv", row_number, "via", what, "break the circle")
    for row in tables["types"].rows:
        yield from missing(
            "types", row, "department_code", row["department_code"], departments, "departments"
        )
    for table in ("responsibilities", "time_limits"):
        for row in tables[table].rows:
            if row["level"] is not None:
                yield from missing(table, row, "level", row["level"], levels, "levels")
    for row in tables["responsibilities"].rows:
        if not row["scope"] and not row["designation_code"]:
            continue  # the level is left out
        yield from missing(
            "responsibilities", row, "designation_code", row["designation_code"], designations, "designations"
        )
        if row["scope"] not in scopes and tables["kinds"].header:
            what = f"{row['scope']!r} is no scope of kinds.csv"
            yield Problem(
                "responsibilities.csv", row.number, "scope", what, "name the unit that picks the officer"
            )
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
            yield Problem(
                "settings.csv", row.number, "key", f"{key!r} is no setting", f"known: {', '.join(SETTINGS)}"
            )
        elif allowed and value not in allowed:
            remedy = f"write one of: {', '.join(sorted(allowed))}"
            yield Problem("settings.csv", row.number, "value", f"{value!r} is not known", remedy)
        elif key == "weekend":
            try:
                days_of_week(value)
            except CellError as error:
                yield Problem("settings.csv", row.number, "value", error.what, error.remedy)
        elif key == "urban_scope" and scopes is not None and value not in scopes:
            yield Problem(
                "settings.csv", row.number, "value", f"{value!r} is no scope of kinds.csv", "correct it"
            )


def fallbacks(tables: Tables) -> list[Fallback]:
    """The fallback table."""
    return [
        Fallback(row["scope"], row["order"], row["via"], row["take"], row["status"], row["note"])
        for row in tables["scope_fallbacks"].rows
    ]
