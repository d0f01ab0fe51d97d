"""Where a sheet's header stands, in one row or in several, and which of its columns is which."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mapper.errors import Problem
from mapper.sheets.columns import Sheet
from mapper.sheets.grid import Grid, Raw, blank
from mapper.sheets.script.legacy_fonts import REMEDY, font_of
from mapper.sheets.table.header_words import COUNTERS, OTHER_ERA, key, meaning, stacked_meaning
from mapper.sheets.table.row_words import told_rows, were

_DEEPEST = 3
"""Most rows of a header: a group, what it is of, and the column."""


@dataclass(slots=True)
class Header:
    """Where the header stands and what its columns mean.

    `row`: its last row; `columns`: place of each column by its name; `links`: place by scope; `shown`: the
    name as written; `counters`: places of running numbers, which say nothing.
    """

    row: int
    columns: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    counters: set[int] = field(default_factory=set)
    width: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """Rows that may be a header: for each place what stands there from the highest to the lowest."""

    rows: list[int]
    stacks: dict[int, list[Raw]]

    def meanings(self, sheet: Sheet) -> set[str]:
        found = (stacked_meaning(sheet, stack) for stack in self.stacks.values())
        return {one for one in found if one is not None}


def find_header(grid: Grid, sheet: Sheet, within: int) -> tuple[Header | None, list[Problem]]:
    """The header among the first rows: the row, or the rows below each other, that name most columns.

    None when no row names half of those that are needed; with problems the sheet cannot be read, and every
    fault of the header is among them.
    """
    best, most = _best(grid.rows[:within], sheet)
    needed = [column.name for column in sheet.columns if not sheet.may_be_left_out(column.name)]
    listed = ",".join(column.name for column in sheet.columns)
    if best is None or (most < 2 and len(sheet.columns) > 1):
        return None, [_no_header(grid, sheet, within, listed)]
    return _read(grid, sheet, best, needed, listed)


def _best(rows: Sequence[tuple[int, list[Raw]]], sheet: Sheet) -> tuple[_Block | None, int]:
    best, most = None, 0
    for depth in range(1, _DEEPEST + 1):
        for begin in range(len(rows) - depth + 1):
            block = _block(rows[begin : begin + depth])
            if block is not None and len(found := block.meanings(sheet)) > most:
                best, most = block, len(found)
    return best, most


def _block(rows: Sequence[tuple[int, list[Raw]]]) -> _Block | None:
    """The rows as one header; None when what stands in a lower one is not text, as headers are."""
    lower = [cell for _, cells in rows[1:] for cell in cells if not blank(cell)]
    if not all(isinstance(cell, str) for cell in lower):
        return None
    width = max(len(cells) for _, cells in rows)
    full = [[*cells, *[None] * (width - len(cells))] for _, cells in rows]
    for upper, under in pairwise(full):
        for place in range(1, width):
            # A group stands over its first column only, where nobody merged its cells.
            if blank(upper[place]) and not blank(under[place]):
                upper[place] = upper[place - 1]
    stacks = {}
    for place in range(width):
        stack = [row[place] for row in full if not blank(row[place])]
        if stack:
            stacks[place] = list(dict.fromkeys(stack))
    return _Block([number for number, _ in rows], stacks)


def _no_header(grid: Grid, sheet: Sheet, within: int, listed: str) -> Problem:
    """What to say of a sheet without a header: perhaps it is hidden, or nobody can read its letters."""
    what, remedy = f"no row of the first {within} is a header", f"the columns are: {listed}"
    hidden, most = _best(grid.hidden[:within], sheet)
    if hidden is not None and most > 1:
        stands = f"the header stands in {told_rows(hidden.rows)}, which {were(hidden.rows)[0]} hidden"
        return Problem(grid.where, hidden.rows[0], "", stands, "show it again (Unhide)")
    for number, cells in grid.rows[:within]:
        fonts = [font for cell in cells if isinstance(cell, str) and (font := font_of(cell))]
        if len(fonts) > 1:
            typed = f"the header is typed in a legacy font that is not Kruti Dev, most likely {fonts[0]}"
            return Problem(grid.where, number, "", typed, REMEDY)
    return Problem(grid.where, 0, "", what, remedy)


def _read(
    grid: Grid, sheet: Sheet, block: _Block, needed: Sequence[str], listed: str
) -> tuple[Header, list[Problem]]:
    number = block.rows[-1]
    header = Header(number)
    problems: list[Problem] = []
    known = {column.name for column in sheet.columns}
    strangers: list[tuple[int, str]] = []
    # What is hidden comes last, so that a column that is seen goes before it.
    for place in sorted(block.stacks, key=lambda place: (place in grid.hidden_columns, place)):
        stack = block.stacks[place]
        header.width = max(header.width, place + 1)
        written = " ".join(str(stack[-1]).split())
        means = stacked_meaning(sheet, stack)
        if means is None:
            strangers.append((place, written))
        elif means in header.shown:
            if place in grid.hidden_columns:
                header.counters.add(place)
                header.notes.append(f"the hidden column {written!r} was not read: {means} stands there twice")
                continue
            what = "the column stands twice"
            if written != header.shown[means]:
                what = f"{written!r} and {header.shown[means]!r} both mean {means}"
            problems.append(Problem(grid.where, number, means, what, "delete one of them"))
        else:
            header.shown[means] = written
            if place in grid.hidden_columns:
                header.notes.append(f"the column {written!r} is hidden: it was read")
            if means in known:
                header.columns[means] = place
            else:
                header.links[means.removesuffix("_id")] = place
    missing = [name for name in needed if name not in header.columns]
    for place, written in strangers:
        era = sheet.table == "holidays" and OTHER_ERA.search(key(written))
        if key(written) in COUNTERS or era or place in grid.hidden_columns:
            header.counters.add(place)
            hidden = "hidden " if place in grid.hidden_columns else ""
            header.notes.append(f"the {hidden}column {written!r} was not read")
            continue
        near = difflib.get_close_matches(written.casefold(), sorted(known - header.columns.keys()), 1)
        remedy = f"did you mean {near[0]!r}?" if near else f"delete it, or use one of: {listed}"
        problems.append(Problem(grid.where, number, written, "no such column", remedy))
    remedy = f"the columns are: {listed}"
    if len(block.rows) > 1:
        header.notes.append(f"the header stands in {told_rows(block.rows)}")
        remedy = f"the header stands in {told_rows(block.rows)}: write it in one row; {remedy}"
    problems += [Problem(grid.where, number, name, "the column is missing", remedy) for name in missing]
    return header, problems


def says_again(sheet: Sheet, header: Header, place: int, cell: Raw) -> bool:
    """Whether a cell below the header is the name of its column again."""
    means = meaning(sheet, cell)
    return means is not None and place == header.columns.get(
        means, header.links.get(means.removesuffix("_id"))
    )
