"""The service as a process: real records behind it, and signals that end it."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from blockbuster import BlockBuster

from agi.centre import Centre
from agi.serve import run, serving
from agi.settings import AgiSettings
from dialplan.districts import load_districts
from dialplan.menu import load_menu
from ivr_prompts import load_catalogue
from records import open_records
from records.urls import sqlite_url
from tests.agi.fake_asterisk import Caller, FakeAsterisk, environment, until
from tests.agi.fake_records import FakeCalls, FakeComplaints

CATALOGUE = load_catalogue()
DISTRICTS = load_districts()
MENU = load_menu()


def centre(calls: FakeCalls, **limits: float) -> Centre:
    return Centre(
        calls=calls,
        complaints=FakeComplaints(),
        catalogue=CATALOGUE,
        districts=DISTRICTS,
        menu=MENU,
        settings=AgiSettings(port=0, tick_seconds=0.02, **limits),  # type: ignore[arg-type]
    )


async def started(task: asyncio.Task[None], ready: list[tuple[str, int]]) -> tuple[str, int]:
    await until(lambda: ready or task.done())
    return ready[0]


async def knock(address: tuple[str, int]) -> None:
    """Connect again and again, until the service does not listen any more."""
    for _ in range(1000):
        _, writer = await asyncio.open_connection(*address)
        writer.transport.abort()
        await asyncio.sleep(0.001)


async def test_sigterm_lets_the_caller_finish_and_writes_what_is_known() -> None:
    calls = FakeCalls()
    calls.gate.clear()
    ready: list[tuple[str, int]] = []
    task = asyncio.create_task(run(centre(calls), ready=lambda *address: ready.append(address)))
    address = await started(task, ready)
    async with FakeAsterisk(address) as asterisk:
        asterisk.send(environment("welcome", ["call-1", "", "181"]))
        caller = Caller(["1"])
        first = await asterisk.command()
        assert first[:2] == ["STREAM", "FILE"]
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(ConnectionError):
            await knock(address)
        asterisk.send(caller.answer(first))
        while words := await asterisk.command():
            asterisk.send(caller.answer(words))
        assert caller.variables["H181_DONE"] == "welcome"
    assert not task.done()
    calls.gate.set()
    await asyncio.wait_for(task, 5)
    assert calls.told[0][0] == "start"
    assert calls.steps("service")


async def test_a_second_signal_does_not_wait_for_callers() -> None:
    calls = FakeCalls()
    ready: list[tuple[str, int]] = []
    task = asyncio.create_task(run(centre(calls), ready=lambda *address: ready.append(address)))
    async with FakeAsterisk(await started(task, ready)) as asterisk:
        asterisk.send(environment("welcome", ["call-1", "", "181"]))
        await asterisk.command()
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        assert await asterisk.closed() == b""
        await asyncio.wait_for(task, 5)
    assert len(calls.steps("prompt")) == 1


async def test_a_call_on_real_records(tmp_path: Path, event_loop_is_free: BlockBuster) -> None:
    event_loop_is_free.deactivate()  # opening records reads migrations; that is not this room's test
    now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    async with await open_records(sqlite_url(tmp_path / "records.sqlite"), clock=lambda: now) as records:
        house = Centre(
            calls=records.calls,
            complaints=records.complaints,
            catalogue=CATALOGUE,
            districts=DISTRICTS,
            menu=MENU,
            settings=AgiSettings(port=0, complaint_wait_seconds=0.3),
        )
        async with serving(house, lambda: now) as server:
            caller = Caller(["1", "39", "1", "5"])
            args = ("call-1", "9826012310", "181")
            for script in ("welcome", "district", "connect", "aftercall"):
                await caller.step(server.address, script, args)
            facts = ("CONTINUE", "16", "PJSIP/2001", "district-39", "42", "call-1.wav")
            await caller.step(server.address, "ended", (*args, *facts))
            assert caller.variables["H181_DONE"] == "ended"
        call = await records.calls.get("call-1")
        kinds = [step.kind for step in await records.calls.path("call-1")]
    assert call is not None
    assert (call.caller_e164, call.district_code, call.outcome) == ("+919826012310", "39", "answered")
    assert (call.extension, call.recording, call.cause) == ("2001", "call-1.wav", 16)
    assert kinds.count("key") == 4
    assert "rating" in kinds
