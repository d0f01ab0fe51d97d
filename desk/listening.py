"""The desk's ear on the switchboard: one reader for all pages."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from aiohttp import web

from desk.board_model import Notice
from desk.context import DESK, Desk
from switchboard.events import Resync

log = logging.getLogger(__name__)

WAITING_EVENTS = 1024
"""Events the switchboard keeps for the desk; a busy hour of a district has fewer than that."""


async def listen(desk: Desk) -> None:
    """Feed the board and the pages until the switchboard stops or the task is cancelled."""
    with desk.live.subscribe(WAITING_EVENTS) as events:
        desk.board.read(desk.live.state)
        desk.hub.publish(Notice("resync", desk.clock()))
        async for event in events:
            if isinstance(event, Resync):
                desk.board.read(desk.live.state)
            for notice in desk.board.apply(event):
                desk.hub.publish(notice)


async def keep_listening(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: listen while the application runs."""
    task = asyncio.create_task(listen(app[DESK]), name="desk listens")
    task.add_done_callback(_tell_failure)
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await task


async def close_streams(app: web.Application) -> None:
    """Shutdown signal: end the pages' streams, so that the server need not wait for them."""
    app[DESK].hub.close()


def _tell_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("event=desk-deaf the desk no longer hears the switchboard", exc_info=task.exception())
