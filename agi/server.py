"""The FastAGI service: listens, counts its sessions, keeps their deadlines, drains on stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from agi import log
from agi.connection import Clock, Connection
from agi.door import Door
from agi.environment import Environment
from agi.errors import ListenError, SessionLimit
from agi.gate import Gate
from agi.outcomes import Conversation
from agi.settings import AgiSettings


def utc_now() -> datetime:
    """The time of a running service."""
    return datetime.now(UTC)


class FastAgiServer:
    """Serves conversations to Asterisk; the script's path in the agi:// address chooses which.

    ``async with`` starts and stops it. Whatever one peer or one conversation does, the others go on. Without
    ``gate`` requests need no key.
    """

    def __init__(
        self,
        conversations: Mapping[str, Conversation],
        settings: AgiSettings | None = None,
        clock: Clock = utc_now,
        gate: Gate | None = None,
    ) -> None:
        self.conversations = conversations
        self.settings = settings if settings is not None else AgiSettings()
        self.clock = clock
        self.loop: asyncio.AbstractEventLoop
        self.noise: log.Throttle
        self._server: asyncio.Server | None = None
        self._gate = gate
        self._door: Door[Connection] = Door(self.settings)
        self._connections: set[Connection] = set()
        self._begun: set[Connection] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._timer: asyncio.TimerHandle | None = None
        self._draining = False

    @property
    def address(self) -> tuple[str, int]:
        """Host and port it listens on."""
        if self._server is None or not self._server.sockets:
            raise ListenError("the FastAGI service is not listening: start it first")
        name = self._server.sockets[0].getsockname()
        return name[0], name[1]

    @property
    def sessions(self) -> int:
        """Connections held now, strangers included: those that have not said what they want."""
        return len(self._connections)

    async def start(self) -> None:
        """Listen. Raises ListenError when the address cannot be had."""
        settings = self.settings
        self.loop = asyncio.get_running_loop()
        self.noise = log.Throttle(self.loop.time)
        self._draining = False
        try:
            self._server = await self.loop.create_server(
                lambda: Connection(self), settings.host, settings.port, backlog=settings.backlog
            )
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise ListenError(
                f"cannot listen for Asterisk on {settings.host}:{settings.port} ({reason}): "
                "stop what uses this address, or set another with --listen or agi.port"
            ) from error
        host, port = self.address
        log.event(logging.INFO, "listening", host=host, port=port, scripts=",".join(self.conversations))

    async def stop(self, drain_seconds: float | None = None) -> None:
        """Take no new calls, let running sessions end for ``drain_seconds``, then cancel the rest.

        Returns when nothing of the service is left. Cancelling it leaves sessions running.
        """
        if self._server is None:
            return
        limit = self.settings.drain_seconds if drain_seconds is None else drain_seconds
        self._draining = True
        self._server.close()
        for connection in [each for each in self._connections if each.session is None]:
            connection.close()
        log.event(logging.INFO, "draining", sessions=len(self._connections), seconds=limit)
        left = await self._wait_idle(limit)
        if left:
            log.event(logging.WARNING, "drain-over", cancelled=left)
            tasks = [task for each in list(self._connections) if (task := each.stop()) is not None]
            if tasks:
                await asyncio.wait(tasks, timeout=self.settings.cleanup_seconds)
            await self._wait_idle(self.settings.cleanup_seconds)
        await self._server.wait_closed()
        self._server = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        log.event(logging.INFO, "stopped")

    async def __aenter__(self) -> FastAgiServer:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop(0)

    # ---- for its connections

    def join(self, connection: Connection) -> bool:
        """Count ``connection`` in, as a stranger; False when it must be closed at once."""
        reason = self._refusal(connection.source)
        if reason:
            self.noise.event(logging.WARNING, "session-refused", peer=connection.peer(), reason=reason)
            connection.closed = True
            return False
        if not self._connections:
            self._idle.clear()
        self._connections.add(connection)
        if self._timer is None:
            self._timer = self.loop.call_later(self.settings.tick_seconds, self._tick)
        dropped = self._door.enter(connection, connection.source)
        if dropped is not None:
            count = len(self._door)
            self.noise.event(logging.WARNING, "stranger-dropped", peer=dropped.peer(), strangers=count)
            dropped.close()
        return True

    def begin(self, connection: Connection, environment: Environment) -> str:
        """``connection`` has said what it wants and is no stranger any more. Why it must be closed, or ""."""
        self._door.leave(connection, connection.source)
        if self._full():
            return self._limit()
        self._begun.add(connection)
        return self._gate.refuses(environment, self.noise) if self._gate is not None else ""

    def leave(self, connection: Connection) -> None:
        """Count ``connection`` out; no effect when it is not counted."""
        self._door.leave(connection, connection.source)
        self._connections.discard(connection)
        self._begun.discard(connection)
        if not self._connections:
            self._idle.set()

    # ---- inside

    def _refusal(self, source: str) -> str:
        if not self._door.admits(source):
            return "Asterisk does not call from this address (agi.asterisk_addresses)"
        if self._draining:
            return "draining"
        return self._limit() if self._full() else ""

    def _full(self) -> bool:
        return len(self._begun) >= self.settings.max_sessions

    def _limit(self) -> str:
        return str(SessionLimit(f"{self.settings.max_sessions} sessions are open (agi.max_sessions)"))

    def _tick(self) -> None:
        self._timer = None
        if not self._connections:
            return
        now = self.loop.time()
        for connection in list(self._connections):
            connection.check(now)
        self._timer = self.loop.call_later(self.settings.tick_seconds, self._tick)

    async def _wait_idle(self, seconds: float) -> int:
        if self._connections and seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), seconds)
        return len(self._connections)
