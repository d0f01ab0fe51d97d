"""Keeps the records whole: what the service missed of calls, and what the database could not take."""

import asyncio
import logging
from pathlib import Path

from records import Records, RecordsError, Spool
from records.missed_calls.catchup import SETTLING, catch_up
from records.spool.replay import replay

log = logging.getLogger("helpline.catchup")

EVENTS_FILE = Path("log", "cel-custom", "helpline.csv")
"""Asterisk's event file below its runtime folder (dialplan/cel_custom.conf names it)."""
EVERY_SECONDS = 30.0
"""How soon after its end a call that the service missed is on record. Finding nothing new costs little."""


async def keep_caught_up(
    events: Path,
    records: Records,
    *,
    spool: Spool | None = None,
    recordings: Path | None = None,
    aside: Path | None = None,
    seconds: float = EVERY_SECONDS,
) -> None:
    """Run until cancelled: now and every ``seconds`` do what ``spool`` holds, then merge missed calls.

    ``events`` is Asterisk's event file; it may be missing. ``spool``: None when another replays it.
    ``recordings``: where spoken messages lie. ``aside``: where lines that are no events are kept. What fails
    is logged, once for each cause, and tried again.
    """
    merged: set[str] = set()
    told = ""
    while True:
        pause = seconds
        try:
            if await _round(events, records, spool, recordings, aside, merged):
                pause = min(seconds, SETTLING.total_seconds())
        except (RecordsError, OSError) as error:
            if str(error) != told:
                log.error("event=not-caught-up reason=%r", str(error))
            told = str(error)
        else:
            if told:
                log.info("event=caught-up-again")
            told = ""
        await asyncio.sleep(pause)


async def _round(
    events: Path,
    records: Records,
    spool: Spool | None,
    recordings: Path | None,
    aside: Path | None,
    merged: set[str],
) -> bool:
    """Whether some calls have ended too short a time ago to be looked at."""
    if spool is not None and spool.pending():
        replayed = await replay(records, spool)
        if replayed.done or replayed.aside:
            log.info("event=spool-replayed done=%d aside=%d", replayed.done, replayed.aside)
        if replayed.reason:
            raise RecordsError(replayed.reason)
    caught = await catch_up(records, events, merged=merged, recordings=recordings, aside=aside)
    if caught.calls:
        log.info("event=caught-up calls=%d", caught.calls)
    return bool(caught.settling)
