"""The service as a whole: abuse, draining, its address, its settings and its log."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import tracemalloc

import pytest

from agi.errors import (
    AgiError,
    CommandFailed,
    CommandTimeout,
    Disconnected,
    Hangup,
    ListenError,
    ProtocolViolation,
)
from agi.server import FastAgiServer
from agi.session import Session
from agi.settings import AgiSettings
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.scripts import Serve, empty, serve_one, session_with, six_commands


async def test_memory_and_cpu_stay_flat_under_abuse(serve: Serve) -> None:
    server = await serve({"good": six_commands}, handshake_seconds=0.3)

    async def abuse(data: bytes) -> None:
        async with FakeAsterisk(server.address) as asterisk:
            asterisk.send(data)
            await asyncio.sleep(0)

    attacks = [
        b"",
        b"agi_x",
        b"\xff" * 3000,
        b"\n",
        environment("good") + b"HANGUP\n" * 100,
        environment("good") + b"200 result=" + b"9" * 50_000,
        environment("nope"),
        environment("good"),
    ]

    async def round_of_attacks() -> None:
        for data in attacks * 5:
            await abuse(data)
        await empty(server)

    await round_of_attacks()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tasks = len(asyncio.all_tasks())
    for _ in range(3):
        await round_of_attacks()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 300_000
    assert len(asyncio.all_tasks()) == tasks
    used = resource.getrusage(resource.RUSAGE_SELF)
    async with FakeAsterisk(server.address):
        await asyncio.sleep(0.2)  # an idle peer costs nothing: this is the time it is watched
    idle = resource.getrusage(resource.RUSAGE_SELF)
    assert (idle.ru_utime + idle.ru_stime) - (used.ru_utime + used.ru_stime) < 0.1
    await serve_one(server)


async def test_drain_lets_sessions_end(serve: Serve) -> None:
    server, script = await session_with(serve, six_commands)
    async with FakeAsterisk(server.address) as asterisk, FakeAsterisk(server.address) as stalled:
        asterisk.send(environment("talk", ["call"]))
        await asterisk.command()
        address = server.address
        stopping = asyncio.create_task(server.stop(5))
        assert await stalled.closed() == b""
        with pytest.raises(ConnectionError):
            await asyncio.open_connection(*address)
        for _ in range(5):
            asterisk.send(b"200 result=1\n")
            await asterisk.command()
        asterisk.send(b"200 result=1 (4)\n")
        await asyncio.wait_for(stopping, 5)
    assert script.result == "4"
    assert server.sessions == 0


async def test_drain_ends(serve: Serve) -> None:
    server, script = await session_with(serve, Session.noop)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call"]))
        await asterisk.command()
        await asyncio.wait_for(server.stop(0.05), 5)
        assert await asterisk.closed() == b""
    assert isinstance(script.error, asyncio.CancelledError)


async def test_address_in_use_is_one_clear_line(serve: Serve) -> None:
    server = await serve({})
    second = FastAgiServer({}, AgiSettings(port=server.address[1]))
    with pytest.raises(ListenError, match=r"cannot listen for Asterisk on 127\.0\.0\.1:\d+ .*set another"):
        await second.start()
    with pytest.raises(ListenError, match="not listening"):
        _ = second.address
    await second.stop()


def test_errors_are_one_tree() -> None:
    for kind in (Hangup, Disconnected, CommandFailed, CommandTimeout, ProtocolViolation, ListenError):
        assert issubclass(kind, AgiError)


@pytest.mark.parametrize(
    "wrong", [{"port": 70000}, {"host": ""}, {"max_sessions": 0}, {"command_seconds": float("nan")}]
)
def test_settings_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AgiSettings(**wrong)  # type: ignore[arg-type]


def test_log_lines_cannot_be_forged(caplog: pytest.LogCaptureFixture) -> None:
    from agi import log

    with caplog.at_level(logging.INFO, "helpline.agi"):
        log.event(logging.INFO, "session", call='x\nevent=forged "q"', seconds=0.25, none=None)
    assert caplog.messages == ['event=session call="x\\nevent=forged \\"q\\"" seconds=0.250']
