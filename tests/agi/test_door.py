"""Who may connect to the service, and that strangers take nothing from a call."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from agi.door import Door
from agi.server import FastAgiServer
from agi.settings import AgiSettings
from tests.agi.fake_asterisk import FakeAsterisk, environment, until
from tests.agi.scripts import Serve, empty, serve_one, six_commands


@pytest.mark.parametrize(
    ("settings", "source", "admitted"),
    [
        (AgiSettings(), "127.0.0.1", True),
        (AgiSettings(), "::1", True),
        (AgiSettings(), "::ffff:127.0.0.1", True),
        (AgiSettings(), "127.0.0.9", False),
        (AgiSettings(), "10.0.0.1", False),
        (AgiSettings(), "", False),
        (AgiSettings(host="10.0.0.1"), "10.0.0.1", True),
        (AgiSettings(host="0.0.0.0"), "10.0.0.1", False),  # noqa: S104
        (AgiSettings(host="asterisk.example"), "127.0.0.1", True),
        (AgiSettings(asterisk_addresses=("10.1.0.0/24", "fd00::/8")), "10.1.0.77", True),
        (AgiSettings(asterisk_addresses=("10.1.0.0/24", "fd00::/8")), "fd00::1", True),
        (AgiSettings(asterisk_addresses=("10.1.0.0/24",)), "127.0.0.1", False),
        (AgiSettings(asterisk_addresses=("0.0.0.0/0",)), "192.0.2.1", True),
    ],
)
def test_whose_connection_is_taken(settings: AgiSettings, source: str, *, admitted: bool) -> None:
    assert Door[int](settings).admits(source) is admitted


def test_a_setting_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"asterisk_addresses holds 'here'.*10\.1\.0\.0/24"):
        AgiSettings(asterisk_addresses=("here",))


def test_who_has_waited_longest_leaves_of_the_address_that_has_most() -> None:
    door = Door[int](AgiSettings(max_strangers=4, max_source_strangers=3))
    assert [door.enter(one, "a") for one in (1, 2, 3)] == [None] * 3
    assert door.enter(4, "a") == 1
    assert door.enter(5, "b") is None
    assert door.enter(6, "b") == 2
    door.leave(3, "a")
    door.leave(3, "a")
    assert len(door) == 3
    assert door.enter(7, "b") is None


async def test_another_machine_is_closed_at_once(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = await serve({"good": six_commands})
    reader, writer = await asyncio.open_connection(*server.address, local_addr=("127.0.0.9", 0))
    writer.write(environment("good", ["call"]))
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    assert "agi.asterisk_addresses" in caplog.text
    await serve_one(server)


async def hold(server: FastAgiServer, count: int, data: bytes) -> list[asyncio.StreamWriter]:
    """So many peers that say this and no more."""
    held = []
    for _ in range(count):
        _, writer = await asyncio.open_connection(*server.address)
        writer.write(data)
        held.append(writer)
    return held


@pytest.mark.parametrize("data", [b"", b"agi_network: yes\n", environment("good")[:-1]])
async def test_idle_peers_do_not_keep_a_call_out(
    serve: Serve, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """They hold every place that strangers have, and would for a minute."""
    server = await serve(
        {"good": six_commands},
        max_sessions=5,
        max_strangers=40,
        max_source_strangers=30,
        handshake_seconds=60,
    )
    held = await hold(server, 80, data)
    await until(lambda: server.sessions <= 30)
    for _ in range(20):
        await asyncio.wait_for(serve_one(server), 2)
    await asyncio.gather(*(serve_one(server) for _ in range(5)))
    assert "event=stranger-dropped" in caplog.text
    for writer in held:
        writer.close()
    await empty(server)


async def test_a_peer_that_never_asks_is_closed_soon(serve: Serve) -> None:
    server = await serve({"good": six_commands}, handshake_seconds=0.2)
    async with FakeAsterisk(server.address) as slow:
        for byte in environment("good")[:40]:
            slow.send(bytes([byte]))
            await asyncio.sleep(0.01)
        assert await slow.closed() == b""
    await empty(server)
