"""The districts: which code a caller presses, which direct numbers lead to them, and who has a centre."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialplan.sheet import Sheet, read_text

DISTRICTS_FILE = Path(__file__).resolve().parent / "data" / "districts.csv"
COLUMNS = ("code", "slug", "name_hi", "name_en", "division", "lgd_code", "std_codes", "has_centre")


@dataclass(frozen=True)
class District:
    """One district. `code` is what callers press (two digits), `std_codes` have their leading 0.

    `division` is the division's English name: callers who do not know a code hear those of one division.
    """

    code: str
    slug: str
    name_hi: str
    name_en: str
    division: str
    lgd_code: str
    std_codes: tuple[str, ...]
    has_centre: bool


class Districts:
    """All districts, in the file's order."""

    def __init__(self, districts: tuple[District, ...]) -> None:
        self._all = districts
        self._by_code = {district.code: district for district in districts}

    def __iter__(self) -> Iterator[District]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def by_code(self, code: str) -> District | None:
        """The district whose code was pressed, None when it is no district's."""
        return self._by_code.get(code)


def load_districts(path: Path | None = None) -> Districts:
    """Districts of the CSV file (default: the one shipped). Raises DialplanError naming every mistake."""
    path = path or DISTRICTS_FILE
    return parse_districts(read_text(path), path.name)


def parse_districts(text: str, file: str = "districts.csv") -> Districts:
    """Districts out of the sheet's text. Raises SheetError naming every mistake."""
    sheet = Sheet(file, text, COLUMNS)
    found: list[District] = []
    seen: dict[tuple[str, str], int] = {}
    for row, cells in sheet.rows():
        _check_row(sheet, row, cells)
        std_codes = tuple(cells["std_codes"].split())
        unique = [
            ("code", cells["code"]),
            ("slug", cells["slug"]),
            *(("std_codes", code) for code in std_codes),
        ]
        for column, value in unique:
            first = seen.setdefault((column, value), row)
            if first != row:
                sheet.problem(row, column, f"{value} is already in row {first}", "each must be there once")
        found.append(
            District(
                cells["code"],
                cells["slug"],
                cells["name_hi"],
                cells["name_en"],
                cells["division"],
                cells["lgd_code"],
                std_codes,
                cells["has_centre"] == "1",
            )
        )
    if not found and not sheet.problems:
        sheet.problem(1, "", "there is no district", "restore the file as it was shipped")
    sheet.done()
    return Districts(tuple(found))


def _check_row(sheet: Sheet, row: int, cells: dict[str, str]) -> None:
    patterns = (
        ("code", r"[0-9]{2}", "write two digits, such as 39 or 04 (format the column as text)"),
        ("slug", r"[a-z]+(-[a-z]+)*", "write the English name in small letters with - for blanks"),
        ("lgd_code", r"[0-9]*", "write the LGD number or leave it empty"),
        (
            "std_codes",
            r"(0[0-9]{2,4}( +0[0-9]{2,4})*)?",
            "write STD codes with the leading 0, blanks between",
        ),
        ("has_centre", r"[01]", "write 1 when the district has its own call centre, else 0"),
    )
    for column, pattern, remedy in patterns:
        if not re.fullmatch(pattern, cells[column]):
            sheet.problem(row, column, f"{cells[column]!r} does not fit", remedy)
    for column, what in (("name_hi", "district"), ("name_en", "district"), ("division", "division")):
        if not cells[column]:
            sheet.problem(row, column, "empty", f"write the {what}'s name")
