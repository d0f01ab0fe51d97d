"""Which column a header means: offices write it in Hindi, in other words, or with other signs between."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mapper.errors import Problem
from mapper.grid import Grid, Raw, blank
from mapper.krutidev import decode
from mapper.sheets import OPTIONAL_COLUMNS, Sheet

_LETTERS = re.compile(r"[^0-9a-zऀ-ॿ]")

_ANYWHERE: Mapping[str, str] = {
    alias: column
    for column, aliases in {
        "name_hi": "name hindi|hindi name|name in hindi|नाम|हिन्दी नाम|नाम हिन्दी|नाम हिन्दी में|हिन्दी में नाम",
        "name_en": "name|name english|english name|name in english|अंग्रेजी नाम|नाम अंग्रेजी|नाम अंग्रेजी में",
        "status": "स्थिति|पुष्टि",
        "note": "notes|remark|remarks|टीप|टिप्पणी|रिमार्क|विशेष",
        "source": "स्रोत",
        "since": "from date|effective from|कब से|प्रभावी दिनांक|प्रभावी तिथि|दिनांक से",
        "level": "लेवल|स्तर",
        "days": "दिन|समय सीमा|समय-सीमा|time limit|limit|day",
        "department_code": "department|dept|dept code|विभाग|विभाग कोड",
        "type_code": "type|complaint type|प्रारूप|प्रारूप कोड",
        "designation_code": "designation|पदनाम|पदनाम कोड",
        "post_id": "post|पद",
        "place_id": "place|स्थान|स्थान कोड",
        "subject": "विषय|type or department|विभाग या प्रारूप",
        "area": "क्षेत्र|rural urban|ग्रामीण शहरी",
        "keywords": "keyword|शब्द|आम शब्द",
        "aliases": "alias|other names|अन्य नाम|दूसरे नाम",
        "population": "जनसंख्या|आबादी",
        "lgd_code": "lgd|एलजीडी कोड|lgd village code|village code",
        "lat": "latitude|अक्षांश",
        "lon": "longitude|long|lng|देशांतर",
        "kind": "प्रकार",
        "date": "दिनांक|तिथि|तारीख",
        "phone": "mobile|mobile no|mobile number|phone no|मोबाइल|मोबाइल नंबर|फोन|दूरभाष",
        "username": "login|user name|लॉगिन",
        "from": "joined on|joining date|कार्यभार दिनांक",
        "to": "till|until|upto|कब तक",
        "charge": "प्रभार",
        "leave_from": "अवकाश से",
        "leave_to": "अवकाश तक",
        "deputy_post_id": "deputy|link officer|प्रतिनिधि|लिंक अधिकारी",
        "reason": "कारण",
        "value": "मान",
        "key": "setting|सेटिंग",
    }.items()
    for alias in aliases.split("|")
}
_IN_SHEET: Mapping[str, Mapping[str, str]] = {
    "places": {
        "id": "place_id",
        "code": "place_id",
        "कोड": "place_id",
        "ग्राम का नाम": "name_hi",
        "ग्राम": "name_hi",
        "गाँव": "name_hi",
        "स्थान का नाम": "name_hi",
        "village": "name_en",
        "village name": "name_en",
        "राज्य": "state_id",
        "संभाग": "division_id",
        "division": "division_id",
        "जिला": "district_id",
        "district": "district_id",
        "तहसील": "tehsil_id",
        "tehsil": "tehsil_id",
        "विकासखण्ड": "block_id",
        "ब्लॉक": "block_id",
        "जनपद": "block_id",
        "block": "block_id",
        "नगर": "ulb_id",
        "ulb": "ulb_id",
        "थाना": "police_station_id",
        "police station": "police_station_id",
        "अनुभाग": "subdivision_id",
        "subdivision": "subdivision_id",
        "वितरण केन्द्र": "distribution_centre_id",
    },
    "jurisdictions": {"unit": "unit_id", "इकाई": "unit_id", "अधिकार क्षेत्र": "scope"},
    "holidays": {"अवकाश": "name_hi", "holiday": "name_en"},
    "departments": {"code": "department_code", "कोड": "department_code", "department name": "name_en"},
    "types": {"code": "type_code", "कोड": "type_code", "प्रारूप का नाम": "name_hi"},
    "designations": {"code": "designation_code", "कोड": "designation_code", "पदनाम": "name_hi"},
    "holders": {"अधिकारी का नाम": "name_hi", "officer name": "name_en", "name of officer": "name_en"},
}
_COUNTERS = frozenset(("sno", "srno", "slno", "serialno", "no", "क्र", "क्रसं", "सक्र", "क्रमांक", "अनुक्रमांक"))
"""Running numbers of rows: a column that says nothing."""


@dataclass(slots=True)
class Header:
    """Where the header stands and what its columns mean.

    `columns`: place of each column by its name; `links`: place by scope; `shown`: the name as written;
    `counters`: places of running numbers, which say nothing.
    """

    row: int
    columns: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    counters: set[int] = field(default_factory=set)
    width: int = 0
    notes: list[str] = field(default_factory=list)


def find_header(grid: Grid, sheet: Sheet, within: int) -> tuple[Header | None, list[Problem]]:
    """The header among the first rows: the row that names most columns. None when no row names half of those
    that are needed; with problems the sheet cannot be read, and every fault of the header is among them.
    """
    best, most = None, 0
    for number, cells in grid.rows[:within]:
        named = {meaning for cell in cells if (meaning := _meaning(sheet, cell)) is not None}
        if len(named) > most:
            best, most = (number, cells), len(named)
    needed = [column.name for column in sheet.columns if column.name not in OPTIONAL_COLUMNS]
    listed = ",".join(column.name for column in sheet.columns)
    if best is None or (most < 2 and len(needed) > 1):
        what = f"no row of the first {within} is a header"
        return None, [Problem(grid.where, 0, "", what, f"the columns are: {listed}")]
    return _read(grid, sheet, best, needed, listed)


def _read(
    grid: Grid, sheet: Sheet, row: tuple[int, list[Raw]], needed: Sequence[str], listed: str
) -> tuple[Header, list[Problem]]:
    number, cells = row
    header = Header(number)
    problems: list[Problem] = []
    known = {column.name for column in sheet.columns}
    strangers: list[tuple[int, str]] = []
    for place, cell in enumerate(cells):
        if blank(cell):
            continue
        header.width = place + 1
        written = " ".join(str(cell).split())
        meaning = _meaning(sheet, cell)
        if meaning is None:
            strangers.append((place, written))
        elif meaning in header.shown:
            what = "the column stands twice"
            if written != header.shown[meaning]:
                what = f"{written!r} and {header.shown[meaning]!r} both mean {meaning}"
            problems.append(Problem(grid.where, number, meaning, what, "delete one of them"))
        else:
            header.shown[meaning] = written
            if meaning in known:
                header.columns[meaning] = place
            else:
                header.links[meaning.removesuffix("_id")] = place
    missing = [name for name in needed if name not in header.columns]
    for place, written in strangers:
        if _key(written) in _COUNTERS:
            header.counters.add(place)
            header.notes.append(f"the column {written!r} was not read")
            continue
        near = difflib.get_close_matches(written.casefold(), sorted(known - header.columns.keys()), 1)
        remedy = f"did you mean {near[0]!r}?" if near else f"delete it, or use one of: {listed}"
        problems.append(Problem(grid.where, number, written, "no such column", remedy))
    problems += [
        Problem(grid.where, number, name, "the column is missing", f"the columns are: {listed}")
        for name in missing
    ]
    return header, problems


def _meaning(sheet: Sheet, cell: Raw) -> str | None:
    """The column a header means in this sheet: its name, an alias, or either of them typed in Kruti Dev."""
    if not isinstance(cell, str) or not cell.strip():
        return None
    names = _names(sheet)
    if found := names.get(_key(cell)) or _link(sheet, cell):
        return found
    hindi = decode(cell.strip())
    return names.get(_key(hindi)) if hindi else None


def _link(sheet: Sheet, cell: str) -> str | None:
    name = cell.strip().casefold()
    return name if sheet.links and re.fullmatch(r"[a-z][a-z_]*_id", name) else None


_cache: dict[str, dict[str, str]] = {}


def _names(sheet: Sheet) -> dict[str, str]:
    if sheet.file not in _cache:
        known = {column.name for column in sheet.columns}
        names = {_key(alias): column for alias, column in _ANYWHERE.items() if column in known}
        own = _IN_SHEET.get(sheet.table, {})
        names |= {_key(alias): column for alias, column in own.items() if column in known or sheet.links}
        names |= {_key(name): name for name in known}
        _cache[sheet.file] = names
    return _cache[sheet.file]


def _key(text: str) -> str:
    """A header without what writers vary: case, signs, blanks, nuktas, and how a nasal is written."""
    letters = unicodedata.normalize("NFC", text).casefold().replace("़", "").replace("न्द", "ंद")
    return _LETTERS.sub("", letters.replace("ँ", "ं").replace("ण्ड", "ंड"))
