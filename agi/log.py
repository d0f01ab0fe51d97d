"""Log lines of this room: one event a line, key=value, with the call's id.

`logfmt` values that hold anything but plain characters are quoted as JSON strings, so no peer can forge a
line. Numbers of callers never come here unmasked: use `records.phone.mask` first.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable

logger = logging.getLogger("helpline.agi")

_PLAIN = re.compile(r"[A-Za-z0-9_.:/@+,;()*#-]+")
_LONGEST = 500

Field = str | int | float | bool | None


def event(level: int, name: str, *, exc_info: bool = False, **fields: Field) -> None:
    """Write the event ``name``; fields that are None are left out, long values are cut at 500 characters."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", logfmt(name, fields), exc_info=exc_info)


def logfmt(name: str, fields: dict[str, Field]) -> str:
    """The text of one line."""
    parts = [f"event={name}"]
    for key, value in fields.items():
        if value is None:
            continue
        text = f"{value:.3f}" if isinstance(value, float) else str(value)
        if not _PLAIN.fullmatch(text):
            text = json.dumps(text[:_LONGEST])
        parts.append(f"{key}={text[: _LONGEST * 6]}")
    return " ".join(parts)


class Throttle:
    """Lets one line a second of each kind through, and tells how many it held back.

    What strangers cause (port scans, refused connections) must not fill the disk.
    """

    def __init__(self, clock: Callable[[], float], interval: float = 1.0) -> None:
        self._clock = clock
        self._interval = interval
        self._last: dict[str, float] = {}
        self._held: dict[str, int] = {}

    def event(self, level: int, name: str, **fields: Field) -> None:
        """Write the event, or count it. ``name`` comes from a small fixed set."""
        now = self._clock()
        if now - self._last.get(name, float("-inf")) < self._interval:
            self._held[name] = self._held.get(name, 0) + 1
            return
        self._last[name] = now
        held_back = self._held.pop(name, 0)
        if logger.isEnabledFor(level):
            logger.log(level, "%s", logfmt(name, {**fields, "held_back": held_back or None}))
