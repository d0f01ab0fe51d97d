"""The escalation clock as a process of its own, and as a part of the whole service."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from pathlib import Path

from helpline.app import App
from helpline.keeping import keep_retaining
from helpline.logs import set_up_logs
from helpline.presence import keep_present
from helpline.state_folder import locked
from helpline.wiring import make_state_dir, open_centre_records
from office.clock import keep_escalating
from office.editions import Editions
from records import Records, utc_now
from records.book.heartbeat import CLOCK, beat

log = logging.getLogger("helpline.clock")


async def keep_clock(app: App, records: Records) -> None:
    """Until cancelled escalate what is overdue, by the settings, and say in the records after each look; once
    a day remove what is kept no longer."""

    async def looked() -> None:
        await beat(records.database, CLOCK, utc_now())

    pace = app.settings.clock.every_seconds
    escalating = keep_escalating(records, Editions(app.directory), utc_now, pace, looked=looked)
    async with asyncio.TaskGroup() as group:
        group.create_task(escalating, name="escalating")
        group.create_task(keep_retaining(app, records), name="retention")


@contextlib.asynccontextmanager
async def _locked_records(app: App, folder: Path) -> AsyncIterator[Records]:
    with locked(folder, ["clock"]):
        async with await open_centre_records(app) as records:
            looking = asyncio.create_task(keep_present(records), name="presence")
            try:
                yield records
            finally:
                looking.cancel()
                await asyncio.wait({looking})


async def run_clock(app: App) -> None:
    """Escalate until SIGTERM or SIGINT. Raises `RecordsError` when the database cannot be opened."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        folder = await asyncio.to_thread(make_state_dir, app)
        async with _locked_records(app, folder) as records:
            set_up_logs()
            log.info("event=clock-runs every=%gs", app.settings.clock.every_seconds)
            task = asyncio.create_task(keep_clock(app, records), name="clock")
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
