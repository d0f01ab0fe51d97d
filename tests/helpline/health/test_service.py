"""A running service says what is wrong with its machine, as a probe, the doctor and a supervisor see it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from desk.settings import DeskSettings
from dialplan.settings import AsteriskSettings
from helpline import serve
from helpline.app import App
from helpline.finding import State
from helpline.health.report import _service, findings
from helpline.health.settings import HealthSettings
from helpline.settings import ProcessSettings, Settings
from records import Alarm, RecordsSettings


@pytest.fixture
def app(tmp_path: Path) -> App:
    """A centre whose Asterisk is not there and whose recordings have no folder."""
    state = tmp_path / "var"
    (state / "asterisk" / "etc").mkdir(parents=True)
    health = HealthSettings(
        every_seconds=0.05, limit_seconds=10, asterisk_away_seconds=0.05, clock_sync=False, disk_low_mb=2,
        disk_full_mb=1, clock_late_seconds=3600,
    )  # fmt: skip
    return App(
        settings=Settings(
            helpline=ProcessSettings(state_dir=state, hang_seconds=0),
            asterisk=AsteriskSettings(recordings_dir=tmp_path / "sounds" / "calls"),
            desk=DeskSettings(port=0, alarm_seconds=0.05),
            health=health,
            records=RecordsSettings(busy_timeout_ms=100, hash_memory_mib=8),
        )
    )


@pytest.fixture
async def running(app: App) -> AsyncIterator[serve.Service]:
    async with serve.service(app, serve.Part.DESK) as service:
        yield service


async def until_told(service: serve.Service, failing: set[str], warnings: set[str]) -> dict[str, Any]:
    assert service.desk_address is not None
    url = "http://{}:{}/healthz".format(*service.desk_address)
    async with asyncio.timeout(60), ClientSession() as session:
        while True:
            async with session.get(url) as answer:
                told: dict[str, Any] = await answer.json()
                assert answer.status == (503 if told["failing"] else 200)
            if (set(told["failing"]), set(told["warnings"])) == (failing, warnings):
                return told
            await asyncio.sleep(0.02)


async def test_what_is_wrong_is_told_and_is_over_when_it_is_mended(
    app: App, running: serve.Service, tmp_path: Path
) -> None:
    told = await until_told(running, set(), {"asterisk_away", "recordings_unwritable"})
    assert (told["status"], told["records"], told["phones"]) == ("warning", True, False)
    assert str(tmp_path) not in str(told)
    standing: dict[str, Alarm] = {}
    async with asyncio.timeout(60):
        while len(standing) < 2:
            standing = {each.kind: each for each in await running.records.alarms.standing()}
    assert standing["recordings_unwritable"].subject == str(tmp_path / "sounds" / "calls")
    assert standing["asterisk_away"].subject.startswith("127.0.0.1:")
    app.exchange.recordings_dir.mkdir(parents=True)
    aside = app.spool / "desk" / "aside.jsonl"
    aside.write_text('{"id":"1"}\n')
    await until_told(running, set(), {"asterisk_away", "spool_aside"})


async def test_a_database_that_takes_no_write_is_no_service_and_the_doctor_says_so(
    app: App, running: serve.Service
) -> None:
    warnings = {"asterisk_away", "recordings_unwritable"}
    await until_told(running, set(), warnings)
    holder = sqlite3.connect(app.state_dir / "records.sqlite", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        told = await until_told(running, {"database_unwritable"}, warnings)
        assert (told["status"], told["records"]) == ("failing", False)
        assert running.desk_address is not None
        here = replace(app.settings, desk=DeskSettings(port=running.desk_address[1]))
        (line,) = await asyncio.to_thread(_service, App(settings=here))
        assert (line.state, "database_unwritable" in line.what) == (State.ERROR, True)
    finally:
        holder.close()
    await until_told(running, set(), warnings)


def test_the_doctor_has_a_line_for_each_look(app: App) -> None:
    found = {each.subject: each for each in findings(app)}
    assert found["disks"].state is State.OK
    assert (found["recordings"].state, "let the user" in found["recordings"].remedy) == (State.WARNING, True)
    assert found["spool"].state is State.OK
    assert found["service"].state in {State.OK, State.WARNING}
