"""Streams of sessions that are over are closed, whoever ended them: another browser, or ``helpline user``."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from aiohttp import web

from desk.context import DESK, Desk
from records import RecordsError

log = logging.getLogger(__name__)


async def keep_out_the_ended(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: look while the application runs."""
    task = asyncio.create_task(_keep_looking(app[DESK]), name="desk looks at sessions")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _keep_looking(desk: Desk) -> None:
    while True:
        await asyncio.sleep(desk.settings.session_look_seconds)
        if not (sessions := desk.hub.sessions):
            continue
        try:
            ended = await desk.records.users.ended(sessions)
        except RecordsError as error:
            # A page without its database shows that by itself; a stream is not closed for it.
            log.warning("event=sessions-not-looked-at error=%s", error)
            continue
        for session in ended:
            desk.hub.close_session(session)
