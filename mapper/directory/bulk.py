"""Reading what an edition has many of: territories, places, posts, and the index of names."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from mapper.decision.edition import StoredSearch
from mapper.model.model import Designation, Post
from mapper.model.place_model import Kind, Place, Territory, Unit
from mapper.model.post_table import PostTable


def read_units(connection: sqlite3.Connection) -> dict[str, Unit]:
    """All units by their number in the file, which is written as text because territories list them so."""
    query = """
        select u.id, u.scope, u.place_id, p.name_hi, p.name_en, p.kind, u.drafted, u.how
        from units u join places p on p.place_id = u.place_id
    """
    return {
        str(number): Unit(scope, unit_id, hi, en, kind, bool(drafted), how)
        for number, scope, unit_id, hi, en, kind, drafted, how in connection.execute(query)
    }


def read_territories(connection: sqlite3.Connection, units: Mapping[str, Unit]) -> Mapping[int, Territory]:
    """All territories by number. They share the units they have in common."""
    positions = {scope: n for n, scope in enumerate(sorted({unit.scope for unit in units.values()}))}
    query = """
        select t.id, t.area, u.units from territories t left join
        (select territory, group_concat(unit) units from territory_units group by territory) u
        on u.territory = t.id
    """
    return {
        number: Territory(number, area, positions, _in_order(units, positions, numbers))
        for number, area, numbers in connection.execute(query)
    }


def _in_order(
    units: Mapping[str, Unit], positions: Mapping[str, int], numbers: str | None
) -> tuple[Unit | None, ...]:
    found: list[Unit | None] = [None] * len(positions)
    for number in numbers.split(",") if numbers else ():
        unit = units[number]
        found[positions[unit.scope]] = unit
    return tuple(found)


def read_places(
    connection: sqlite3.Connection,
    kinds: Mapping[str, Kind],
    territories: Mapping[int, Territory],
    units: Mapping[str, Unit],
) -> dict[str, Place]:
    """All places by id. One that is a unit shares its id with it: look-ups need not compare letters."""
    ids = {unit.id: unit.id for unit in units.values()}
    query = """
        select place_id, kind, name_hi, name_en, aliases, lgd_code, population, drafted, territory, lat, lon
        from places
    """
    return {
        (same := ids.get(place_id, place_id)): Place(
            same,
            kinds[kind].code,
            hi,
            en,
            tuple(aliases.split(";")) if aliases else (),
            code or "",
            population or 0,
            drafted == 1,
            territories[territory],
            None if lat is None or lon is None else (lat, lon),
        )
        for place_id, kind, hi, en, aliases, code, population, drafted, territory, lat, lon in (
            connection.execute(query)
        )
    }


def read_posts(
    connection: sqlite3.Connection, kinds: Mapping[str, Kind], places: Mapping[str, Place]
) -> PostTable:
    """All posts."""
    query = "select designation_code, name_hi, name_en, drafted from designations"
    titles = {
        code: Designation(code, hi, en, bool(drafted)) for code, hi, en, drafted in connection.execute(query)
    }
    posts: dict[str, dict[str, Post]] = {}
    query = "select designation_code, unit_id, stand_in, drafted from posts"
    for code, unit_id, stand_in, drafted in connection.execute(query):
        unit = places[unit_id]
        posts.setdefault(code, {})[unit.id] = Post(
            titles[code], unit, kinds[unit.kind], stand_in == 1, drafted == 1
        )
    return PostTable(posts)


def read_search(connection: sqlite3.Connection, places: Mapping[str, Place]) -> StoredSearch | None:
    """The index of names; None in a file that is still being made."""
    parts = dict(connection.execute("select part, content from search"))
    return StoredSearch(parts, places) if parts else None
