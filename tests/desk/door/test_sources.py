"""Addresses, and whom a proxy may speak for."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from desk.door.proxies import see_through
from desk.door.sources import is_trusted, networks, source_of
from desk.settings import DeskSettings


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_one_subscriber_is_one_source(address: str | None, source: str) -> None:
    assert source_of(address) == source


def test_proxies_are_addresses_or_networks() -> None:
    trusted = networks(("10.0.0.0/24", "2001:db8::1"))
    assert is_trusted("10.0.0.77", trusted)
    assert is_trusted("::ffff:10.0.0.77", trusted)
    assert not is_trusted("10.0.1.77", trusted)
    with pytest.raises(ValueError, match=r"trusted_proxies: 'proxy\.example'"):
        DeskSettings(trusted_proxies=("proxy.example",))


async def seen(trusted: tuple[str, ...], *headers: tuple[str, str]) -> tuple[str, str, str]:
    """Remote, scheme and host as a handler sees them of a request from 127.0.0.1."""

    async def tell(request: web.Request) -> web.Response:
        return web.json_response([request.remote, request.scheme, request.host])

    app = web.Application(middlewares=[see_through(networks(trusted))])
    app.add_routes([web.get("/", tell)])
    async with (
        TestClient(TestServer(app)) as client,
        client.get("/", headers=[("Host", "desk"), *headers]) as got,
    ):
        assert got.status == 200
        remote, scheme, host = await got.json()
        return remote, scheme, host


FORGED = (
    ("X-Forwarded-For", "203.0.113.7"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "evil.example"),
    ("Forwarded", "for=203.0.113.7;host=evil.example;proto=https"),
    ("X-Real-IP", "203.0.113.7"),
)


async def test_without_a_trusted_proxy_nobody_is_believed() -> None:
    assert await seen((), *FORGED) == ("127.0.0.1", "http", "desk")
    assert await seen(("10.0.0.1",), *FORGED) == ("127.0.0.1", "http", "desk")


@pytest.mark.parametrize(
    ("value", "remote"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 10.0.0.5", "203.0.113.7"),
        ("unknown, 203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("nonsense", "127.0.0.1"),
        ("198.51.100.1, nonsense", "127.0.0.1"),
        (", ,", "127.0.0.1"),
        ("\xff", "127.0.0.1"),
        (",".join(["198.51.100.1"] * 500), "198.51.100.1"),
    ],
)
async def test_a_trusted_proxy_says_who_asks(value: str, remote: str) -> None:
    assert (await seen(("127.0.0.1", "10.0.0.0/24"), ("X-Forwarded-For", value)))[0] == remote


async def test_a_proxy_tells_the_scheme_and_nobody_the_host() -> None:
    told = ("X-Forwarded-For", "203.0.113.7")
    trusted = ("127.0.0.1",)
    assert await seen(trusted, *FORGED) == ("203.0.113.7", "https", "desk")
    assert (await seen(trusted, told, ("X-Forwarded-Proto", "http, https")))[1] == "https"
    assert (await seen(trusted, told, ("X-Forwarded-Proto", "gopher")))[1] == "http"
    lines = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.7")]
    assert (await seen(trusted, *lines))[0] == "203.0.113.7"
