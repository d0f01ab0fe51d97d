"""The conversations with a caller, one file each, and how they become the steps of the dialplan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from agi.centre import Centre
from agi.connection import Conversation
from agi.conversations import aftercall, connect, district, ended, message, status, waiting, welcome
from agi.dialogue import Dialogue
from agi.errors import Hangup
from agi.session import Session
from dialplan import variables
from ivr_prompts.numbers import designation_key
from records import phone

Step = Callable[[Dialogue], Awaitable[None]]


async def alive(dialogue: Dialogue) -> None:
    """Says nothing: that it ends is the answer. The dialplan asks it before the first step of a call."""


STEPS: Mapping[str, Step] = {
    "alive": alive,
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

    Each sets H181_DONE to its name as its last command, so that the dialplan can tell a finished step from
    a service that died in the middle of it.
    """
    # Both read their files now, and not while a caller waits.
    phone.parse("07372181")
    designation_key("")
    return {name: _conversation(name, step, centre) for name, step in STEPS.items()}


def _conversation(name: str, step: Step, centre: Centre) -> Conversation:
    async def conversation(session: Session) -> None:
        dialogue = Dialogue(session, centre)
        try:
            await step(dialogue)
        except Hangup:
            dialogue.note("hangup", step=name)
            raise
        await session.set_variable(variables.DONE, name)

    return conversation
