"""After the executive has hung up: the caller hears the number of his complaint, twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from agi import log
from agi.dialogue import Dialogue
from ivr_prompts.numbers import digit_keys

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 1.0
_MOST = 3


async def talk(dialogue: Dialogue) -> None:
    """Speaks each complaint of this call digit by digit, oldest first; says so when there is none yet."""
    numbers = await _numbers(dialogue)
    for number in reversed(numbers[:_MOST]):
        digits = digit_keys(number)
        await dialogue.say("complaint-number-is", *digits)
        await dialogue.say("complaint-number-again", *digits)
    if not numbers:
        await dialogue.say("no-complaint-yet")
    await dialogue.say("thanks")


async def _numbers(dialogue: Dialogue) -> Sequence[str]:
    """Ask records, with growing pauses: the executive may press save as he hangs up. Newest first."""
    session, centre = dialogue.session, dialogue.centre
    pause = _FIRST_PAUSE
    try:
        async with asyncio.timeout(centre.settings.complaint_wait_seconds):
            while not session.hung_up:
                found = await centre.complaints.by_call(session.call_id)
                if found:
                    return [complaint.number for complaint in found]
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
    except TimeoutError:
        pass
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        log.event(logging.ERROR, "complaint-unreadable", call=session.call_id, reason=reason)
    return []
