"""Writes what the switchboard saw into the records, so that a call is known even when AGI was not reached."""

from agi.journal import Journal
from records import CallLog, Outcome
from switchboard import Switchboard
from switchboard.events import (
    Abandoned,
    Answered,
    CallEnded,
    Capped,
    EmergencyFailed,
    Event,
    PhoneCapped,
    Queued,
    Ringing,
    WayTried,
)

WAITING_EVENTS = 4096
"""Events kept while the process is busy: some minutes of a district's busiest hour."""


async def record(switchboard: Switchboard, calls: CallLog, journal: Journal) -> None:
    """Write events until the switchboard stops or the task is cancelled.

    The journal never keeps the link to Asterisk waiting, and tells in the log what it could not write.
    """
    with switchboard.subscribe(WAITING_EVENTS) as events:
        async for event in events:
            _write(event, calls, journal)


def _write(event: Event, calls: CallLog, journal: Journal) -> None:
    match event:
        case Queued(at=at, call_id=call_id, queue=queue):
            journal.write(call_id, "queued", calls.queued, call_id, queue, at)
        case Ringing(at=at, call_id=call_id, extension=extension):
            journal.write(call_id, "ringing", calls.ringing, call_id, extension, at)
        case Answered(at=at, call_id=call_id, extension=extension):
            journal.write(call_id, "answered", calls.answered, call_id, extension, at)
        case Abandoned(at=at, call_id=call_id, queue=queue, waited=waited):
            detail = {"queue": queue, "waited": waited}
            journal.write(call_id, "abandoned", calls.step, call_id, at, "abandoned", detail)
        case WayTried(at=at, call_id=call_id, said=said):
            journal.write(call_id, "way", calls.way_tried, call_id, said, at)
        case EmergencyFailed(at=at, call_id=call_id, said=said):
            journal.write(call_id, "emergency-failed", calls.emergency_failed, call_id, said, at)
        case Capped(at=at, call_id=call_id, said=said):
            journal.write(call_id, "capped", calls.capped, call_id, said, at)
        case PhoneCapped(at=at, extension=extension):
            journal.write("", "phone-capped", calls.phone_capped, extension, at)
        case CallEnded(at=at, call_id=call_id, cause=cause):
            # Whoever is known to have been answered or served was not abandoned; the records see to it. Whose
            # end was not seen (the link was away, or Asterisk itself) is only lost: nobody saw him give up.
            outcome: Outcome = "failed" if cause is None else "abandoned"
            journal.write(call_id, "ended", calls.ended, call_id, at, cause=cause, outcome=outcome)
        case _:
            return
