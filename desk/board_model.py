"""What the desk shows of the calls: one call, an executive's place, and what pages are told. Immutable."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CallState = Literal["waiting", "ringing", "talking", "ended"]
NoticeName = Literal[
    "queued", "ring", "ring-ended", "answered", "ended", "abandoned", "member", "resync", "alarms"
]


@dataclass(frozen=True)
class DeskCall:
    """One call as the desk knows it. ``caller`` is the number as Asterisk gave it: never shown unmasked by
    itself."""

    call_id: str
    caller: str = ""
    queue: str = ""
    district: str = ""
    extension: str | None = None
    state: CallState = "waiting"
    since: datetime | None = None
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    withheld: bool = False
    """He wishes his number not to be shown; ``caller`` has it only when the centre's settings say so."""


@dataclass(frozen=True)
class Member:
    """An executive's place in the queue."""

    extension: str
    logged_in: bool
    paused: bool
    busy: bool


@dataclass(frozen=True)
class Notice:
    """What pages are told. ``extension`` None concerns supervisors only (and everybody for ``resync``)."""

    name: NoticeName
    at: datetime
    extension: str | None = None
    call: DeskCall | None = None
    member: Member | None = None
