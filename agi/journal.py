"""Writes to records that never keep a caller waiting, and are not lost while records cannot take them.

Facts of one call are written in the order they happened, also over its several AGI steps; calls do not wait
for each other. What records refuse (locked, full, gone) goes to a spool on disk, together with all that
follows of the same call, and from there to records when they are back. Nothing touches the disk before that.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Protocol

from agi import log
from agi.settings import AgiSettings
from records import RecordsError

# What another moment may mend. Anything else is a mistake in the fact itself, and would fail again.
_UNAVAILABLE = (RecordsError, TimeoutError, OSError)


class Spool(Protocol):
    """Facts on disk, in order, until records take them."""

    async def append(self, call_id: str, name: str, arguments: Mapping[str, Any], /) -> object:
        """Keep one fact of a call: the book's method and its arguments. Raises when the disk refuses too."""

    async def replay(self) -> int:
        """Write what is kept to records, in order, each once; how many are left. Raises as records do."""


class _Fact(NamedTuple):
    """``write(*args)``, called ``what`` in the log. Facts without arguments are not fit for a spool."""

    what: str
    write: Callable[..., Awaitable[object]]
    args: tuple[Any, ...]
    named: Mapping[str, Any]


class _Pages:
    """What is to be written for one call, and the task that does it."""

    __slots__ = ("failed", "queue", "task")

    def __init__(self) -> None:
        self.queue: deque[_Fact] = deque()
        self.failed = 0
        self.task: asyncio.Task[None]


class Journal:
    """The background writer. A call has a task only while something of it is unwritten."""

    def __init__(self, settings: AgiSettings, spool: Spool | None = None) -> None:
        self._settings = settings
        self._spool = spool
        self._calls: dict[str, _Pages] = {}
        self._waiting = 0
        self._throttle: log.Throttle | None = None
        self._behind: set[str] = set()
        self._appends = 0
        self._appending = 0
        self._replayer: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Facts neither written nor spooled yet."""
        return self._waiting

    @property
    def behind(self) -> int:
        """Calls with facts in the spool."""
        return len(self._behind)

    def write(
        self,
        call_id: str,
        what: str,
        write: Callable[..., Awaitable[object]],
        *args: Any,
        **named: Any,
    ) -> None:
        """Take one fact, to be written as ``write(*args, **named)`` after those of the same call before it.

        ``write`` is a method of a book of records; with its arguments given here the fact can be spooled,
        while a closure is logged and dropped when records fail. ``what`` names it in the log. Returns at
        once. Beyond ``journal_entries`` waiting facts it is dropped and logged.
        """
        if self._waiting >= self._settings.journal_entries:
            self._tell(logging.ERROR, "record-dropped", call=call_id, what=what, waiting=self._waiting)
            return
        pages = self._calls.get(call_id)
        self._waiting += 1
        if pages is not None:
            pages.queue.append(_Fact(what, write, args, named))
            return
        pages = self._calls[call_id] = _Pages()
        pages.queue.append(_Fact(what, write, args, named))
        pages.task = asyncio.get_running_loop().create_task(self._drain_call(call_id, pages))

    async def flush(self, call_id: str, seconds: float) -> bool:
        """Wait until the facts of one call are safe, in records or in the spool.

        False when one of them failed or time ran out. Cancelling it does not stop the writing.
        """
        pages = self._calls.get(call_id)
        if pages is None:
            return True
        done, _ = await asyncio.wait({pages.task}, timeout=seconds)
        return bool(done) and not pages.failed

    async def recover(self, seconds: float) -> None:
        """Write what an earlier run left in the spool; waits ``seconds`` at most, the rest goes on later.

        For the start of the service, before the first call: a call that outlived the last service then
        finds its facts in order.
        """
        if self._spool is not None:
            self._retry(self._spool, 0.0)
        if self._replayer is not None:
            await asyncio.wait({self._replayer}, timeout=seconds)

    async def drain(self, seconds: float) -> bool:
        """Wait until everything is written, at most ``seconds``; what is left then is spooled.

        For the end of the service, after the last session. True when nothing was left. Without a spool, or
        when it fails, what is left is dropped and logged.
        """
        left = dict(self._calls)
        late: set[asyncio.Task[None]] = set()
        if left:
            _, late = await asyncio.wait({pages.task for pages in left.values()}, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        lost = 0
        for call_id, pages in left.items():
            while pages.queue:
                fact = pages.queue.popleft()
                if not await self._spooled(call_id, fact, "the service ends"):
                    lost += 1
        if lost:
            log.event(logging.ERROR, "records-lost", waiting=lost)
        if self._replayer is not None:
            self._replayer.cancel()
            await asyncio.wait({self._replayer})
        return not late

    async def _drain_call(self, call_id: str, pages: _Pages) -> None:
        queue = pages.queue
        try:
            while queue:
                if not await self._taken(call_id, queue[0]):
                    pages.failed += 1
                queue.popleft()
                self._waiting -= 1
        finally:
            self._waiting -= len(queue)
            del self._calls[call_id]

    async def _taken(self, call_id: str, fact: _Fact) -> bool:
        """Write or spool one fact, again and again while neither can take it; False when it is given up."""
        spooling = self._spool is not None and bool(fact.args or fact.named)
        reason = "after others of its call"
        while True:
            if not (spooling and call_id in self._behind):
                error = await self._written(fact)
                if error is None:
                    return True
                reason = f"{type(error).__name__}: {error}"
                if not (spooling and isinstance(error, _UNAVAILABLE)):
                    log.event(logging.ERROR, "record-failed", call=call_id, what=fact.what, reason=reason)
                    return False
            if await self._spooled(call_id, fact, reason):
                return True
            await asyncio.sleep(self._settings.spool_retry_seconds)

    async def _written(self, fact: _Fact) -> Exception | None:
        try:
            async with asyncio.timeout(self._settings.record_seconds):
                await fact.write(*fact.args, **fact.named)
        except Exception as error:
            return error
        return None

    async def _spooled(self, call_id: str, fact: _Fact, reason: str) -> bool:
        if self._spool is None or not (fact.args or fact.named):
            return False
        arguments = dict(inspect.signature(fact.write).bind(*fact.args, **fact.named).arguments)
        self._behind.add(call_id)
        self._appends += 1
        self._appending += 1
        append = asyncio.ensure_future(self._spool.append(call_id, _name(fact), arguments))
        try:
            try:
                await asyncio.shield(append)
            except asyncio.CancelledError:
                # It is on its way to the disk: taken twice, it would be written twice.
                await asyncio.wait({append})
                pages = self._calls.get(call_id)
                if pages is not None and append.exception() is None:
                    pages.queue.popleft()
                    self._waiting -= 1
                raise
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            self._tell(logging.ERROR, "spool-failed", call=call_id, what=fact.what, reason=text)
            return False
        finally:
            self._appending -= 1
            self._retry(self._spool, self._settings.spool_retry_seconds)
        self._tell(logging.WARNING, "record-spooled", call=call_id, what=fact.what, reason=reason)
        return True

    def _retry(self, spool: Spool, pause: float) -> None:
        if self._replayer is None or self._replayer.done():
            self._replayer = asyncio.get_running_loop().create_task(self._replay(spool, pause), name="spool")

    async def _replay(self, spool: Spool, pause: float) -> None:
        while True:
            await asyncio.sleep(pause)
            if await self._replayed(spool):
                return
            pause = self._settings.spool_retry_seconds

    async def _replayed(self, spool: Spool) -> bool:
        """One attempt. Calls go to records directly again when nothing of them can be in the spool."""
        before, quiet = self._appends, not self._appending
        try:
            left = await spool.replay()
        except Exception as error:
            self._tell(logging.WARNING, "spool-waits", reason=f"{type(error).__name__}: {error}")
            return False
        if left or not quiet or self._appends != before:
            return False
        if self._behind:
            log.event(logging.WARNING, "spool-written", calls=len(self._behind))
        self._behind.clear()
        return True

    def _tell(self, level: int, name: str, **fields: log.Field) -> None:
        if self._throttle is None:
            self._throttle = log.Throttle(asyncio.get_running_loop().time)
        self._throttle.event(level, name, **fields)


def _name(fact: _Fact) -> str:
    """The operation's name in the spool: that of the book's method."""
    return getattr(fact.write, "__name__", fact.what)
