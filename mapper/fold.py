"""One key for all spellings of a sound: ब्यावरा, Byawara and Biaora fold alike.

People type names as they hear them, in Hindi or Roman letters. Folding keeps the consonants in classes that
ears confuse and two classes of vowels (front: i ee e ai y; back: u oo o au); every a is dropped, because Hindi
writes no sign for it and Roman spellings differ in it most. What folding loses, ranking by the letters restores.
"""

from __future__ import annotations

import re
import unicodedata

_DEVANAGARI: dict[str, str] = {
    **dict.fromkeys("कखक़ख़", "k"),
    **dict.fromkeys("गघग़", "g"),
    **dict.fromkeys("चछ", "c"),
    **dict.fromkeys("जझज़", "j"),
    **dict.fromkeys("टठतथ", "t"),
    **dict.fromkeys("डढदध", "d"),
    **dict.fromkeys("ङञणनं", "n"),
    **dict.fromkeys("पफ", "p"),
    **dict.fromkeys("बभव", "b"),
    **dict.fromkeys("शषस", "s"),
    **dict.fromkeys("इईिीएऐेैयऍॅ", "i"),
    **dict.fromkeys("उऊुूओऔोौऑॉ", "u"),
    **dict.fromkeys("अआा", "a"),
    **dict.fromkeys("लळ", "l"),
    "म": "m",
    "र": "r",
    "ह": "h",
    "ँ": "n",
    "ऋ": "ri",
    "ृ": "ri",
    "्": "",
    "़": "",
    "ः": "",
}
_MATRAS = frozenset("ािीुूृेैोौॅॉ्")
_FLAP = re.compile("([डढ])़")

# Before single letters, in this order: spellings of one sound in Roman letters.
_ROMAN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"(gaon|gaanv|ganv|gaav|gaaw|gav|gaw|gao)$", "gn"),
        (r"ao", "av"),
        (r"eo(?=.)", "ev"),
        (r"ksh|x", "ks"),
        (r"ph|f", "p"),
        (r"chh|ch", "c"),
        (r"ck|q|c(?=[aeiou]|$)(?!h)", "k"),
        (r"oo|ou|au|o", "u"),
        (r"ee|ai|ay|ey|e|y", "i"),
        (r"z", "j"),
        (r"w|v", "b"),
        (r"(?<=.)h", ""),
    )
)
_GAON_HI = re.compile("गा[ंँ]?व$")
_WORDS = re.compile(r"[^\w\u0900-\u097f]+")
