"""While the caller waits in a queue: his place in it, and a menu that waits for his key."""

from __future__ import annotations

from agi.dialogue import Dialogue, prompt
from dialplan import variables
from ivr_prompts.speech import duration_keys, queue_keys
from records import phone

_STAY, _MESSAGE, _CALLBACK = "1", "2", "3"
_QUESTIONS = (prompt("waiting-menu"), prompt("waiting-menu-again"), prompt("waiting-menu-last"))


async def talk(dialogue: Dialogue) -> None:
    """Leaves H181_NEXT: "stay" (also without a key), "message" or "callback".

    H181_POSITION, when the dialplan gives it, is the caller's place in the queue, from 1 on, and H181_MINUTES
    the time until his turn. "stay" is set before anything is said: whatever happens here, the caller keeps
    his place.
    """
    session = dialogue.session
    await session.set_variable(variables.NEXT, variables.NEXT_STAY)
    language = session.environment.values.get("language", "hi")
    told = _place(await session.get_variable(variables.POSITION), language)
    told += _time(await session.get_variable(variables.MINUTES), language)
    if told:
        await dialogue.say(*told)
    chosen = await _choose(dialogue)
    if chosen == _CALLBACK:
        following = await _call_back(dialogue)
    else:
        following = variables.NEXT_MESSAGE if chosen == _MESSAGE else variables.NEXT_STAY
    dialogue.note("waiting", next=following)
    if following != variables.NEXT_STAY:
        await session.set_variable(variables.NEXT, following)
    if following == variables.NEXT_CALLBACK:
        await dialogue.say("callback-noted")


async def _choose(dialogue: Dialogue) -> str:
    for question in _QUESTIONS:
        pressed = await dialogue.choose(question, seconds=dialogue.centre.settings.waiting_seconds)
        if pressed is None or pressed in {_STAY, _MESSAGE, _CALLBACK}:
            return pressed or _STAY
        await dialogue.say("wrong-key")
    return _STAY


async def _call_back(dialogue: Dialogue) -> str:
    """Store the wish. A number that nobody could call is asked for a message instead."""
    session, centre = dialogue.session, dialogue.centre
    e164 = phone.parse(session.environment.arg(2)).e164
    if e164 is None or centre.callbacks is None:
        return variables.NEXT_MESSAGE
    district = dialogue.district
    centre.journal.write(
        session.call_id, "callback", centre.callbacks.request, session.call_id, e164, district, session.now()
    )
    return variables.NEXT_CALLBACK


def _place(position: str | None, language: str) -> list[str]:
    """What is said of a place in the queue; nothing when it is not known."""
    ahead = _number(position) - 1
    return queue_keys(ahead, language) if ahead >= 0 else []


def _time(minutes: str | None, language: str) -> list[str]:
    """What is said of the time until his turn; nothing when it is not known."""
    count = _number(minutes)
    return [prompt("queue-wait-about"), *duration_keys(count * 60, language)] if count else []


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 4 else 0
