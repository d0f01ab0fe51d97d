"""The scripted executive's hands: uses the desk through its own HTTP interface, as a page would."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from helpline.errors import HelplineError

ANSWER_SECONDS = 10.0
"""The desk answers in milliseconds; a machine that builds its caches meanwhile needs more."""


class DeskRefusedError(HelplineError):
    """The desk answered something else than expected."""


@dataclass(frozen=True)
class Notice:
    """A server-sent event of the desk, and when it came (seconds of the event loop's clock)."""

    name: str
    data: dict[str, Any]
    at: float


class Clerk:
    """One logged-in person at the desk. An async context manager; entering logs in and listens for events."""

    def __init__(self, address: tuple[str, int], username: str, password: str) -> None:
        self._base = f"http://{address[0]}:{address[1]}"
        self._username = username
        self._password = password
        self._csrf = ""
        self._notices: asyncio.Queue[Notice] = asyncio.Queue()
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            self._http = await stack.enter_async_context(
                aiohttp.ClientSession(
                    headers={"Accept": "application/json"},
                    # The desk's cookies are for an address without a name.
                    cookie_jar=aiohttp.CookieJar(unsafe=True),
                    timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
                )
            )
            answer = await self._post("/login", {"username": self._username, "password": self._password})
            self._csrf = str(answer["csrf"])
            stack.push_async_callback(self._log_out)
            events = await stack.enter_async_context(
                self._http.get(f"{self._base}/events", timeout=aiohttp.ClientTimeout(total=None))
            )
            listening = asyncio.create_task(self._listen(events), name="clerk-events")
            stack.push_async_callback(_end, listening)
            await self.told("hello", within=ANSWER_SECONDS)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def told(self, name: str, *, within: float, call_id: str | None = None) -> Notice:
        """Wait for the page's event ``name`` (of a call); others before it are passed over.

        Raises `DeskRefusedError` after ``within`` seconds.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    notice = await self._notices.get()
                    if notice.name == name and call_id in (None, notice.data.get("call_id")):
                        return notice
        except TimeoutError:
            raise DeskRefusedError(f"the desk did not tell of {name!r} within {within:g} s") from None

    async def panel(self, call_id: str) -> dict[str, Any]:
        """What the call's panel shows."""
        return await self._get(f"/calls/{call_id}")

    async def find_place(self, text: str) -> dict[str, Any]:
        """The best place for what was typed. Raises `DeskRefusedError` when none is found."""
        return _first(await self._get("/places", q=text), "places", text)

    async def find_type(self, text: str) -> dict[str, Any]:
        """The best complaint type for what was typed."""
        return _first(await self._get("/types", q=text), "types", text)

    async def save(self, **fields: str) -> dict[str, Any]:
        """Register a complaint; the desk's JSON answer."""
        return await self._post("/complaints", {"key": uuid.uuid4().hex, **fields})

    async def _get(self, path: str, **query: str) -> dict[str, Any]:
        async with self._http.get(f"{self._base}{path}", params=query) as response:
            return await _answer(response)

    async def _post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        headers = {"X-CSRF-Token": self._csrf}
        async with self._http.post(f"{self._base}{path}", json=fields, headers=headers) as response:
            return await _answer(response)

    async def _log_out(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, DeskRefusedError):
            await self._post("/logout", {})

    async def _listen(self, events: aiohttp.ClientResponse) -> None:
        with contextlib.suppress(aiohttp.ClientError):
            async for notice in _notices(events):
                self._notices.put_nowait(notice)


async def _notices(events: aiohttp.ClientResponse) -> AsyncIterator[Notice]:
    """Server-sent events as the HTML standard frames them; comments and ids are passed over."""
    name, data = "message", ""
    async for raw in events.content:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data:
                yield Notice(name, json.loads(data), asyncio.get_running_loop().time())
            name, data = "message", ""
        elif line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            data += line.removeprefix("data:").strip()


async def _answer(response: aiohttp.ClientResponse) -> dict[str, Any]:
    answer: dict[str, Any] = await response.json()
    if response.status >= 400:
        what = answer.get("error") or answer.get("errors") or response.reason
        raise DeskRefusedError(f"the desk refused {response.method} {response.url.path}: {what}")
    return answer


def _first(answer: dict[str, Any], name: str, text: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = answer[name]
    if not found:
        raise DeskRefusedError(f"the desk finds nothing in {name} for {text!r}")
    return found[0]


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
