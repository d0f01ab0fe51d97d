"""Hindi typed in a legacy font that is not Kruti Dev: known by the font's name, or by how the letters look.

Such a font draws Hindi from Latin signs, each family in its own way, so that the text is worthless without
it. It is not converted here: it is told, with the family that it most likely is.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from mapper.search.fold import fold_all
from mapper.sheets.grid import OtherFontText
from mapper.sheets.script.krutidev import decode
from mapper.sheets.script.scripts import CERTAIN, hindi_weight, kruti_lead, roman_weight, script

SHREE, CHANAKYA = "Shree-Dev (Shree-Lipi)", "Chanakya (Walkman-Chanakya)"
REMEDY = "convert it to Unicode with the program it was typed in, or type it in Unicode"

_KRUTI = ("kruti", "devlys")
_OTHERS = re.compile(
    "shree?dev|shreelipi|shri?dev|shri?lipi|chanakya|kundli|agra|walkman|aps(?:c|d|dv|$)|dvb|dvtt|dvw|akruti|"
    "shusha|susha|4cgandhi|bhaskar|naidunia|webdunia|jagran|amarujala|sanskrit99|sulekh|richa|yogesh|surekh|"
    "divya|dvdivya|shiva(?:ji)?0|marathikanak|himalli|preeti|aakriti|arjun"
)
_INDIAN = re.compile("[\u0900-\u0dff]")
_HIGH = re.compile("[¡-¦ª-\xad¯±-¶¸-ÿƒˆŠŒŽšœžŸ‹›†‡‰˜„‚™]")
"""Signs of the Windows Latin code page that names do not have."""
_MOSTLY = 0.65
"""Share of signs beyond ASCII from which a text is Chanakya's: Kruti Dev's own have half at most."""
NO_ROMAN, _NO_HINDI = -3.9, -4.3
"""Mean logarithms a letter, for names of the shipped sheets: English ones have at least
-3.73, Hindi ones at least -4.20."""
_BETWEEN = re.compile(
    r"[A-Za-z][{^$_~`<>\\|}]+[A-Za-z]|(?<![^\s])[{^$_~`\\|]+[A-Za-z]|[A-Za-z][$_~`\\^|]+(?![^\s])"
)
_HUMPS = re.compile(r"[a-z](?=[A-Z])")
_HUMPS_ENOUGH = 2
_ALIKE = 0.5


def is_legacy_font(name: str | None) -> bool:
    """Whether a font of that name draws Hindi from Latin letters as Kruti Dev does."""
    return _letters(name).startswith(_KRUTI)


def other_font(name: str | None) -> bool:
    """Whether a font of that name draws Hindi from Latin signs in another way than Kruti Dev."""
    letters = _letters(name)
    return not letters.startswith(_KRUTI) and _OTHERS.match(letters) is not None


def font_of(text: str, beside: str = "") -> str | None:
    """The legacy font, not Kruti Dev, in which a text was most likely typed; None when it was in none.

    `beside` is the same name in the other column: a text that sounds like it is not a disguise.
    """
    if not text or _INDIAN.search(text):
        return None
    if isinstance(text, OtherFontText):
        return text.font
    signs = sum(not sign.isspace() for sign in text)
    high = _high(text)
    if signs > 1 and high >= _MOSTLY * signs:
        return CHANAKYA
    hindi = decode(text)
    if hindi is not None and (hindi_weight(hindi) >= _NO_HINDI or (kruti_lead(text) or 0.0) >= CERTAIN):
        return None
    if hindi is not None and script(beside) == "roman" and sounds_like(hindi, beside):
        return None
    if roman_weight(_without_accents(text)) >= NO_ROMAN:
        return None
    marked = high or _BETWEEN.search(text) or len(_HUMPS.findall(text)) >= _HUMPS_ENOUGH
    if marked or (script(beside) == "roman" and not sounds_like(text, beside)):
        return CHANAKYA if high * 2 > signs else SHREE
    return None


def sounds_like(text: str, beside: str) -> bool:
    """Whether two names in Latin letters may be one name in two spellings."""
    return SequenceMatcher(None, fold_all(text), fold_all(beside), autojunk=False).ratio() >= _ALIKE


def _letters(name: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (name or "").casefold())


def _high(text: str) -> int:
    return len(_HIGH.findall(text))


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
