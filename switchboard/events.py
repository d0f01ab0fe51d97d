"""What happens to calls and executives, in our words instead of Asterisk's.

Every event has `at`, the aware UTC time at which the switchboard learned of it. Events about a call have
`call_id`, the UUID that the dialplan gave the call. For one call they come in the order Queued, then any
number of Ringing and RingEnded, then Answered or Abandoned, and CallEnded last; a call that never reached a
queue has only CallEnded. After a lost connection events may be missing, but never CallEnded of a call that
was seen.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CallEvent:
    """Common part of everything that happens to a call."""

    at: datetime
    call_id: str


@dataclass(frozen=True)
class Queued(CallEvent):
    """The caller waits in a queue. Comes again when he is moved to another queue."""

    queue: str
    caller: str
    """Number as the dialplan filtered it; empty when withheld and not to be used. To be masked in logs."""
    withheld: bool = False
    district: str = ""
    """Code of the district that he chose, or empty."""


@dataclass(frozen=True)
class Ringing(CallEvent):
    """An executive's phone rings for this call."""

    extension: str
    queue: str
    caller: str
    district: str
    """District code, or empty."""
    withheld: bool = False


@dataclass(frozen=True)
class RingEnded(CallEvent):
    """The phone stopped ringing and this executive did not answer."""

    extension: str


@dataclass(frozen=True)
class Answered(CallEvent):
    """The executive and the caller talk."""

    extension: str
    queue: str


@dataclass(frozen=True)
class Abandoned(CallEvent):
    """The caller hung up while he waited."""

    queue: str
    waited: float
    """Seconds since he came to this queue, a stay in its menu included."""


@dataclass(frozen=True)
class WayTried(CallEvent):
    """A way out was tried for a caller in danger, and how it ended: a line of `records.calls.ways`."""

    said: str


@dataclass(frozen=True)
class EmergencyFailed(CallEvent):
    """No way led to the emergency number."""

    said: str
    """The number."""


@dataclass(frozen=True)
class Capped(CallEvent):
    """There was no line for the caller: a line of `records.calls.crowd`."""

    said: str


@dataclass(frozen=True)
class PhoneCapped:
    """An executive's telephone placed more calls at once than it may."""

    at: datetime
    extension: str


@dataclass(frozen=True)
class CallEnded(CallEvent):
    """The caller's channel is gone."""

    cause: int | None
    """Hangup cause (ITU-T Q.850), None when the end was found out after a lost connection."""


@dataclass(frozen=True)
class MemberChanged:
    """An executive logged in or out, paused, or became busy or free."""

    at: datetime
    extension: str
    logged_in: bool
    """Member of at least one queue."""
    paused: bool
    """Paused in every queue that he is a member of."""
    busy: bool
    """His phone rings or is in a call."""


@dataclass(frozen=True)
class Resync:
    """This reader was too slow and lost events: it must read the whole state anew (`Switchboard.state`)."""

    at: datetime


Event = CallEvent | MemberChanged | PhoneCapped | Resync
