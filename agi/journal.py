"""Writes to records that never keep a caller waiting, and are not lost while records cannot take them.

Every fact goes at once to a file, the spool, which costs some microseconds and outlives this process. From
there the facts of all calls go to records together, every ``journal_seconds``: one transaction instead of
some twenty for each call. What records refuse (locked, full, gone) stays in the file, in order, until they
are back. Only what the file refuses waits in memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from agi import log
from agi.settings import AgiSettings
from agi.spool import Fact, Spool
from records import RecordsError

# What another moment may mend. Anything else is a mistake in the fact itself, and would fail again.
_UNAVAILABLE = (RecordsError, TimeoutError, OSError)


class _Pages:
    """What of one call waits in memory, and the task that gets rid of it."""

    __slots__ = ("failed", "queue", "task")

    def __init__(self) -> None:
        self.queue: deque[Fact] = deque()
        self.failed = 0
        self.task: asyncio.Task[None]


class Journal:
    """The background writer. It has tasks only while something is unwritten."""

    def __init__(self, settings: AgiSettings, spool: Spool | None = None) -> None:
        self._settings = settings
        self._spool = spool
        self._calls: dict[str, _Pages] = {}
        self._waiting = 0
        self._throttle: log.Throttle | None = None
        self._writer: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Facts that are in memory alone."""
        return self._waiting

    @property
    def behind(self) -> int:
        """Facts in the spool that are not in records yet."""
        return self._spool.pending if self._spool is not None else 0

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
        once. Beyond ``journal_entries`` facts that wait in memory it is dropped and logged.
        """
        fact = Fact(what, write, args, named)
        pages = self._calls.get(call_id)
        if pages is None and self._spooled(call_id, fact):
            return
        if self._waiting >= self._settings.journal_entries:
            self._tell(logging.ERROR, "record-dropped", call=call_id, what=what, waiting=self._waiting)
            return
        self._waiting += 1
        if pages is not None:
            pages.queue.append(fact)
            return
        pages = self._calls[call_id] = _Pages()
        pages.queue.append(fact)
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

    async def settle(self, seconds: float) -> bool:
        """Write now, and wait until what was told is in records, at most ``seconds``; whether it is."""
        tasks = {pages.task for pages in self._calls.values()}
        self._wake()
        if self._writer is not None:
            self._hurry.set()
            tasks.add(self._writer)
        late = (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else set()
        return not late

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """For the life of a service: first what an earlier one left is written, at last what is unwritten.

        At the start it waits ``record_seconds`` at most, so that a call that outlived the last service finds
        its facts in order, and goes on later with what is left; at the end see `drain`.
        """
        await self.settle(self._settings.record_seconds)
        try:
            yield
        finally:
            await self.drain(self._settings.record_seconds)

    async def drain(self, seconds: float) -> bool:
        """Wait until everything is written, at most ``seconds``; what is left then stays in the spool.

        For the end of the service, after the last session. True when nothing was left. Without a spool, or
        when it fails, what is left is dropped and logged.
        """
        left = dict(self._calls)
        settled = await self.settle(seconds)
        late = {pages.task for pages in left.values() if not pages.task.done()}
        if self._writer is not None:
            late.add(self._writer)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        lost = 0
        for call_id, pages in left.items():
            while pages.queue:
                lost += not self._spooled(call_id, pages.queue.popleft(), wake=False)
        if lost:
            log.event(logging.ERROR, "records-lost", waiting=lost)
        if self.behind:
            await self._synced()
        return settled

    # ---- what the spool does not take

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

    async def _taken(self, call_id: str, fact: Fact) -> bool:
        """Write one fact, again and again while nothing can take it; False when it is given up."""
        spooling = self._spool is not None and fact.told
        while True:
            if not (spooling and self.behind):
                error = await self._written(fact)
                if error is None:
                    return True
                if not (spooling and isinstance(error, _UNAVAILABLE)):
                    reason = f"{type(error).__name__}: {error}"
                    log.event(logging.ERROR, "record-failed", call=call_id, what=fact.what, reason=reason)
                    return False
            if self._spooled(call_id, fact):
                return True
            await asyncio.sleep(self._settings.spool_retry_seconds)

    async def _written(self, fact: Fact) -> Exception | None:
        try:
            async with asyncio.timeout(self._settings.record_seconds):
                await fact.write(*fact.args, **fact.named)
        except Exception as error:
            return error
        return None

    # ---- the spool

    def _spooled(self, call_id: str, fact: Fact, *, wake: bool = True) -> bool:
        if self._spool is None or not fact.told:
            return False
        try:
            self._spool.append(call_id, fact.name, fact.arguments())
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            self._tell(logging.ERROR, "spool-failed", call=call_id, what=fact.what, reason=text)
            return False
        if wake:
            self._wake()
        return True

    def _wake(self) -> None:
        if self._spool is not None and self.behind and self._writer is None:
            self._hurry.clear()
            writing = self._write_out(self._spool)
            self._writer = asyncio.get_running_loop().create_task(writing, name="journal")

    async def _write_out(self, spool: Spool) -> None:
        """Until nothing is left; the next fact begins it again."""
        failed = False
        try:
            while spool.pending:
                await (self._rest(spool) if failed else self._pause(self._settings.journal_seconds))
                try:
                    await spool.replay()
                except Exception as error:
                    failed = True
                    reason = f"{type(error).__name__}: {error}"
                    self._tell(logging.WARNING, "spool-waits", facts=spool.pending, reason=reason)
                else:
                    if failed:
                        log.event(logging.WARNING, "spool-written", facts=spool.pending)
                    failed = False
        finally:
            self._writer = None

    async def _rest(self, spool: Spool) -> None:
        """Until records may be back. Meanwhile the spool is all there is: a power cut must not take it."""
        now, kept = asyncio.get_running_loop().time, -1
        until = now() + self._settings.spool_retry_seconds
        while (left := until - now()) > 0:
            if spool.pending != kept:
                kept = spool.pending
                await self._synced()
            if await self._pause(min(left, self._settings.journal_seconds)):
                return

    async def _pause(self, seconds: float) -> bool:
        """Whether somebody is in a hurry."""
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return False
        self._hurry.clear()
        return True

    async def _synced(self) -> None:
        if self._spool is not None:
            try:
                await self._spool.sync()
            except Exception as error:
                self._tell(logging.ERROR, "spool-failed", reason=f"{type(error).__name__}: {error}")

    def _tell(self, level: int, name: str, **fields: log.Field) -> None:
        if self._throttle is None:
            self._throttle = log.Throttle(asyncio.get_running_loop().time)
        self._throttle.event(level, name, **fields)
