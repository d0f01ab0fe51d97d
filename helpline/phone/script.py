"""A citizen's plan for one call, and living it: act when asked, tell what happens, hang up in time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .citizen import CitizenCall
from .course import Ended
from .errors import CallFailedError, NotHeardError, PhoneError
from .hearing import Heard
from .turns import BEFORE, PERSON, Turn
from .voiceprint import FRAME, RATE

Kind = Literal["ringing", "answered", "heard", "cut", "pressed", "spoke", "person", "hung-up", "ended"]

# Silence after which a question has ended: choices of a menu follow one another in a fifth of a second, and
# the next one is known after its first half second.
PAUSE_SECONDS = 1.2
# Where packets get lost a prompt is not always known while it speaks: the line must be quiet too, or nothing
# be known for this long.
LONG_PAUSE_SECONDS = 4.0
QUIET_RMS = 100.0
# The way from dialling to the first sound: a centre answers at once, a person may take this long.
ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Script:
    """What the citizen does.

    `turns`: what is done, each after the one before it. `questions`: keys of the prompts that ask for keys;
    several in a row (a menu) are one question. `early`: answered while the question still speaks. The call is
    hung up `seconds` after it was answered, or after `hang_up_at` (a prompt's key) was heard.
    """

    turns: tuple[Turn, ...] = ()
    questions: frozenset[str] = frozenset()
    early: bool = False
    seconds: float = 60.0
    hang_up_at: str | None = None


@dataclass(frozen=True)
class Happening:
    """One line of the transcript. `at` and `until` are seconds since dialling.

    `what` is the prompt's key ("heard", and "cut": it stopped before its end), the keys pressed, the file
    spoken, or how the call ended.
    """

    at: float
    kind: Kind
    what: str = ""
    until: float | None = None


class Follower:
    """Lives one call; `tell` is called with every happening as it becomes known."""

    def __init__(self, call: CitizenCall, script: Script, tell: Callable[[Happening], None]) -> None:
        self._call = call
        self._script = script
        self._tell = tell
        self._left = list(script.turns)
        self._told: list[Heard] = []
        self._person_told = False
        self._since = -1.0
        self._acted = 0.0
        self._done = False
        self._interrupted = ""

    async def run(self) -> Ended:
        """From ringing to the end; cancelling leaves the call to its owner.

        Raises CallFailedError when nobody answers, NotHeardError when the call ended before every turn had
        come, while keys were pressed, or before the prompt to hang up at was heard.
        """
        await self._wait_for_answer()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._script.seconds
        leg, ear = self._call.leg, self._call.ear
        try:
            async with asyncio.timeout_at(deadline):
                while leg.outcome is None and not self._done and not self._satisfied():
                    await ear.until(self._news)
                    self._report()
                    await self._act()
        except TimeoutError:
            if loop.time() < deadline:
                raise
        if leg.outcome is None:
            self._tell(Happening(self._now(), "hung-up"))
        end = await self._call.hang_up()
        await ear.done()
        self._report()
        self._tell(Happening(self._now(), "ended", f"{end.by} {end.code} {end.reason}"))
        if self._interrupted:
            raise NotHeardError(f"the call ended before all keys of {self._interrupted!r} were pressed")
        if self._left:
            cue = self._left[0].cue
            awaited = f"{cue} was not heard" if cue else "no question came"
            raise NotHeardError(f"the call ended before the turn {self._left[0].what!r} came: {awaited}")
        if not self._satisfied() and self._script.hang_up_at is not None:
            raise NotHeardError(f"the call ended before {self._script.hang_up_at} was heard")
        return end

    async def _wait_for_answer(self) -> None:
        leg = self._call.leg
        try:
            await leg.ringing(within=ANSWER_SECONDS)
            if not leg.is_answered:
                self._tell(Happening(self._now(), "ringing"))
            await leg.answered(within=ANSWER_SECONDS)
        except NotHeardError as error:
            end = await self._call.hang_up()
            raise CallFailedError(leg.number, end.code, end.reason) from error
        self._tell(Happening(self._now(), "answered"))

    def _news(self) -> bool:
        ear = self._call.ear
        return (
            self._call.leg.outcome is not None
            or len(ear.heard()) != len(self._told)
            or (ear.person_at is not None and not self._person_told)
            or (bool(self._left) and self._cue(self._left[0]) is not None)
        )

    def _report(self) -> None:
        ear = self._call.ear
        for one in ear.heard():
            if one not in self._told:
                kind: Kind = "heard" if one.complete else "cut"
                self._tell(
                    Happening(
                        self._since_dialling(one.start_s), kind, one.key, self._since_dialling(one.end_s)
                    )
                )
        self._told = ear.heard()
        if ear.person_at is not None and not self._person_told:
            self._person_told = True
            self._tell(Happening(self._since_dialling(ear.person_at), "person"))

    def _cue(self, turn: Turn) -> float | None:
        """The second up to which the call has been dealt with once this turn is taken; None: not yet."""
        ear = self._call.ear
        if turn.cue == BEFORE:
            return self._since if self._past(self._acted, turn) else None
        if turn.cue == PERSON:
            return ear.seconds if ear.person_at is not None and self._past(ear.person_at, turn) else None
        playing = ear.playing
        known = ear.heard() + ([playing] if playing is not None else [])
        later = [one for one in known if one.start_s > self._since]
        if turn.cue is None:
            return self._asked(later, playing)
        for one in later:
            if one.key != turn.cue or (one is playing and not turn.inside):
                continue
            return one.start_s if self._past(one.start_s if turn.inside else one.end_s, turn) else None
        return None

    def _past(self, second: float, turn: Turn) -> bool:
        return self._call.ear.seconds >= second + turn.seconds

    def _asked(self, later: list[Heard], playing: Heard | None) -> float | None:
        """Whether a question was asked and a pause followed, or with `early` one was just recognised."""
        ear = self._call.ear
        if not any(one.key in self._script.questions for one in later):
            return None
        if self._script.early:
            return ear.seconds
        pause = ear.seconds - later[-1].end_s if playing is None else 0.0
        over = pause >= PAUSE_SECONDS and (pause >= LONG_PAUSE_SECONDS or self._quiet())
        return ear.seconds if over else None

    def _quiet(self) -> bool:
        """Whether the line was silent for the pause that follows a question."""
        end = int(self._call.ear.seconds * RATE)
        begin = max(0, end - int(PAUSE_SECONDS * RATE))
        heard = self._call.leg.recording(begin)[: end - begin].astype(np.float32)
        frames = heard[: len(heard) // FRAME * FRAME].reshape(-1, FRAME)
        return bool((np.sqrt((frames**2).mean(axis=1)) < QUIET_RMS).all())

    async def _act(self) -> None:
        since = self._cue(self._left[0]) if self._left else None
        if since is None or self._call.leg.outcome is not None:
            return
        self._since = since
        self._acted = self._call.ear.seconds
        turn = self._left.pop(0)
        if turn.keys:
            self._tell(Happening(self._now(), "pressed", turn.keys))
            try:
                await self._call.press(turn.keys)
            except PhoneError:
                if not self._call.leg.end_of_call.done():
                    raise
                self._interrupted = turn.keys
        elif turn.sound is not None:
            self._tell(Happening(self._now(), "spoke", turn.name))
            self._call.say(turn.sound)
        self._done = turn.hang_up

    def _satisfied(self) -> bool:
        return any(one.key == self._script.hang_up_at for one in self._told)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._call.leg.placed_at

    def _since_dialling(self, second: float) -> float:
        began = self._call.leg.media_at
        return second + (0.0 if began is None else began - self._call.leg.placed_at)
