"""From one stream of notices to many pages: bounded for each, so that a page that sleeps costs nothing.

Every notice gets an id, ``<boot>-<number>``; the boot part changes at each start, so that a page that comes
back with an id of a former start is told to read the state anew.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from desk.board_model import Notice


@dataclass(frozen=True)
class Item:
    """A notice with its id; ``notice`` None means: you missed some, read the state anew."""

    event_id: str
    notice: Notice | None


@dataclass(eq=False)
class Subscription:
    """One page's stream. Closed by the hub (shutdown, logout, too many streams) or by its owner."""

    owner: str
    session: str
    wants: Callable[[Notice], bool]
    limit: int
    closed: bool = False
    _items: deque[Item] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, item: Item) -> None:
        """Queue an item; when the queue is full it is replaced by one "read anew"."""
        if item.notice is not None and not self.wants(item.notice):
            return
        if len(self._items) >= self.limit:
            self._items.clear()
            item = Item(item.event_id, None)
        self._items.append(item)
        self._wake.set()

    def close(self) -> None:
        """End the stream; `next` returns None at once, also when items are left."""
        self.closed = True
        self._wake.set()

    async def next(self, timeout: float) -> list[Item] | None:  # noqa: ASYNC109
        """What has come; an empty list after ``timeout`` seconds of nothing; None when closed."""
        if not self._items and not self.closed:
            try:
                async with asyncio.timeout(timeout):
                    await self._wake.wait()
            except TimeoutError:
                return []
        if self.closed:
            return None
        items = list(self._items)
        self._items.clear()
        self._wake.clear()
        return items


class Hub:
    """The pages that listen, and the last notices for those that come back."""

    def __init__(self, *, per_page: int, replay: int, per_user: int) -> None:
        self._boot = secrets.token_hex(3)
        self._number = 0
        self._past: deque[Item] = deque(maxlen=replay)
        self._pages: list[Subscription] = []
        self._per_page = per_page
        self._per_user = per_user
        self._closed = False

    @property
    def sessions(self) -> set[str]:
        """The sessions that have streams open."""
        return {page.session for page in self._pages}

    @property
    def pages(self) -> int:
        """Open streams."""
        return len(self._pages)

    def publish(self, notice: Notice) -> None:
        """Hand a notice to every page that wants it. Never waits."""
        self._number += 1
        item = Item(f"{self._boot}-{self._number}", notice)
        self._past.append(item)
        for page in self._pages:
            page.offer(item)

    def open(
        self, owner: str, session: str, wants: Callable[[Notice], bool], last_id: str | None = None
    ) -> Subscription:
        """Start a stream for a page; ``last_id`` is what it saw last. The caller ends it with `leave`."""
        page = Subscription(owner, session, wants, self._per_page)
        if self._closed:
            page.close()
            return page
        if last_id:
            for item in self._missed(last_id):
                page.offer(item)
        self._pages.append(page)
        own = [each for each in self._pages if each.owner == owner]
        for surplus in own[: -self._per_user]:
            surplus.close()
        return page

    def leave(self, page: Subscription) -> None:
        """Forget a stream; safe to call twice."""
        page.close()
        if page in self._pages:
            self._pages.remove(page)

    def close_session(self, session: str) -> None:
        """End the streams of a session that logged out."""
        for page in self._pages:
            if page.session == session:
                page.close()

    def close(self) -> None:
        """End all streams and accept no new one: the server is stopping."""
        self._closed = True
        for page in self._pages:
            page.close()

    def _missed(self, last_id: str) -> list[Item]:
        ids = [item.event_id for item in self._past]
        if last_id in ids:
            return list(self._past)[ids.index(last_id) + 1 :]
        if last_id == f"{self._boot}-{self._number}":
            return []
        return [Item(f"{self._boot}-{self._number}", None)]
