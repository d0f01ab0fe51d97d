"""A citizen's plan for one call, and living it: press when asked, tell what happens, hang up in time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .citizen import CitizenCall
from .errors import CallFailedError, NotHeardError
from .hearing import Heard
from .leg import Ended

Kind = Literal["ringing", "answered", "heard", "cut", "pressed", "person", "hung-up", "ended"]

# Silence after which a question has ended: choices of a menu follow one another in a fifth of a second, and
# the next one is known after its first half second.
PAUSE_SECONDS = 1.2
# The way from dialling to the first sound: a centre answers at once, a person may take this long.
ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Script:
    """What the citizen does.

    `presses`: keys for the first, second ... question. `questions`: keys of the prompts that ask for keys;
    several in a row (a menu) are one question. `early`: pressed while the question still speaks. The call is
    hung up `seconds` after it was answered, or after `hang_up_at` (a prompt's key) was heard.
    """

    presses: tuple[str, ...] = ()
    questions: frozenset[str] = frozenset()
    early: bool = False
    seconds: float = 60.0
    hang_up_at: str | None = None


@dataclass(frozen=True)
class Happening:
    """One line of the transcript. `at` and `until` are seconds since dialling.

    `what` is the prompt's key ("heard", and "cut": it stopped before its end), the keys pressed, or how the
    call ended.
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
        self._left = list(script.presses)
        self._told: list[Heard] = []
        self._person_told = False
        self._asked = -1.0

    async def run(self) -> Ended:
        """From ringing to the end; cancelling leaves the call to its owner.

        Raises CallFailedError when nobody answers, NotHeardError when the call ended before every key could
        be pressed or before the prompt to hang up at was heard.
        """
        await self._wait_for_answer()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._script.seconds
        leg, ear = self._call.leg, self._call.ear
        try:
            async with asyncio.timeout_at(deadline):
                while leg.outcome is None and not self._satisfied():
                    await ear.until(self._news)
                    self._report()
                    await self._press()
        except TimeoutError:
            if loop.time() < deadline:
                raise
        if leg.outcome is None:
            self._tell(Happening(self._now(), "hung-up"))
        end = await self._call.hang_up()
        await ear.done()
        self._report()
        self._tell(Happening(self._now(), "ended", f"{end.by} {end.code} {end.reason}"))
        if self._left:
            raise NotHeardError(f"the call ended before {self._left[0]} could be pressed: no question came")
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
            or (bool(self._left) and self._question() is not None)
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

    def _question(self) -> Heard | None:
        """The question to answer now: asked and followed by a pause, or with `early` just recognised."""
        ear = self._call.ear
        heard, playing = ear.heard(), ear.playing
        known = heard + ([playing] if playing is not None else [])
        asked = [one for one in known if one.key in self._script.questions and one.start_s > self._asked]
        if not asked:
            return None
        if self._script.early:
            return asked[0]
        paused = playing is None and ear.seconds - known[-1].end_s >= PAUSE_SECONDS
        return asked[-1] if paused else None

    async def _press(self) -> None:
        question = self._question() if self._left else None
        if question is None or self._call.leg.outcome is not None:
            return
        self._asked = self._call.ear.seconds
        keys = self._left.pop(0)
        self._tell(Happening(self._now(), "pressed", keys))
        await self._call.press(keys)

    def _satisfied(self) -> bool:
        return any(one.key == self._script.hang_up_at for one in self._told)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._call.leg.placed_at

    def _since_dialling(self, second: float) -> float:
        began = self._call.leg.media_at
        return second + (0.0 if began is None else began - self._call.leg.placed_at)
