"""What is known of a call, put together from reports that come twice, late or in the wrong order.

Asterisk's AGI and AMI links tell of the same call over separate connections, so ``answered`` may be stored
before ``start``. Every rule here gives the same call whatever the order of queued, ringing, answered and
start; of several ends the first one that is told counts, but a proof that the caller got what he called for
counts more than an end that knows nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

from records.text import JsonScalar

Outcome = Literal["answered", "served", "abandoned", "refused", "failed"]
OUTCOMES: frozenset[str] = frozenset(get_args(Outcome))
UNHEARD = ("abandoned", "refused", "failed")
"""Ends of callers who got nothing of what they called for."""


@dataclass(frozen=True)
class CallStart:
    """A call that has just arrived. ``caller_raw`` is kept as it came; ``started_at`` is aware.

    ``withheld``: the caller wishes his number not to be shown. Nothing is done by it then: ``caller_e164`` is
    None, unless the centre's settings let such numbers be used.
    """

    call_id: str
    caller_raw: str
    caller_e164: str | None
    dialled: str
    channel: str
    started_at: datetime
    withheld: bool = False


@dataclass(frozen=True)
class CallStep:
    """One step of a call's path: what happened, when, and its particulars."""

    call_id: str
    at: datetime
    kind: str
    detail: Mapping[str, JsonScalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call as far as it is known. Moments are aware UTC; None is not known or not happened (yet).

    ``announced`` is False while its start has not been told: caller, dialled and channel are then empty and
    ``started_at`` is the first moment heard of. ``queued_at`` is the first time it joined a queue, ``queue``
    the queue it joined last. ``extension`` is the first executive who answered. ``waiting_seconds`` runs from
    ``queued_at`` to the answer, the end, or the moment of reading; None: it never waited in a queue.
    ``last_step`` is what happened last before the hang-up: for an abandoned call, where the caller gave up.
    ``withheld``: see `CallStart`; `known_number` is what may be shown of such a caller, too.
    """

    call_id: str
    started_at: datetime
    caller_raw: str = ""
    caller_e164: str | None = None
    withheld: bool = False
    dialled: str = ""
    channel: str = ""
    announced: bool = False
    district_code: str | None = None
    queue: str | None = None
    queue_at: datetime | None = None
    queued_at: datetime | None = None
    extension: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int | None = None
    outcome: str | None = None
    recording: str | None = None
    rating: int | None = None
    waiting_seconds: float | None = field(default=None, compare=False)
    last_step: CallStep | None = field(default=None, compare=False)

    @property
    def known_number(self) -> str:
        """The number by which the caller may be known: as it came when it is no full one; empty for none."""
        return self.caller_e164 or ("" if self.withheld else self.caller_raw)

    @property
    def active(self) -> bool:
        """Whether the call is still up, as far as is known."""
        return self.ended_at is None


def with_start(call: Call, start: CallStart) -> Call:
    """The first start that is told counts; a second one changes nothing."""
    if call.announced:
        return call
    return replace(
        call,
        started_at=start.started_at,
        caller_raw=start.caller_raw,
        caller_e164=start.caller_e164,
        withheld=start.withheld,
        dialled=start.dialled,
        channel=start.channel,
        announced=True,
    )


def with_moment(call: Call, at: datetime) -> Call:
    """Until the start is told, the earliest moment heard of stands for it."""
    return call if call.announced or call.started_at <= at else replace(call, started_at=at)


def with_queue(call: Call, queue: str, at: datetime) -> Call:
    """Waiting began with the first queue; the call is in the queue it joined last."""
    queued_at = at if call.queued_at is None else min(at, call.queued_at)
    if call.queue_at is not None and (call.queue_at, call.queue or "") > (at, queue):
        return replace(call, queued_at=queued_at)
    return replace(call, queued_at=queued_at, queue=queue, queue_at=at)


def with_answer(call: Call, extension: str, at: datetime) -> Call:
    """The earliest answer counts. A call somebody answered was answered, whatever else was said before."""
    outcome = "answered" if call.outcome in {"abandoned", "served"} else call.outcome
    if call.answered_at is not None and (call.answered_at, call.extension or "") <= (at, extension):
        return replace(call, outcome=outcome)
    return replace(call, outcome=outcome, extension=extension, answered_at=at)


def with_end(call: Call, at: datetime, cause: int | None, outcome: Outcome, recording: str | None) -> Call:
    """The first end counts; later ones fill in what it left open. An ended call is never active again.

    That a call was found lost counts for nothing once somebody tells its end who saw it: "abandoned" is said
    of every call that nobody answered.
    """
    if call.answered_at is not None and outcome in {"abandoned", "served"}:
        outcome = "answered"
    if _lost(call) and cause is not None and outcome != "abandoned":
        call = replace(call, outcome=None, ended_at=None)
    ended = replace(
        call,
        ended_at=call.ended_at or at,
        cause=call.cause if call.cause is not None else cause,
        outcome=call.outcome or outcome,
        recording=call.recording or recording,
    )
    return with_service(ended) if outcome == "served" else ended


def with_service(call: Call) -> Call:
    """The caller got what he called for, or left word: whoever saw him go without it did not see all."""
    if call.answered_at is not None or call.outcome not in UNHEARD:
        return call
    return replace(call, outcome="served")


def guessed_end(call: Call) -> bool:
    """Whether the end on record is a guess.

    A call that was found lost is "failed" without a cause; "abandoned" is said of every call that nobody
    answered by those who see no more of it.
    """
    return call.outcome == "abandoned" or _lost(call)


def _lost(call: Call) -> bool:
    return call.outcome == "failed" and call.cause is None


def with_proven_end(
    call: Call, at: datetime, cause: int | None, outcome: Outcome, recording: str | None
) -> Call:
    """The end as Asterisk's own file has it: it corrects a guess, and fills in what nobody told."""
    if guessed_end(call):
        call = replace(call, outcome=None, ended_at=call.ended_at if call.cause is not None else None)
    return with_end(call, at, cause, outcome, recording)


def with_cut_end(
    call: Call, at: datetime, cause: int | None, outcome: Outcome, recording: str | None
) -> Call:
    """The end of a call that was up when Asterisk ended: whoever missed it later told no better."""
    if guessed_end(call):
        call = replace(call, outcome=None, ended_at=None)
    return with_end(call, at, cause, outcome, recording)


def waited(call: Call, now: datetime) -> float | None:
    """Seconds in queues until the answer, the end, or now."""
    if call.queued_at is None:
        return None
    until = call.answered_at or call.ended_at or now
    return max(0.0, (until - call.queued_at).total_seconds())
