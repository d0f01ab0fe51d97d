"""Turns at checking a password, which takes a core and much memory: a few at a time, a bounded few waiting.

Who is known comes first, in order. Strangers take turns by source, so that one source's flood does not stand
before another's single attempt; within a source the newest comes first and the oldest is sent away when the
room is full, so that somebody who tries by hand is not behind forty that were sent at once.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class BusyError(Exception):
    """No turn was to be had in time."""


Turn = asyncio.Future[bool]
"""True: it is your turn; False: you were sent away."""


class Turns:
    """``workers`` at a time; ``waiting`` strangers, and as many known people, wait ``seconds`` at most."""

    def __init__(self, *, workers: int, waiting: int, seconds: float) -> None:
        self._free = workers
        self._room = waiting
        self._seconds = seconds
        self._known: deque[Turn] = deque()
        self._strangers: OrderedDict[str, deque[Turn]] = OrderedDict()

    @asynccontextmanager
    async def taken(self, source: str, *, known: bool) -> AsyncIterator[None]:
        """Hold a turn. Raises `BusyError`."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(source, known=known)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, source: str, *, known: bool) -> None:
        mine: Turn = asyncio.get_running_loop().create_future()
        if known:
            if len(self._known) >= self._room:
                raise BusyError
            self._known.append(mine)
        else:
            self._make_room()
            self._strangers.setdefault(source, deque()).append(mine)
        try:
            async with asyncio.timeout(self._seconds):
                granted = await mine
        except (TimeoutError, asyncio.CancelledError) as error:
            self._forget(source, mine)
            if mine.done() and not mine.cancelled() and mine.result():
                self._pass_on()
            if isinstance(error, TimeoutError):
                raise BusyError from None
            raise
        if not granted:
            raise BusyError

    def _make_room(self) -> None:
        if sum(map(len, self._strangers.values())) < self._room:
            return
        # The one source that has most is the one that pays.
        largest = max(self._strangers, key=lambda source: len(self._strangers[source]))
        oldest = self._strangers[largest].popleft()
        if not self._strangers[largest]:
            del self._strangers[largest]
        if not oldest.done():
            oldest.set_result(False)

    def _pass_on(self) -> None:
        while (turn := self._next()) is not None:
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    def _next(self) -> Turn | None:
        if self._known:
            return self._known.popleft()
        while self._strangers:
            source, turns = self._strangers.popitem(last=False)
            if turns:
                turn = turns.pop()
                if turns:
                    self._strangers[source] = turns
                return turn
        return None

    def _forget(self, source: str, mine: Turn) -> None:
        turns = self._strangers.get(source)
        for where in (self._known, turns):
            if where is not None and mine in where:
                where.remove(mine)
        if turns is not None and not turns:
            self._strangers.pop(source, None)
