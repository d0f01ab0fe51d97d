"""Speaking and listening to a caller, with every prompt and key put on record.

A prompt that is missing is skipped, logged and noted: the caller is never dropped for it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from agi import log
from agi.centre import Centre
from agi.keys import KEYS, Keys
from agi.playing import Player
from agi.session import Session
from records import JsonScalar

DIGITS = "0123456789"
_RUN = f"{secrets.token_hex(6)}-"
_STEPS = itertools.count()
_MOMENT = 0.001
_TYPED_ALONE = 2
"""Digits that are waited for one by one: a code's, whose second one tells what the first was."""
T = TypeVar("T")


def prompt(key: str) -> str:
    """``key`` itself; marks it as a prompt for `helpline prompts check`, which reads the sources."""
    return key


class Dialogue:
    """One step of a call. Methods raise what the session's commands raise, Hangup first of all."""

    def __init__(self, session: Session, centre: Centre) -> None:
        self.session = session
        self.centre = centre
        self.player = Player(session, centre.sounds, centre.catalogue.sound, self._missing)
        environment = session.environment
        self.keys = Keys(
            centre.settings.same_key_seconds, centre.clock, environment.arg(6), environment.arg(7)
        )
        self.repeated = ""
        """The key that `ask` passed over just before its answer."""
        self._again_at = 0.0
        self.leaves: dict[str, str] = {}
        """Variables that are set when the step is done, by the command that says so. A caller who hangs up
        before, and a service that dies, leave them as they were."""

    @property
    def district(self) -> str | None:
        """H181_DISTRICT as it was when the step began (its argument 5); None when there is none."""
        return self.session.environment.arg(5) or None

    def note(self, kind: str, began: datetime | None = None, **detail: JsonScalar) -> None:
        """Put one step on the call's record, in the background; it happened at ``began``, else now."""
        session, calls = self.session, self.centre.calls
        call_id, at = session.call_id, began or session.now()
        # Records may have stored a step whose writing was given up: ``once`` makes the second time harmless.
        once = f"{_RUN}{next(_STEPS)}"
        self.centre.journal.write(call_id, kind, calls.step, call_id, at, kind, detail, once=once)

    async def say(self, *keys: str, escape: str = "") -> str | None:
        """Play prompts in order, until the caller presses a key of ``escape``, which is returned.

        The key that answered the question before, once more, is no answer to this one: what it stopped is
        begun again.
        """
        return (await self._play(keys, escape))[1]

    async def ask(self, key: str, digits: int, first: str = "") -> str:
        """Play the question and return the keys pressed, up to ``digits``, "" for none.

        The first key stops the question. With ``first``, a key pressed already, only the rest is waited
        for and the question is not played. ``repeated`` is then the key that was not taken for the first
        digit because it was the last press once more; "" when there was none just before.
        """
        self.repeated = ""
        if not first:
            again, pressed = await self._play([key], KEYS, note=False)
            if pressed is None:
                once_more, pressed = await self._wait(key, self.centre.settings.key_seconds)
                again = once_more or again
            first = pressed or ""
            recent = self.centre.clock() - self._again_at < self.centre.settings.same_key_seconds
            self.repeated = again if first and recent else ""
        value = await self._rest(first, digits) if first not in {"", "#"} else ""
        self.note("key", prompt=key, key=value)
        return value

    async def choose(self, *keys: str, seconds: float = 0.0) -> str | None:
        """Play a question, which any key stops, and return the key; None when none came in time.

        ``seconds``: from the end of the question to the key, ``key_seconds`` of the settings unless given.
        """
        pressed = await self.say(*keys, escape=KEYS)
        if pressed is None:
            pressed = await self.wait_for_key(keys[-1], seconds or self.centre.settings.key_seconds)
        return pressed

    async def wait_for_key(self, key: str, seconds: float) -> str | None:
        """The answer to a question that has been played; None when none came in time."""
        _, pressed = await self._wait(key, seconds)
        self.note("key", prompt=key, key=pressed)
        return pressed

    def press(self, key: str) -> None:
        """Count a key that the caller pressed outside of `say`, `ask` and `choose`."""
        self.keys.press(key)
        self.session.progress |= self.keys.left()

    async def look_up(self, what: str, read: Callable[[], Awaitable[T]], instead: T) -> T:
        """What records answer; ``instead`` when they fail or keep the caller waiting, which is logged."""
        try:
            async with asyncio.timeout(self.centre.settings.lookup_seconds):
                return await read()
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            log.event(logging.ERROR, "record-unreadable", call=self.session.call_id, what=what, reason=reason)
            return instead

    async def wait_for_next(self, key: str, seconds: float) -> str | None:
        """The next key of an answer that was begun, of which the same one twice counts as two."""
        pressed = await self.session.wait_for_digit(seconds)
        if pressed is not None:
            self.press(pressed)
        self.note("key", prompt=key, key=pressed)
        return pressed

    async def _play(self, keys: Sequence[str], escape: str, *, note: bool = True) -> tuple[str, str | None]:
        """As `say`; before the key the repetition that was passed over, "" for none."""
        again, left = "", list(keys)
        while True:
            began, begun = self.session.now(), list[str]()
            pressed = None
            try:
                pressed = await self.player.play(left, escape, begun)
            finally:
                if begun:
                    self.note("prompt", began, prompt=" ".join(begun))
            repeated = pressed is not None and self._is_again(pressed)
            if pressed is not None and (note or repeated):
                self._note_key(begun[-1], pressed, repeated=repeated)
            if pressed is None or not repeated:
                return again, pressed
            again, left = pressed, left[len(begun) - 1 :]

    async def _wait(self, key: str, seconds: float) -> tuple[str, str | None]:
        """The next key after a question; before it the repetition that was passed over, "" for none."""
        again, clock = "", asyncio.get_running_loop().time
        ends = clock() + seconds
        while True:
            pressed = await self.session.wait_for_digit(max(ends - clock(), _MOMENT))
            if pressed is None or not self._is_again(pressed):
                return again, pressed
            self._note_key(key, pressed, repeated=True)
            again = pressed

    async def _rest(self, value: str, digits: int) -> str:
        """The digits after the first: all of them count, also the same one again."""
        settings = self.centre.settings
        if digits > _TYPED_ALONE:
            value += await self.session.read("", settings.key_seconds, digits - 1)
            self.press(value[-1])
            return value
        seconds = settings.key_seconds
        # Who pressed the last answer's key again has perhaps no code to type at all: no long silence for him.
        if self.repeated:
            seconds = settings.code_key_seconds
        elif value == self.keys.before:
            seconds /= 2
        while len(value) < digits:
            pressed = await self.session.wait_for_digit(seconds)
            if pressed is None or pressed == "#":
                break
            self.press(pressed)
            value += pressed
        return value

    def _is_again(self, pressed: str) -> bool:
        if self.keys.again(pressed):
            self._again_at = self.centre.clock()
            return True
        self.session.progress |= self.keys.left()
        return False

    def _note_key(self, prompt: str, key: str, *, repeated: bool) -> None:
        if repeated:
            self.note("key", prompt=prompt, key=key, repeated=True)
        else:
            self.note("key", prompt=prompt, key=key)

    def _missing(self, key: str, error: Exception) -> None:
        log.event(logging.ERROR, "prompt-missing", call=self.session.call_id, prompt=key, reason=str(error))
        self.note("prompt", prompt=key, missing=True)
