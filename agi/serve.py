"""The FastAGI service as a process, or as a part of one."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from agi.centre import Centre
from agi.connection import Clock
from agi.conversations import build_conversations
from agi.server import FastAgiServer, utc_now


@asynccontextmanager
async def serving(centre: Centre, clock: Clock = utc_now) -> AsyncIterator[FastAgiServer]:
    """Serve calls as long as the context lasts. What an earlier run spooled goes to records first.

    On leaving: no new calls, running steps end within ``drain_seconds``, then what is unwritten goes to
    records. Raises ListenError when the address cannot be had.
    """
    server = FastAgiServer(build_conversations(centre), centre.settings, clock)
    await centre.journal.recover(centre.settings.record_seconds)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        await centre.journal.drain(centre.settings.record_seconds)


async def run(
    centre: Centre, clock: Clock = utc_now, *, ready: Callable[[str, int], object] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends the drain at once.

    ``ready`` is called with host and port when calls are accepted. For the main thread. Records stay open:
    who opened them closes them.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    hurry = asyncio.Event()

    def signalled() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled)
    try:
        async with serving(centre, clock) as server:
            if ready is not None:
                ready(*server.address)
            await stop.wait()
            await _drain(server, hurry)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _drain(server: FastAgiServer, hurry: asyncio.Event) -> None:
    stopping = asyncio.ensure_future(server.stop())
    hurried = asyncio.ensure_future(hurry.wait())
    await asyncio.wait({stopping, hurried}, return_when=asyncio.FIRST_COMPLETED)
    hurried.cancel()
    if stopping.done():
        await stopping
        return
    stopping.cancel()
    await asyncio.wait({stopping})
    await server.stop(0)
