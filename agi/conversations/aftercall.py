"""After the executive has hung up: the caller hears his complaint's number, twice, and says how it was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from agi.dialogue import Dialogue, prompt
from ivr_prompts.numbers import digit_keys
from records import Complaint

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 1.0
_MOST = 3
_SKIP = "#"
_SCORES = "12345"
_QUESTIONS = (prompt("rate-ask"), prompt("rate-ask-again"))


async def talk(dialogue: Dialogue) -> None:
    """Speaks each complaint of this call digit by digit, oldest first; says so when there is none.

    # goes on from any of it, so that a key pressed by a cheek does not cost anybody his number. It also asks
    for a score of 1 to 5, which nobody has to give: before the number when that is not there yet, since the
    executive may be saving it, and a question is better than silence.
    """
    await dialogue.session.sign()
    numbers = await _numbers(dialogue)
    await _tell(dialogue, numbers)
    await _rate(dialogue)
    if not numbers:
        numbers = await _saved(dialogue)
        await _tell(dialogue, numbers)
        if not numbers:
            await dialogue.say("no-complaint-yet", escape=_SKIP)
    await dialogue.say("thanks")


async def _tell(dialogue: Dialogue, numbers: Sequence[str]) -> None:
    for number in reversed(numbers[:_MOST]):
        digits = digit_keys(number)
        if await dialogue.say("complaint-number-is", *digits, escape=_SKIP) is None:
            await dialogue.say("complaint-number-again", *digits, escape=_SKIP)


async def _rate(dialogue: Dialogue) -> None:
    """Ask once, and once more; then leave it."""
    session, centre = dialogue.session, dialogue.centre
    for question in _QUESTIONS:
        pressed = await dialogue.choose(question, seconds=centre.settings.confirm_seconds)
        if pressed is not None and pressed in _SCORES:
            score, now = int(pressed), session.now()
            centre.journal.write(session.call_id, "rate", centre.calls.rate, session.call_id, score, now)
            await dialogue.say("rate-thanks")
            return
        if pressed == _SKIP:
            return


async def _numbers(dialogue: Dialogue) -> Sequence[str]:
    """Ask records, with growing pauses: the executive may press save as he hangs up. Newest first."""
    session, pause = dialogue.session, _FIRST_PAUSE
    numbers: Sequence[str] = ()
    try:
        async with asyncio.timeout(dialogue.centre.settings.complaint_wait_seconds):
            while not (numbers := await _saved(dialogue)) and not session.hung_up:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
    except TimeoutError:
        pass
    return numbers


async def _saved(dialogue: Dialogue) -> Sequence[str]:
    """Numbers of the complaints that were saved in this call, newest first; none when records fail."""
    call_id, complaints = dialogue.session.call_id, dialogue.centre.complaints
    nothing: Sequence[Complaint] = ()
    found = await dialogue.look_up("complaints", lambda: complaints.by_call(call_id), nothing)
    return [complaint.number for complaint in found]
