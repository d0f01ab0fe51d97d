"""Settings of the mapper's room."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

SHIPPED = Path(__file__).parent / "data"
"""The sheets that come with the program, and what is learnt from them."""


@dataclass(frozen=True)
class MapperSettings:
    """Limits of the directory's use by people. Raises `ValueError` for a number below 1."""

    candidates: int = 12
    """Places the command line lists when a name is ambiguous."""

    sheet_megabytes: int = 64
    """Largest file read: a sheet of every place of the State has about 10 MB, so a bigger one is no sheet."""

    unpacked_megabytes: int = 512
    """Largest sum of a workbook's parts once unpacked. A workbook is a ZIP file, in which a few kilobytes can
    hide gigabytes; the whole State's directory unpacks to about 150 MB."""

    sheet_rows: int = 500_000
    """Most rows of a sheet: the State has 55,784 villages and some 100,000 posts."""

    sheet_columns: int = 200
    """Most columns of a sheet that are read. Ours have under 20, and an office's own seldom more than 50."""

    header_within: int = 20
    """Rows in which the header is looked for: titles, letterheads and blank rows stand above it."""

    problems_alike: int = 5
    """Problems of one column and kind that are shown before the rest is only counted."""

    problems_shown: int = 60
    """Lines of problems shown at once; the rest is counted, and --json has all."""

    ending_soon_days: int = 30
    """A holder whose time ends within so many days is told of: about what an order of posting takes."""

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name) < 1:
                raise ValueError(f"{each.name} must be 1 or more")
