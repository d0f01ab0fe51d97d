"""Kinds of cells that only the sheets of offices need: posts, plain numbers, days of the week."""

from __future__ import annotations

import math

from mapper.sheets.cells import CellError, code
from mapper.sheets.days.week_words import read_week


def post(cell: str) -> str:
    """A post as DESIGNATION@unit."""
    designation, at, unit = cell.partition("@")
    if not at or not designation or not unit:
        raise CellError(f"{cell!r} is no post", "write the designation's code, @ and the unit's id")
    return f"{code(designation)}@{code(unit)}"


def number(cell: str) -> float:
    """A number that is not negative."""
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not math.isfinite(value) or value < 0:
        raise CellError(f"{cell!r} is not a number from 0 on", "write it in digits 0 to 9")
    return value


def days_of_week(cell: str) -> str:
    """Closed days in any form that is understood, as editions keep them: "sun;2nd sat;4th sat"."""
    return str(read_week(cell).week)
