"""Merged cells: their value stands in the first cell only, and holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from mapper.settings import MapperSettings
from mapper.sheets.grid import Grid

Area = tuple[int, int, int, int]
"""Top, left, bottom and right, counted from 1."""


def spread(grid: Grid, merged: Iterable[Area], limits: MapperSettings) -> None:
    """Write the value of a merged area into each of its cells, in rows that hold anything."""
    rows = dict(grid.rows)
    last = max(rows, default=0)
    filled = 0
    for top, left, bottom, right in merged:
        first = rows.get(top)
        value = first[left - 1] if first is not None and left <= len(first) else None
        if value is None:
            continue
        for number in range(top, min(bottom, last) + 1):
            cells = rows.get(number)
            if cells is None:
                continue
            for column in range(left, min(right, limits.sheet_columns) + 1):
                while len(cells) < column:
                    cells.append(None)
                if cells[column - 1] is None:
                    cells[column - 1] = value
                    filled += 1
    if filled:
        cells_take = "cell takes its" if filled == 1 else "cells take their"
        grid.notes.append(f"{filled} {cells_take} value from a merged cell")
