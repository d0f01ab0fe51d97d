"""Events to many readers, none of which can hold up another or fill the memory."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

from switchboard.events import Event, Resync


class Subscription:
    """An endless iterator over events, from the moment of subscribing until it or the switchboard is closed.

    A reader that falls `maxlen` events behind loses what it has not read and gets one Resync instead: it must
    read the whole state anew. Use it as a context manager, or call `close`, so that it is not fed for ever.
    """

    def __init__(
        self, maxlen: int, clock: Callable[[], datetime], on_close: Callable[["Subscription"], None]
    ):
        self._maxlen = maxlen
        self._clock = clock
        self._on_close = on_close
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def put(self, event: Event) -> None:
        """Hand an event to the reader; never waits."""
        if len(self._events) >= self._maxlen:
            self._events.clear()
            event = Resync(self._clock())
        self._events.append(event)
        self._news.set()

    def close(self) -> None:
        """The reader gets what is waiting for him, then the iteration ends."""
        self._closed = True
        self._news.set()
        self._on_close(self)

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
