"""Callers for whom there was no line: what the dialplan's event H181_CAPPED says of them.

The line is ``reason/what``: why there was none, and what became of the caller. Written by
dialplan/extensions.d/crowd.conf.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from records.alarms.alarm_rows import Alarmed, alarmed
from records.text import JsonScalar

CAPPED = "capped"
"""Step of a call that met a limit."""
REASONS = ("lines", "caller")
"""All lines for citizens were taken; his own number had as many calls as one may have."""
TREATED = ("told", "refused")
"""He was answered and told so; he heard the busy tone."""
LINES_FULL = "lines_full"
CALLS_CAPPED = "calls_capped"
PHONE_CAPPED = "phone_capped"
"""Alarms: no line was free, one number had too many calls, an executive's telephone placed too many."""

_LINE = re.compile(f"({'|'.join(REASONS)})/({'|'.join(TREATED)})")


@dataclass(frozen=True)
class Capped:
    """One caller who met a limit; see `REASONS` and `TREATED`."""

    reason: str
    treated: str

    @property
    def detail(self) -> Mapping[str, JsonScalar]:
        """For the step."""
        return {"reason": self.reason, "treated": self.treated}

    def alarm(self, call_id: str, at: datetime) -> Alarmed:
        """One for a crowd, however many it is; it counts them, and names the last call."""
        kind = LINES_FULL if self.reason == "lines" else CALLS_CAPPED
        return alarmed(kind, "", at, {"call": call_id})


def read_capped(line: str) -> Capped | None:
    """What a line says, None when it is none."""
    found = _LINE.fullmatch(line)
    return Capped(*found.groups()) if found else None


def phone_capped(extension: str, at: datetime) -> Alarmed:
    """The alarm of a telephone that placed more calls at once than one person does."""
    return alarmed(PHONE_CAPPED, extension, at)
