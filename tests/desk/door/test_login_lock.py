"""Logging in while somebody guesses: straight, behind a proxy, with forged headers, from one's browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector, web
from aiohttp.test_utils import TestServer

from tests.desk.conftest import MakeRig
from tests.desk.rig import JSON, PASSWORD, Rig

PROXY = "127.0.0.250"
THIEF, HOME, OFFICE = "127.0.0.66", "127.0.0.7", "127.0.0.8"


async def proxy_before(rig: Rig, stack: AsyncExitStack) -> TestServer:
    """A reverse proxy as nginx is one: it adds its peer to what the header said before."""
    onward = await stack.enter_async_context(
        ClientSession(connector=TCPConnector(local_addr=(PROXY, 0)), cookie_jar=CookieJar(unsafe=True))
    )

    async def forward(request: web.Request) -> web.Response:
        told = ", ".join([*request.headers.getall("X-Forwarded-For", []), str(request.remote)])
        kept = {name: request.headers[name] for name in ("Content-Type", "Accept") if name in request.headers}
        body = await request.read()
        onward.cookie_jar.clear()
        url = rig.server.make_url(request.path)
        async with onward.post(url, data=body, headers={**kept, "X-Forwarded-For": told}) as answer:
            return web.Response(status=answer.status, body=await answer.read())

    app = web.Application()
    app.add_routes([web.post("/{path:.*}", forward)])
    server = TestServer(app)
    await server.start_server()
    stack.push_async_callback(server.close)
    return server


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


async def client(source: str, stack: AsyncExitStack) -> ClientSession:
    """A browser of its own at an address."""
    connector = TCPConnector(local_addr=(source, 0))
    return await stack.enter_async_context(
        ClientSession(connector=connector, cookie_jar=CookieJar(unsafe=True))
    )


async def log_in(
    session: ClientSession,
    server: TestServer,
    username: str,
    password: str = PASSWORD,
    forged: str = "",
    cookie: str = "",
) -> int:
    headers = {**JSON, **({"X-Forwarded-For": forged, "X-Real-IP": forged} if forged else {})}
    if cookie:
        headers["Cookie"] = cookie
    given = {"username": username, "password": password}
    async with session.post(server.make_url("/login"), json=given, headers=headers) as answer:
        return answer.status


async def test_a_proxys_one_address_shuts_no_colleague_out(make_rig: MakeRig, stack: AsyncExitStack) -> None:
    rig = await make_rig(trusted_proxies=(PROXY,))
    proxy = await proxy_before(rig, stack)
    thief, home = await client(THIEF, stack), await client(HOME, stack)
    tried = [await log_in(thief, proxy, "sunita", f"wrong{each}") for each in range(7)]
    assert tried == [401] * 5 + [429] * 2
    assert await log_in(home, proxy, "sunita") == 200
    for each in range(30):
        await log_in(thief, proxy, f"name{each}", "wrong")
    assert await log_in(thief, proxy, "ramesh") == 429
    assert await log_in(home, proxy, "ramesh") == 200


@pytest.mark.parametrize("trusted", [(), (PROXY,)], ids=["no proxy", "behind a proxy"])
async def test_a_forged_header_gives_no_more_tries(
    make_rig: MakeRig, stack: AsyncExitStack, trusted: tuple[str, ...]
) -> None:
    rig = await make_rig(trusted_proxies=trusted)
    server = await proxy_before(rig, stack) if trusted else rig.server
    thief = await client(THIEF, stack)
    same = [
        await log_in(thief, server, "sunita", f"wrong{each}", f"198.51.100.{each}, {PROXY}")
        for each in range(9)
    ]
    assert same == [401] * 5 + [429] * 4
    many = [await log_in(thief, server, f"name{each}", "wrong", f"2001:db8:{each}::1") for each in range(25)]
    assert many.count(401) == 15


async def test_a_proxy_that_is_not_in_the_settings_leaves_ones_own_browser_free(
    make_rig: MakeRig, stack: AsyncExitStack
) -> None:
    rig = await make_rig()
    thief, own = await client(PROXY, stack), await client(PROXY, stack)
    assert await log_in(own, rig.server, "sunita") == 200
    for each in range(30):
        await log_in(thief, rig.server, "sunita", "wrong")
        await log_in(thief, rig.server, f"name{each}", "wrong")
    assert await log_in(thief, rig.server, "sunita") == 429
    assert await log_in(own, rig.server, "sunita") == 200
    assert [await log_in(own, rig.server, "sunita", "wrong") for _ in range(6)] == [401] * 5 + [429]


async def test_the_device_cookie_is_one_persons_and_ends_with_the_password(
    make_rig: MakeRig, stack: AsyncExitStack
) -> None:
    rig = await make_rig(login_tries=1)
    own, other = await client(HOME, stack), await client(HOME, stack)
    assert await log_in(own, rig.server, "sunita") == 200
    cookies = {each.key: each for each in own.cookie_jar}
    (name,) = [key for key in cookies if key.startswith("h181_device_")]
    assert cookies[name]["path"] == "/login"
    assert cookies[name]["httponly"]
    assert cookies[name]["samesite"] == "Strict"
    value = cookies[name].value
    assert "sunita" not in value + name
    forged = value[:-1] + ("0" if value[-1] != "0" else "1")
    await log_in(other, rig.server, "sunita", "wrong")
    for cookie, status in ((f"{name}={forged}", 429), (f"{name}={value}", 200)):
        assert await log_in(await client(HOME, stack), rig.server, "sunita", cookie=cookie) == status
    await rig.records.users.set_password("sunita", "Naya-Shabd-77-Pul")
    await log_in(other, rig.server, "sunita", "wrong")
    assert await log_in(own, rig.server, "sunita", "Naya-Shabd-77-Pul") == 429, "a stranger again"


async def test_forty_wrong_passwords_at_once_keep_nobody_waiting(rig: Rig, stack: AsyncExitStack) -> None:
    thief, other = await client(THIEF, stack), await client(OFFICE, stack)
    guesses = [asyncio.create_task(log_in(thief, rig.server, f"name{each}", "wrong")) for each in range(40)]
    await asyncio.sleep(0)
    asked, given = asyncio.get_running_loop().time(), {"username": "sunita", "password": PASSWORD}
    async with other.post(rig.server.make_url("/login"), json=given, headers=JSON) as answer:
        assert answer.status == 200
    took = asyncio.get_running_loop().time() - asked
    statuses = await asyncio.gather(*guesses)
    assert took < 5
    assert statuses.count(401) <= 20
    assert set(statuses) <= {401, 429, 503}


async def test_who_is_sent_away_is_told_to_come_again(make_rig: MakeRig, stack: AsyncExitStack) -> None:
    rig = await make_rig(login_waiting=1, login_source_tries=100)
    thief = await client(THIEF, stack)

    async def guess(each: int) -> tuple[int, str | None, str]:
        given = {"username": f"name{each}", "password": "wrong"}
        async with thief.post(rig.server.make_url("/login"), json=given, headers=JSON) as answer:
            return answer.status, answer.headers.get("Retry-After"), (await answer.json())["error"]

    answers = await asyncio.gather(*map(guess, range(30)))
    busy = [each for each in answers if each[0] == 503]
    assert busy
    assert busy[0][1] == "3"
    assert "कुछ सेकंड बाद" in busy[0][2]
