"""Connections: how many, how long one may take to say what it wants, and who makes room when all are taken.

A connection has an owner while the requests it carries are of somebody who is logged in. Strangers'
connections are bounded for each source and in total, below the total of all, so that there is always room for
who is logged in. At a bound the stranger's connection that has waited longest makes room for the new one:
half-sent requests never keep anybody out, however many they are.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from desk.door.headers import HEADERS
from desk.door.sources import is_trusted, networks, source_of
from desk.settings import DeskSettings

log = logging.getLogger(__name__)

BUSY = "अभी बहुत व्यस्त है। कुछ क्षण बाद फिर प्रयास करें। / Very busy now. Try again in a moment.\n"
UNREADABLE = "यह अनुरोध पढ़ा नहीं जा सका। / This request could not be read.\n"
FAILED = "भीतरी गड़बड़ी हुई। फिर प्रयास करें। / Something failed inside. Try again.\n"

_NO_LOG = logging.getLogger(f"{__name__}.access")
_NO_LOG.disabled = True

_LINGER_SECONDS = 2.0
"""Time in which the rest of a refused body is read and thrown away, so that its sender hears why."""


class Door:
    """All connections of one desk."""

    def __init__(self, settings: DeskSettings) -> None:
        self.settings = settings
        self._trusted = networks(settings.trusted_proxies)
        self._guests: dict[Guest, None] = {}
        self._turned_away = 0

    def __len__(self) -> int:
        """Connections that are open."""
        return len(self._guests)

    def admit(self, guest: "Guest") -> bool:
        """Let a connection in, if need be in the place of another one."""
        settings = self.settings
        strangers = [each for each in self._guests if not each.owner]
        same = [each for each in strangers if each.source == guest.source]
        room = True
        if not guest.from_proxy and len(same) >= settings.connections_per_source:
            room = self._make_room(same)
        elif len(strangers) >= settings.connections - settings.connections_reserved:
            room = self._make_room(strangers)
        if room and len(self._guests) >= settings.connections:
            room = self._make_room(strangers)
        if room:
            self._guests[guest] = None
            return True
        self._turned_away += 1
        if self._turned_away & (self._turned_away - 1) == 0:
            log.warning("event=desk-full source=%s turned_away=%d", guest.source, self._turned_away)
        return False

    def left(self, guest: "Guest") -> None:
        """A connection is over."""
        self._guests.pop(guest, None)

    def trusts(self, address: str) -> bool:
        """Whether this peer is one of the settings' proxies."""
        return is_trusted(address, self._trusted)

    def prove(self, guest: "Guest", username: str) -> None:
        """The connection carries a request of this person; beyond his share it stays a stranger's."""
        if guest.owner == username:
            return
        held = sum(each.owner == username for each in self._guests)
        guest.owner = username if held < self.settings.connections_per_user else ""

    def _make_room(self, among: list["Guest"]) -> bool:
        oldest = next((each for each in among if not each.held and each in self._guests), None)
        if oldest is None:
            return False
        self.left(oldest)
        oldest.force_close()
        return True


class Guest(web.RequestHandler):
    """One connection. ``owner``: the name of who is logged in, or empty; ``held``: must not make room now."""

    __slots__ = ("_door", "_late", "_turned_away", "_working", "from_proxy", "held", "owner", "source")

    def __init__(self, door: Door, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server, loop=loop, keepalive_timeout=door.settings.idle_seconds, access_log=_NO_LOG,
            lingering_time=_LINGER_SECONDS, auto_decompress=False,
        )  # fmt: skip
        self._door = door
        self._late: asyncio.TimerHandle | None = None
        self._turned_away = False
        self._working = False
        self.owner = ""
        self.held = False
        self.source = ""
        self.from_proxy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit it or say that all places are taken."""
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else ""
        self.source, self.from_proxy = source_of(address), self._door.trusts(address)
        if self._door.admit(self):
            super().connection_made(transport)
            self._expect_head()
            return
        self._turned_away = True
        if isinstance(transport, asyncio.Transport):
            transport.write(_busy())
        transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget it."""
        self._door.left(self)
        self._stop_expecting()
        if not self._turned_away:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A request's head must be complete soon after its first byte."""
        if self._turned_away:
            return
        if self._late is None and not self._working:
            self._expect_head()
        super().data_received(data)

    def arrived(self) -> None:
        """The head of a request is complete."""
        self._working = True
        self._stop_expecting()

    def answered(self) -> None:
        """The request was answered."""
        self._working = False

    def prove(self, username: str) -> None:
        """The request is of somebody who is logged in; empty: of nobody."""
        if username:
            self._door.prove(self, username)
        else:
            self.owner = ""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What cannot be read as HTTP is told so in a line, with the headers of every answer."""
        self._stop_expecting()
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            # Whoever asked has gone, or has half an answer already.
            raise ConnectionResetError("the connection was closed before the answer was sent") from exc
        if status >= 500:
            log.error("event=request-failed source=%s", self.source, exc_info=exc)
        else:
            log.info("event=request-unreadable source=%s error=%s", self.source, type(exc).__name__)
        text = FAILED if status >= 500 else UNREADABLE
        response = web.Response(status=status, text=text, headers=HEADERS)
        response.force_close()
        return response

    def _expect_head(self) -> None:
        self._late = self._loop.call_later(self._door.settings.head_seconds, self._too_late)

    def _stop_expecting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        self.force_close()


def guest_of(request: web.Request) -> Guest | None:
    """The connection of a request; None in a server that has no such door."""
    protocol: Any = request.protocol
    return protocol if isinstance(protocol, Guest) else None


@contextmanager
def held(request: web.Request) -> Iterator[None]:
    """While something is done for a stranger that is not to be thrown away for the next one's sake."""
    guest = guest_of(request)
    if guest is not None:
        guest.held = True
    try:
        yield
    finally:
        if guest is not None:
            guest.held = False


def _busy() -> bytes:
    body = BUSY.encode()
    head = {
        **HEADERS,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Retry-After": "2",
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 503 Service Unavailable\r\n{lines}\r\n".encode() + body
