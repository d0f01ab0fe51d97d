"""Which posts there are: one for each designation and unit that some rule can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mapper.cross_check import Tables
from mapper.territory import Found


def derive_posts(tables: Tables, territories: Iterable[Mapping[str, Found]]) -> list[dict[str, Any]]:
    """One post for each designation and unit that some rule can reach, named after both.

    Where a unit only stands in for another scope, the post's name tells its kind and the post is drafted.
    """
    designations = {row["designation_code"]: row for row in tables["designations"].rows}
    places = {row["place_id"]: row for row in tables["places"].rows}
    kinds = {row["kind"]: row for row in tables["kinds"].rows}
    duties = {
        (row["designation_code"], row["scope"]) for row in tables["responsibilities"].rows if row["scope"]
    }
    every = list(territories)
    posts: dict[str, dict[str, Any]] = {}
    for code, scope in sorted(duties):
        title = designations[code]
        for units in every:
            unit = units.get(scope)
            if unit is None:
                continue
            post_id = f"{code}@{unit.unit_id}"
            if post_id in posts and not (posts[post_id]["stand_in"] and not unit.stand_in):
                continue
            place = places[unit.unit_id]
            kind = kinds[place["kind"]]
            area_hi, area_en = (
                f"{kind['name_hi']} {place['name_hi']}",
                f"{place['name_en']} {kind['name_en'].lower()}",
            )
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
