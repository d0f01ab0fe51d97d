"""The live link to Asterisk: who is ringing, talking, paused."""

from switchboard.errors import LoginRefusedError, SwitchboardError
from switchboard.events import (
    Abandoned,
    Answered,
    CallEnded,
    CallEvent,
    Event,
    MemberChanged,
    Queued,
    Resync,
    RingEnded,
    Ringing,
)
from switchboard.live import LiveState
from switchboard.model import LiveCall, LiveMember, Stage
from switchboard.settings import SwitchboardSettings
from switchboard.stream import Subscription
from switchboard.switchboard import Switchboard

__all__ = [
    "Abandoned",
    "Answered",
    "CallEnded",
    "CallEvent",
    "Event",
    "LiveCall",
    "LiveMember",
    "LiveState",
    "LoginRefusedError",
    "MemberChanged",
    "Queued",
    "Resync",
    "RingEnded",
    "Ringing",
    "Stage",
    "Subscription",
    "Switchboard",
    "SwitchboardError",
    "SwitchboardSettings",
]
