"""The rows of a sheet's table itself: not the empty ones, nor what is struck out or stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from mapper.errors import Problem
from mapper.sheets.columns import Sheet
from mapper.sheets.days.holiday_list import heading_kind, names_rule
from mapper.sheets.grid import Grid, Raw, Struck, blank
from mapper.sheets.table.headers import Header, says_again
from mapper.sheets.table.margins import Margins, is_lone, written
from mapper.sheets.table.row_words import told_rows, were

_Numbered = tuple[int, list[Raw]]


@dataclass(slots=True)
class Body:
    """Rows to be read, and what is to be told of those that are not.

    `unread` tells of rows that the office has struck out, `notes` of those that are none of the table's.
    """

    rows: list[_Numbered] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_body(grid: Grid, sheet: Sheet, header: Header) -> Body:
    """Sort the rows below the header."""
    body = Body()
    required = frozenset(
        header.columns[column.name]
        for column in sheet.columns
        if column.required and column.name in header.columns
    )
    rows = list(_not_struck(grid, header, body))
    head = frozenset(written(cells) for number, cells in grid.rows if number <= header.row)
    margins = Margins(head, partial(says_again, sheet, header), required)
    end = len(rows)
    while end and is_lone(rows[end - 1][1], required):
        end -= 1
    for at, (number, cells) in enumerate(rows):
        below = at >= end
        if sheet.table == "holidays" and heading_kind(cells):
            continue
        if margins.row(number, cells, last=below):
            continue
        rule = sheet.table == "holidays" and names_rule(cells)
        if not rule and is_lone(cells, required) and (below or _is_merged(cells)):
            said = ", ".join(dict.fromkeys(written(cells)))
            where = "a remark below the table" if below else "a heading within the table"
            what = f"the row holds only {said!r}: {where}, most likely"
            body.problems.append(
                Problem(grid.where, number, "", what, "delete the row, or fill in what is missing")
            )
            continue
        body.rows.append((number, cells))
    body.notes += margins.notes()
    return body


def _not_struck(grid: Grid, header: Header, body: Body) -> Iterator[_Numbered]:
    """Rows that hold anything and are not struck through; a remark beside the line saves no row."""
    struck: list[int] = []
    remarks = {header.columns[name] for name in ("note", "source") if name in header.columns}
    for number, cells in grid.rows:
        if number <= header.row:
            continue
        places = set(range(min(header.width, len(cells)))) - header.counters
        said = [place for place in places if not blank(cells[place])]
        lined = [isinstance(cells[place], Struck) for place in said if place not in remarks]
        if lined and all(lined):
            struck.append(number)
        elif said:
            yield number, cells
    if struck:
        be, it = were(struck)
        body.unread.append(f"{told_rows(struck)} {be} struck through: {it} not read")


def _is_merged(cells: Sequence[Raw]) -> bool:
    """Whether one text stands in several cells, as that of a merged one does."""
    texts = written(cells)
    return len(texts) > 1 and len(set(texts)) == 1
