"""Conversations that crash, do not end, ask nothing, or ask twice at once."""

from __future__ import annotations

import asyncio

import pytest

from agi.errors import (
    Hangup,
    ProtocolViolation,
)
from agi.session import Session
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.scripts import Serve, empty, serve_one, session_with


async def test_a_crash_is_logged_and_closes_the_session(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk(session: Session) -> None:
        raise KeyError("bug")

    server, _ = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk", ["call-7"]))
        assert await asterisk.closed() == b""
    assert "event=crash script=talk call=call-7" in caplog.text
    assert "KeyError: 'bug'" in caplog.text
    await serve_one(server)


async def test_cleanup_after_a_hangup_has_its_time_and_no_more(serve: Serve) -> None:
    stored: list[str] = []

    async def talk(session: Session) -> None:
        try:
            await session.play("x")
        except Hangup:
            await asyncio.sleep(0.05)
            stored.append("in time")
            await asyncio.Event().wait()
            stored.append("never")

    server, script = await session_with(serve, talk, cleanup_seconds=0.3)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
    await script.end()
    assert isinstance(script.error, asyncio.CancelledError)
    assert stored == ["in time"]
    await empty(server)


async def test_a_session_that_does_not_end_is_cancelled(serve: Serve) -> None:
    async def talk(session: Session) -> None:
        await asyncio.Event().wait()

    server, script = await session_with(serve, talk, session_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        assert await asterisk.closed() == b""
    assert isinstance(script.error, asyncio.CancelledError)


@pytest.mark.parametrize("heeds", [True, False])
async def test_a_conversation_that_asks_nothing_leaves_the_call_to_the_dialplan(
    serve: Serve, caplog: pytest.LogCaptureFixture, *, heeds: bool
) -> None:
    released = asyncio.Event()

    async def talk(session: Session) -> None:
        if session.call_id == "plays":
            await session.play("x")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if heeds:
                raise
            await released.wait()

    short = {"lookup_seconds": 0.05, "complaint_wait_seconds": 0.1, "ended_seconds": 0.1}
    server, _ = await session_with(serve, talk, silent_seconds=0.2, **short)
    async with FakeAsterisk(server.address) as plays, FakeAsterisk(server.address) as silent:
        plays.send(environment("talk", ["plays"]))
        assert (await plays.command())[:2] == ["STREAM", "FILE"]
        silent.send(environment("talk", ["silent"]))
        assert await silent.closed() == b""
        assert "event=session-silent call=silent script=talk" in caplog.text
        assert "call=plays" not in caplog.text, "while a prompt is played, it is Asterisk that is silent"
        plays.send(b"200 result=0\n")
        assert await plays.closed() == b""
        assert "event=session-silent call=plays script=talk" in caplog.text
    released.set()
    await empty(server)


async def test_one_command_at_a_time(serve: Serve) -> None:
    async def talk(session: Session) -> str:
        first = asyncio.ensure_future(session.noop())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="one command at a time"):
            await session.noop()
        first.cancel()
        await asyncio.wait({first})
        with pytest.raises(ProtocolViolation, match="given up"):
            await session.noop()
        return "ok"

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        await asterisk.closed()
    assert script.result == "ok"
