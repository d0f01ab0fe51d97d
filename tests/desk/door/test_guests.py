"""Half-sent requests, floods of connections, and the people who work meanwhile."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from desk.settings import DeskSettings
from dialplan.districts import Districts
from mapper import Edition
from tests.desk.door.served import PATIENCE, Served, parsed, served

Serve = Callable[..., Served]

PAGE = b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
HALF_HEAD = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le"
HALF_BODY = (
    b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
)


@pytest.fixture
def serve(people: Path, tmp_path: Path, edition: Edition, districts: Districts) -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(
            served(people, tmp_path, edition, districts, DeskSettings(port=0, **given))
        )


@contextmanager
def half_sent(desk: Served, many: int, raw: bytes, sources: int = 1) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        wires = []
        for each in range(many):
            source = f"127.1.0.{1 + each % sources}"
            wire = stack.enter_context(socket.create_connection(desk.address, PATIENCE, (source, 0)))
            wire.sendall(raw)
            wires.append(wire)
        yield wires


def page_of(desk: Served, username: str) -> bytes:
    cookie = f"Cookie: h181_session={desk.session(username).token}\r\n".encode()
    return b"GET /mine HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + cookie + b"\r\n"


@pytest.mark.parametrize("raw", [b"", HALF_HEAD, HALF_BODY], ids=["silent", "half a head", "half a body"])
@pytest.mark.parametrize("sources", [1, 40])
def test_a_thousand_half_sent_requests_keep_nobody_out(serve: Serve, raw: bytes, sources: int) -> None:
    desk = serve()
    with half_sent(desk, 1100, raw, sources):
        began = time.monotonic()
        assert desk.send(PAGE, source="127.0.0.9").status == 200
        assert desk.send(page_of(desk, "sunita"), source="127.0.0.9").status == 200
        assert desk.send(PAGE, source="127.1.0.1").status == 200, "from the very address of the flood"
        assert time.monotonic() - began < 15
    assert desk.faults.lines == []


def test_a_stream_outlives_the_flood_and_the_time_limits(serve: Serve) -> None:
    brief = {"head_seconds": 0.2, "body_seconds": 0.2, "idle_seconds": 0.3, "heartbeat_seconds": 0.2}
    desk = serve(**brief, connections=60, connections_reserved=20)
    cookie = f"Cookie: h181_session={desk.session('sunita').token}\r\n".encode()
    with socket.create_connection(desk.address, PATIENCE) as stream:
        stream.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n" + cookie + b"\r\n")
        found = b""
        while b"hello" not in found:
            found += stream.recv(65_536)
        with half_sent(desk, 200, HALF_HEAD, 8):
            while found.count(b"event: beat") < 5:
                part = stream.recv(65_536)
                assert part, "the stream was closed"
                found += part


@pytest.mark.parametrize(("raw", "status"), [(b"", 0), (HALF_HEAD, 0), (HALF_BODY, 408)])
def test_what_does_not_come_in_time_is_not_waited_for(serve: Serve, raw: bytes, status: int) -> None:
    desk = serve(head_seconds=0.2, body_seconds=0.2)
    assert desk.send(raw).status == status


def test_drops_of_a_head_do_not_lengthen_its_time(serve: Serve) -> None:
    desk = serve(head_seconds=0.4)
    with socket.create_connection(desk.address, 0.05) as wire:
        wire.sendall(HALF_HEAD)
        for _ in range(int(PATIENCE / 0.05)):
            try:
                if not wire.recv(100):
                    break
            except TimeoutError:
                wire.sendall(b"n")
            except ConnectionError:
                break
        else:
            pytest.fail("the connection is still open")


def test_who_is_logged_in_has_room_when_strangers_have_taken_theirs(serve: Serve) -> None:
    desk = serve(connections=12, connections_reserved=6, connections_per_user=4)
    with ExitStack() as stack:
        wires = []
        for _ in range(4):
            wire = stack.enter_context(socket.create_connection(desk.address, PATIENCE))
            wire.sendall(page_of(desk, "sunita").replace(b"Connection: close\r\n", b""))
            assert wire.recv(65_536).startswith(b"HTTP/1.1 200")
            wires.append(wire)
        with half_sent(desk, 60, HALF_BODY, 6):
            for wire in wires:
                wire.sendall(page_of(desk, "sunita"))
                assert parsed(wire.recv(65_536)).status == 200
