"""What can be wrong with a directory, told so that its administrator can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at one spot.

    `row` counts as a spreadsheet shows it: the header is row 1; 0 means the sheet as a whole.
    An "error" keeps a draft from being published; a "warning" is for the administrator to confirm.
    `things` are all that `what` counts, where it names only the first of them.
    """

    file: str
    row: int
    column: str
    what: str
    remedy: str
    severity: Literal["error", "warning"] = "error"
    things: tuple[str, ...] = ()

    def __str__(self) -> str:
        row = f" row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.what}; {self.remedy}"

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON carries it; without `things` when there are none."""
        told = asdict(self)
        return told if self.things else {key: value for key, value in told.items() if key != "things"}


class DirectoryError(Exception):
    """The directory cannot serve; `problems` holds every cause, str() is the first and how many follow."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        if not self.problems:
            return "the directory has an unknown problem"
        more = len(self.problems) - 1
        return str(self.problems[0]) + (
            f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
        )


class UnknownPlace(DirectoryError):  # noqa: N818 (the name is the room's contract)
    """The edition has no place of that id."""


class UnknownType(DirectoryError):  # noqa: N818
    """The edition has no complaint type of that code."""


class NoOfficer(DirectoryError):  # noqa: N818
    """The edition names no post for that type, place and level."""
