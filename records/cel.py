"""Asterisk's own file of channel events, read into facts about calls. Pure: bytes in, facts out.

The columns are those of dialplan/cel_custom.conf: time, event, call id (account code), unique id, linked id,
channel, caller, dialled, context, application, its data, name of a user's event, extra (JSON). All channels
of a call share the linked id; only the caller's own has the call id, from shortly after its first event on.
"""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from records.call_state import Outcome
from records.outcomes import outcome

_COLUMNS = 13
_EXECUTIVE = re.compile(r"PJSIP/(\d+)(?:-|$)")
_NOT_DIALLED = re.compile(r"[^0-9+*#]")
_LONGEST = 32
_STEPS = {"H181_FALLBACK": "fallback", "H181_SERVICE": "service", "H181_EMERGENCY": "emergency"}


@dataclass(frozen=True)
class CelEvent:
    """One line. ``start`` is where it begins in the file, in bytes; ``said`` what a user's event carries."""

    start: int
    at: datetime
    kind: str
    call_id: str
    unique_id: str
    linked_id: str
    channel: str
    caller: str
    dialled: str
    application: str
    data: str
    said: str
    bridge: str
    cause: int | None


@dataclass(frozen=True)
class CelRead:
    """Whole lines of a piece of a file: their events, where the last one ends, lines that are no events."""

    events: list[CelEvent]
    end: int
    unreadable: int


@dataclass(frozen=True)
class Moment:
    """Something with a name that happened at a time."""

    at: datetime
    said: str


@dataclass(frozen=True)
class Message:
    """A spoken message: when it was noted, its file, and the seconds recorded, 0.0 when not told."""

    at: datetime
    said: str
    seconds: float


@dataclass(frozen=True)
class CallEnd:
    """The proven end of a call."""

    at: datetime
    cause: int | None
    outcome: Outcome


@dataclass(frozen=True)
class CallFacts:
    """All that the events say of one call. ``started_at`` None: its first event is in another file.

    ``queues`` it joined and ``answers`` by executives' extensions, in order. ``callbacks`` are wishes (with
    the district, may be empty), ``steps`` what else is worth a place on its path, by kind. ``end`` None: it
    was not over.
    """

    call_id: str
    first: datetime
    started_at: datetime | None
    caller: str
    dialled: str
    channel: str
    district: str | None
    queues: tuple[Moment, ...] = ()
    answers: tuple[Moment, ...] = ()
    messages: tuple[Message, ...] = ()
    callbacks: tuple[Moment, ...] = ()
    steps: tuple[tuple[str, Moment], ...] = ()
    end: CallEnd | None = None


@dataclass
class CelGroup:
    """The events of one linked id. ``over``: Asterisk has let go of it; ``cut``: Asterisk itself ended."""

    linked_id: str
    events: list[CelEvent] = field(default_factory=list)
    over: bool = False
    cut: bool = False


def read_cel(content: bytes, start: int = 0) -> CelRead:
    """Read the whole lines of a piece of the file that begins at byte ``start``; a half last line is left."""
    events: list[CelEvent] = []
    unreadable, position = 0, start
    whole = content[: content.rfind(b"\n") + 1]
    for line in whole.split(b"\n")[:-1]:
        event = _event(line.decode(errors="replace"), position)
        position += len(line) + 1
        if event is not None:
            events.append(event)
        elif line.strip():
            unreadable += 1
    return CelRead(events, start + len(whole), unreadable)


def groups(events: Iterable[CelEvent]) -> list[CelGroup]:
    """The events by linked id, in the order of their first.

    Asterisk names channels by second and number, and numbers from 0 at each start: a later channel with a
    lower number shows that Asterisk was started again, and everything open before it is over. Threads race
    within a second.
    """
    found: dict[str, CelGroup] = {}
    number, second = -1, 0
    for event in events:
        if event.kind == "CHAN_START":
            its_second, its_number = _named(event.unique_id)
            if its_number <= number and its_second > second + 1:
                for group in found.values():
                    group.cut = group.cut or not group.over
                    group.over = True
                number = -1
            if its_number > number:
                number, second = its_number, its_second
        group = found.setdefault(event.linked_id, CelGroup(event.linked_id))
        group.events.append(event)
        if event.kind == "LINKEDID_END":
            group.over = True
    return list(found.values())


def facts(group: CelGroup) -> list[CallFacts]:
    """What a group says of its calls: none when it holds no citizen's call, as a rule one."""
    ids = dict.fromkeys(event.call_id for event in group.events if event.call_id)
    return [_facts(group, call_id) for call_id in ids]


def _facts(group: CelGroup, call_id: str) -> CallFacts:
    named = [event for event in group.events if event.call_id == call_id]
    channel = named[0].unique_id
    own = [event for event in group.events if event.unique_id == channel]
    begin = next((event for event in own if event.kind == "CHAN_START"), None)
    queues = _queues(named)
    ended = next((event for event in reversed(named) if event.kind == "H181_ENDED"), None)
    status, _, member, seconds = _split(ended.said if ended else "", 4)
    answers = _answers(group, own)
    if ended is not None and not answers and (found := _EXECUTIVE.match(member)):
        lasted = timedelta(seconds=int(seconds) if seconds.isdecimal() else 0)
        answers = [Moment(ended.at - lasted, found[1])]
    return CallFacts(
        call_id=call_id,
        first=own[0].at,
        started_at=begin.at if begin else None,
        caller=named[0].caller,
        dialled=_NOT_DIALLED.sub("", begin.dialled)[:_LONGEST] if begin else "",
        channel=named[0].channel,
        district=_district(named, queues),
        queues=tuple(queues),
        answers=tuple(answers),
        messages=_messages(named),
        callbacks=_said(named, "H181_CALLBACK"),
        steps=tuple(
            (_STEPS[event.kind], Moment(event.at, event.said)) for event in named if event.kind in _STEPS
        ),
        end=_end(group, own, status, answers, _emergency(named, own)),
    )


def _end(
    group: CelGroup, own: Sequence[CelEvent], status: str, answers: Sequence[Moment], served: bool
) -> CallEnd | None:
    extension = answers[0].said if answers else None
    hangup = next((event for event in own if event.kind == "HANGUP"), None)
    if hangup is not None:
        return CallEnd(hangup.at, hangup.cause, outcome(status, hangup.cause, extension, served=served))
    if group.cut:
        return CallEnd(group.events[-1].at, None, "answered" if extension else "failed")
    return None


def _emergency(named: Sequence[CelEvent], own: Sequence[CelEvent]) -> bool:
    """Whether the emergency number answered: from its dialling on the caller was in a bridge."""
    dialled = next((event.at for event in named if event.kind == "H181_EMERGENCY"), None)
    return dialled is not None and any(event.kind == "BRIDGE_ENTER" and event.at >= dialled for event in own)


def _answers(group: CelGroup, own: Sequence[CelEvent]) -> list[Moment]:
    """Executives in one bridge with the caller."""
    entered = {event.bridge: event.at for event in own if event.kind == "BRIDGE_ENTER" and event.bridge}
    found = []
    for event in group.events:
        executive = _EXECUTIVE.match(event.channel)
        other = event.kind == "BRIDGE_ENTER" and event.unique_id != own[0].unique_id
        if executive and other and event.bridge in entered:
            found.append(Moment(max(event.at, entered[event.bridge]), executive[1]))
    return found


def _queues(named: Sequence[CelEvent]) -> list[Moment]:
    """The queues he joined; to come back to the same one from its menu is not to join it anew."""
    found: list[Moment] = []
    for event in named:
        if event.kind == "APP_START" and event.application == "Queue":
            queue = event.data.partition(",")[0]
            if not found or found[-1].said != queue:
                found.append(Moment(event.at, queue))
    return found


def _district(named: Sequence[CelEvent], queues: Sequence[Moment]) -> str | None:
    told = [event.said for event in named if event.kind == "H181_DISTRICT" and event.said]
    by_queue = [
        queue.said.removeprefix("district-") for queue in queues if queue.said.startswith("district-")
    ]
    return told[-1] if told else by_queue[0] if by_queue else None


def _said(named: Sequence[CelEvent], kind: str) -> tuple[Moment, ...]:
    return tuple(Moment(event.at, event.said) for event in named if event.kind == kind)


def _messages(named: Sequence[CelEvent]) -> tuple[Message, ...]:
    """The messages; a hang-up ends a recording too."""
    found, began, seconds = [], None, 0.0
    for event in named:
        if event.kind == "APP_START" and event.application == "Record":
            began = event.at
        elif began is not None and (event.kind == "HANGUP" or event.application == "Record"):
            seconds, began = (event.at - began).total_seconds(), None
        if event.kind == "H181_MESSAGE":
            until = (event.at - began).total_seconds() if began is not None else seconds
            found.append(Message(event.at, event.said, max(0.0, until)))
    return tuple(found)


def _split(text: str, count: int) -> list[str]:
    """``STATUS/queue/PJSIP/2001/3``: the member has a stroke of its own."""
    head = text.split("/", 2)
    if len(head) < 3:
        return [""] * count
    member, _, seconds = head[2].rpartition("/")
    return [head[0], head[1], member, seconds]


def _event(line: str, start: int) -> CelEvent | None:
    try:
        row = next(csv.reader([line], strict=True))
        if len(row) != _COLUMNS or not row[4]:
            return None
        extra = json.loads(row[12]) if row[12] else {}
        if not isinstance(extra, dict):
            return None
        at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(row[0].partition(".")[0]))
        at += timedelta(microseconds=int(row[0].partition(".")[2][:6].ljust(6, "0")))
        cause = extra.get("hangupcause")
    except (ValueError, OverflowError, StopIteration, csv.Error):
        return None
    return CelEvent(
        start=start,
        at=at,
        kind=row[11] or row[1],
        call_id=row[2],
        unique_id=row[3],
        linked_id=row[4],
        channel=row[5],
        caller=row[6],
        dialled=row[7],
        application=row[9],
        data=row[10],
        said=str(extra.get("extra", "")),
        bridge=str(extra.get("bridge_id", "")),
        cause=cause if isinstance(cause, int) else None,
    )


def _named(unique_id: str) -> tuple[int, int]:
    """``system-SECOND.NUMBER``, the system's name only if it has one."""
    head, _, number = unique_id.rpartition(".")
    second = head.rpartition("-")[2]
    return (int(second), int(number)) if second.isdecimal() and number.isdecimal() else (0, -1)
