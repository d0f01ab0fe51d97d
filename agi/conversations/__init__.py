"""The conversations with a caller, one file each, and how they become the steps of the dialplan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from agi.arguments import check
from agi.centre import Centre
from agi.conversations import aftercall, connect, district, ended, message, status, waiting, welcome
from agi.dialogue import Dialogue
from agi.errors import Hangup
from agi.outcomes import Conversation
from agi.session import Session
from dialplan import variables
from ivr_prompts.numbers import designation_key
from records import phone

Step = Callable[[Dialogue], Awaitable[None]]


STEPS: Mapping[str, Step] = {
    "welcome": welcome.talk,
    "status": status.talk,
    "district": district.talk,
    "connect": connect.talk,
    "waiting": waiting.talk,
    "message": message.talk,
    "aftercall": aftercall.talk,
    "ended": ended.talk,
}


def build_conversations(centre: Centre) -> dict[str, Conversation]:
    """The scripts of agi://…/<name> for `FastAgiServer`, all writing to the centre's records.

    Each sets H181_DONE to its name as its last command, together with what it leaves, so that the dialplan
    can tell a finished step from a service that died in the middle of it.

    Arguments that the dialplan could not have given are refused (`agi.arguments`).

    The dialplan gives the call's id, the caller, the number dialled, and, but for `ended`, the step's time in
    seconds, the district, the key pressed last and when. Asterisk waits only a moment for a sign of life, and
    then always as long as the last one said (`Session.sign`).
    """
    # Both read their files now, and not while a caller waits.
    phone.parse("+919000000000")
    designation_key("")
    return {name: _conversation(name, step, centre) for name, step in STEPS.items()}


def _conversation(name: str, step: Step, centre: Centre) -> Conversation:
    async def conversation(session: Session) -> None:
        check(session.environment, name, session.now())
        dialogue = Dialogue(session, centre)
        seconds = session.environment.arg(4) if name != "ended" else ""
        if seconds.isascii() and seconds.isdecimal():
            session.watch(float(seconds))
        try:
            await step(dialogue)
        except Hangup:
            dialogue.note("hangup", step=name)
            raise
        await session.set_variables({**dialogue.keys.left(), **dialogue.leaves, variables.DONE: name})

    return conversation
