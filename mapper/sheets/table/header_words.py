"""What a header means: offices write it in Hindi, in other words, or with other signs between."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from mapper.sheets.columns import Sheet
from mapper.sheets.grid import Raw
from mapper.sheets.script.krutidev import decode

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
        "phone": "telephone|mobile phone|mobile|mobile no|mobile number|phone no|दूरभाष|दूरभाष नंबर|फोन|फोन नंबर|"
        "मोबाइल|मोबाइल नंबर|मोबाइल न|मोबाईल|मोबाईल नंबर",
        "username": "login|user name|लॉगिन",
        "from": "joined on|joining date|date of joining|कार्यभार दिनांक|कार्यभार ग्रहण दिनांक|पदस्थापना दिनांक|से",
        "to": "till|until|upto|to date|कब तक|दिनांक तक|तक",
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
    "holidays": {
        **dict.fromkeys(
            (
                "अवकाश",
                "अवकाश का नाम",
                "अवकाशों के नाम",
                "त्यौहार",
                "त्योहार",
                "पर्व",
                "पर्व का नाम",
                "अवसर",
                "विवरण",
            ),
            "name_hi",
        ),
        **dict.fromkeys(
            (
                "holiday",
                "holidays",
                "name of holiday",
                "name of the holiday",
                "holiday name",
                "occasion",
                "festival",
            ),
            "name_en",
        ),
        **dict.fromkeys(
            ("अंग्रेजी दिनांक", "ईस्वी दिनांक", "ईसवी दिनांक", "dates", "holiday date", "अवकाश दिनांक"), "date"
        ),
        **dict.fromkeys(
            ("दिन", "वार", "दिवस", "सप्ताह का दिन", "day", "days", "day of week", "day of the week"), "weekday"
        ),
        **dict.fromkeys(
            (
                "district",
                "जिला",
                "unit",
                "इकाई",
                "applies to",
                "कहाँ",
                "लागू क्षेत्र",
                "tehsil",
                "तहसील",
                "district_id",
            ),
            "place_id",
        ),
        **dict.fromkeys(
            ("अवकाश का प्रकार", "श्रेणी", "type", "category", "holiday type", "type of holiday"), "kind"
        ),
    },
    "departments": {"code": "department_code", "कोड": "department_code", "department name": "name_en"},
    "types": {"code": "type_code", "कोड": "type_code", "प्रारूप का नाम": "name_hi"},
    "designations": {"code": "designation_code", "कोड": "designation_code", "पदनाम": "name_hi"},
    "holders": {"अधिकारी का नाम": "name_hi", "officer name": "name_en", "name of officer": "name_en"},
}
COUNTERS = frozenset(("sno", "srno", "slno", "serialno", "no", "क्र", "क्रसं", "सक्र", "क्रमांक", "अनुक्रमांक"))
"""Running numbers of rows: a column that says nothing."""
OTHER_ERA = re.compile("शक|saka|विक्रम|vikram|हिजरी|hijri")
"""The same days by another calendar, which lists of holidays print beside ours."""
_PAIRED = {"since": "from", "from": "since"}
"""A sheet has a day from which its rows hold under one of the two names: कब से is either."""
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("हिन्दी", "हिन्दी में", "hindi", "in hindi"), "name_hi"),
    **dict.fromkeys(("अंग्रेजी", "अंग्रेजी में", "english", "in english"), "name_en"),
}
_LEAVE = ("अवकाश", "छुट्टी", "leave")


def stacked_meaning(sheet: Sheet, cells: Sequence[Raw]) -> str | None:
    """The column that headers one below the other mean, the lowest last: नाम over हिन्दी, अवकाश over से."""
    *groups, own = cells
    if not groups or not isinstance(own, str):
        return meaning(sheet, own)
    known = {column.name for column in sheet.columns}
    for group in reversed(groups):
        said = key(str(group))
        if found := meaning(sheet, f"{group} {own}"):
            return found
        language = _by_language.get(key(own))
        if language in known and ("नाम" in said or "name" in said):
            return language
        end = meaning(sheet, own)
        if end in {"from", "to"} and f"leave_{end}" in known and any(word in said for word in _LEAVE):
            return f"leave_{end}"
    return meaning(sheet, own)


def meaning(sheet: Sheet, cell: Raw) -> str | None:
    """The column a header means in this sheet: its name, an alias, or either of them typed in Kruti Dev."""
    if not isinstance(cell, str) or not cell.strip():
        return None
    names = _names(sheet)
    if found := names.get(key(cell)) or _link(sheet, cell):
        return found
    hindi = decode(cell.strip())
    return names.get(key(hindi)) if hindi else None


def _link(sheet: Sheet, cell: str) -> str | None:
    name = cell.strip().casefold()
    return name if sheet.links and re.fullmatch(r"[a-z][a-z_]*_id", name) else None


_cache: dict[str, dict[str, str]] = {}


def _names(sheet: Sheet) -> dict[str, str]:
    if sheet.file not in _cache:
        known = {column.name for column in sheet.columns}
        names = {key(alias): column for alias, column in _ANYWHERE.items() if column in known}
        own = _IN_SHEET.get(sheet.table, {})
        names |= {key(alias): column for alias, column in own.items() if column in known or sheet.links}
        for column, other in _PAIRED.items():
            if column not in known and other in known:
                names |= {key(word): other for word, of in _ANYWHERE.items() if of == column}
        names |= {key(name): name for name in known}
        _cache[sheet.file] = names
    return _cache[sheet.file]


def key(text: str) -> str:
    """A header without what writers vary: case, signs, blanks, nuktas, and how a nasal is written."""
    letters = unicodedata.normalize("NFC", text).casefold().replace("़", "").replace("न्द", "ंद")
    return _LETTERS.sub("", letters.replace("ँ", "ं").replace("ण्ड", "ंड"))


_by_language = {key(words): column for words, column in _LANGUAGES.items()}
