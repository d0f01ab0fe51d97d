"""The desk's listening socket, behind its door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from desk.door.guests import Door, Guest
from desk.errors import DeskError
from desk.settings import DeskSettings

_WAITING_AT_SOCKET = 256


@asynccontextmanager
async def serving(
    application: web.Application, settings: DeskSettings, *, shutdown_seconds: float
) -> AsyncIterator[tuple[str, int]]:
    """Serve as long as the context lasts; gives the address. Open requests get ``shutdown_seconds`` to end.

    Raises OSError when the address cannot be had.
    """
    loop = asyncio.get_running_loop()
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=shutdown_seconds)
    await runner.setup()
    listening: asyncio.Server | None = None
    try:
        server, door = runner.server, Door(settings)
        if server is None:
            raise DeskError("the desk's server was not set up")
        listening = await loop.create_server(
            lambda: Guest(door, server, loop), settings.host, settings.port, backlog=_WAITING_AT_SOCKET
        )
        host, port = listening.sockets[0].getsockname()[:2]
        yield str(host), int(port)
    finally:
        if listening is not None:
            listening.close()
        await runner.cleanup()
