"""The citizen: dials 181, listens, presses keys, speaks."""

import asyncio
import contextlib
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from .agent import UserAgent
from .course import Ended
from .ear import Ear
from .hearing import Heard, Repertoire, repertoire
from .leg import Leg

TRUNK_ADDRESS = "127.0.0.2"


class CitizenCall:
    """A call in progress; made by `Citizen.call`. Times of prompts are seconds since sound first flowed."""

    def __init__(self, leg: Leg, ear: Ear) -> None:
        self.leg = leg
        self.ear = ear

    async def ringing(self, *, within: float) -> None:
        """See `Leg.ringing`."""
        await self.leg.ringing(within=within)

    async def answered(self, *, within: float) -> None:
        """See `Leg.answered`."""
        await self.leg.answered(within=within)

    async def ended(self, *, within: float) -> Ended:
        """See `Leg.ended`."""
        return await self.leg.ended(within=within)

    async def press(self, keys: str) -> None:
        """See `Leg.press`."""
        await self.leg.press(keys)

    async def hears(self, key: str, *, within: float, whole: bool = False) -> Heard:
        """See `Ear.hears`."""
        return await self.ear.hears(key, within=within, whole=whole)

    def say(self, sound: npt.NDArray[np.int16]) -> None:
        """See `Leg.say`."""
        self.leg.say(sound)

    def recording(self) -> npt.NDArray[np.int16]:
        """What was heard so far, int16 8 kHz mono."""
        return self.leg.recording()

    async def hang_up(self) -> Ended:
        """End the call; no harm when it has ended."""
        return await self.leg.hang_up()

    async def heard(self) -> list[Heard]:
        """All prompts of the call, in order. The call must have ended (or be about to: waits for it)."""
        return await self.ear.done()


class Citizen:
    """A telephone on the trunk's side (an unregistered agent on `bind`, by default 127.0.0.2).

    `prompts` are what the centre plays (key to int16 8 kHz audio). An async context manager; leaving hangs up
    every call and leaves no thread, port or file. Entering raises what `UserAgent` raises, and ValueError for
    a prompt without sound.
    """

    def __init__(
        self, prompts: Mapping[str, npt.NDArray[np.int16]], *, bind: str = TRUNK_ADDRESS, port: int = 0
    ) -> None:
        self._prompts = prompts
        self._agent = UserAgent("citizen", bind=bind, port=port)
        self._stack = contextlib.AsyncExitStack()
        self._repertoire: Repertoire | None = None

    async def __aenter__(self) -> Self:
        self._repertoire = await asyncio.to_thread(repertoire, self._prompts)
        await self._stack.enter_async_context(self._agent)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def address(self) -> str:
        """host:port of this telephone."""
        return self._agent.address

    async def call(self, number: str, *, caller: str, via: str) -> CitizenCall:
        """Dial `number` at host:port `via`, showing `caller` as one's own number.

        Raises NobodyListensError when nothing answers SIP there, CallFailedError, ValueError for a number
        that cannot be dialled.
        """
        if self._repertoire is None:
            raise RuntimeError("Citizen.call outside of `async with`")
        leg = await self._agent.invite(number, via=via, caller=caller)
        ear = await self._stack.enter_async_context(Ear(leg, self._repertoire))
        return CitizenCall(leg, ear)
