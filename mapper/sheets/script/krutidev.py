"""Hindi typed in a Kruti Dev font, as Unicode.

Kruti Dev is not an encoding but a typewriter: every character of the Windows Latin code page stands for a
piece of a letter, in the order in which it is drawn. Three things differ from Unicode: a letter may be its
left half and a bar (`[k` is ख), the i sign comes before its letters (`fd` is कि), and the r above a letter
comes after it (`deZ` is कर्म).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_I, _R = "\ue001", "\ue002"
"""Marks for the two signs that change places."""

_WHOLE = dict(
    zip(
        "dxÄ³pNt>¥VBM<rnuiQceÒ;jyGolg",
        "कगघङचछजझञटठडढतदनपफबमभयरलळवसह",
        strict=True,
    )
)
_HALVES = dict(
    zip(
        "D[X?PT÷.RF/èËUI¶CHE¸YO'Ü\"LÔº",
        "कखगघचजझणतथधधधनपफबभमयलवशशषसकह",
        strict=True,
    )
) | {"Ô": "क्र", "{": "क्ष", "«": "त्र", "Ù": "त्त", "™": "न्न"}
_JOINED = {
    "=": "त्र",
    "K": "ज्ञ",
    "J": "श्र",
    "|": "द्य",
    "}": "द्व",
    ")": "द्ध",
    "í": "द्द",
    "Ì": "द्द",
    "æ": "द्र",
    "ç": "प्र",
    "Á": "प्र",
    "Ø": "क्र",
    "Ý": "फ्र",
    "ä": "क्त",
    "é": "न्न",
    "à": "ह्न",
    "á": "ह्य",
    "â": "हृ",
    "ã": "ह्म",
    "ô": "क्क",
    "ê": "ट्ट",
    "Í": "ट्ट",
    "ë": "ट्ठ",
    "Î": "ट्ठ",
    "ì": "ड्ड",
    "Ï": "ड्ड",
    "ï": "ड्ढ",
    "#": "रु",
    ":": "रू",
    "–": "दृ",
    "—": "कृ",
    "Ñ": "कृ",
}
_VOWELS = {"v": "अ", "b": "इ", "Ã": "ई", "m": "उ", "Å": "ऊ", ",": "ए", "_": "ऋ"}
_SIGNS = {
    "k": "ा",
    "h": "ी",
    "q": "ु",
    "w": "ू",
    "`": "ृ",
    "s": "े",
    "¢": "े",
    "S": "ै",
    "¨": "ो",
    "©": "ौ",
    "‚": "ॉ",
    "W": "ॅ",
    "a": "ं",
    "¡": "ँ",
    "%": "ः",
    "È": "ीं",
    "f": _I,
    "Z": _R,
    "±": _R + "ं",
    "z": "्र",
    "ª": "्र",
    "î": "्य",
    "Ó": "्य",
    "~": "्",
    "+": "़",
    "•": "ऽ",
    "·": "ऽ",
}
_DIGITS = dict(zip("åƒ„…†‡ˆ‰Š‹", "०१२३४५६७८९", strict=True))
_MARKS = {
    "^": "‘",
    "*": "’",
    "Þ": "“",
    "ß": "”",
    "(": ";",
    "¼": "(",
    "½": ")",
    "¿": "{",
    "À": "}",
    "¾": "=",
    "A": "।",
    "-": ".",
    "&": "-",
    "Œ": "॰",
    "ñ": "॰",
    "]": ",",
    "\\": "?",
    "@": "/",
}
_GLYPHS = (
    _WHOLE
    | {glyph: f"{letter}्" for glyph, letter in _HALVES.items()}
    | _JOINED
    | _VOWELS
    | _SIGNS
    | _DIGITS
    | _MARKS
)
_SAME = frozenset("0123456789 !\n")

_CLUSTER = "[क-ह]़?(?:्[क-ह]़?)*"
_I_BEFORE = re.compile(f"{_I}({_CLUSTER})")
_R_AFTER = re.compile(f"({_CLUSTER})([ा-ौ]?){_R}")
_LONG_I = re.compile(f"इ{_R}")
_TOGETHER = (
    ("््", "्"),
    ("ाे", "ो"),
    ("ाै", "ौ"),
    ("ाॅ", "ॉ"),
    ("अा", "आ"),
    ("आे", "ओ"),
    ("आै", "औ"),
    ("आॅ", "ऑ"),
    ("अो", "ओ"),
    ("अौ", "औ"),
    ("अॉ", "ऑ"),
    ("एे", "ऐ"),
    ("ंा", "ां"),
    ("ंे", "ें"),
    ("ंै", "ैं"),
    ("ंो", "ों"),
    ("ंी", "ीं"),
    ("ंु", "ुं"),
    ("ंू", "ूं"),
)
_SYLLABLES = re.compile(rf"(?:{_CLUSTER}(?:[ा-ौ]|्(?![ऀ-ॿ]))?[ँंः]?|[अ-औ][ँंः]?|ऽ|[^ऀ-ॣॱ-ॿ{_I}{_R}]|॰|।)+")


@lru_cache(maxsize=65_536)
def decode(text: str) -> str | None:
    """The text in Unicode (NFC); None when it is no well-formed Hindi: it was not typed in Kruti Dev."""
    written = drawn(text)
    if written is None or not _SYLLABLES.fullmatch(written):
        return None
    return unicodedata.normalize("NFC", written)


def drawn(text: str) -> str | None:
    """What the keys draw, well-formed or not; None when there is a sign that is none of its keys."""
    pieces: list[str] = []
    for glyph in text:
        piece = glyph if glyph in _SAME else _GLYPHS.get(glyph)
        if piece is None:
            return None
        if piece == "ा" and pieces and pieces[-1] != "्" and pieces[-1].endswith("्"):
            pieces[-1] = pieces[-1].removesuffix("्")
        else:
            pieces.append(piece)
    joined_up = "".join(pieces)
    for apart, joined in _TOGETHER:
        joined_up = joined_up.replace(apart, joined)
    return _R_AFTER.sub(r"र्\1\2", _I_BEFORE.sub(r"\1ि", _LONG_I.sub("ई", joined_up)))


KEYS = "".join(sorted(key for key in _GLYPHS if key.isascii()))
"""The keys of a typewriter that draw a piece of a letter."""
