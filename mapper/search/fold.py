"""One key for all spellings of a sound: ब्यावरा, Byawara and Biaora fold alike.

People type names as they hear them, in Hindi or Roman letters. Devanagari is first written in Roman letters;
then folding keeps the consonants in classes that ears confuse (aspirated or not, dental or retroflex, v w b,
s sh, j z) and two classes of vowels (front: i ee e ai y; back: u oo o au). Every a but a first one is
dropped, because Hindi often writes no sign for it and Roman spellings differ in it most. What folding loses,
ranking by the letters themselves restores.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CONSONANTS = {
    **dict(zip("कखगघङचछजझञ", ("k", "kh", "g", "gh", "n", "ch", "chh", "j", "jh", "n"), strict=True)),
    **dict(zip("टठडढणतथदधन", ("t", "th", "d", "dh", "n", "t", "th", "d", "dh", "n"), strict=True)),
    **dict(zip("पफबभमयरलळव", ("p", "ph", "b", "bh", "m", "y", "r", "l", "l", "v"), strict=True)),
    **dict(zip("शषसह", ("sh", "sh", "s", "h"), strict=True)),
}
_VOWELS = dict(
    zip("अआइईउऊऋएऐओऔऍऑ", ("a", "a", "i", "i", "u", "u", "ri", "e", "ai", "o", "au", "e", "o"), strict=True)
)
_SIGNS = dict(zip("ािीुूृेैोौॅॉ", ("a", "i", "i", "u", "u", "ri", "e", "ai", "o", "au", "e", "o"), strict=True))
_VIRAMA, _NUKTA = "्", "़"
_NASALS = "ंँ"
_DIGITS = {ord("०") + n: str(n) for n in range(10)}

_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ga+(on|n?[vw]a?)$", "gn"),
        ("ao", "av"),
        ("eo(?=.)", "ev"),
        ("ksh?|x", "ks"),
        ("ph|f", "p"),
        ("ch+", "C"),
        ("c|q", "k"),
        ("ee", "i"),
        ("(?<=[^aeiouy])e$", ""),
        ("oo|ou|au|o", "u"),
        ("a+[iy]|ey|e|y", "i"),
        ("z", "j"),
        ("[vw]", "b"),
        ("(?<=.)h", ""),
        ("(?<=.)m", "n"),
        ("(?<=.)a+", ""),
        (r"(.)\1+", r"\1"),
    )
)
_BREAKS = re.compile(r"(?:[^\w\u0900-\u097f]|[\u0964\u0965\u0970])+")
"""What stands between words: whatever is no letter, and danda, double danda and the sign of abbreviation."""

_WRITTEN = {
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)),
    ord("ऱ"): f"ड{_NUKTA}",
    ord("ऩ"): "न",
    ord("ऴ"): "ळ",
    **_DIGITS,
}
"""What cannot be seen is left out: joiners and the like, which web pages put inside conjuncts. ऱ looks like
ड़, keyboards have it in its place, and NFC writes it for र with a nukta."""


def plain(text: str) -> str:
    """The letters as typed, made comparable: NFC, lower case, one blank between words, nothing else."""
    return " ".join(words(text))


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", text).translate(_WRITTEN).casefold()).split()


@lru_cache(maxsize=4096)
def fold(word: str, *, flap: str = "d") -> str:
    """The sound key of one word (as `words` gives it). ड़ and ढ़ count as `flap`: ears hear d or r."""
    key = _romanise(word, flap)
    for pattern, sound in _SPELLINGS:
        key = pattern.sub(sound, key)
    return key.lower() or word


def fold_all(text: str, *, flap: str = "d") -> str:
    """The sound key of a whole name: its words joined, so that "Gul Khedi" and "Gulkhedi" agree."""
    return join([fold(word, flap=flap) for word in words(text)])


def join(keys: list[str]) -> str:
    """Keys of words as one key; a letter doubled at a joint counts once."""
    joined = ""
    for key in keys:
        joined += key[1:] if joined and key and joined[-1] == key[0] else key
    return joined


def has_flap(text: str) -> bool:
    """Whether the text holds ड़ or ढ़, so that both keys are worth keeping."""
    written = unicodedata.normalize("NFC", text).translate(_WRITTEN)
    return f"ड{_NUKTA}" in written or f"ढ{_NUKTA}" in written


def _romanise(word: str, flap: str) -> str:
    out: list[str] = []
    size = len(word)
    i = 0
    while i < size:
        letter = word[i]
        i += 1
        if letter in _CONSONANTS:
            sound = _CONSONANTS[letter]
            if i < size and word[i] == _NUKTA:
                i += 1
                sound = {"d": flap, "dh": flap, "j": "z", "ph": "f"}.get(sound, sound)
            if word.startswith("ज्ञ", i - 1):
                sound, i = "gy", i + 2
            out.append(sound)
            if i < size and word[i] == _VIRAMA:
                i += 1
            elif i < size and word[i] in _SIGNS:
                out.append(_SIGNS[word[i]])
                i += 1
            elif i < size:
                out.append("a")
        elif letter in _VOWELS:
            out.append(_VOWELS[letter])
        elif letter in _NASALS:
            out.append("ng" if word.startswith("ह", i) else "n")
        elif letter not in (_VIRAMA, _NUKTA, "ः"):
            out.append(letter)
    return "".join(out)
