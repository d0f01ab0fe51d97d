"""What an event says of a person, kept apart from what its hash is made over, so that it can be destroyed.

An event's chained data holds, for each part, a commitment: an HMAC-SHA256 of the part's canonical JSON under
a key of its own, 256 random bits. Part and key lie together in the event's column ``personal``. While they
are there, nobody can change a word unseen; once both are destroyed, the commitment tells nothing and nothing
can be tried against it, and the event's hash, which was made over the commitment, holds as before.

Chained data ``{"sealed": {"citizen": {"of": ["note"], "by": "9f…"}}, "status": …}``, personal
``{"citizen": {"key": "5c…", "said": {"note": "…"}}}``. Events of the version before have no ``sealed``: all
they say is in their chained data.
"""

import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from records.text import canonical_json

Part = Literal["caller", "citizen"]
"""Of whom something is said: who called, and for whom it was registered. Often one person; not always."""

PARTS: Mapping[Part, tuple[str, ...]] = {
    "caller": ("caller_e164",),
    "citizen": (
        "citizen_name",
        "citizen_phone",
        "citizen_e164",
        "description",
        # What people write of a complaint may name him, whoever writes it.
        "note",
        "reason",
        "text",
    ),
}
SEALED = "sealed"
"""The name in chained data; no event may say something under it."""

_KEY_BYTES = 32
_NOTHING: Mapping[str, None] = {"caller_e164": None, "citizen_e164": None}
_PART_OF: dict[str, Part] = {name: part for part, names in PARTS.items() for name in names}

Personal = Mapping[str, Any]


def seal(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Chained data and personal parts of what an event says; (all of it, None) when nothing is personal."""
    said: dict[Part, dict[str, Any]] = {}
    chained: dict[str, Any] = {}
    for name, value in data.items():
        part = _PART_OF.get(name)
        if part is None:
            chained[name] = value
        else:
            said.setdefault(part, {})[name] = value
    if not said:
        return chained, None
    personal: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    for part, values in said.items():
        key = os.urandom(_KEY_BYTES).hex()
        personal[part] = {"key": key, "said": values}
        sealed[part] = {"of": sorted(values), "by": commitment(key, values)}
    chained[SEALED] = sealed
    return chained, personal


def commitment(key: str, said: Mapping[str, Any]) -> str:
    """What an event's hash vouches for in place of the words. ``key`` is hexadecimal."""
    return hmac.digest(bytes.fromhex(key), canonical_json(said).encode(), "sha256").hex()


def opened(chained: Mapping[str, Any], personal: Personal | None) -> Mapping[str, Any]:
    """All that an event says; of a part that was destroyed, nothing under the same names."""
    sealed = chained.get(SEALED)
    if not isinstance(sealed, Mapping):
        return chained
    told = {name: value for name, value in chained.items() if name != SEALED}
    for part, seal_of in sealed.items():
        there = (personal or {}).get(part)
        told |= there["said"] if there else blank(seal_of["of"])
    return told


def blank(names: Iterable[str]) -> dict[str, Any]:
    """What stands for personal data that was destroyed: no number, or an empty text."""
    return {name: _NOTHING.get(name, "") for name in names}


def is_blank(data: Mapping[str, Any], part: str) -> bool:
    """Whether an unsealed event says nothing of a part."""
    return all(not data.get(name) for name in PARTS.get(part, ()))  # type: ignore[call-overload]


def broken(chained: Mapping[str, Any], personal: Personal | None) -> Iterator[tuple[str, bool]]:
    """The parts that are not what the event was hashed with, each with whether it is gone altogether."""
    sealed = chained.get(SEALED)
    sealed = sealed if isinstance(sealed, Mapping) else {}
    there = personal or {}
    for part in sorted({*sealed, *there}):
        if part not in there:
            yield part, True
        elif part not in sealed or not _holds(sealed[part], there[part]):
            yield part, False


def _holds(seal_of: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    said = part["said"]
    return sorted(said) == seal_of["of"] and hmac.compare_digest(
        commitment(part["key"], said), str(seal_of["by"])
    )
