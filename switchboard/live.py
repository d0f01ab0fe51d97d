"""Who waits, rings and talks: a pure reducer from Asterisk's manager events to ours.

No clock and no network inside. Manager events come as flat mappings; a repeated header such as
`ChanVariable: H181_CALL_ID=...` has become the key `ChanVariable(H181_CALL_ID)`. The order of events is as
recorded from Asterisk 22: a caller who is answered has left the queue (QueueCallerLeave) *before*
AgentConnect, and one who gives up has AgentRingNoAnswer, QueueCallerAbandon, QueueCallerLeave and Hangup in
this order.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from switchboard.bridges import Bridges
from switchboard.events import (
    Abandoned,
    Answered,
    CallEnded,
    Capped,
    EmergencyFailed,
    Event,
    PhoneCapped,
    Queued,
    RingEnded,
    Ringing,
    WayTried,
)
from switchboard.interfaces import Interfaces
from switchboard.model import AmiEvent, LiveCall, LiveMember, Stage
from switchboard.seats import Seats

CALL_ID = "H181_CALL_ID"
CALLER = "H181_CALLER"
WITHHELD = "H181_WITHHELD"
DISTRICT = "H181_DISTRICT"
QUEUE = "H181_QUEUE"
"""Channel variables that manager.conf adds to events (its `channelvars`); the dialplan's names."""
RINGING = "5"
"""Asterisk's channel state of a telephone that rings."""
GIVING_UP = timedelta(seconds=5)
"""From leaving the queue to the end of the call of who hung up: the hang-up handler lies between."""


_PHONE_CAPPED = re.compile(r"phone/([0-9]{1,16})")
_TOLD: dict[str, Callable[[datetime, str, str], WayTried | EmergencyFailed | Capped]] = {
    "H181_WAY": WayTried,
    "H181_UNREACHED": EmergencyFailed,
    "H181_CAPPED": Capped,
}


class LiveState:
    """The switchboard's picture of the present. `apply` is idempotent: the same event twice changes nothing.

    `calls` is by call id, for reading only.
    """

    def __init__(self, interfaces: Interfaces | None = None) -> None:
        self.calls: dict[str, LiveCall] = {}
        self.interfaces = interfaces or Interfaces()
        self.seats = Seats(self.interfaces)
        self.bridges = Bridges(self.interfaces)
        self._rings: dict[str, tuple[str, str]] = {}
        # Asterisk sends these alone: a new one goes into the filter of dialplan/manager.conf too.
        self._handlers: dict[str, Callable[[AmiEvent, datetime], list[Event]]] = {
            "Newstate": self._seen,
            "QueueCallerJoin": self._joined,
            "QueueCallerLeave": self._left,
            "QueueCallerAbandon": self._abandoned,
            "AgentCalled": self._rings_at,
            "AgentRingNoAnswer": self._ring_over,
            "AgentConnect": self._connected,
            "BridgeEnter": self._met,
            "AgentComplete": self._completed,
            "Hangup": self._hung_up,
            "UserEvent": self._told,
            "QueueMemberAdded": self.seats.seen,
            "QueueMemberPause": self.seats.seen,
            "QueueMemberStatus": self.seats.seen,
            "QueueMemberRemoved": self.seats.left,
        }

    @property
    def members(self) -> dict[str, LiveMember]:
        """Executives who are logged in, by extension; for reading only."""
        return self.seats.members

    @property
    def reads(self) -> frozenset[str]:
        """Names of the manager events that mean something here."""
        return frozenset(self._handlers)

    def apply(self, ami_event: AmiEvent, at: datetime) -> list[Event]:
        """Take one manager event in; what it means for calls and executives comes out, in order."""
        handler = self._handlers.get(ami_event.get("Event", ""))
        return handler(ami_event, at) if handler else []

    # Calls

    def _known(self, event: AmiEvent) -> LiveCall | None:
        return self.calls.get(variable(event, CALL_ID))

    def _call(self, event: AmiEvent, at: datetime) -> LiveCall | None:
        """The call of the event, followed from now on when it is new; None for a caller without our call id.

        Only for events that Asterisk sends from the caller's own thread: AgentComplete may come after the
        caller's Hangup, and must not bring him back.
        """
        return self.adopt(event, at) if variable(event, CALL_ID) else None

    def adopt(self, channel: AmiEvent, at: datetime) -> LiveCall:
        """Follow the call whose caller's channel the event describes; what is known is kept up to date.

        The district is chosen while the call is in the menu, so it comes later than the call itself.
        """
        call_id = variable(channel, CALL_ID)
        known = self.calls.get(call_id)
        if known is None:
            number = channel.get("CallerIDNum", "")
            withheld = variable(channel, WITHHELD) != ""
            known = LiveCall(
                call_id=call_id,
                channel_id=channel.get("Uniqueid", ""),
                caller=variable(channel, CALLER) or ("" if withheld or "unknown" in number else number),
                withheld=withheld,
                district="",
                queue=variable(channel, QUEUE),
                stage=Stage.MENU,
                since=at,
            )
        call = replace(known, district=variable(channel, DISTRICT) or known.district)
        self.calls[call_id] = call
        self.bridges.callers[call.channel_id] = call_id
        return call

    def _seen(self, event: AmiEvent, at: datetime) -> list[Event]:
        """A caller who is answered is known from then on, though nobody is told before he reaches a queue.

        The telephone of a colleague he is passed on to rings without a queue.
        """
        # All other channels of a call, also those that inherit its id, are linked to the caller's.
        if event.get("Uniqueid") == event.get("Linkedid"):
            self._call(event, at)
            return []
        call = self._known(event)
        extension = self.interfaces.extension_of_channel(event.get("Channel", ""))
        rings = event.get("ChannelState") == RINGING and call is not None and call.stage is Stage.AFTER
        if call is None or extension is None or not rings:
            return []
        return self.begin_ring(call.call_id, extension, event.get("Uniqueid", ""), at)

    def _joined(self, event: AmiEvent, at: datetime) -> list[Event]:
        call = self._call(event, at)
        return [] if call is None else self.enqueue(call, event.get("Queue", ""), at)

    def enqueue(self, call: LiveCall, queue: str, at: datetime) -> list[Event]:
        """The call waits in this queue. To come back to it from a menu is no event."""
        if call.waiting_since is not None and call.queue == queue:
            if call.stage is not Stage.QUEUED:
                self.calls[call.call_id] = replace(
                    call, stage=Stage.QUEUED, since=call.waiting_since, gave_up=None
                )
            return []
        self.calls[call.call_id] = replace(
            call, queue=queue, stage=Stage.QUEUED, since=at, waiting_since=at, gave_up=None
        )
        return [Queued(at, call.call_id, queue, call.caller, call.withheld, call.district)]

    def _left(self, event: AmiEvent, at: datetime) -> list[Event]:
        call = self._known(event)
        if call is not None and call.stage is Stage.QUEUED:
            self.calls[call.call_id] = replace(call, stage=Stage.MENU, since=at)
        return []

    def _abandoned(self, event: AmiEvent, at: datetime) -> list[Event]:
        call = self._known(event)
        if call is None or call.stage is not Stage.QUEUED:
            return []
        events = self.end_rings(call.call_id, at)
        # Asterisk counts from his last coming back.
        waited = max((at - call.since).total_seconds(), _seconds(event.get("HoldTime")))
        self.calls[call.call_id] = replace(
            self.calls[call.call_id], stage=Stage.MENU, since=at, gave_up=(at, waited)
        )
        return events

    def _rings_at(self, event: AmiEvent, at: datetime) -> list[Event]:
        call = self._call(event, at)
        extension = self.interfaces.extension(event.get("Interface", ""))
        if call is None or extension is None:
            return []
        return self.begin_ring(call.call_id, extension, event.get("DestUniqueid", ""), at)

    def begin_ring(self, call_id: str, extension: str, leg_id: str, at: datetime) -> list[Event]:
        """The extension's phone (channel `leg_id`) rings for the call."""
        call = self.calls[call_id]
        if extension in call.ringing or call.stage is Stage.TALKING:
            return []
        self._rings[leg_id] = (call_id, extension)
        self.calls[call_id] = replace(call, ringing=(*call.ringing, extension))
        return [Ringing(at, call_id, extension, call.queue, call.caller, call.district, call.withheld)]

    def _ring_over(self, event: AmiEvent, at: datetime) -> list[Event]:
        call_id, extension = self._rings.get(event.get("DestUniqueid", ""), ("", ""))
        return self.end_rings(call_id, at, only=extension) if call_id else []

    def end_rings(
        self, call_id: str, at: datetime, *, only: str | None = None, spare: str | None = None
    ) -> list[Event]:
        """Ringing stops: everywhere, or `only` at one extension; for `spare` it stops without an event."""
        call = self.calls[call_id]
        over = tuple(ext for ext in call.ringing if only in (None, ext))
        self.calls[call_id] = replace(call, ringing=tuple(ext for ext in call.ringing if ext not in over))
        self._rings = {
            leg: ring for leg, ring in self._rings.items() if ring[0] != call_id or ring[1] not in over
        }
        return [RingEnded(at, call_id, extension) for extension in over if extension != spare]

    def _connected(self, event: AmiEvent, at: datetime) -> list[Event]:
        call = self._call(event, at)
        extension = self.interfaces.extension(event.get("Interface", ""))
        if call is None or extension is None:
            return []
        return self.connect(call.call_id, extension, event.get("Queue", call.queue), at)

    def connect(self, call_id: str, extension: str, queue: str, at: datetime) -> list[Event]:
        """The extension answered: the other phones stop ringing, the talk begins."""
        events = self.end_rings(call_id, at, spare=extension)
        call = self.calls[call_id]
        if call.stage is Stage.TALKING and call.answered_by == extension:
            return events
        self.calls[call_id] = replace(
            call,
            queue=queue,
            stage=Stage.TALKING,
            answered_by=extension,
            since=at,
            waiting_since=None,
            gave_up=None,
        )
        return [*events, Answered(at, call_id, extension, queue)]

    def _met(self, event: AmiEvent, at: datetime) -> list[Event]:
        """Who comes together with the caller though no queue sent him: a colleague he was passed on to."""
        talk = self.bridges.entered(event)
        call = self.calls.get(talk.call_id) if talk else None
        return self.connect(talk.call_id, talk.extension, call.queue, at) if talk and call else []

    def _told(self, event: AmiEvent, at: datetime) -> list[Event]:
        """What the dialplan itself tells (extensions.d/emergency.conf, crowd.conf)."""
        call_id, said = variable(event, CALL_ID), event.get("Said", "")
        phone = _PHONE_CAPPED.fullmatch(said)
        if phone is not None and event.get("UserEvent") == "H181_CAPPED":
            return [PhoneCapped(at, phone[1])]
        kind = _TOLD.get(event.get("UserEvent", ""))
        return [kind(at, call_id, said)] if kind is not None and call_id and said else []

    def _completed(self, event: AmiEvent, at: datetime) -> list[Event]:
        call = self._known(event)
        extension = self.interfaces.extension(event.get("Interface", ""))
        # Whoever passed the caller on is told complete when the colleague has him already.
        if call is not None and call.stage is Stage.TALKING and extension in (None, call.answered_by):
            self.release(call.call_id, at)
        return []

    def release(self, call_id: str, at: datetime) -> None:
        """The talk is over, the caller may still be on the line."""
        self.calls[call_id] = replace(self.calls[call_id], stage=Stage.AFTER, since=at)

    def _hung_up(self, event: AmiEvent, at: datetime) -> list[Event]:
        channel_id = event.get("Uniqueid", "")
        talk = self.bridges.left(channel_id)
        call = self.calls.get(talk.call_id) if talk else None
        if talk and call and call.stage is Stage.TALKING and call.answered_by == talk.extension:
            self.release(talk.call_id, at)
        if channel_id in self._rings:
            call_id, extension = self._rings[channel_id]
            return self.end_rings(call_id, at, only=extension)
        call_id = variable(event, CALL_ID)
        known = self.calls.get(call_id)
        # A call of which only the end is seen hung up before it was answered.
        own = known.channel_id if known else event.get("Linkedid")
        return self.end(call_id, at, _cause(event.get("Cause"))) if call_id and channel_id == own else []

    def end(self, call_id: str, at: datetime, cause: int | None) -> list[Event]:
        """The caller is gone. From the queue, when he left it a moment ago and went nowhere else."""
        events = self.end_rings(call_id, at) if call_id in self.calls else []
        call = self.calls.pop(call_id, None)
        if call is not None:
            self.bridges.callers.pop(call.channel_id, None)
        if call is not None and call.gave_up is not None and at - call.gave_up[0] <= GIVING_UP:
            events.append(Abandoned(call.gave_up[0], call_id, call.queue, call.gave_up[1]))
        return [*events, CallEnded(at, call_id, cause)]


def variable(event: AmiEvent, name: str) -> str:
    """Value of a channel variable of the event's first channel, empty when it is not set."""
    return event.get(f"ChanVariable({name})", "")


def _seconds(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _cause(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None
