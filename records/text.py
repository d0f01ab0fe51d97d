"""Text and JSON as both databases can hold them, and as event hashes are made over."""

import json
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

JsonScalar = str | int | float | bool | None
"""What the detail of a step may hold."""

NO_DETAIL: Mapping[str, JsonScalar] = MappingProxyType({})

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

# NUL and lone surrogates cannot be stored by PostgreSQL; other controls have no place in what people write,
# except line breaks and tabs.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what a database cannot store: control characters and lone surrogates become U+FFFD."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


LOOKS_LIKE = (("\u200c", ""), ("\u200d", ""), ("र\u093c", "ऱ"), ("ऱ", "ड\u093c"), ("\u095c", "ड\u093c"))
"""What people see as one and programs tell apart, replaced in this order where text is looked for: joiners,
which web pages put inside conjuncts, and the letters that keyboards and NFC have in place of ड़."""


def as_seen(text: str) -> str:
    """What is looked for, in NFC and with `LOOKS_LIKE` replaced."""
    seen = unicodedata.normalize("NFC", text)
    for written, like in LOOKS_LIKE:
        seen = seen.replace(written, like)
    return seen


def clean_detail(detail: Mapping[str, JsonScalar]) -> dict[str, JsonScalar]:
    """`clean` for every key and text of a flat mapping."""
    return {clean(key): clean(value) if isinstance(value, str) else value for key, value in detail.items()}


def canonical_json(value: object) -> str:
    """One text for one value: keys sorted, no blanks, characters as they are.

    Raises `ValueError` for NaN and infinities, which JSON does not know.
    """
    return _CANONICAL.encode(value)
