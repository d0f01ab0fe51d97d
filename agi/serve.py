"""The FastAGI service as a part of a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agi.centre import Centre
from agi.connection import Clock
from agi.conversations import build_conversations
from agi.gate import Gate
from agi.server import FastAgiServer, utc_now


@asynccontextmanager
async def serving(
    centre: Centre, clock: Clock = utc_now, gate: Gate | None = None
) -> AsyncIterator[FastAgiServer]:
    """Serve calls as long as the context lasts, which is to end before the journal's (`Journal.kept`).

    Without ``gate`` requests need no key.

    On leaving: no new calls, running steps end within ``drain_seconds``, at once when it is cancelled then.
    Raises ListenError when the address cannot be had.
    """
    server = FastAgiServer(build_conversations(centre), centre.settings, clock, gate)
    await server.start()
    try:
        yield server
    finally:
        try:
            await server.stop()
        except asyncio.CancelledError:
            await server.stop(0)
            raise
