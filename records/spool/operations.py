"""The operations a spool may hold, and doing one of them.

========================  =============================================================================
name                      arguments (moments as ISO 8601 text; ``call_id`` is the operation's own)
========================  =============================================================================
``start``                 caller_raw, caller_e164, dialled, channel, started_at, withheld (may be left out)
``step``                  at, kind, detail
``set_district``          code
``queued``                queue, at
``ringing``               extension, at
``answered``              extension, at
``ended``                 at, cause, outcome, recording (may be left out)
``recorded``              extension, file, at
``way_tried``             said (a line of records/calls/ways.py), at
``emergency_failed``      said (the number), at
``capped``                said (a line of records/calls/crowd.py), at
``phone_capped``          extension, at; ``call_id`` is ""
``rate``                  score, at
``set_language``          e164, language
``store_draft``           e164, district_code, recording, seconds, at
``request_callback``      e164, district_code, at
``note_alarm``            kind, subject, at; data, lasts (may be left out); ``call_id`` may be ""
========================  =============================================================================
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from records.alarms.alarm_rows import alarmed
from records.calls import facts as reports
from records.calls.call_rows import store
from records.calls.call_state import CallStart
from records.calls.crowd import phone_capped
from records.calls.facts import Fact
from records.opening import Records
from records.spool.segments import Operation

Make = Callable[[Operation, dict[str, Any], datetime], Fact]


async def apply(records: Records, operation: Operation) -> None:
    """Do an operation now, in a transaction of its own.

    Doing it again, also by `replay`, changes nothing more: what could not be told from a repetition by
    itself (a step) is kept under the operation's id. Raises `RecordsError`, and `ValueError` for an operation
    that cannot be done.
    """
    told = fact(operation, records.clock())
    await records.database.run(lambda one: store(records.database, one, [told]), writing=True)


def fact(operation: Operation, now: datetime) -> Fact:
    """What an operation tells. Raises `ValueError`: it is unknown, or its arguments do not fit."""
    make = _MAKE.get(operation.name)
    if make is None:
        raise ValueError(f"there is no operation {operation.name!r}")
    try:
        return make(operation, _arguments(operation.arguments), now)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"the arguments of operation {operation.name!r} do not fit") from error


def _arguments(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in {"at", "started_at"} else value
        for name, value in told.items()
    }


_MAKE: Mapping[str, Make] = {
    "start": lambda one, told, _: reports.started(CallStart(one.call_id, **told)),
    "step": lambda one, told, _: reports.stepped(one.call_id, **told, once=one.id),
    "set_district": lambda one, told, now: reports.placed(one.call_id, **told, now=now),
    "queued": lambda one, told, _: reports.queued(one.call_id, **told),
    "ringing": lambda one, told, _: reports.rang(one.call_id, **told),
    "answered": lambda one, told, _: reports.answered(one.call_id, **told),
    "ended": lambda one, told, _: reports.ended(one.call_id, **told),
    "recorded": lambda one, told, _: reports.recorded(one.call_id, **told),
    "way_tried": lambda one, told, _: reports.way_tried(one.call_id, **told),
    "emergency_failed": lambda one, told, _: reports.emergency_failed(one.call_id, **told),
    "capped": lambda one, told, _: reports.capped(one.call_id, **told),
    "phone_capped": lambda _one, told, _: phone_capped(**told),
    "rate": lambda one, told, _: reports.rated(one.call_id, **told),
    "set_language": lambda _one, told, _: reports.spoken(**told),
    "store_draft": lambda one, told, _: reports.drafted(one.call_id, **told),
    "note_alarm": lambda one, told, _: alarmed(**told, once=one.id),
    "request_callback": lambda one, told, _: reports.wished(one.call_id, **told),
}
