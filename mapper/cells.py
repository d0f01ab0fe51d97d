"""What a cell may hold: each kind of cell as a parser that tells what is wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

CONFIRMED = frozenset({"confirmed", "sourced", "sourced-unofficial"})
"""Statuses that need no confirmation. Every other one marks its row as drafted."""
STATUSES = CONFIRMED | {"partly sourced", "drafted", "draft-hand", "draft-machine"}

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.-]*")


class CellError(ValueError):
    """What is wrong with a cell and its remedy, as args."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


Parser = Callable[[str], Any]


def text(cell: str) -> str:
    return cell


def code(cell: str) -> str:
    if not _CODE.fullmatch(cell):
        raise CellError(f"{cell!r} is not a code", "use Latin letters, digits and : _ . - without blanks")
    return cell


def subject(cell: str) -> str:
    return cell if cell == "*" else code(cell)


def whole(low: int, high: int) -> Parser:
    def parse(cell: str) -> int:
        plain = cell.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,12}", plain) or not low <= int(plain) <= high:
            raise CellError(
                f"{cell!r} is not a whole number from {low} to {high}", "write it in digits 0 to 9"
            )
        return int(plain)

    return parse


def level(cell: str) -> int | None:
    """A level's number; `*` (every level) is None."""
    return None if cell == "*" else int(whole(1, 99)(cell.removeprefix("L")))


def degrees(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = 999.0
    if not -180.0 <= value <= 180.0:
        raise CellError(f"{cell!r} is not a coordinate", "write degrees with a point, such as 24.0056")
    return value


def day(cell: str) -> date:
    try:
        found = date.fromisoformat(cell) if _DATE.fullmatch(cell) else None
    except ValueError:
        found = None
    if found is None:
        raise CellError(f"{cell!r} is not a date", "write it as year-month-day, such as 2026-01-26")
    return found


def flag(cell: str) -> bool:
    if cell not in {"0", "1"}:
        raise CellError(f"{cell!r} is neither 0 nor 1", "write 1 for yes, 0 for no")
    return cell == "1"


def listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def one_of(*allowed: str) -> Parser:
    def parse(cell: str) -> str:
        if cell not in allowed:
            raise CellError(f"{cell!r} is not known here", f"write one of: {', '.join(sorted(allowed))}")
        return cell

    return parse


def drafted(cell: str) -> bool:
    """A status cell, as the mark it leaves: True when its row waits for confirmation."""
    one_of(*STATUSES)(cell)
    return cell not in CONFIRMED
