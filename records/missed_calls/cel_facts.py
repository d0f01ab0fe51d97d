"""What Asterisk's channel events say of calls: when one began, whom it reached, how it ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from records.calls.call_state import Outcome
from records.calls.outcomes import outcome
from records.calls.recordings import Begun, read_begun
from records.missed_calls.cel import CelEvent, CelGroup

_EXECUTIVE = re.compile(r"PJSIP/(\d+)(?:-|$)")
_NOT_DIALLED = re.compile(r"[^0-9+*#]")
_LONGEST = 32
_USED = "used"
CUT_REASONS = ("exchange", "no-sound", "line-dead")
"""The exchange itself ended or was killed; no sound came for longer than a caller can wait; the caller's side
answered no signal any more (session timers)."""
_NO_SOUND = 44
_NO_ANSWER_TO_SIGNALS = 18
_STEPS = {"H181_FALLBACK": "fallback", "H181_SERVICE": "service", "H181_EMERGENCY": "emergency"}


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
    """The proven end of a call.

    ``latest``: Asterisk ended first; ``at`` is its last sign of life, and this its next start.
    """

    at: datetime
    cause: int | None
    outcome: Outcome
    latest: datetime | None = None


@dataclass(frozen=True)
class CallFacts:
    """All that the events say of one call. ``started_at`` None: its first event is in another file.

    ``queues`` it joined and ``answers`` by executives' extensions, in order. ``callbacks`` are wishes (with
    the district, may be empty), ``recording`` is the first one's file, ``recordings`` those beside it,
    ``missing`` files of recordings that should be there and are not, ``steps`` what else is worth a place on
    its path, by kind. ``tries`` are lines of `records.calls.ways`, ``capped`` of `records.calls.crowd`,
    ``unreached`` emergency numbers that no way led to, ``cut`` why it ended although nobody ended it. ``end``
    None: it was not over.
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
    recording: str | None = None
    recordings: tuple[Begun, ...] = ()
    missing: tuple[str, ...] = ()
    tries: tuple[Moment, ...] = ()
    unreached: tuple[Moment, ...] = ()
    capped: tuple[Moment, ...] = ()
    cut: Moment | None = None
    end: CallEnd | None = None
    withheld: bool = False
    usable: bool = True
    """Whether anything may be done by the caller's number: not when he withholds it, but by a setting."""


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
    withheld = next((event for event in named if event.kind == "H181_WITHHELD"), None)
    ended = next((event for event in reversed(named) if event.kind == "H181_ENDED"), None)
    status, member, seconds = _split(ended.said if ended else "")
    answers = _answers(group, own)
    if ended is not None and not answers and (found := _EXECUTIVE.match(member)):
        lasted = timedelta(seconds=int(seconds) if seconds.isdecimal() else 0)
        answers = [Moment(ended.at - lasted, found[1])]
    cut = _cut(group, own)
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
        recording=f"{call_id}.wav" if answers else None,
        recordings=_recordings(named),
        tries=_said(named, "H181_WAY"),
        unreached=_said(named, "H181_UNREACHED"),
        capped=_said(named, "H181_CAPPED"),
        cut=cut,
        steps=tuple(
            (_STEPS[event.kind], Moment(event.at, event.said)) for event in named if event.kind in _STEPS
        ),
        end=_end(group, own, status, answers, _emergency(named, own), cut),
        withheld=withheld is not None,
        usable=withheld is None or withheld.said == _USED,
    )


def _end(
    group: CelGroup,
    own: Sequence[CelEvent],
    status: str,
    answers: Sequence[Moment],
    served: bool,
    cut: Moment | None,
) -> CallEnd | None:
    extension = answers[0].said if answers else None
    hangup = next((event for event in own if event.kind == "HANGUP"), None)
    if hangup is not None:
        found = outcome(status, hangup.cause, extension, served=served)
        # Whoever is cut off has not given up.
        return CallEnd(hangup.at, hangup.cause, "failed" if cut and found == "abandoned" else found)
    if group.cut:
        alive, again = group.cut
        return CallEnd(alive, None, "answered" if extension else "failed", again)
    return None


def _cut(group: CelGroup, own: Sequence[CelEvent]) -> Moment | None:
    """Why the call ended although neither the caller nor the dialplan ended it; see `CUT_REASONS`."""
    hangup = next((event for event in own if event.kind == "HANGUP"), None)
    if hangup is None:
        return Moment(group.cut[0], "exchange") if group.cut else None
    if hangup.cause == _NO_ANSWER_TO_SIGNALS:
        return Moment(hangup.at, "line-dead")
    if hangup.source != "":
        return None
    return Moment(hangup.at, "no-sound" if hangup.cause == _NO_SOUND else "exchange")


def _emergency(named: Sequence[CelEvent], own: Sequence[CelEvent]) -> bool:
    """Whether the emergency number answered: from its dialling on the caller was in a bridge."""
    dialled = next((event.at for event in named if event.kind == "H181_EMERGENCY"), None)
    return dialled is not None and any(event.kind == "BRIDGE_ENTER" and event.at >= dialled for event in own)


def _answers(group: CelGroup, own: Sequence[CelEvent]) -> list[Moment]:
    """Executives in one bridge with the caller.

    Who was joined to him while still ringing enters under the link of another call, and leaves under his. The
    caller himself only leaves when he took the place of a channel that was in the bridge already.
    """
    entered: dict[str, datetime] = {}
    for event in own:
        if event.kind in {"BRIDGE_ENTER", "BRIDGE_EXIT"} and event.bridge:
            entered.setdefault(event.bridge, event.at)
    found: dict[tuple[str, str], Moment] = {}
    for event in group.events:
        executive = _EXECUTIVE.match(event.channel)
        if executive and event.unique_id != own[0].unique_id and event.bridge in entered:
            met = entered[event.bridge]
            at = met if event.kind == "BRIDGE_EXIT" else max(event.at, met)
            found.setdefault((event.unique_id, event.bridge), Moment(at, executive[1]))
    return list(found.values())


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


def _recordings(named: Sequence[CelEvent]) -> tuple[Begun, ...]:
    """What is told only of calls that have more than one."""
    told = next((event.said for event in reversed(named) if event.kind == "H181_TALKS"), "")
    return tuple(read_begun(told))[1:]


def _split(text: str) -> tuple[str, str, str]:
    """Status, member and seconds of ``STATUS/queue/PJSIP/2001/3``: the member has a stroke of its own."""
    head = text.split("/", 2)
    if len(head) < 3:
        return "", "", ""
    member, _, seconds = head[2].rpartition("/")
    return head[0], member, seconds
