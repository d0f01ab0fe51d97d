"""Units that a sheet names by their name (राजगढ़ for tehsil:3565), and places that two units claim."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from mapper.errors import Problem
from mapper.search.fold import fold_all, plain
from mapper.sheets.reading import Table

_SHOWN = 5
_COMPARED = 20
"""Unknown names that are compared letter by letter: some 20 ms each beside the names of a whole State."""


def find_units(tables: Mapping[str, Table]) -> Iterable[Problem]:
    """Put ids in the place of names in the `<scope>_id` columns of the places; problems for unclear names.

    A name counts when exactly one unit of that scope has it, as either name, as an alias or as its LGD code.
    One that only sounds like a unit is told with that unit; what nothing sounds like is left for the
    cross-check.
    """
    places = tables["places"]
    ids = {row["place_id"] for row in places.rows}
    wanted = {(scope, unit) for row in places.rows for scope, unit in row.links.items() if unit not in ids}
    if not wanted:
        return
    called = _called(tables, {scope for scope, _ in wanted})
    unknown = sorted(pair for pair in wanted if not called.get((pair[0], plain(pair[1]))))
    alike = _alike(called, unknown)
    for row in places.rows:
        for scope, unit in row.links.items():
            if unit in ids:
                continue
            found = called.get((scope, plain(unit)), [])
            if len(found) == 1:
                row.links[scope] = found[0]
                places.did["by_name"] += 1
            elif found:
                listed = ", ".join(found[:_SHOWN])
                what = f"{unit!r} is the name of {len(found)} units"
                remedy = f"write the id of the one that is meant: {listed}"
                yield Problem("places.csv", row.number, f"{scope}_id", what, remedy)
            elif near := alike.get((scope, unit)):
                what = f"no {scope.replace('_', ' ')} is called {unit!r}"
                remedy = f"did you mean {' or '.join(near)}? Write the id or the name as it is there"
                yield Problem("places.csv", row.number, f"{scope}_id", what, remedy)


def _alike(
    called: Mapping[tuple[str, str], list[str]], unknown: list[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Units that sound like an unknown name, or (for the first few) are written much like it, by name."""
    sounds: dict[tuple[str, str], list[str]] = {}
    for scope, name in called if unknown else ():
        sounds.setdefault((scope, fold_all(name)), []).append(name)
    found: dict[tuple[str, str], list[str]] = {}
    for number, (scope, unit) in enumerate(unknown):
        sound = fold_all(unit)
        near = sounds.get((scope, sound), []) if sound else []
        if not near and number < _COMPARED:
            names = [name for of, name in called if of == scope]
            near = difflib.get_close_matches(plain(unit), names, n=2, cutoff=0.8)
        units = {unit_id: name for name in near for unit_id in called[scope, name]}
        found[scope, unit] = [f"{unit_id} ({name})" for unit_id, name in units.items()][:_SHOWN]
    return found


def count_claims(tables: Mapping[str, Table]) -> None:
    """Count the places that two units claim: one in the jurisdictions, another in a column of the places."""
    jurisdictions = tables["jurisdictions"]
    if jurisdictions.rows:
        links = {row["place_id"]: row.links for row in tables["places"].rows}
        for row in jurisdictions.rows:
            named = links.get(row["place_id"], {}).get(row["scope"])
            if named is not None and named != row["unit_id"]:
                jurisdictions.did["claimed"] += 1


def _called(tables: Mapping[str, Table], scopes: set[str]) -> dict[tuple[str, str], list[str]]:
    scope_of = {row["kind"]: row["scope"] for row in tables["kinds"].rows}
    called: dict[tuple[str, str], list[str]] = {}
    for row in tables["places"].rows:
        scope = scope_of.get(row["kind"], "")
        if scope not in scopes:
            continue
        names = {plain(name) for name in (row["name_hi"], row["name_en"], *row["aliases"], row["lgd_code"])}
        for name in names - {""}:
            called.setdefault((scope, name), []).append(row["place_id"])
    return called
