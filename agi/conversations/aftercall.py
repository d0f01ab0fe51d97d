"""After the executive has hung up: the caller hears his complaint's number, twice, and says how it was."""

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
_SKIP = "#"
_SCORES = "12345"
_ASKED = 2


async def talk(dialogue: Dialogue) -> None:
    """Speaks each complaint of this call digit by digit, oldest first; says so when there is none yet.

    # goes on from any of it, so that a key pressed by a cheek does not cost anybody his number. Then it asks
    for a score of 1 to 5, which nobody has to give.
    """
    numbers = await _numbers(dialogue)
    for number in reversed(numbers[:_MOST]):
        digits = digit_keys(number)
        if await dialogue.say("complaint-number-is", *digits, escape=_SKIP) is None:
            await dialogue.say("complaint-number-again", *digits, escape=_SKIP)
    if not numbers:
        await dialogue.say("no-complaint-yet", escape=_SKIP)
    await _rate(dialogue)
    await dialogue.say("thanks")


async def _rate(dialogue: Dialogue) -> None:
    """Ask once, and once more; then leave it."""
    session, centre = dialogue.session, dialogue.centre
    for _ in range(_ASKED):
        pressed = await dialogue.choose("rate-ask", seconds=centre.settings.confirm_seconds)
        if pressed is not None and pressed in _SCORES:
            score, now = int(pressed), session.now()
            centre.journal.write(session.call_id, "rate", centre.calls.rate, session.call_id, score, now)
            await dialogue.say("rate-thanks")
            return
        if pressed == _SKIP:
            return


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
