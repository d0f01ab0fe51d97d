"""Writes to records that never keep a caller waiting.

Facts of one call are written in the order they happened, also over its several AGI steps; calls do not wait
for each other. A write that fails or takes too long is logged and dropped: a call is worth more than its log.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from agi import log
from agi.settings import AgiSettings

Write = Callable[[], Awaitable[object]]


class _Pages:
    """What is to be written for one call, and the task that does it."""

    __slots__ = ("failed", "queue", "task")

    def __init__(self) -> None:
        self.queue: deque[tuple[str, Write]] = deque()
        self.failed = 0
        self.task: asyncio.Task[None]


class Journal:
    """The background writer. A call has a task only while something of it is unwritten."""

    def __init__(self, settings: AgiSettings) -> None:
        self._limit = settings.journal_entries
        self._seconds = settings.record_seconds
        self._calls: dict[str, _Pages] = {}
        self._waiting = 0
        self._throttle: log.Throttle | None = None

    @property
    def waiting(self) -> int:
        """Facts not written yet."""
        return self._waiting

    def write(self, call_id: str, what: str, write: Write) -> None:
        """Take one fact to be written after those of the same call before it. Returns at once.

        ``what`` names it in the log. Beyond ``journal_entries`` waiting facts it is dropped and logged.
        """
        if self._waiting >= self._limit:
            if self._throttle is None:
                self._throttle = log.Throttle(asyncio.get_running_loop().time)
            self._throttle.event(
                logging.ERROR, "record-dropped", call=call_id, what=what, waiting=self._waiting
            )
            return
        pages = self._calls.get(call_id)
        self._waiting += 1
        if pages is not None:
            pages.queue.append((what, write))
            return
        pages = self._calls[call_id] = _Pages()
        pages.queue.append((what, write))
        pages.task = asyncio.get_running_loop().create_task(self._drain_call(call_id, pages))

    async def flush(self, call_id: str, seconds: float) -> bool:
        """Wait until the facts of one call are written; False when one of them failed or time ran out.

        Cancelling it does not stop the writing.
        """
        pages = self._calls.get(call_id)
        if pages is None:
            return True
        done, _ = await asyncio.wait({pages.task}, timeout=seconds)
        return bool(done) and not pages.failed

    async def drain(self, seconds: float) -> bool:
        """Wait until everything is written, at most ``seconds``; what is left then is dropped and logged.

        For the end of the service, after the last session. True when nothing was left.
        """
        tasks = {pages.task for pages in self._calls.values()}
        if not tasks:
            return True
        _, late = await asyncio.wait(tasks, timeout=seconds)
        if not late:
            return True
        log.event(logging.ERROR, "records-lost", waiting=self._waiting)
        for task in late:
            task.cancel()
        await asyncio.wait(late)
        return False

    async def _drain_call(self, call_id: str, pages: _Pages) -> None:
        queue = pages.queue
        try:
            while queue:
                what, write = queue[0]
                try:
                    async with asyncio.timeout(self._seconds):
                        await write()
                except Exception as error:
                    pages.failed += 1
                    reason = f"{type(error).__name__}: {error}"
                    log.event(logging.ERROR, "record-failed", call=call_id, what=what, reason=reason)
                queue.popleft()
                self._waiting -= 1
        finally:
            self._waiting -= len(queue)
            del self._calls[call_id]
