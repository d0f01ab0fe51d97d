"""One mistake in the configuration, as an administrator reads it."""

from dataclasses import dataclass

from dialplan.conftext import Line


@dataclass(frozen=True)
class Problem:
    """`line` counts from 1, 0 when the whole file is meant."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


def at(line: Line, what: str, remedy: str) -> Problem:
    """A mistake in this line."""
    return Problem(line.file, line.number, what, remedy)
