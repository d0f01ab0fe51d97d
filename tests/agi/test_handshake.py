"""Peers that call no conversation: scans, stalled and spoilt environments, too many at once."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from agi.session import Session
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.scripts import Serve, empty, serve_one, session_with, six_commands


async def test_an_ordinary_session(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    for _ in range(3):
        await serve_one(server)
    await empty(server)


async def test_port_scan(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    for _ in range(200):
        _, writer = await asyncio.open_connection(*server.address)
        writer.transport.abort()
    await empty(server)
    await serve_one(server)


@pytest.mark.parametrize("dribble", [False, True])
async def test_stalled_handshake_is_closed(serve: Serve, dribble: bool) -> None:
    server = await serve({"good": six_commands}, handshake_seconds=0.15)
    async with FakeAsterisk(server.address) as asterisk:
        head = environment("good")
        if dribble:

            async def drip() -> None:
                for byte in head:
                    asterisk.send(bytes([byte]))
                    await asyncio.sleep(0.01)

            drops = asyncio.create_task(drip())
        else:
            asterisk.send(head[:100])
        assert await asterisk.closed() == b""
        if dribble:
            drops.cancel()
            await asyncio.wait({drops})
    await empty(server)
    await serve_one(server)


@pytest.mark.parametrize(
    "spoilt",
    [
        environment("good", ["call"]).replace(b"agi_type", b"agi_\xff\xfe\xe0\xa4type"),
        environment("good", ["call"]).replace(b"agi_dnid: 181", b"no colon here"),
        environment("good", ["call"]).replace(b"agi_dnid: 181", b"agi_dnid: \x00\x00"),
        environment("good", ["call"]).replace(b"\n", b"\r\n"),
    ],
)
async def test_spoilt_environment_is_served(serve: Serve, spoilt: bytes) -> None:
    server = await serve({"good": six_commands})
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(spoilt)
        assert await asterisk.command() == ["SET", "VARIABLE", "X", "0"]


async def test_environment_of_26_mb_is_cut(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    tracemalloc.start()
    async with FakeAsterisk(server.address) as asterisk:
        line = b"agi_arg_1: " + b"x" * 1013 + b"\n"
        with pytest.raises(ConnectionError):
            await asterisk.flood(line, 26_000)
    await empty(server)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    await serve_one(server)


async def test_http_is_refused(serve: Serve) -> None:
    server = await serve({"good": six_commands})
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n")
        assert await asterisk.closed() == b""


async def test_unknown_script_is_told(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = await serve({"good": six_commands})
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("no%0Asuch%20thing", ["call"]))
        words = await asterisk.command()
        assert words[0] == "VERBOSE"
        assert "there is no script" in words[1]
        asterisk.send(b"200 result=1\n")
        assert await asterisk.closed() == b""
    assert 'event=unknown-script script="no\\nsuch thing" call=call' in caplog.text


async def test_500_connections_at_once(serve: Serve) -> None:
    server = await serve({"good": six_commands})

    await asyncio.gather(*(serve_one(server) for _ in range(500)))
    await empty(server)


async def test_beyond_the_session_limit_connections_close_at_once(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server, _ = await session_with(serve, Session.noop, max_sessions=2)
    async with FakeAsterisk(server.address) as one, FakeAsterisk(server.address) as two:
        for held in (one, two):
            held.send(environment("talk"))
            assert await held.command() == ["NOOP"]
        for _ in range(5):
            async with FakeAsterisk(server.address) as three:
                assert await three.closed() == b""
        one.send(b"200 result=0\n")
        assert await one.closed() == b""
        await serve_one(server)
    assert caplog.text.count("event=session-refused") == 1
    assert "agi.max_sessions" in caplog.text
