"""Tries until Asterisk is there: the service can be started before it. Cleans up what was missed."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Set

from records import CallLog, RecordsError
from switchboard import Switchboard
from switchboard.errors import LoginRefusedError, SwitchboardError

log = logging.getLogger("helpline.link")

RETRY_SECONDS = 5.0
"""Between two rounds of tries while Asterisk is away: it takes a few seconds to start."""
SWEEP_SECONDS = 60.0
"""How often calls that Asterisk no longer has are ended in the records."""
SETTLING_SECONDS = 10.0
"""A call that Asterisk had so long ago may have ended since: its end is on the way to the records, which take
one second, and five more when they are slow."""
GRACE = dt.timedelta(seconds=30)
"""A call younger than this may not have been announced over the link yet."""


async def keep_link(
    switchboard: Switchboard,
    calls: CallLog,
    clock: Callable[[], dt.datetime],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run until cancelled: connect, then once a minute end in the records the calls that Asterisk lost."""
    await _connect(switchboard)
    while True:
        # Not at once: what Asterisk's own file tells of a missed call is better than "lost".
        await sleep(SWEEP_SECONDS - SETTLING_SECONDS)
        known = set(switchboard.state.calls)
        await sleep(SETTLING_SECONDS)
        if switchboard.connected:
            await _sweep(known | set(switchboard.state.calls), calls, clock)


async def _connect(switchboard: Switchboard) -> None:
    while True:
        try:
            await switchboard.start()
        except LoginRefusedError as error:
            log.error(
                "event=no-link reason=%r remedy=%r",
                str(error),
                "apply the configuration again: helpline asterisk apply",
            )
        except SwitchboardError as error:
            log.warning("event=no-link reason=%r", str(error))
        else:
            log.info("event=link-up")
            return
        await asyncio.sleep(RETRY_SECONDS)


async def _sweep(known: Set[str], calls: CallLog, clock: Callable[[], dt.datetime]) -> None:
    """End in the records every active call that is not ``known``. What fails is logged."""
    now = clock()
    try:
        lost = await calls.reconcile(known, started_before=now - GRACE, at=now)
    except RecordsError as error:
        log.error("event=sweep-failed reason=%r", str(error))
        return
    for call_id in lost:
        log.warning("event=call-lost call=%s", call_id)
