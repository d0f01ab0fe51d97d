"""The present as data: callers on the line, executives in queues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

AmiEvent = Mapping[str, str]
"""A manager event, flat; a repeated header `ChanVariable: NAME=...` is the key `ChanVariable(NAME)`."""

BUSY_DEVICE_STATES = frozenset({"2", "3", "6", "7", "8"})
"""Asterisk's device states in use, busy, ringing, ringing and in use, on hold."""


class Stage(StrEnum):
    """Where a call is. MENU is also the time between two queues, AFTER the caller alone after the talk."""

    MENU = "menu"
    QUEUED = "queued"
    TALKING = "talking"
    AFTER = "after"


@dataclass(frozen=True)
class LiveCall:
    """A caller who is on the line now."""

    call_id: str
    channel_id: str
    """Asterisk's Uniqueid of the caller's channel: the call lives as long as this channel."""
    caller: str
    """His number; empty when there is none, or none that may be used (``withheld``)."""
    district: str
    queue: str
    stage: Stage
    since: datetime
    """When the stage began, as far as we know."""
    withheld: bool = False
    """He wishes his number not to be shown. It is in ``caller`` when the settings say that it is used."""
    ringing: tuple[str, ...] = ()
    """Extensions that ring for this call, in the order they began."""
    answered_by: str | None = None
    waiting_since: datetime | None = None
    """When he began to wait in `queue`; he may leave it for a menu and come back."""
    gave_up: tuple[datetime, float] | None = None
    """When Asterisk took him for one who gave up, and the seconds he had waited. It says so too of one whose
    turn to be told something has come, and who is back in the queue at once."""


@dataclass(frozen=True)
class LiveMember:
    """An executive who is a member of at least one queue."""

    extension: str
    queues: Mapping[str, bool] = field(default_factory=dict)
    """Queue name to: is he paused there."""
    device: str = "0"
    """Asterisk's device state number, "5" for a phone that is not registered."""

    @property
    def paused(self) -> bool:
        return bool(self.queues) and all(self.queues.values())

    @property
    def busy(self) -> bool:
        return self.device in BUSY_DEVICE_STATES
