"""Writes what the switchboard saw into the records, so that a call is known even when AGI was not reached."""

import logging

from records import CallLog, Outcome, RecordsError
from switchboard import Switchboard
from switchboard.events import Abandoned, Answered, CallEnded, Event, Queued, Ringing

log = logging.getLogger("helpline.recorder")

WAITING_EVENTS = 4096
"""Events kept while the database is slow: some minutes of a district's busiest hour."""


async def record(switchboard: Switchboard, calls: CallLog) -> None:
    """Write events until the switchboard stops or the task is cancelled.

    A failed write is logged, never raised: the link to Asterisk must not stop because a disk is full.
    """
    talked: set[str] = set()
    with switchboard.subscribe(WAITING_EVENTS) as events:
        async for event in events:
            try:
                await _write(event, calls, talked)
            except RecordsError as error:
                log.error(
                    "event=not-written call=%s what=%s reason=%r",
                    getattr(event, "call_id", "-"),
                    type(event).__name__,
                    str(error),
                )


async def _write(event: Event, calls: CallLog, talked: set[str]) -> None:
    match event:
        case Queued():
            await calls.queued(event.call_id, event.queue, event.at)
        case Ringing():
            await calls.ringing(event.call_id, event.extension, event.at)
        case Answered():
            talked.add(event.call_id)
            await calls.answered(event.call_id, event.extension, event.at)
        case Abandoned():
            await calls.step(
                event.call_id, event.at, "abandoned", {"queue": event.queue, "waited": event.waited}
            )
        case CallEnded():
            outcome: Outcome = "answered" if event.call_id in talked else "abandoned"
            talked.discard(event.call_id)
            await calls.ended(event.call_id, event.at, cause=event.cause, outcome=outcome)
        case _:
            return
