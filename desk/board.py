"""Who rings, talks and waits, as the desk shows it: a pure reducer over the switchboard's events.

The switchboard says what happened; the desk needs to know, at any moment, which call belongs on which
executive's screen, also right after a call has ended, while its complaint is still being written. That is
all this module keeps. It has no clock and no input or output.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from desk.board_model import CallState, DeskCall, Member, Notice
from switchboard import LiveState, Stage
from switchboard.events import (
    Abandoned,
    Answered,
    CallEnded,
    Event,
    MemberChanged,
    Queued,
    Resync,
    RingEnded,
    Ringing,
)

_STAGES: dict[Stage, CallState] = {
    Stage.MENU: "waiting",
    Stage.QUEUED: "waiting",
    Stage.TALKING: "talking",
    Stage.AFTER: "ended",
}

KNOWN_CALLS = 2_000
"""Calls remembered at once. A district has some tens; beyond this the oldest is forgotten (its end was
missed)."""


@dataclass
class Board:
    """The state. `apply` changes it and returns what pages must be told, in order."""

    calls: dict[str, DeskCall] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)

    def for_extension(self, extension: str) -> DeskCall | None:
        """The call on this executive's screen: ringing, talking, or the last one that ended there."""
        return self.calls.get(self._shown.get(extension, ""))

    def ringing_for(self, call_id: str, extension: str) -> bool:
        """Whether the call rings at this extension now (a queue may ring several at once)."""
        call = self.calls.get(call_id)
        return call is not None and call.state == "ringing" and self._shown.get(extension) == call_id

    def talked(self, extension: str) -> list[DeskCall]:
        """Calls that this executive answered and that are over."""
        return [
            call
            for call in self.calls.values()
            if call.extension == extension and call.answered_at is not None and call.state == "ended"
        ]

    def live(self) -> Iterator[tuple[str, DeskCall]]:
        """Extensions with the call that rings or talks there."""
        for extension, call_id in self._shown.items():
            call = self.calls.get(call_id)
            if call is not None and call.state in {"ringing", "talking"}:
                yield extension, call

    def waiting(self) -> list[DeskCall]:
        """Calls in a queue that nobody has answered yet, longest wait first. In the menu nobody waits yet.

        Who left the queue for a menu (to be told his turn, to leave a message) keeps his place.
        """
        found = [
            call
            for call in self.calls.values()
            if call.state == "ringing" or (call.state == "waiting" and call.queued_at is not None)
        ]
        return sorted(found, key=lambda call: (call.queued_at is None, call.queued_at))

    def read(self, state: LiveState) -> None:
        """Take the switchboard's whole state over. What it does not know any more has ended, and stays on the
        executive's screen as ended."""
        for call_id, call in list(self.calls.items()):
            if call_id not in state.calls and call.state != "ended":
                at = call.extension if call.state == "talking" else None
                self.calls[call_id] = replace(call, state="ended", extension=at)
        for live in state.calls.values():
            stage = _STAGES[live.stage] if not live.ringing else "ringing"
            known = self._known(live.call_id)
            since = known.since if known.state == stage and known.since else live.since
            self._put(replace(
                known, caller=live.caller or known.caller, withheld=live.withheld or known.withheld,
                queue=live.queue or known.queue,
                district=live.district or known.district, state=stage, since=since,
                extension=live.answered_by or (live.ringing[0] if live.ringing else None),
                queued_at=known.queued_at or (live.since if live.stage is Stage.QUEUED else None),
                answered_at=known.answered_at or (live.since if live.stage is Stage.TALKING else None),
            ))  # fmt: skip
            for extension in (live.answered_by, *live.ringing):
                if extension:
                    self._shown[extension] = live.call_id
        self._shown = {
            extension: call_id
            for extension, call_id in self._shown.items()
            if self._still_there(extension, call_id)
        }
        self.members = {
            extension: Member(extension, bool(member.queues), member.paused, member.busy)
            for extension, member in state.members.items()
        }

    def apply(self, event: Event) -> list[Notice]:
        """Take in one event. Events of unknown calls are accepted: the desk may have started in their
        middle."""
        match event:
            case Queued():
                return self._queued(event)
            case Ringing():
                return self._rings(event)
            case RingEnded():
                return self._ring_ended(event.call_id, event.extension, event.at)
            case Answered():
                return self._answered(event)
            case Abandoned():
                notices = self._over(event.call_id, event.at)
                call = self.calls.get(event.call_id) or DeskCall(event.call_id, queue=event.queue)
                return [*notices, Notice("abandoned", event.at, None, call)]
            case CallEnded():
                return self._over(event.call_id, event.at)
            case MemberChanged():
                member = Member(event.extension, event.logged_in, event.paused, event.busy)
                self.members[event.extension] = member
                return [
                    Notice("member", event.at, event.extension, member=member),
                    *self._freed(member, event.at),
                ]
            case Resync():
                return [Notice("resync", event.at)]
            case _:
                return []

    def _rings(self, event: Ringing) -> list[Notice]:
        """Whoever passed the call on to this telephone has it no more."""
        known = self._known(event.call_id)
        since = known.since if known.state == "ringing" else event.at
        call = replace(known, caller=event.caller or known.caller, queue=event.queue or known.queue,
                       withheld=event.withheld or known.withheld,
                       district=event.district or known.district, extension=event.extension,
                       state="ringing", since=since, answered_at=None)  # fmt: skip
        passed_on = known.state in {"talking", "ended"}
        taken = self._taken_from_screens(known, call, event.at, spare=event.extension) if passed_on else []
        self._put(call)
        self._shown[event.extension] = event.call_id
        return [*taken, Notice("ring", event.at, event.extension, call)]

    def _queued(self, event: Queued) -> list[Notice]:
        """A new wait: whoever had the call has it no more (it was moved to another queue)."""
        known = self._known(event.call_id)
        call = replace(
            known,
            caller=event.caller or known.caller,
            withheld=event.withheld or known.withheld,
            queue=event.queue,
            district=event.district or known.district,
            extension=None,
            state="waiting",
            since=event.at,
            queued_at=event.at,
            answered_at=None,
        )
        self._put(call)
        return [*self._taken_from_screens(known, call, event.at), Notice("queued", event.at, None, call)]

    def _freed(self, member: Member, at: datetime) -> list[Notice]:
        """The phone is free again: the talk is over, also while the caller still hears his number."""
        call = self.for_extension(member.extension)
        if member.busy or call is None or call.state != "talking" or call.extension != member.extension:
            return []
        return self._over(call.call_id, at)

    def _answered(self, event: Answered) -> list[Notice]:
        known = self._known(event.call_id)
        call = replace(
            known,
            extension=event.extension,
            queue=event.queue or known.queue,
            state="talking",
            since=event.at,
            answered_at=event.at,
        )
        notices = self._taken_from_screens(known, call, event.at, spare=event.extension)
        self._put(call)
        self._shown[event.extension] = event.call_id
        return [*notices, Notice("answered", event.at, event.extension, call)]

    def _taken_from_screens(
        self, before: DeskCall, call: DeskCall, at: datetime, *, spare: str | None = None
    ) -> list[Notice]:
        """The call leaves every screen but one; those that rang and those that talked are told so."""
        notices: list[Notice] = []
        for extension in sorted(self._showing(call.call_id) - {spare}):
            del self._shown[extension]
            talked = before.state != "ringing" and before.extension == extension
            notices.append(Notice("ended" if talked else "ring-ended", at, extension, call))
        return notices

    def _ring_ended(self, call_id: str, extension: str, at: datetime) -> list[Notice]:
        call = self.calls.get(call_id)
        if call is None or self._shown.get(extension) != call_id:
            return []
        if call.state != "ringing" and call.extension == extension:
            return []
        del self._shown[extension]
        if call.state == "ringing" and not self._showing(call_id):
            call = replace(call, state="waiting", since=call.queued_at or at, extension=None)
            self._put(call)
        return [Notice("ring-ended", at, extension, call)]

    def _over(self, call_id: str, at: datetime) -> list[Notice]:
        call = self.calls.get(call_id)
        if call is None or call.state == "ended":
            return []
        notices: list[Notice] = []
        if call.state != "talking":
            for extension in sorted(self._showing(call_id)):
                notices += self._ring_ended(call_id, extension, at)
            self._put(replace(call, state="ended", since=at, extension=None))
            return notices
        call = replace(call, state="ended", since=at)
        self._put(call)
        return [Notice("ended", at, call.extension, call)]

    def _still_there(self, extension: str, call_id: str) -> bool:
        call = self.calls.get(call_id)
        if call is None or call.state == "waiting":
            return False
        return call.state == "ringing" or call.extension == extension

    def _showing(self, call_id: str) -> set[str]:
        return {extension for extension, shown in self._shown.items() if shown == call_id}

    def _known(self, call_id: str) -> DeskCall:
        return self.calls.get(call_id) or DeskCall(call_id)

    def _put(self, call: DeskCall) -> None:
        self.calls[call.call_id] = call
        if len(self.calls) > KNOWN_CALLS:
            in_use = set(self._shown.values())
            del self.calls[
                next((known for known in self.calls if known not in in_use), next(iter(self.calls)))
            ]
