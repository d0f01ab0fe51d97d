"""What one fact says of a call: how it changes the call, and the step it adds to its path. No database here.

The functions check and clean what they are told. All raise `ValueError` for a naive datetime.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from records import schema
from records.alarms.alarm_rows import Alarmed, alarmed
from records.calls import ways
from records.calls.call_state import (
    OUTCOMES,
    UNHEARD,
    Call,
    CallStart,
    CallStep,
    Outcome,
    with_answer,
    with_end,
    with_moment,
    with_queue,
    with_service,
    with_start,
)
from records.calls.crowd import CAPPED, read_capped
from records.calls.recordings import RECORDING
from records.clock import as_utc
from records.text import NO_DETAIL, JsonScalar, clean

Change = Callable[[Call], Call]
Merge = Callable[[Call, datetime, int | None, Outcome, str | None], Call]

_HIGHEST_CAUSE = 999
"""Q.850 goes to 127; Asterisk has some of its own above."""

CUT = "cut"
"""Step of a call that nobody who took part in it ended."""
LEFT_WORD = frozenset({"message", "callback"})
"""Steps of who left a message or a wish to be called back."""


@dataclass(frozen=True)
class Report:
    """``at`` stands for the start of a call that is not known yet. ``once``: see `records.CallLog.step`.

    ``row`` is a row of another table that belongs to the fact; one that is there already stays as it is.
    ``alarm`` is raised with the step, and not again with a step that is known.
    """

    call_id: str
    at: datetime
    change: Change
    step: CallStep | None = None
    once: str | None = None
    row: tuple[Table, Mapping[str, Any]] | None = None
    alarm: Alarmed | None = None


@dataclass(frozen=True)
class Ending:
    """The end of a call, whose outcome depends on what the caller got before."""

    call_id: str
    at: datetime
    cause: int | None
    outcome: Outcome
    recording: str | None
    merge: Merge

    @property
    def unheard(self) -> bool:
        """Whether it matters if he left word."""
        return self.outcome in UNHEARD

    def settled(self, call: Call, *, left_word: bool) -> Report:
        """What it says of the call as it is known: an answer counts most, then a word left behind."""
        outcome: Outcome = "served" if left_word and self.unheard else self.outcome
        if call.answered_at is not None and outcome in {"served", "abandoned"}:
            outcome = "answered"
        step = CallStep(self.call_id, self.at, "hangup", {"cause": self.cause, "outcome": outcome})
        end = self.at, self.cause, outcome, self.recording
        return _report(step, "", lambda call: self.merge(call, *end))


@dataclass(frozen=True)
class Spoken:
    """The language a number has chosen."""

    e164: str
    language: str


Fact = Report | Ending | Spoken | Alarmed


def started(start: CallStart) -> Report:
    """See `records.CallLog.start`."""
    start = replace(
        start,
        call_id=clean(start.call_id),
        caller_raw=clean(start.caller_raw),
        dialled=clean(start.dialled),
        channel=clean(start.channel),
        started_at=as_utc(start.started_at),
    )
    return Report(start.call_id, start.started_at, lambda call: with_start(call, start))


def stepped(
    call_id: str,
    at: datetime,
    kind: str,
    detail: Mapping[str, JsonScalar] = NO_DETAIL,
    *,
    once: str | None = None,
) -> Report:
    """See `records.CallLog.step`."""
    return _report(CallStep(clean(call_id), as_utc(at), clean(kind), detail), once)


def placed(call_id: str, code: str | None, now: datetime) -> Report:
    """See `records.CallLog.set_district`."""
    told = clean(code) if code else None
    return Report(clean(call_id), as_utc(now), lambda call: replace(call, district_code=told))


def queued(call_id: str, queue: str, at: datetime) -> Report:
    """See `records.CallLog.queued`."""
    step = CallStep(clean(call_id), as_utc(at), "queue", {"queue": queue})
    name = clean(queue)
    return _report(step, name, lambda call: with_queue(call, name, step.at))


def rang(call_id: str, extension: str, at: datetime) -> Report:
    """See `records.CallLog.ringing`."""
    step = CallStep(clean(call_id), as_utc(at), "ringing", {"extension": extension})
    return _report(step, f"{extension} {step.at.isoformat()}")


def answered(call_id: str, extension: str, at: datetime) -> Report:
    """See `records.CallLog.answered`."""
    step = CallStep(clean(call_id), as_utc(at), "answered", {"extension": extension})
    who = clean(extension)
    return _report(step, who, lambda call: with_answer(call, who, step.at))


def recorded(call_id: str, extension: str, file: str, at: datetime) -> Report:
    """See `records.CallLog.recorded`."""
    detail = {"extension": clean(extension), "file": clean(file)}
    return _report(CallStep(clean(call_id), as_utc(at), RECORDING, detail), clean(file))


def way_tried(call_id: str, said: str, at: datetime) -> Report:
    """See `records.CallLog.way_tried`. Raises `ValueError` for a line that tells of no try."""
    one = ways.read_try(said)
    if one is None:
        raise ValueError(f"{said!r} tells of no way that was tried")
    report = _report(ways.step_of_try(call_id, one), clean(said))
    row = schema.way_tries, ways.row_of_try(call_id, one)
    return replace(report, row=row, alarm=ways.alarm_of_try(report.call_id, one))


def emergency_failed(call_id: str, said: str, at: datetime) -> Report:
    """See `records.CallLog.emergency_failed`."""
    step = CallStep(clean(call_id), as_utc(at), ways.FAILED, {"target": clean(said)})
    alarm = alarmed("emergency_failed", step.call_id, step.at, step.detail)
    return replace(_report(step, ""), alarm=alarm)


def capped(call_id: str, said: str, at: datetime) -> Report:
    """See `records.CallLog.capped`. Raises `ValueError` for a line that tells of no limit."""
    one = read_capped(said)
    if one is None:
        raise ValueError(f"{said!r} tells of no limit that a caller met")
    step = CallStep(clean(call_id), as_utc(at), CAPPED, one.detail)
    return replace(_report(step, ""), alarm=one.alarm(step.call_id, step.at))


def was_cut(call_id: str, reason: str, at: datetime) -> Report:
    """The call was ended by nobody who took part in it: see `records.missed_calls.cel_facts.Cut`."""
    return _report(CallStep(clean(call_id), as_utc(at), CUT, {"reason": reason}), "")


def rated(call_id: str, score: int, at: datetime) -> Report:
    """See `records.CallLog.rate`. Raises `ValueError` for another score than 1 to 5."""
    if score not in range(1, 6):
        raise ValueError(f"score must be 1 to 5, not {score!r}")
    step = CallStep(clean(call_id), as_utc(at), "rating", {"score": score})
    return _report(step, "", lambda call: call if call.rating else replace(call, rating=score))


def ended(
    call_id: str,
    at: datetime,
    cause: int | None,
    outcome: Outcome,
    recording: str | None = None,
    merge: Merge = with_end,
) -> Ending:
    """See `records.CallLog.ended`. Raises `ValueError` for an unknown outcome or a cause that is none."""
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(sorted(OUTCOMES))}, not {outcome!r}")
    if cause is not None and not (isinstance(cause, int) and 0 <= cause <= _HIGHEST_CAUSE):
        raise ValueError(f"cause must be 0 to {_HIGHEST_CAUSE}, not {str(cause)[:20]!r}")
    file = clean(recording) if recording else None
    return Ending(clean(call_id), as_utc(at), cause, outcome, file, merge)


def spoken(e164: str, language: str) -> Spoken:
    """See `records.CallLog.set_language`."""
    return Spoken(clean(e164), clean(language))


def drafted(
    call_id: str, e164: str | None, district_code: str | None, recording: str, seconds: float, at: datetime
) -> Report:
    """See `records.DraftBook.store`."""
    recording, length = clean(recording), float(seconds)
    step = CallStep(clean(call_id), as_utc(at), "message", {"recording": recording, "seconds": length})
    left = _left(step, e164, district_code) | {"recording": recording, "seconds": length}
    return replace(_report(step, recording, with_service), row=(schema.drafts, left))


def wished(call_id: str, e164: str, district_code: str | None, at: datetime) -> Report:
    """See `records.CallbackBook.request`."""
    step = CallStep(clean(call_id), as_utc(at), "callback")
    return replace(_report(step, "", with_service), row=(schema.callbacks, _left(step, e164, district_code)))


def _left(step: CallStep, e164: str | None, district_code: str | None) -> dict[str, Any]:
    return {
        "call_id": step.call_id,
        "e164": clean(e164) if e164 else None,
        "district_code": clean(district_code) if district_code else None,
        "at": step.at,
    }


def _report(step: CallStep, once: str | None, change: Change = lambda call: call) -> Report:
    once = clean(once) if once is not None else None
    return Report(step.call_id, step.at, lambda call: change(with_moment(call, step.at)), step, once)
