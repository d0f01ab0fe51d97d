"""What each column of the sheets means, in Hindi and in English, for the notes of a template."""

from __future__ import annotations

from collections.abc import Mapping

SHEETS_TOLD: Mapping[str, tuple[str, str]] = {
    "places": (
        "स्थान: जिला, तहसील, विकासखण्ड, नगर, ग्राम",
        "places: districts, tehsils, blocks, towns, villages",
    ),
    "kinds": ("स्थानों के प्रकार", "kinds of places"),
    "jurisdictions": ("कौन सी इकाई किस स्थान को देखती है", "which unit covers which place"),
    "scope_fallbacks": ("इकाई ज्ञात न हो तो कहाँ देखें", "where to look when a unit is not known"),
    "departments": ("विभाग", "departments"),
    "types": ("शिकायत के प्रारूप", "complaint types"),
    "designations": ("पदनाम", "titles of offices"),
    "levels": ("लेवल", "levels of the ladder"),
    "responsibilities": ("किस लेवल पर कौन उत्तरदायी है", "who answers at which level"),
    "time_limits": ("समय-सीमा, दिनों में", "time limits, in days"),
    "holidays": ("शासकीय अवकाश", "government holidays"),
    "settings": ("सेटिंग", "settings"),
    "holders": ("पद पर कौन है", "who holds a post"),
    "escalation": ("अगले लेवल पर अपने-आप या हाथ से", "to the next level by itself or by hand"),
    "calendars": ("दिन कैसे गिने जाते हैं", "how days are counted"),
    "reasons": ("कारणों की सूचियाँ", "lists of reasons"),
    "grading": ("ग्रेडिंग के मान", "numbers of the grading"),
}

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "name_hi": (
        "हिन्दी नाम, यूनिकोड में (कृतिदेव भी पढ़ा जाता है)",
        "name in Hindi, in Unicode (Kruti Dev is read too)",
    ),
    "name_en": ("अंग्रेजी नाम", "name in English"),
    "status": ("confirmed = पुष्ट, drafted = पुष्टि शेष", "confirmed, or drafted: waits for confirmation"),
    "name_status": ("हिन्दी नाम: confirmed या drafted", "of the Hindi name: confirmed or drafted"),
    "since": ("कब से लागू; खाली = सदा", "day from which the row holds; empty: always"),
    "note": ("टीप; कुछ भी", "anything worth knowing"),
    "source": ("स्रोत या आदेश", "where it comes from, such as an order"),
    "place_id": (
        "स्थान का कोड, जैसे village:478700; दोबारा नहीं",
        "id of the place, such as village:478700; once only",
    ),
    "kind": ("kinds शीट का प्रकार", "a kind of the sheet kinds"),
    "scope": ("इकाई का प्रकार, जैसे tehsil", "the kind of unit, such as tehsil"),
    "search_rank": ("खोज में क्रम, 1 पहले", "order among equal search hits, 1 first"),
    "selectable": ("1 = यहाँ शिकायत हो सकती है", "1: complaints arise here; 0: they do not"),
    "where": ("खोज में दिखने वाली इकाइयाँ, ; से अलग", "units shown with a search hit, separated by ;"),
    "aliases": ("दूसरे नाम, ; से अलग", "other names, separated by ;"),
    "unsure_links": ("जिन इकाइयों पर संदेह है, ; से अलग", "scopes whose unit is doubtful, separated by ;"),
    "lgd_code": ("एलजीडी कोड", "code in the Local Government Directory"),
    "lat": ("अक्षांश", "latitude in degrees"),
    "lon": ("देशांतर", "longitude in degrees"),
    "population": ("जनसंख्या", "population"),
    "unit_id": ("इकाई का place_id", "place_id of the unit"),
    "order": ("क्रम, 1 पहले", "order of trial, 1 first"),
    "via": ("किस इकाई के द्वारा", "by which scope to look"),
    "take": ("unit = वही इकाई, within = उसकी इकाई", "unit: that unit stands in; within: the unit it names"),
    "department_code": ("विभाग का कोड", "code of the department"),
    "type_code": ("प्रारूप का कोड", "code of the complaint type"),
    "designation_code": ("पदनाम का कोड", "code of the designation"),
    "keywords": ("आम बोल-चाल के शब्द, ; से अलग", "everyday words for the search, separated by ;"),
    "level": ("लेवल 1, 2, 3 ...", "level 1, 2, 3 ..."),
    "label": ("छोटा नाम, जैसे L1", "short name, such as L1"),
    "decides": ("1 = विशेष क्लोज व कार्यक्षेत्र पर निर्णय", "1: decides special closes and other departments"),
    "subject": ("प्रारूप या विभाग का कोड, * = सभी", "a type's or a department's code, * for all"),
    "area": ("any, rural (ग्रामीण) या urban (शहरी)", "any, rural or urban"),
    "days": ("दिनों की संख्या", "number of days"),
    "date": ("दिनांक, जैसे 2026-01-26", "the day, such as 2026-01-26"),
    "key": ("मान का नाम", "name of the value"),
    "value": ("मान", "the value"),
    "post_id": ("पद: पदनाम@इकाई, जैसे TEHSILDAR@tehsil:3563", "the post: designation@unit"),
    "username": ("डेस्क का लॉगिन; खाली हो सकता है", "login at the desk; may be empty"),
    "phone": ("मोबाइल नंबर", "telephone number"),
    "from": ("पद पर कब से", "first day in the post"),
    "to": ("पद पर कब तक; खाली = अभी तक", "last day in the post; empty: open"),
    "charge": ("regular या additional (अतिरिक्त प्रभार)", "regular or additional charge"),
    "leave_from": ("अवकाश का पहला दिन", "first day of leave"),
    "leave_to": ("अवकाश का अंतिम दिन", "last day of leave"),
    "deputy_post_id": ("अवकाश में किस पद को", "the post that acts during the leave"),
    "way": ("automatic = अपने-आप, manual = हाथ से", "automatic or manual"),
    "policy": (
        "calendar = सभी दिन, working = कार्य-दिवस",
        "calendar: every day counts; working: working days",
    ),
    "weekend": (
        "बंद दिन, जैसे शनि;रवि या दूसरा और चौथा शनिवार;रवि",
        "closed days, such as sat;sun or 2nd sat;4th sat;sun",
    ),
    "weekday": ("वार, जैसे सोमवार; दिनांक से मिलाया जाता है", "day of the week, held against the date"),
    "purpose": ("किस काम के लिए", "what the reason is for"),
    "code": ("कोड", "code"),
}
_OF_SHEET: Mapping[tuple[str, str], tuple[str, str]] = {
    ("levels", "escalation"): (
        "start, automatic या manual",
        "how a complaint comes here: start, automatic or manual",
    ),
    ("escalation", "level"): ("जिस लेवल से आगे जाना है", "the level that is left"),
    ("holidays", "date"): (
        "दिनांक, जैसे 2026-01-26, 26 जनवरी, 20 से 24 अक्टूबर 2026 या सभी रविवार",
        "the day, such as 2026-01-26, 26 January, 20 to 24 October 2026 or all Sundays",
    ),
    ("holidays", "place_id"): (
        "केवल इस जिले या इकाई में, नाम या place_id; खाली = पूरा प्रदेश",
        "only in this district or unit, by name or place_id; empty: the whole State",
    ),
    ("holidays", "kind"): (
        "public = सामान्य, local = स्थानीय, optional = ऐच्छिक (नहीं गिना जाता)",
        "public, local, or optional: closes no office and is not counted",
    ),
    ("time_limits", "level"): ("लेवल, * = सभी", "level, * for all"),
    ("responsibilities", "designation_code"): (
        "पदनाम; खाली = यह लेवल नहीं है",
        "designation; empty: the level is left out",
    ),
}


def told(table: str, column: str) -> tuple[str, str]:
    """A column in Hindi and in English."""
    if column.endswith("_id") and column not in _COLUMNS:
        scope = column.removesuffix("_id")
        return f"{scope} का place_id या नाम", f"place_id or name of its {scope.replace('_', ' ')}"
    return _OF_SHEET.get((table, column)) or _COLUMNS.get(column) or ("", "")
