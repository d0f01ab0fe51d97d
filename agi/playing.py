"""Playing prompts one after another: each alone the first time, later several by one command.

Alone (STREAM FILE), Asterisk says whether it has the sound and how long it was, and watches its connection to
us besides the caller at every packet. Together (the application Background) it needs less CPU, and says
neither: so only sounds go together whose lengths were learned before. From these and the clock follows what
was being said at a key. What stops early has lost a sound since; that one is tried alone. Not too many go
together: should the service hang meanwhile, Asterisk, which knows only their length, notices no key before
their end.
"""

from __future__ import annotations

import itertools
import math
import re
import time
from bisect import bisect
from collections.abc import Callable, Sequence
from typing import NamedTuple

from agi.errors import CommandFailed
from agi.keys import KEYS
from agi.session import Session
from dialplan import variables
from ivr_prompts import PromptError

_PLAIN = re.compile(r"[A-Za-z0-9_./-]+", re.ASCII)
# The last packets are sent ahead of their time.
_EARLY = 0.06
_SHORTEST = 0.05
_LONGEST_TOGETHER = 6.0
_UNHEARD = 30.0


class Known(NamedTuple):
    """A sound that Asterisk has. Not ``whole``: it is longer than ``seconds``, a key always ended it."""

    name: str
    seconds: float
    whole: bool


class Sounds:
    """What Asterisk's sounds and key contexts turned out to be, by language; shared by all calls."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._known: dict[tuple[str, str], Known] = {}
        self._options: dict[str, str | None] = {KEYS: "", "": "p"}

    def learn(self, language: str, sound: str, seconds: float, *, whole: bool) -> None:
        """So much of a sound was played; ``whole``: to its end."""
        before = self._known.get((language, sound))
        better = before is None or whole or (not before.whole and seconds > before.seconds)
        if better and seconds >= _SHORTEST and _PLAIN.fullmatch(sound):
            self._known[language, sound] = Known(sound, seconds, whole)

    def forget(self, language: str, sound: str) -> None:
        """It may not be there any more, or be another one."""
        self._known.pop((language, sound), None)

    def known(self, language: str, sound: str) -> Known | None:
        """What was learned of a sound."""
        return self._known.get((language, sound))

    async def options(self, session: Session, escape: str) -> str | None:
        """Background's options that let only the keys of ``escape`` end it; None when there are none.

        Other keys than all or none need a context of the dialplan that has them, which Asterisk is asked for
        once: its configuration may be older than this service.
        """
        if escape not in self._options:
            context = variables.key_context(escape)
            there = [await session.get_variable(f"DIALPLAN_EXISTS({context},{key},1)") for key in escape]
            self._options[escape] = f"m,,{context}" if set(there) == {"1"} else None
        return self._options[escape]


class Player:
    """Plays to one caller. ``missing`` is told each prompt that could not be played, and why."""

    def __init__(
        self,
        session: Session,
        sounds: Sounds,
        name: Callable[[str], str],
        missing: Callable[[str, Exception], None],
    ) -> None:
        self.language = session.environment.values.get("language", "")
        self._session = session
        self._sounds = sounds
        self._name = name
        self._missing = missing

    async def play(self, keys: Sequence[str], escape: str, begun: list[str]) -> str | None:
        """Play prompts in order until a key of ``escape``, which is returned; ``begun`` gets those begun.

        Raises what the session raises, with ``begun`` complete.
        """
        left = list(keys)
        while left:
            self._session.need_the_caller()
            known = self._known(left)
            options = await self._sounds.options(self._session, escape) if known else None
            if options is None:
                begun.append(left.pop(0))
                pressed = await self._alone(begun[-1], escape)
            else:
                pressed, heard = await self._together(left[: len(known)], known, options, begun)
                del left[:heard]
            if pressed is not None:
                return pressed
        return None

    def _known(self, keys: Sequence[str]) -> list[Known]:
        """As many of the prompts, from the first one on, as can be played together."""
        known, length = list[Known](), 0.0
        for key in keys:
            try:
                sound = self._name(key)
            except PromptError:
                break
            found = self._sounds.known(self.language, sound)
            if found is None:
                break
            length += found.seconds
            if known and length > _LONGEST_TOGETHER:
                break
            known.append(found)
            if not found.whole:
                break
        return known

    async def _alone(self, key: str, escape: str) -> str | None:
        try:
            sound = self._name(key)
            found = self._sounds.known(self.language, sound)
            lasts = {"lasts": found.seconds} if found is not None and found.whole else {}
            played = await self._session.play(sound, escape, **lasts)
        except (CommandFailed, PromptError) as error:
            self._missing(key, error)
            return None
        self._sounds.learn(self.language, sound, played.seconds, whole=played.key is None)
        return played.key

    async def _together(
        self, keys: Sequence[str], known: Sequence[Known], options: str, begun: list[str]
    ) -> tuple[str | None, int]:
        """The key pressed, and how many of the prompts were heard."""
        now = self._sounds.clock
        ends = list(itertools.accumulate(sound.seconds for sound in known))
        # How much longer it is than what is known of it, nobody knows.
        lasts = ends[-1] if known[-1].whole else ends[-1] + _UNHEARD
        start = now()
        try:
            pressed = await self._session.background([sound.name for sound in known], options, lasts)
        except CommandFailed:
            pressed, start = None, math.inf
        except BaseException:
            begun += keys[: bisect(ends, now() - start) + 1]
            raise
        if pressed is not None:
            begun += keys[: bisect(ends, now() - start) + 1]
            return pressed, len(keys)
        heard = bisect(ends, now() - start + _EARLY)
        begun += keys[:heard]
        if heard < len(keys):
            self._sounds.forget(self.language, known[heard].name)
        return None, heard
