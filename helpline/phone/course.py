"""How a call goes, seen from one end: what has happened, and waiting for what comes."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from records.phone import mask

from .errors import NotHeardError

# Extensions and service numbers are nobody's secret.
SHORT_NUMBER = 5


@dataclass(frozen=True)
class Ended:
    """How a call ended: `by` "us" when this end hung up; `code` and `reason` of SIP (200: answered)."""

    by: Literal["us", "them"]
    code: int
    reason: str


class Course:
    """What a `Leg` knows of its call; belongs to the asyncio loop it was made on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, number: str, *, incoming: bool) -> None:
        self._loop = loop
        self.number = number
        self.incoming = incoming
        self.progress = asyncio.Event()
        self._ringing = asyncio.Event()
        self._answered = asyncio.Event()
        self._media = asyncio.Event()
        self._ended: asyncio.Future[Ended] = loop.create_future()
        self._passed: asyncio.Future[int] | None = None
        self._keys: list[str] = []
        self._changed = asyncio.Condition()
        self._hung_up = False
        self.placed_at = self._loop.time()
        self.media_at: float | None = None

    @property
    def who(self) -> str:
        """The other side's number as errors and logs may show it: a citizen's is masked."""
        return mask(self.number) if self.incoming and len(self.number) > SHORT_NUMBER else self.number

    @property
    def keys(self) -> str:
        """Keys that the other side has pressed so far."""
        return "".join(self._keys)

    @property
    def is_answered(self) -> bool:
        """True once the call was answered."""
        return self._answered.is_set()

    @property
    def outcome(self) -> Ended | None:
        """How the call ended; None while it lasts."""
        return self._ended.result() if self._ended.done() else None

    @property
    def end_of_call(self) -> asyncio.Future[Ended]:
        """Done when the call has ended; not to be cancelled."""
        return self._ended

    async def ringing(self, *, within: float) -> None:
        """Wait until the other side rings (or answers). Raises NotHeardError after `within` seconds."""
        await self._wait(self._ringing, within, "did not ring")

    async def answered(self, *, within: float) -> None:
        """Wait until the call is answered and sound flows.

        Raises NotHeardError when it ends or takes longer.
        """
        await self._wait(self._answered, within, "was not answered")
        await self.sound(within=within)

    def expect_sound(self) -> None:
        """From now on `sound` waits for what the next change of the call brings."""
        self._media.clear()

    async def sound(self, *, within: float) -> None:
        """Wait until sound flows, or flows again. Raises NotHeardError when the call ends or takes longer."""
        await self._wait(self._media, within, "carries no sound")

    def expect_passed(self) -> asyncio.Future[int]:
        """The final SIP status of the other side being passed on from now on."""
        self._passed = self._loop.create_future()
        return self._passed

    async def ended(self, *, within: float) -> Ended:
        """Wait until the call has ended. Raises NotHeardError after `within` seconds."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._ended), within)
        except TimeoutError as error:
            raise NotHeardError(f"the call with {self.who} did not end within {within:g} s") from error

    async def keys_pressed(self, count: int, *, within: float) -> str:
        """Wait until the other side has pressed `count` keys in all; returns all of them."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: len(self._keys) >= count)
        except TimeoutError as error:
            raise NotHeardError(
                f"{count} keys were expected from {self.who} within {within:g} s, heard {self.keys!r}"
            ) from error
        return self.keys

    async def _wait(self, event: asyncio.Event, within: float, failure: str) -> None:
        waiter = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait((waiter, self._ended), timeout=within, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiter.cancel()
        if event.is_set():
            return
        if (end := self.outcome) is not None:
            raise NotHeardError(f"the call with {self.who} {failure}: it ended, {end.code} {end.reason}")
        raise NotHeardError(f"the call with {self.who} {failure} within {within:g} s")

    def _tell(self, action: Callable[..., object], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: nobody is left to be told
            self._loop.call_soon_threadsafe(action, *args)

    def _connected(self) -> None:
        if self.media_at is None:
            self.media_at = self._loop.time()
        self._media.set()

    def _pressed(self, digit: str) -> None:
        async def notify() -> None:
            async with self._changed:
                self._changed.notify_all()

        self._keys.append(digit)
        self._notifying = self._loop.create_task(notify())

    def _was_passed(self, code: int) -> None:
        if self._passed is not None and not self._passed.done():
            self._passed.set_result(code)

    def _finish(self, code: int, reason: str) -> None:
        if not self._ended.done():
            self._ended.set_result(Ended("us" if self._hung_up else "them", code, reason))
