"""Types Hindi in two legacy fonts that are not Kruti Dev, near enough to what offices' files hold."""

from __future__ import annotations

import re
import unicodedata

_SHREE = {
    **dict(zip("अइउएखगघचजझणतथदधनपबभमयरलवशषसह", "ABCEIJKMOPUVWXYZn~^_`abdefgh", strict=True)),
    **dict(zip("ािीुूेैंँ", "m{rwyo¡§±", strict=True)),
    "आ": "Am",
    "ई": "B©",
    "ऊ": "D$",
    "ऐ": "Eo",
    "ओ": "Amo",
    "औ": "Am¡",
    "ो": "mo",
    "ौ": "m¡",
    "ृ": "¥",
    "क": "H$",
    "छ": "N>",
    "ट": "Q>",
    "ठ": "R>",
    "ड": "S>",
    "ढ": "T>",
    "फ": "\\$",
    "ळ": "i",
    "स्": "ñ",
    "ज्ञ": "k",
    "क्ष": "j",
    "त्र": "Ì",
    "श्र": "l",
    "्": "²",
    "़": "‹",
    "न्": "Ý",
    "म्": "å",
    "ल्": "ë",
}
_CHANAKYA = {
    **dict(zip("अइउऊएखगघचछजठडढतथदधनपबभमयरलवषसह", "¥§©ª°¹»ƒ¿ÀÁÆÇÉÌÍÎÏÙÂÕÖ×ØÚÜßáâã", strict=True)),
    **dict(zip("ािीुूृेैंँ", "æçèéêëðñ´¡", strict=True)),
    "आ": "¥æ",
    "ई": "§ü",
    "ऐ": "°ð",
    "ओ": "¥æð",
    "औ": "¥æñ",
    "ो": "æð",
    "ौ": "æñ",
    "क": "·¤",
    "झ": "Ûæ",
    "ट": "ÅU",
    "ण": "‡æ",
    "फ": "È¤",
    "श": "àæ",
    "क्ष": "ÿæ",
    "ध्": "Š",
    "न्": "‹",
    "स्": "S",
    "्": "÷",
    "त्र": "˜æ",
    "ज्ञ": "™æ",
    "़": "¸",
    "ळ": "Ý",
    "ल्": "Ë",
    "म्": "Ÿ",
    "च्": "“",
}
_CLUSTER = "[क-ह]़?(?:्[क-ह]़?)*"


def type_in_shree_dev(text: str) -> str:
    """The keys of a text in Shree-Dev (Shree-Lipi)."""
    return _typed(text, _SHREE, "©", "«")


def type_in_chanakya(text: str) -> str:
    """The keys of a text in Chanakya (Walkman-Chanakya)."""
    return _typed(text, _CHANAKYA, "ü", "ý")


def _typed(text: str, keys: dict[str, str], above: str, below: str) -> str:
    drawn = unicodedata.normalize("NFC", text)
    drawn = re.sub(f"र्({_CLUSTER}[ािीुूृेैोौ]?)", rf"\1{above}", drawn)
    drawn = re.sub(f"({_CLUSTER})ि", r"ि\1", drawn.replace("्र", below))
    longest = max(map(len, keys))
    typed: list[str] = []
    at = 0
    while at < len(drawn):
        size = next((n for n in range(longest, 0, -1) if drawn[at : at + n] in keys), 1)
        piece = drawn[at : at + size]
        typed.append(keys.get(piece, piece))
        at += size
    return "".join(typed)
