"""Prints what happens as it happens, and remembers whether every step that must be seen was seen."""

import asyncio
import contextlib
import heapq
import itertools
import sys
import time
from collections.abc import AsyncIterator
from typing import TextIO

from helpline.errors import HelplineError

HOLD_SECONDS = 1.5
"""A prompt is recognised up to this long after its end: lines are held so long, to stand in order."""
FLUSH_SECONDS = 0.2
WHO_WIDTH = 10


class StepMissedError(HelplineError):
    """A step of the call did not happen, or not as it must."""


class Transcript:
    """Lines with seconds since the citizen dialled. `check` is the only way a step counts as seen."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._zero: float | None = None
        self._held: list[tuple[float, int, str]] = []
        self._order = itertools.count()
        self.seen: list[str] = []

    @property
    def elapsed(self) -> float:
        """Seconds since the citizen dialled."""
        return 0.0 if self._zero is None else time.monotonic() - self._zero

    @contextlib.asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """The citizen dials now; lines are printed in order of time until the context ends."""
        self._zero = time.monotonic()
        task = asyncio.create_task(self._flush_forever(), name="transcript")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self._flush(float("inf"))
            self._zero = None

    def stage(self, text: str) -> None:
        """A line about the stage, before and after the call."""
        self.last(f"-- {text}")

    def line(self, who: str, text: str, *, span: tuple[float, float] | None = None) -> None:
        """Something happened now, or lasted over ``span`` (seconds since dialling)."""
        start, end = span or (self.elapsed, self.elapsed)
        clock = f"{start:6.1f} s" if self._zero is not None else " " * 8
        line = f"{clock}  {who:<{WHO_WIDTH}} {text}"
        heapq.heappush(self._held, (end, next(self._order), line))
        if self._zero is None:
            self._flush(float("inf"))

    def check(self, step: str, seen: object, found: str = "") -> None:
        """Count the step as seen, or raise `StepMissedError` naming it and what was found instead."""
        if not seen:
            raise StepMissedError(f"the demo missed a step: {step}{f'; found {found}' if found else ''}")
        self.seen.append(step)

    def last(self, text: str) -> None:
        """A bare line, after everything that is still held."""
        self._flush(float("inf"))
        print(text, file=self._out, flush=True)

    def _flush(self, until: float) -> None:
        while self._held and self._held[0][0] <= until:
            print(heapq.heappop(self._held)[2], file=self._out, flush=True)

    async def _flush_forever(self) -> None:
        while True:
            self._flush(self.elapsed - HOLD_SECONDS)
            await asyncio.sleep(FLUSH_SECONDS)
