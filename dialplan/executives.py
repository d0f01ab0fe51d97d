"""The executives of the centre: whose phone has which extension and which queue he works for."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dialplan.districts import Districts
from dialplan.sheet import Sheet, read_text
from dialplan.variables import STATE_QUEUE, district_queue, interface

EXECUTIVES_FILE = Path(__file__).resolve().parent / "data" / "executives.csv"
COLUMNS = ("extension", "name_hi", "name_en", "district_code")


@dataclass(frozen=True)
class Executive:
    """One seat. `district_code` is a district with a centre, or a queue: state, or one of the menu."""

    extension: str
    name_hi: str
    name_en: str
    district_code: str

    @property
    def queue(self) -> str:
        """The queue he works for."""
        return district_queue(self.district_code) if self.district_code.isdecimal() else self.district_code

    @property
    def interface(self) -> str:
        """His queue member interface, such as PJSIP/2001."""
        return interface(self.extension)


def load_executives(
    path: Path | None = None, districts: Districts | None = None, queues: Collection[str] = ()
) -> tuple[Executive, ...]:
    """Executives of the CSV file (default: the one shipped). Raises DialplanError naming every mistake."""
    path = path or EXECUTIVES_FILE
    return parse_executives(read_text(path), path.name, districts, queues)


def parse_executives(
    text: str,
    file: str = "executives.csv",
    districts: Districts | None = None,
    queues: Collection[str] = (),
) -> tuple[Executive, ...]:
    """Executives out of the sheet's text. With `districts` their district must have a centre, and their queue
    must be the state's or one of `queues`, those of the menu.

    Raises SheetError naming every mistake.
    """
    sheet = Sheet(file, text, COLUMNS)
    found: list[Executive] = []
    seen: dict[str, int] = {}
    for row, cells in sheet.rows():
        extension, code = cells["extension"], cells["district_code"]
        if not re.fullmatch(r"20(0[1-9]|[1-9][0-9])", extension):
            sheet.problem(row, "extension", f"{extension!r} does not fit", "use 2001 to 2099")
        first = seen.setdefault(extension, row)
        if first != row:
            sheet.problem(row, "extension", f"{extension} is already in row {first}", "give each his own")
        if not re.fullmatch(r"[A-Za-z][A-Za-z .'-]*", cells["name_en"]):
            sheet.problem(
                row, "name_en", f"{cells['name_en']!r} does not fit", "use Roman letters, blank, . ' -"
            )
        if not cells["name_hi"]:
            sheet.problem(row, "name_hi", "empty", "write the name")
        if code != STATE_QUEUE and code not in queues and not _has_centre(code, districts):
            sheet.problem(
                row,
                "district_code",
                f"{code!r} is no district with a centre",
                "see districts.csv, or write state or a queue of menu.toml",
            )
        found.append(Executive(extension, cells["name_hi"], cells["name_en"], code))
    sheet.done()
    return tuple(found)


def _has_centre(code: str, districts: Districts | None) -> bool:
    if districts is None:
        return re.fullmatch(r"[0-9]{2}|[a-z][a-z0-9-]*", code) is not None
    district = districts.by_code(code)
    return district is not None and district.has_centre
