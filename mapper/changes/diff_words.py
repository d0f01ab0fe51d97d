"""How a change between editions is said, in both languages."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Verb = Literal["added", "removed", "changed", "moved", "renamed"]

SHOWN = 3
"""Examples given with a change."""

_VERBS: Mapping[Verb, tuple[str, str]] = {
    "added": ("added", "नए"),
    "removed": ("removed", "हटाए गए"),
    "changed": ("changed", "बदले"),
    "moved": ("move", "स्थानांतरित"),
    "renamed": ("renamed", "के नाम बदले"),
}
_NOUNS: Mapping[str, tuple[str, str, str]] = {
    "places": ("place", "places", "स्थान"),
    "posts": ("post", "posts", "पद"),
    "holders": ("post gets other holders", "posts get other holders", "पद पर नए अधिकारी"),
    "departments": ("department", "departments", "विभाग"),
    "types": ("complaint type", "complaint types", "प्रारूप"),
    "levels": ("level", "levels", "लेवल"),
    "rules": ("rule of who answers", "rules of who answers", "उत्तरदायित्व के नियम"),
    "limits": ("time limit", "time limits", "समय-सीमा के नियम"),
    "holidays": ("holiday", "holidays", "अवकाश"),
    "escalation": ("escalation rule", "escalation rules", "अग्रेषण के नियम"),
    "calendars": ("calendar rule", "calendar rules", "दिन-गणना के नियम"),
    "reasons": ("reason", "reasons", "कारण"),
    "grading": ("number of the grading", "numbers of the grading", "ग्रेडिंग के मान"),
    "days": ("way of counting days", "ways of counting days", "दिन-गणना"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change. `en` and `hi` say it whole; `examples` name the first of them."""

    subject: str
    verb: Verb
    count: int
    en: str
    hi: str
    examples: tuple[str, ...]


def counted_change(subject: str, verb: Verb, count: int, told: Sequence[str]) -> Change:
    one, many, hindi = _NOUNS[subject]
    noun = one if count == 1 else many
    done, hindi_done = _VERBS[verb]
    words = f"{count} {noun}" if subject == "holders" else f"{count} {noun} {done}"
    hindi_said = f"{count} {hindi}" if subject == "holders" else f"{count} {hindi} {hindi_done}"
    return Change(subject, verb, count, words, hindi_said, tuple(told[:SHOWN]))


def said(name: Hashable, value: tuple[object, ...]) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    shown = " ".join(str(part) for part in parts if part is not None)
    return f"{shown}: {words_of(value)}"


def words_of(value: tuple[object, ...]) -> str:
    return " / ".join(str(part) for part in value if part not in {"", None}) or "-"


def both_names(thing: Any) -> str:
    return f"{thing.name_hi} ({thing.name_en})"


def by_id(thing: Any) -> str:
    return f"{thing.id} ({thing.name_en})"


def plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
