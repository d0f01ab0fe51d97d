"""An export of the Local Government Directory (LGD) in the place of the sheet of places.

It has headers of its own and neither ids nor kinds: they are made of its codes, and it is said so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mapper.sheets.grid import Grid, Raw, blank

_LEVELS: Mapping[str, tuple[str, str]] = {
    "state": ("state", "state"),
    "district": ("district", "district"),
    "subdistrict": ("tehsil", "tehsil"),
    "tehsil": ("tehsil", "tehsil"),
    "developmentblock": ("block", "block"),
    "block": ("block", "block"),
    "grampanchayat": ("gram_panchayat", "gp"),
    "villagepanchayat": ("gram_panchayat", "gp"),
    "localbody": ("gram_panchayat", "gp"),
    "village": ("village", "village"),
}
"""What a level is called in an export: our kind, and the beginning of our ids."""
_ORDER = ("state", "district", "tehsil", "block", "gram_panchayat", "village")
_HEADER = re.compile(rf"({'|'.join(sorted(_LEVELS, key=len, reverse=True))})(code|name)(.*)")
_LETTERS = re.compile(r"[^a-z]")
_LOCAL = ("inlocal", "local", "inlocallanguage", "inhindi", "hindi")
_HINDI = re.compile("[ऀ-ॿ]")
_ABOVE_ALL = ("state", "district")
_FEWEST = 4
_COLUMNS = ("place_id", "kind", "name_hi", "name_en", "name_status", "lgd_code")


@dataclass(slots=True)
class _Export:
    """Columns of an export by kind: `codes`, English `names`, `local` names; headers `shown` by place."""

    codes: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    local: dict[str, int] = field(default_factory=dict)
    shown: dict[int, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        """Kinds with a code and a name, the widest first."""
        return [kind for kind in _ORDER if kind in self.codes and kind in self.names]


def places_of_export(grid: Grid, within: int) -> tuple[Grid, str] | None:
    """The sheet of places that an export means, and what was assumed; None when it is no export."""
    for at, (number, cells) in enumerate(grid.rows[:within]):
        export = _recognised(cells)
        if export is not None:
            return _made(grid, export, number, grid.rows[at + 1 :])
    return None


def _recognised(cells: Iterable[Raw]) -> _Export | None:
    export = _Export()
    for place, cell in enumerate(cells):
        if blank(cell):
            continue
        written = " ".join(str(cell).split())
        found = _HEADER.fullmatch(_LETTERS.sub("", written.casefold()))
        kind = _LEVELS[found[1]][0] if found else ""
        if found and found[2] == "code" and not found[3]:
            export.codes.setdefault(kind, place)
        elif found and found[2] == "name" and found[3] in _LOCAL:
            export.local.setdefault(kind, place)
        elif found and found[2] == "name" and _is_english(found[3]):
            export.names.setdefault(kind, place)
        else:
            export.rest.append(written)
            continue
        export.shown[place] = written
    enough = len(export.codes) + len(export.names) + len(export.local) >= _FEWEST
    ours = any(column in export.rest for column in _COLUMNS)
    return export if enough and export.kinds and not ours else None


def _is_english(words: str) -> bool:
    return not words or bool(difflib.get_close_matches(words, ("inenglish", "english"), 1))


def _made(
    grid: Grid, export: _Export, number: int, rows: Iterable[tuple[int, list[Raw]]]
) -> tuple[Grid, str]:
    kinds = export.kinds
    own = kinds[-1]
    made = Grid(grid.where, notes=list(grid.notes), problems=list(grid.problems), hidden=grid.hidden)
    scopes = [kind for kind in kinds if kind != own]
    made.rows.append((number, [*_COLUMNS, *(f"{kind}_id" for kind in scopes)]))
    seen: set[str] = set()
    for row, cells in rows:
        if all(map(blank, cells)):
            continue
        ids = {kind: _id(export, kind, cells) for kind in kinds}
        for kind in scopes:
            if ids[kind] and ids[kind] not in seen:
                seen.add(ids[kind])
                above = {one: ids[one] for one in _ABOVE_ALL if one in scopes and one != kind}
                made.rows.append((row, _row(export, kind, cells, ids[kind], scopes, above)))
        above = {kind: ids[kind] for kind in scopes}
        made.rows.append((row, _row(export, own, cells, ids[own], scopes, above)))
    said = [
        f"{export.shown[export.codes[own]]!r} is lgd_code",
        f"{export.shown[export.names[own]]!r} is name_en",
    ]
    if own in export.local:
        said.append(f"{export.shown[export.local[own]]!r} is name_hi")
    said += [f"{export.shown[export.codes[kind]]!r} is {kind}_id" for kind in scopes]
    told = (
        f"read as an export of the Local Government Directory: {', '.join(said)}; place_id and kind are not "
        f"in it: they were made of the code ({_prefix(own)}:CODE, {own}); a place without a Hindi name has "
        "its English one, and waits for confirmation"
    )
    if seen:
        told += f"; {len(seen)} units that it names were added"
    if export.rest:
        told += f"; not read: {', '.join(map(repr, export.rest))}"
    made.notes.append(told)
    return made, told


def _prefix(kind: str) -> str:
    return next(prefix for of, prefix in _LEVELS.values() if of == kind)


def _id(export: _Export, kind: str, cells: list[Raw]) -> str:
    code = _text(cells, export.codes[kind])
    return f"{_prefix(kind)}:{code}" if code.strip("0") else ""


def _row(
    export: _Export, kind: str, cells: list[Raw], place_id: str, scopes: list[str], above: Mapping[str, str]
) -> list[Raw]:
    english = _text(cells, export.names[kind])
    english = english.title() if english.isupper() else english
    local = _text(cells, export.local[kind]) if kind in export.local else ""
    status = "sourced" if _HINDI.search(local) else "drafted"
    code = place_id.partition(":")[2]
    return [
        place_id,
        kind,
        local or english,
        english,
        status,
        code,
        *(above.get(scope, "") for scope in scopes),
    ]


def _text(cells: list[Raw], place: int) -> str:
    cell = cells[place] if place < len(cells) else None
    return "" if blank(cell) else " ".join(str(cell).split()).removesuffix(".0")
