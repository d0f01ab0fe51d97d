"""One call, as the person at this end has it: its events, keys, and both directions of its sound."""

import asyncio
import collections
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from records.phone import mask

from .engine import Engine
from .errors import NotHeardError, PhoneError

# pjsip_inv_state
EARLY, CONFIRMED, DISCONNECTED = 3, 5, 6
PACKET_BYTES = 320
# Waiters for sound are woken every 100 ms of it.
WAKE_BYTES = 5 * PACKET_BYTES
# The library sends a key for 200 ms; people leave about as much between two.
KEY_SECONDS = 0.2
BETWEEN_KEYS_SECONDS = 0.15
HANG_UP_SECONDS = 3.0
# Extensions and service numbers are nobody's secret.
SHORT_NUMBER = 5
KEYS = frozenset("0123456789*#ABCD")


@dataclass(frozen=True)
class Ended:
    """How a call ended: `by` "us" when this end hung up; `code` and `reason` of SIP (200: answered)."""

    by: Literal["us", "them"]
    code: int
    reason: str


class Leg:
    """A call leg. Made by `UserAgent`; methods belong to the asyncio loop it was made on.

    The `on_...` methods and the sound functions are for the SIP and media threads alone.
    """

    def __init__(
        self, engine: Engine, loop: asyncio.AbstractEventLoop, number: str, *, incoming: bool
    ) -> None:
        self._engine = engine
        self._loop = loop
        self.number = number
        self.incoming = incoming
        self.progress = asyncio.Event()
        self._ringing = asyncio.Event()
        self._answered = asyncio.Event()
        self._media = asyncio.Event()
        self._ended: asyncio.Future[Ended] = loop.create_future()
        self._keys: list[str] = []
        self._changed = asyncio.Condition()
        self._hung_up = False
        self._tape = bytearray()
        self._words: collections.deque[bytes] = collections.deque()
        self._spoken = asyncio.Event()
        self._sounded = asyncio.Event()
        self.sip: Any = None
        self._headset: Any = None
        self.placed_at = self._loop.time()
        self.media_at: float | None = None
        self.on_gone: Callable[[Self], None] = lambda leg: None

    # --- what happens -------------------------------------------------------------------------------------

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
        await self._wait(self._media, within, "carries no sound")

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

    # --- what this end does --------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Pick up an incoming call."""
        await self._engine.run(lambda: self._with_sip(lambda sip, pj: sip.answer(operation(pj, 200))))

    async def refuse(self, code: int = 486) -> None:
        """Turn an incoming call down."""
        self._hung_up = True
        await self._engine.run(lambda: self._with_sip(lambda sip, pj: sip.hangup(operation(pj, code))))

    async def press(self, keys: str) -> None:
        """Press keys (0-9 * # A-D), one after another, by RFC 4733. Returns when the last one was sent.

        Raises ValueError for another character, PhoneError when the call has no sound to send them in.
        """
        if not keys or not set(keys) <= KEYS:
            raise ValueError(f"not keys of a telephone: {keys!r}")
        for key in keys:
            if self.outcome is not None or not self._media.is_set():
                raise PhoneError(f"key {key} cannot be pressed: the call with {self.who} is not connected")
            await self._engine.run(partial(self._send_key, key))
            await asyncio.sleep(KEY_SECONDS + BETWEEN_KEYS_SECONDS)

    def say(self, sound: npt.NDArray[np.int16]) -> None:
        """Speak int16 8 kHz mono into the call, after what is being said already."""
        self._spoken.clear()
        raw = sound.astype("<i2").tobytes()
        for at in range(0, len(raw), PACKET_BYTES):
            self._words.append(raw[at : at + PACKET_BYTES].ljust(PACKET_BYTES, b"\0"))

    def hush(self) -> None:
        """Stop speaking at once."""
        self._words.clear()

    async def said(self, *, within: float) -> None:
        """Wait until everything said is on its way.

        Raises NotHeardError when the call ends before, or takes longer.
        """
        if self._words:
            await self._wait(self._spoken, within, "did not take what was said")

    async def hang_up(self) -> Ended:
        """End the call (no harm when it has ended) and wait until the other side knows."""
        await self.abandon()
        with contextlib.suppress(NotHeardError):
            return await self.ended(within=HANG_UP_SECONDS)
        self._finish(408, "no answer to the hang-up")
        return self._ended.result()

    async def abandon(self) -> None:
        """End the call without waiting for the other side."""
        if self.outcome is None:
            self._hung_up = True
            # The other side may be hanging up at this moment: then there is nothing left to end.
            with contextlib.suppress(PhoneError):
                await self._engine.run(lambda: self._with_sip(lambda sip, pj: sip.hangup(operation(pj))))

    # --- sound --------------------------------------------------------------------------------------------

    def recording(self, start: int = 0) -> npt.NDArray[np.int16]:
        """What was heard so far, from sample `start`: int16 8 kHz, from the moment sound first flowed."""
        return np.frombuffer(bytes(self._tape[2 * start :]), dtype="<i2").astype(np.int16)

    async def more_sound(self) -> None:
        """Wait for about 100 ms more of recording, or for the end of the call."""
        self._sounded.clear()
        waiter = asyncio.ensure_future(self._sounded.wait())
        try:
            await asyncio.wait((waiter, self._ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiter.cancel()

    # --- SIP and media threads ------------------------------------------------------------------------------

    def on_progress(self) -> None:
        """The other side is alive."""
        self._tell(self.progress.set)

    def on_state(self, state: int, code: int, reason: str) -> None:
        """The invite session moved."""
        if state >= EARLY:
            self._tell(self._ringing.set)
        if state == CONFIRMED:
            self._tell(self._answered.set)
        if state == DISCONNECTED:
            self._engine.post(self.release)
            self._tell(self._finish, code, reason)
            self._tell(self.on_gone, self)

    def on_media(self) -> None:
        """Connect the headset to the call's sound, both ways."""
        from pjsua2 import Error

        try:
            sound = self.sip.getAudioMedia(-1)
        except Error:
            return
        if self._headset is None:
            self._headset = self._engine.headset()
            self._headset.wear(self._hear, self._speak)
        sound.startTransmit(self._headset)
        self._headset.startTransmit(sound)
        self._tell(self._connected)

    def on_digit(self, digit: str) -> None:
        """The other side pressed a key."""
        self._tell(self._pressed, digit)

    def release(self) -> None:
        """Let the library's objects go; on the SIP thread, outside of their own callbacks."""
        sip, self.sip = self.sip, None
        headset, self._headset = self._headset, None
        if headset is not None:
            headset.take_off()
            if not sip.isActive():
                self._engine.put_away(headset)
        if sip is not None:
            self._engine.bindings.free(sip)

    def _send_key(self, key: str) -> None:
        self._with_sip(lambda sip, _: sip.dialDtmf(key))

    def _with_sip(self, action: Callable[[Any, Any], None]) -> None:
        pj = self._engine.bindings.library
        if self.sip is None:
            return
        try:
            action(self.sip, pj)
        except pj.Error as error:
            raise PhoneError(f"the call with {self.who} did not do as told: {error.reason}") from error

    def _hear(self, packet: bytes) -> None:
        self._tape += packet
        if len(self._tape) % WAKE_BYTES < len(packet):
            self._tell(self._sounded.set)

    def _speak(self) -> bytes | None:
        if not self._words:
            return None
        packet = self._words.popleft()
        if not self._words:
            self._tell(self._spoken.set)
        return packet

    def _tell(self, action: Callable[..., object], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: nobody is left to be told
            self._loop.call_soon_threadsafe(action, *args)

    # --- asyncio loop -------------------------------------------------------------------------------------

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

    def _finish(self, code: int, reason: str) -> None:
        if not self._ended.done():
            self._ended.set_result(Ended("us" if self._hung_up else "them", code, reason))


def operation(pj: Any, code: int = 0) -> Any:
    """The library's parameters of an operation on a call: SIP status `code`, one sound stream, no picture."""
    parameters = pj.CallOpParam(True)
    if code:
        parameters.statusCode = code
    parameters.opt.audioCount, parameters.opt.videoCount = 1, 0
    return parameters
