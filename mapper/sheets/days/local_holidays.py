"""Holidays of one district or unit only: which place of the directory a row of the list means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from mapper.errors import Problem
from mapper.search.fold import plain
from mapper.sheets.reading import Table

_WIDEST_FIRST = ("state", "division", "district", "subdivision", "tehsil", "block", "ulb")
_SHOWN = 5
_ONLY = frozenset(("only", "केवल", "मात्र", "के", "लिए", "में"))


def find_holiday_units(tables: Mapping[str, Table]) -> Iterable[Problem]:
    """Put ids in the place of names in the `place_id` column of the holidays; problems for unclear names.

    A name may stand with its kind ("राजगढ़ जिला", "tehsil Biaora"). Without one, the scope that the column's
    header names is meant, else the widest unit of that name: a collector declares a holiday for his district.
    """
    holidays, places = tables["holidays"], tables["places"]
    ids = {row["place_id"] for row in places.rows}
    unknown = {row["place_id"] for row in holidays.rows if row["place_id"]} - ids
    if not unknown or not places.header or not tables["kinds"].header:
        return
    kinds = _kinds(tables)
    called = _called(tables)
    header = kinds.get(plain(holidays.shown.get("place_id", "")), "")
    for row in holidays.rows:
        written = row["place_id"]
        if written not in unknown:
            continue
        words = [word for word in plain(written).split() if word not in _ONLY]
        said = next((kinds[word] for word in words if word in kinds), header)
        name = " ".join(word for word in words if word not in kinds) or " ".join(words)
        found = _choose(called.get(name, []), said)
        if len(found) == 1:
            row.cells["place_id"] = found[0]
            holidays.did["by_name"] += 1
        elif found:
            what = f"{written!r} is the name of {len(found)} units"
            remedy = f"write the id of the one that is meant: {', '.join(found[:_SHOWN])}"
            yield Problem("holidays.csv", row.number, "place_id", what, remedy)
        else:
            near = difflib.get_close_matches(name, called, n=1, cutoff=0.8)
            remedy = (
                "correct it, empty it for the whole State, or delete the row if it is of another district"
            )
            if near:
                remedy = (
                    f"did you mean {_choose(called[near[0]], said)[0]} ({near[0]})? Write the id or the name"
                )
            what = f"no place of places.csv is called {written!r}"
            yield Problem("holidays.csv", row.number, "place_id", what, remedy)


def local_scopes(tables: Mapping[str, Table]) -> set[str]:
    """The scopes of the units that have holidays of their own: every place must know its unit of these."""
    local = {row["place_id"] for row in tables["holidays"].rows if row["place_id"]}
    scope_of = {row["kind"]: row["scope"] for row in tables["kinds"].rows}
    return {scope_of[row["kind"]] for row in tables["places"].rows if row["place_id"] in local}


def _choose(found: list[tuple[str, str]], scope: str) -> list[str]:
    """The ids of that scope if there are any, else of the widest scope among them."""
    for wanted in (scope, *_WIDEST_FIRST):
        if ids := [place for of, place in found if of == wanted]:
            return ids
    return [place for _, place in found]


def _kinds(tables: Mapping[str, Table]) -> dict[str, str]:
    """Words for kinds of places, with their scopes."""
    kinds: dict[str, str] = {}
    for row in tables["kinds"].rows:
        for name in (row["kind"], row["name_hi"], row["name_en"]):
            kinds.setdefault(plain(name), row["scope"])
    return kinds


def _called(tables: Mapping[str, Table]) -> dict[str, list[tuple[str, str]]]:
    scope_of = {row["kind"]: row["scope"] for row in tables["kinds"].rows}
    called: dict[str, list[tuple[str, str]]] = {}
    for row in tables["places"].rows:
        for name in {plain(name) for name in (row["name_hi"], row["name_en"], *row["aliases"])} - {""}:
            called.setdefault(name, []).append((scope_of.get(row["kind"], ""), row["place_id"]))
    return called
