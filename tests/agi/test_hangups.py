"""Replies that are long, late or refusals, and callers who hang up."""

from __future__ import annotations

import pytest

from agi.errors import (
    CommandFailed,
    CommandRefused,
    CommandTimeout,
    Disconnected,
    Hangup,
    ProtocolViolation,
)
from agi.session import Session
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.scripts import Serve, empty, serve_one, session_with


async def test_reply_of_100_kib(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.get_variable("BIG"))
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(b"200 result=1 (" + b"x" * 102_400 + b")\n")
        await asterisk.closed()
    assert script.result == "x" * 102_400


async def test_endless_reply_is_cut(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.get_variable("BIG"))
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        with pytest.raises(ConnectionError):
            await asterisk.flood(b"x" * 1024, 20_000)
    await script.end()
    assert isinstance(script.error, ProtocolViolation)
    await empty(server)
    await serve_one(server)


async def hear(session: Session) -> list[object]:
    """Three prompts, then what was known is stored."""
    heard: list[object] = []
    try:
        for number in range(3):
            heard.append((await session.play(f"h181/{number}", "12")).key)
    except Hangup:
        heard.append("hangup")
        await session.set_variable("STORED", "yes")
        heard.append("stored")
    return heard


@pytest.mark.parametrize(
    ("before", "replies", "expected"),
    [
        (b"HANGUP\n", [b"200 result=1\n"], ["hangup", "stored"]),
        (
            b"",
            [b"HANGUP\n200 result=-1 endpos=100\n", b"200 result=1\n"],
            ["hangup", "stored"],
        ),
        (b"", [b"200 result=49 endpos=1\nHANGUP\n", b"200 result=1\n"], ["1", "hangup", "stored"]),
        (
            b"",
            [b"HANGUP\n200 result=49 endpos=1\nHANGUP\n", b"HANGUP\n200 result=1\n"],
            ["1", "hangup", "stored"],
        ),
        (b"", [b"511 Command Not Permitted on a dead channel\n", b"200 result=1\n"], ["hangup", "stored"]),
        (
            b"",
            [b"200 result=-1 endpos=0\n", b"HANGUP\n511 Command Not Permitted\n", b"200 result=1\n"],
            ["hangup", "stored"],
        ),
        (b"", [b"200 result=-1 endpos=0\n", b"200 result=0\n", b"200 result=1\n"], ["hangup", "stored"]),
        (b"", [b"100 result=0 Trying...\n200 result=0\n"] * 3, [None, None, None]),
    ],
)
async def test_hangup_in_band(
    serve: Serve, before: bytes, replies: list[bytes], expected: list[object]
) -> None:
    server, script = await session_with(serve, hear)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk") + before)
        for reply in replies:
            assert await asterisk.command()
            asterisk.send(reply)
        assert await asterisk.closed() == b""
    assert script.result == expected
    await serve_one(server)


async def test_a_failure_with_the_caller_on_the_line_is_no_hangup(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.play("h181/none"))
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        assert await asterisk.command() == ["STREAM", "FILE", "h181/none", ""]
        asterisk.send(b"200 result=-1 endpos=0\n")
        assert await asterisk.command() == ["CHANNEL", "STATUS"]
        asterisk.send(b"200 result=6\n")
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandFailed)
    assert str(script.error) == "Asterisk could not do STREAM FILE h181/none"


@pytest.mark.parametrize(
    ("reply", "code", "text"),
    [
        (b"510 Invalid or unknown command\n", 510, "Invalid or unknown command"),
        (b"520 Invalid command syntax.  Proper usage not available.\n", 520, "Invalid command syntax."),
        (
            b"520-Invalid command syntax.\nUsage: X\nmore\n520 End of proper usage.\n",
            520,
            "Usage: X\nmore\nEnd of",
        ),
    ],
)
async def test_refused_command(serve: Serve, reply: bytes, code: int, text: str) -> None:
    server, script = await session_with(serve, Session.noop)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(reply)
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandRefused)
    assert script.error.code == code
    assert text in script.error.text
    assert "\n" not in str(script.error)
    await serve_one(server)


async def test_peer_closes_in_the_middle_of_a_reply(serve: Serve) -> None:
    async def talk(session: Session) -> str:
        try:
            await session.noop()
        except Hangup as error:
            with pytest.raises(Disconnected):
                await session.set_variable("X", "1")
            return type(error).__name__
        return "no error"

    server, script = await session_with(serve, talk)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(b"200 resu")
        asterisk.writer.close()
        await script.end()
    assert script.result == "Disconnected"
    await serve_one(server)


async def test_reply_that_never_comes(serve: Serve) -> None:
    server, script = await session_with(serve, Session.noop, command_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandTimeout)
    await serve_one(server)


async def test_no_reply_after_a_hangup_is_waited_for_shortly(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.play("x"), hangup_reply_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk"))
        await asterisk.command()
        asterisk.send(b"HANGUP\n")
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandTimeout)


async def test_no_reply_to_cleanup_after_a_hangup_is_waited_for_shortly(serve: Serve) -> None:
    server, script = await session_with(serve, lambda session: session.noop(), hangup_reply_seconds=0.1)
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("talk") + b"HANGUP\n")
        assert await asterisk.command() == ["NOOP"]
        assert await asterisk.closed() == b""
    assert isinstance(script.error, CommandTimeout)
