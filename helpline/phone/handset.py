"""The sound of one call at this end: what was heard, and what is still to be said."""

import asyncio
import collections
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

PACKET_BYTES = 320
# Waiters for sound are woken every 100 ms of it.
WAKE_BYTES = 5 * PACKET_BYTES


class Handset:
    """int16 8 kHz mono both ways. `hear` and `speak` are for the media thread, all else for the asyncio loop.

    `tell` does something on that loop. `spoken` is set when everything said is on its way, `sounded` about
    every 100 ms of what is heard.
    """

    def __init__(self, tell: Callable[[Callable[[], object]], None]) -> None:
        self._tell = tell
        self._tape = bytearray()
        self._words: collections.deque[bytes] = collections.deque()
        self.spoken = asyncio.Event()
        self.sounded = asyncio.Event()

    @property
    def speaking(self) -> bool:
        """Whether something is still to be said."""
        return bool(self._words)

    def say(self, sound: npt.NDArray[np.int16]) -> None:
        """Speak after what is being said already."""
        self.spoken.clear()
        raw = sound.astype("<i2").tobytes()
        for at in range(0, len(raw), PACKET_BYTES):
            self._words.append(raw[at : at + PACKET_BYTES].ljust(PACKET_BYTES, b"\0"))

    def hush(self) -> None:
        """Stop speaking at once."""
        self._words.clear()

    def recording(self, start: int = 0) -> npt.NDArray[np.int16]:
        """What was heard so far, from sample `start`."""
        return np.frombuffer(bytes(self._tape[2 * start :]), dtype="<i2").astype(np.int16)

    def hear(self, packet: bytes) -> None:
        """20 ms have arrived."""
        self._tape += packet
        if len(self._tape) % WAKE_BYTES < len(packet):
            self._tell(self.sounded.set)

    def speak(self) -> bytes | None:
        """The next 20 ms to be sent; None: silence."""
        if not self._words:
            return None
        packet = self._words.popleft()
        if not self._words:
            self._tell(self.spoken.set)
        return packet
