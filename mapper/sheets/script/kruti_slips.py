"""A name typed in Kruti Dev with a slip of the finger: no well-formed Hindi, and no Roman name either.

`jke kekZ` lacks one key of `jke 'kekZ` (राम शर्मा). It draws signs without their letter, so that it cannot be
converted; it is told, with the name that it most likely is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from mapper.sheets.grid import LegacyText, OtherFontText
from mapper.sheets.script.krutidev import KEYS, decode, drawn
from mapper.sheets.script.legacy_fonts import sounds_like
from mapper.sheets.script.scripts import CERTAIN, FIRM, hindi_weight, roman_weight, script

REMEDY = "type the name in Unicode, or mend the slip"
_LONGEST_WORD = 24
"""Keys of a word whose slip is looked for: some 200 spellings are tried for each of them."""
_LEAST_IN_ITS_FONT = -1.5
"""Lead a letter of the Hindi reading over the Roman one from which text in the font itself is a slip.
Of the shipped English names 3 in 100 lie above it, none above 0.35, which is asked of text in other fonts."""
_NAMES = (
    "शर्मा वर्मा गुप्ता मिश्रा तिवारी पाण्डेय दुबे चौबे शुक्ला जोशी व्यास सोनी जैन "
    "अग्रवाल राठौर राठौड़ सिंह सिसोदिया चौहान परमार पंवार सोलंकी तोमर भदौरिया यादव "
    "पटेल पाटीदार कुशवाह लोधी दांगी मीणा भील मालवीय अहिरवार जाटव खान कुरैशी अंसारी "
    "खरे श्रीवास्तव सक्सेना माथुर नागर विश्वकर्मा प्रजापति सेन साहू नामदेव राजपूत "
    "गुर्जर मेवाड़े विजयवर्गीय राम श्याम मोहन सोहन रमेश सुरेश महेश दिनेश राजेश मुकेश "
    "नरेश गणेश उमेश राकेश अनिल सुनील विनोद प्रमोद अशोक संजय विजय अजय मनोज कमल किशोर "
    "गोपाल कृष्ण लाल कुमार प्रसाद चन्द्र देवी बाई गीता सीता सुनीता अनीता ममता रेखा "
    "कविता राधा लक्ष्मी सरिता संगीता श्री श्रीमती डॉ"
)
_USUAL = frozenset(_NAMES.split())
"""Words of many names in Madhya Pradesh: one of them was meant rather than what letters alone tell."""


def misspelt(text: str, beside: str, *, kruti_column: bool) -> bool:
    """Whether a name was typed in Kruti Dev with a slip.

    `beside` is the same name in the other column; `kruti_column`: the rest of its own column is Kruti Dev.
    Of the shipped names with one slip each nine in ten are known so, and no English name is taken for one.
    """
    if isinstance(text, OtherFontText) or script(text) == "hindi" or decode(text) is not None:
        return False
    if not any(map(str.islower, text)) and not isinstance(text, LegacyText):
        return False
    reading = drawn(text)
    if reading is None:
        return False
    if beside.casefold() != text.casefold() and sounds_like(text, _heard(beside)):
        return False
    least = _LEAST_IN_ITS_FONT if isinstance(text, LegacyText) else -CERTAIN if kruti_column else FIRM
    return hindi_weight(reading) - roman_weight(text) >= least


def _heard(beside: str) -> str:
    """The name in the other column, as it sounds: what was typed in Kruti Dev is read."""
    return (decode(beside) if script(beside) == "krutidev" else None) or beside


def likely(text: str) -> str:
    """The Hindi name that was most likely meant: every word without its slip, two if it may be either.

    Empty when none is found.
    """
    words = [decode(word) or _mended(word) for word in text.split()]
    return " ".join(words) if all(words) else ""


@lru_cache(maxsize=1024)
def _mended(word: str) -> str:
    if len(word) > _LONGEST_WORD:
        return ""
    found = {hindi for keys in _near(word) if (hindi := decode.__wrapped__(keys)) is not None}
    if usual := sorted(found & _USUAL):
        return "/".join(usual)
    return max(found, key=hindi_weight, default="")


def _near(word: str) -> Iterator[str]:
    """The word with one key more, less, another, or two that changed places."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        for key in KEYS:
            yield before + key + after
            if after:
                yield before + key + after[1:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
