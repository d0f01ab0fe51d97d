"""Speaking and listening to a caller, with every prompt and key put on record.

A prompt that is missing is skipped, logged and noted: the caller is never dropped for it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from agi import log
from agi.centre import Centre
from agi.errors import CommandFailed
from agi.playing import Player
from agi.session import KEYS, Session
from ivr_prompts import PromptError
from records import JsonScalar

DIGITS = "0123456789"
_RUN = f"{secrets.token_hex(6)}-"
_STEPS = itertools.count()
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
        """Play prompts in order, until the caller presses a key of ``escape``, which is returned."""
        began, begun = self.session.now(), list[str]()
        pressed = None
        try:
            pressed = await self.player.play(keys, escape, begun)
        finally:
            if begun:
                self.note("prompt", began, prompt=" ".join(begun))
            if pressed is not None:
                self.note("key", prompt=begun[-1], key=pressed)
        return pressed

    async def ask(self, key: str, digits: int, first: str = "") -> str:
        """Play the question and return the keys pressed, up to ``digits``, "" for none.

        The first key stops the question. With ``first``, a key pressed already, only the rest is waited
        for and the question is not played.
        """
        if first:
            value = await self._collect(first, digits)
        else:
            self.session.need_the_caller()
            self.note("prompt", prompt=key)
            try:
                sound = self.centre.catalogue.sound(key)
                value = await self.session.read(sound, self.centre.settings.key_seconds, digits)
            except (CommandFailed, PromptError) as error:
                self._missing(key, error)
                value = await self._collect("", digits)
        self.note("key", prompt=key, key=value)
        return value

    async def choose(self, *keys: str, seconds: float = 0.0) -> str | None:
        """Play a question, which any key stops, and return the key; None when none came in time.

        ``seconds``: from the end of the question to the key, ``key_seconds`` of the settings unless given.
        """
        pressed = await self.say(*keys, escape=KEYS)
        if pressed is None:
            pressed = await self.session.wait_for_digit(seconds or self.centre.settings.key_seconds)
            self.note("key", prompt=keys[-1], key=pressed)
        return pressed

    async def look_up(self, what: str, read: Callable[[], Awaitable[T]], instead: T) -> T:
        """What records answer; ``instead`` when they fail or keep the caller waiting, which is logged."""
        try:
            async with asyncio.timeout(self.centre.settings.lookup_seconds):
                return await read()
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            log.event(logging.ERROR, "record-unreadable", call=self.session.call_id, what=what, reason=reason)
            return instead

    async def _collect(self, value: str, digits: int) -> str:
        while len(value) < digits:
            pressed = await self.session.wait_for_digit(self.centre.settings.key_seconds)
            if pressed is None or pressed == "#":
                break
            value += pressed
        return value

    def _missing(self, key: str, error: Exception) -> None:
        log.event(logging.ERROR, "prompt-missing", call=self.session.call_id, prompt=key, reason=str(error))
        self.note("prompt", prompt=key, missing=True)
