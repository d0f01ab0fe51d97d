"""Listening while the call goes on: a task that recognises prompts as they are played, off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from .errors import NotHeardError
from .hearing import Heard, Listener, Repertoire
from .leg import Leg
from .strangers import voice_at

# A sound this old that is no prompt by now will not become one: an anchor and a search step.
SETTLED_S = 1.5


class Ear:
    """Follows one leg. Use as an async context manager: leaving stops the task and its worker thread.

    Times are seconds of the leg's recording. `hears` walks forward: each call looks after the prompt that the
    last one returned.
    """

    def __init__(self, leg: Leg, repertoire: Repertoire) -> None:
        self._leg = leg
        self._listener = Listener(repertoire)
        self._worker = ThreadPoolExecutor(1, "helpline-ear")
        self._news = asyncio.Condition()
        self._heard: list[Heard] = []
        self._playing: Heard | None = None
        self._cursor = -1.0
        self._finished = False
        self.person_at: float | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.wait((self._task,))
        self._worker.shutdown(wait=False, cancel_futures=True)
        if not self._task.cancelled() and (fault := self._task.exception()) is not None:
            raise fault

    def heard(self) -> list[Heard]:
        """Prompts that have ended so far, in order; final once `done` returned."""
        return list(self._heard)

    @property
    def seconds(self) -> float:
        """How much of the call was listened to, in seconds of the recording."""
        return self._listener.seconds

    @property
    def playing(self) -> Heard | None:
        """The prompt that is being played, as far as it can be told; may still turn into a similar one."""
        return self._playing

    async def done(self) -> list[Heard]:
        """Wait until the call has ended and all of it was listened to; returns everything heard."""
        await self.until(lambda: self._finished)
        return self.heard()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds; it is asked whenever more was heard, and when listening ends."""
        async with self._news:
            await self._news.wait_for(lambda: condition() or self._finished or self._task.done())
        if self._task.done():
            await self._task

    async def hears(self, key: str, *, within: float, whole: bool = False) -> Heard:
        """Wait until prompt `key` is heard (`whole`: to its end) after the one this method returned last.

        Raises NotHeardError after `within` seconds or when the call ends first, naming what was heard
        instead.
        """
        ear_limit = asyncio.timeout(within)
        try:
            async with ear_limit:
                await self.until(lambda: self._match(key, whole=whole) is not None)
        except TimeoutError:
            if not ear_limit.expired():
                raise
        found = self._match(key, whole=whole)
        if found is None:
            when = "before the call ended" if self._finished else f"within {within:g} s"
            heard = ", ".join(one.key for one in self._heard) or "no prompt"
            raise NotHeardError(f"{key} was not heard {when}; heard: {heard}")
        self._cursor = found.start_s
        return found

    def _match(self, key: str, *, whole: bool) -> Heard | None:
        known = self._heard + ([self._playing] if self._playing is not None and not whole else [])
        for one in known:
            if one.key == key and one.start_s > self._cursor + 0.1 and (one.complete or not whole):
                return one
        return None

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        position = 0
        while not self._finished:
            await self._leg.more_sound()
            ended = self._leg.outcome is not None
            piece = self._leg.recording(position)
            position += len(piece)
            await loop.run_in_executor(self._worker, self._listener.feed, piece)
            if ended:
                await loop.run_in_executor(self._worker, self._listener.finish)
            async with self._news:
                self._heard, self._playing = self._listener.heard(), self._listener.playing()
                self._find_person(ended=ended)
                self._finished = ended
                self._news.notify_all()

    def _find_person(self, *, ended: bool) -> None:
        if self.person_at is not None:
            return
        now = self._listener.seconds
        known = self._listener.explained()
        begin = max(0.0, now - 6.0)
        recent = self._leg.recording(int(begin * 8000))
        shifted = [
            Heard(one.key, one.start_s - begin, one.end_s - begin, one.score, one.complete) for one in known
        ]
        found = voice_at(recent, shifted, until_s=now - begin - (0.0 if ended else SETTLED_S))
        self.person_at = None if found is None else begin + found
