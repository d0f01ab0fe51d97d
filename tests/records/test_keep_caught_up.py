"""The loop that keeps the records whole while the service runs."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpline.catchup import keep_caught_up
from records import Operation, Records, Spool, UnavailableError
from tests.records.cel_sample import EventFile
from tests.records.samples import at


@contextlib.asynccontextmanager
async def kept(events: Path, records: Records, spool: Spool | None = None) -> AsyncIterator[None]:
    """The loop, running fast."""
    task = asyncio.create_task(keep_caught_up(events, records, spool=spool, seconds=0.01))
    try:
        async with asyncio.timeout(30):
            yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def on_record(records: Records, call_id: str) -> None:
    """Wait until a call is known."""
    while await records.calls.get(call_id) is None:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_missed_calls_and_spooled_writes_are_stored(records: Records, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append(Operation.new("queued", "spooled", queue="state", at=at(1)))
    file = tmp_path / "helpline.csv"
    async with kept(file, records, spool):
        await on_record(records, "spooled")
        events = EventFile()
        for seconds in (0, 60):
            missed = events.call(seconds)
            await asyncio.to_thread(file.write_text, str(events))
            await on_record(records, missed)
    assert spool.pending() == 0
    spool.close()


async def test_a_failure_is_told_once_and_tried_again(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tries = 0

    async def fails(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise UnavailableError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("helpline.catchup.catch_up", fails)
        async with kept(tmp_path / "helpline.csv", records):
            while tries < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert caplog.text.count("event=not-caught-up") == 1
