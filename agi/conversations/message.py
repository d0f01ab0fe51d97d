"""Nobody can take the call: the caller speaks his complaint, which is kept with what is known of him.

Nothing that a citizen said is lost: what he spoke last is kept when he hangs up, presses nothing, or loses
patience; only what he spoke again replaces it. Takes without a voice and those he replaced are removed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from pathlib import Path
from typing import NamedTuple

from agi import log
from agi.dialogue import Dialogue, prompt
from agi.errors import CommandFailed, Hangup
from dialplan import variables
from records import phone
from records.calls.message_file import is_recorded, is_silent

FORMAT = "wav"

# Where the dialplan does not say: another's, with its own globals.
_SECONDS, _SILENCE = 180, 5

_KEEP, _LISTEN, _REPEAT = "1", "2", "3"
_END_KEY = "#"
_QUESTIONS = (prompt("message-review"), prompt("message-review-again"), prompt("message-review-last"))
_EMPTY_TRIES = 3


class _Take(NamedTuple):
    """One recording: Asterisk's name of the file, the file's own name, and its length."""

    sound: str
    file: str
    seconds: float

    @property
    def path(self) -> Path:
        """Where it lies, on the machine of Asterisk."""
        return Path(f"{self.sound}.{FORMAT}")


class _Limits(NamedTuple):
    """Seconds of the longest message, and of the silence that ends one."""

    longest: int
    silence: int


async def talk(dialogue: Dialogue) -> None:
    """Stores what was spoken as a draft, or else a wish to be called; leaves H181_NEXT "end"."""
    session = dialogue.session
    await session.set_variable(variables.NEXT, variables.NEXT_END)
    folder = await session.get_variable(variables.RECORDINGS)
    district = dialogue.district
    if not folder:
        reason = f"{variables.RECORDINGS} is not set"
        log.event(logging.ERROR, "message-impossible", call=session.call_id, reason=reason)
        await _instead(dialogue, district)
        return
    limits = _Limits(
        await _number(dialogue, variables.MESSAGE_SECONDS, _SECONDS),
        await _number(dialogue, variables.MESSAGE_SILENCE, _SILENCE),
    )
    takes: list[_Take] = []
    try:
        await dialogue.say("message-intro")
        await _record(dialogue, folder, limits, takes)
    finally:
        if takes:
            _store(dialogue, takes[-1], district)
        for replaced in takes[:-1]:
            await asyncio.to_thread(_discard, replaced.path)
    if takes:
        await dialogue.say("message-kept")
    else:
        await _instead(dialogue, district)


async def _number(dialogue: Dialogue, variable: str, usual: int) -> int:
    value = await dialogue.session.get_variable(variable)
    return int(value) if value and value.isascii() and value.isdecimal() and int(value) > 0 else usual


async def _instead(dialogue: Dialogue, district: str | None) -> None:
    """Nothing could be recorded: the number is noted to be called, so that he was not here in vain."""
    session, centre = dialogue.session, dialogue.centre
    e164 = phone.parse(session.environment.arg(2)).e164
    if e164 is None or centre.callbacks is None:
        await dialogue.say("nobody")
        return
    centre.journal.write(
        session.call_id, "callback", centre.callbacks.request, session.call_id, e164, district, session.now()
    )
    await dialogue.say("callback-noted")


async def _record(dialogue: Dialogue, folder: str, limits: _Limits, takes: list[_Take]) -> None:
    """Fill ``takes`` with what was spoken; the last of them is what the caller wants to be kept."""
    empty = 0
    for number in range(1, dialogue.centre.settings.message_takes + _EMPTY_TRIES):
        take = await _take(dialogue, folder, number, limits, takes)
        if take is None:
            empty += 1
            await dialogue.say("message-empty")
            if empty == _EMPTY_TRIES:
                return
        elif len(takes) >= dialogue.centre.settings.message_takes or await _review(dialogue, take) != _REPEAT:
            return


async def _take(
    dialogue: Dialogue, folder: str, number: int, limits: _Limits, takes: list[_Take]
) -> _Take | None:
    """Record once; None for too little. Also a message that ended with a hang-up is in ``takes`` then."""
    session = dialogue.session
    await dialogue.say("beep")
    call = re.sub(r"[^A-Za-z0-9.-]", "-", session.call_id)
    # A step that is begun again must not write over what was said before.
    name = f"{call}-message-{session.now():%H%M%S}-{number}"
    sound = f"{folder}/{name}"
    clock = asyncio.get_running_loop().time
    began, gone, reason = clock(), None, ""
    try:
        recording = await session.record(sound, FORMAT, _END_KEY, limits.longest, silence=limits.silence)
        seconds, reason = recording.seconds, recording.reason
        if recording.key is not None:
            dialogue.press(recording.key)
    except Hangup as error:
        seconds, gone = clock() - began, error
    except CommandFailed as error:
        log.event(logging.ERROR, "message-failed", call=session.call_id, reason=str(error))
        seconds = 0.0
    dialogue.note("recorded", take=number, seconds=round(seconds, 1), ended=reason or "hangup")
    take = _Take(sound, f"{name}.{FORMAT}", seconds)
    short = seconds < dialogue.centre.settings.message_shortest_seconds
    lost = gone is None and await asyncio.to_thread(is_recorded, take.path.parent, take.file) is False
    if lost and not short:
        log.event(logging.ERROR, "message-not-on-disk", call=session.call_id, recording=take.file)
    if short or lost or await asyncio.to_thread(is_silent, take.path):
        await asyncio.to_thread(_discard, take.path)
    else:
        takes.append(take)
    if gone is not None:
        raise gone
    return takes[-1] if takes and takes[-1] is take else None


async def _review(dialogue: Dialogue, take: _Take) -> str:
    """What the caller wants done with it. No key keeps it, and so do too many wrong ones."""
    wrong = heard = 0
    while max(wrong, heard) < len(_QUESTIONS):
        pressed = await dialogue.choose(_QUESTIONS[wrong])
        if pressed is None or pressed in {_KEEP, _REPEAT}:
            return pressed or _KEEP
        if pressed == _LISTEN:
            heard += 1
            await _play(dialogue, take)
        else:
            wrong += 1
            await dialogue.say("wrong-key")
    return _KEEP


async def _play(dialogue: Dialogue, take: _Take) -> None:
    dialogue.note("listened", recording=take.file)
    try:
        played = await dialogue.session.play(take.sound, _END_KEY, take.seconds)
        if played.key is not None:
            dialogue.press(played.key)
    except CommandFailed as error:
        log.event(logging.ERROR, "message-unplayable", call=dialogue.session.call_id, reason=str(error))


def _store(dialogue: Dialogue, take: _Take, district: str | None) -> None:
    session, centre = dialogue.session, dialogue.centre
    if centre.drafts is None:
        log.event(logging.ERROR, "message-unkept", call=session.call_id, recording=take.file)
        return
    e164 = phone.parse(session.environment.arg(2)).e164
    known = centre.districts.by_code(district) if district else None
    centre.journal.write(
        session.call_id,
        "draft",
        centre.drafts.store,
        session.call_id,
        e164,
        known.code if known is not None else None,
        take.file,
        round(take.seconds, 1),
        session.now(),
    )


def _discard(path: Path) -> None:
    """Remove a take that nobody wants. No harm when it is not there, or on another machine."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
