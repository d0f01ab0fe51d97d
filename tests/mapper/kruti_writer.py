"""Types Hindi in Kruti Dev, as a typist does: the other direction, with a table of its own."""

from __future__ import annotations

import re

_BAR = dict(zip("खघणथधभशष", "[?.F/H'\"", strict=True)) | {"क्ष": "{"}
_KEYS = {
    **dict(zip("कगङचछजझञटठडढतदनपफबमयरलळवसह", "dx³pNt>¥VBM<rnuiQce;jyGolg", strict=True)),
    **{letter: f"{half}k" for letter, half in _BAR.items()},
    **{f"{letter}्": half for letter, half in _BAR.items()},
    **{f"{c}्": k for c, k in zip("कगचजतनपफबमयलवसहझ", "DXPTRUI¶CE¸YOLº÷", strict=True)},
    **dict(zip(("त्र", "ज्ञ", "श्र", "द्य", "द्व", "द्ध", "क्र", "प्र"), "=KJ|})Øç", strict=True)),
    **dict(zip(("द्र", "फ्र", "रु", "रू", "द्द", "ट्ट", "ट्ठ"), "æÝ#:íêë", strict=True)),
    **dict(zip(("कृ", "दृ", "हृ", "ह्म", "ह्य"), "—–âãá", strict=True)),
    **dict(zip("अइउऊऋएाीुूृेैंँः़्", "vbmÅ_,khqw`sSa¡%+~", strict=True)),
    **dict(zip("(),.-/;", "¼½]-&@(", strict=True)),
    **dict(zip(("आ", "ई", "ऐ", "ओ", "औ", "ऑ"), ("vk", "bZ", ",s", "vks", "vkS", "vkW"), strict=True)),
    **dict(zip(("ो", "ौ", "ॉ", "्र"), ("ks", "kS", "kW", "z"), strict=True)),
    **dict(zip(("त्त", "ट्र", "ड्र"), ("Ùk", "Vª", "Mª"), strict=True)),
}
_LONGEST = max(map(len, _KEYS))
_CLUSTER = "[क-ह]़?(?:्[क-ह]़?)*"
_R = "\ue000"


def type_in_kruti_dev(text: str) -> str:
    """The keys for a text in Unicode (nuktas apart, as NFC has them)."""
    drawn = re.sub(f"र्({_CLUSTER}[ािीुूृेैोौॉ]?)", f"\\1{_R}", text)
    drawn = re.sub(f"({_CLUSTER})ि", "f\\1", drawn)
    keys: list[str] = []
    i = 0
    while i < len(drawn):
        pieces = (drawn[i : i + size] for size in range(_LONGEST, 0, -1))
        piece = next(
            (one for one in pieces if one in _KEYS and not _whole(one, drawn[i + len(one) :])), drawn[i]
        )
        keys.append("Z" if piece == _R else _KEYS.get(piece, piece))
        i += len(piece)
    return "".join(keys)


def _whole(piece: str, rest: str) -> bool:
    """A half letter before र is typed whole, with the stroke of r below; one at the end has a halant."""
    return len(piece) > 1 and piece.endswith("्") and rest[:1] in {"र", ""}
