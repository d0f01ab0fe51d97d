"""One call, as the person at this end has it: its events, keys, and both directions of its sound."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .course import Course, Ended
from .engine import Engine
from .errors import NotHeardError, PhoneError
from .handset import Handset

# pjsip_inv_state
EARLY, CONFIRMED, DISCONNECTED = 3, 5, 6
# The library sends a key for 200 ms; people leave about as much between two.
KEY_SECONDS = 0.2
BETWEEN_KEYS_SECONDS = 0.15
HANG_UP_SECONDS = 3.0
KEYS = frozenset("0123456789*#ABCD")


class Leg(Course):
    """A call leg. Made by `UserAgent`; methods belong to the asyncio loop it was made on.

    The `on_...` methods and the sound functions are for the SIP and media threads alone.
    """

    def __init__(
        self, engine: Engine, loop: asyncio.AbstractEventLoop, number: str, *, incoming: bool
    ) -> None:
        super().__init__(loop, number, incoming=incoming)
        self._engine = engine
        self._handset = Handset(self._tell)
        self.sip: Any = None
        self._headset: Any = None
        self.on_gone: Callable[[Self], None] = lambda leg: None

    # --- what this end does --------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Pick up an incoming call."""
        await self.do(lambda sip, pj: sip.answer(operation(pj, 200)))

    async def refuse(self, code: int = 486) -> None:
        """Turn an incoming call down."""
        self._hung_up = True
        await self.do(lambda sip, pj: sip.hangup(operation(pj, code)))

    async def press(self, keys: str) -> None:
        """Press keys (0-9 * # A-D), one after another, by RFC 4733. Returns when the last one was sent.

        Raises ValueError for another character, PhoneError when the call has no sound to send them in.
        """
        if not keys or not set(keys) <= KEYS:
            raise ValueError(f"not keys of a telephone: {keys!r}")
        for key in keys:
            if self.outcome is not None or not self._media.is_set():
                raise PhoneError(f"key {key} cannot be pressed: the call with {self.who} is not connected")
            await self.do(partial(_send_key, key))
            await asyncio.sleep(KEY_SECONDS + BETWEEN_KEYS_SECONDS)

    def say(self, sound: npt.NDArray[np.int16]) -> None:
        """Speak int16 8 kHz mono into the call, after what is being said already."""
        self._handset.say(sound)

    def hush(self) -> None:
        """Stop speaking at once."""
        self._handset.hush()

    async def said(self, *, within: float) -> None:
        """Wait until everything said is on its way.

        Raises NotHeardError when the call ends before, or takes longer.
        """
        if self._handset.speaking:
            await self._wait(self._handset.spoken, within, "did not take what was said")

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
                await self.do(lambda sip, pj: sip.hangup(operation(pj)))

    async def do(self, action: Callable[[Any, Any], None]) -> None:
        """Call `action` with the library's call and the library, on the SIP thread; nothing after the end.

        Raises PhoneError when the library refuses.
        """
        await self._engine.run(lambda: self._with_sip(action))

    # --- sound --------------------------------------------------------------------------------------------

    def recording(self, start: int = 0) -> npt.NDArray[np.int16]:
        """What was heard so far, from sample `start`: int16 8 kHz, from the moment sound first flowed."""
        return self._handset.recording(start)

    async def more_sound(self) -> None:
        """Wait for about 100 ms more of recording, or for the end of the call."""
        self._handset.sounded.clear()
        waiter = asyncio.ensure_future(self._handset.sounded.wait())
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
            self._headset.wear(self._handset.hear, self._handset.speak)
        sound.startTransmit(self._headset)
        self._headset.startTransmit(sound)
        self._tell(self._connected)

    def on_passed(self, code: int) -> None:
        """What came of passing the other side on."""
        self._tell(self._was_passed, code)

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

    def _with_sip(self, action: Callable[[Any, Any], None]) -> None:
        pj = self._engine.bindings.library
        if self.sip is None:
            return
        try:
            action(self.sip, pj)
        except pj.Error as error:
            raise PhoneError(f"the call with {self.who} did not do as told: {error.reason}") from error


def operation(pj: Any, code: int = 0) -> Any:
    """The library's parameters of an operation on a call: SIP status `code`, one sound stream, no picture."""
    parameters = pj.CallOpParam(True)
    if code:
        parameters.statusCode = code
    parameters.opt.audioCount, parameters.opt.videoCount = 1, 0
    return parameters


def _send_key(key: str, sip: Any, _: Any) -> None:
    sip.dialDtmf(key)
