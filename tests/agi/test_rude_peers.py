"""Peers that do not read, or say what nobody asked: they are cut, and the others served."""

from __future__ import annotations

import asyncio

import pytest

from agi.errors import (
    CommandTimeout,
    ProtocolViolation,
)
from agi.session import Session
from tests.agi.fake_asterisk import FakeAsterisk, environment, until
from tests.agi.scripts import Serve, empty, serve_one, session_with


async def chatter(session: Session) -> None:
    while True:
        await session.verbose("x" * 8000)


async def test_peer_that_never_reads(serve: Serve) -> None:
    server, script = await session_with(serve, chatter, command_seconds=0.2)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.writer.transport.pause_reading()  # type: ignore[attr-defined]
        asterisk.send(environment("talk"))
        await script.end()
    assert isinstance(script.error, CommandTimeout)
    await empty(server)


async def test_peer_that_answers_what_it_does_not_read(serve: Serve) -> None:
    sessions: list[Session] = []

    async def talk(session: Session) -> None:
        sessions.append(session)
        await chatter(session)

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.writer.transport.pause_reading()  # type: ignore[attr-defined]
        asterisk.send(environment("talk"))
        await until(lambda: sessions)
        for number in range(1, 20_000):
            await until(lambda number=number: sessions[0].commands == number or script.finished.is_set())  # type: ignore[misc]
            if script.finished.is_set():
                break
            asterisk.send(b"200 result=1\n")
        assert isinstance(script.error, ProtocolViolation)
        await empty(server)
    await serve_one(server)


@pytest.mark.parametrize("line", [b"junk\n", b"HANGUP\n"])
async def test_unasked_lines_before_a_reply_are_cut(
    serve: Serve, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server, script = await session_with(serve, Session.noop)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call"]))
        await asterisk.command()
        asterisk.send(line * 65)
        assert await asterisk.closed() == b""
    assert isinstance(script.error, ProtocolViolation)
    assert "event=session-cut call=call" in caplog.text


@pytest.mark.parametrize("line", [b"200 result=0\n", b"junk\n", b"HANGUP\n", b"\n", b"200\n"])
async def test_unasked_lines_are_ignored_then_cut(
    serve: Serve, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = asyncio.Event()

    async def talk(session: Session) -> str | None:
        await go_on.wait()
        return await session.get_variable("X")

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk") + line * 10)
        await until(lambda: server.sessions)
        go_on.set()
        assert (await asterisk.command())[:2] == ["GET", "FULL"]
        asterisk.send(b"200 result=1 (right)\n" + line * 1_000_000)
        await asterisk.closed()
    assert script.result == "right"
    await empty(server)
    await serve_one(server)
