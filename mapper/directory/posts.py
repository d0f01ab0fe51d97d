"""Which posts there are: one for each designation and unit that some rule can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mapper.sheets.cross_check import Tables


def derive_posts(
    tables: Tables, units: Mapping[tuple[str, str], bool]
) -> Iterator[tuple[str, str, bool, bool]]:
    """Designation, unit, whether the unit only stands in for another scope, and whether the post is drafted.

    `units` are those over any territory, by scope and id: whether each stands in wherever it was found. A
    post that one rule reaches in its own right is no stand-in, and a stand-in is always drafted.
    """
    drafted = {row["designation_code"]: row["status"] for row in tables["designations"].rows}
    duties: dict[str, set[str]] = {}
    for row in tables["responsibilities"].rows:
        if row["scope"]:
            duties.setdefault(row["scope"], set()).add(row["designation_code"])
    posts: dict[tuple[str, str], bool] = {}
    for (scope, unit), stand_in in units.items():
        for code in duties.get(scope, ()):
            posts[code, unit] = posts.get((code, unit), True) and stand_in
    for (code, unit), stand_in in sorted(posts.items()):
        yield code, unit, stand_in, drafted[code] or stand_in
