"""A running service follows what is published and what falls due."""

import asyncio
import gc
import logging
from pathlib import Path

import pytest

from helpline import serve
from helpline.app import App
from helpline.renewal import keep_current
from helpline.wiring import edition_in_force, open_centre_records
from mapper.directory.loader import MANIFEST
from tests.agi.fake_asterisk import until
from tests.helpline.conftest import Run, publish, registered


@pytest.fixture
def overdue(run: Run) -> str:
    """The number of a complaint whose first level's limit has ended."""
    return registered(run, "--at", "2026-01-05T10:00")


async def test_an_edition_published_meanwhile_is_taken_up(
    app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    current = await asyncio.to_thread(edition_in_force, app)
    assert current.edition.number == 1
    task = asyncio.create_task(keep_current(current, seconds=0.01))
    try:
        with caplog.at_level(logging.INFO, "helpline.renewal"):
            await asyncio.to_thread(publish, app.directory, tmp_path / "sheets", {})
            await until(lambda: current.edition.number == 2, 30)
            await until(lambda: "event=edition number=2" in caplog.text, 30)
            assert gc.get_freeze_count() > 10_000
            manifest = app.directory / MANIFEST
            await asyncio.to_thread(manifest.write_text, "no manifest")
            await until(lambda: "event=edition-not-read" in caplog.text, 30)
        assert current.edition.number == 2
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait({task})
        gc.unfreeze()


async def test_the_whole_service_escalates(app: App, overdue: str) -> None:
    async with serve.service(app, serve.Part.CLOCK), await open_centre_records(app) as records:
        async with asyncio.timeout(30):
            while True:
                found = await records.complaints.get(overdue)
                assert found is not None
                if found.assigned.level > 1:
                    break
                await asyncio.sleep(0.05)
    assert serve.Part.CLOCK in serve.Part.ALL
