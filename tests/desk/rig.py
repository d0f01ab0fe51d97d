"""A desk on real records with played telephones, and people who use it as programs do."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from records import CallStart, Records
from switchboard import Answered, CallEnded, Event, LiveState, Queued, RingEnded, Ringing, Subscription

PASSWORD = "Rajgarh-181"
CALLER = "09826012345"
JSON = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@dataclass
class FakeClock:
    """Stands still until a test moves it."""

    now: datetime = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class Phones:
    """The switchboard as the desk sees it; tests say what happens."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.state = LiveState()
        self.connected = True
        self.subscriptions: set[Subscription] = set()
        self._clock = clock

    def subscribe(self, maxlen: int = 256) -> Subscription:
        subscription = Subscription(maxlen, self._clock, self.subscriptions.discard)
        self.subscriptions.add(subscription)
        return subscription

    def tell(self, *events: Event) -> None:
        for event in events:
            for subscription in list(self.subscriptions):
                subscription.put(event)

    def queue(self, call_id: str, caller: str = CALLER) -> None:
        self.tell(Queued(self._clock(), call_id, "district-39", caller))

    def ring(self, call_id: str, extension: str = "2001", caller: str = CALLER) -> None:
        self.tell(Ringing(self._clock(), call_id, extension, "district-39", caller, "39"))

    def ring_end(self, call_id: str, extension: str = "2001") -> None:
        self.tell(RingEnded(self._clock(), call_id, extension))

    def answer(self, call_id: str, extension: str = "2001") -> None:
        self.tell(Answered(self._clock(), call_id, extension, "district-39"))

    def end(self, call_id: str) -> None:
        self.tell(CallEnded(self._clock(), call_id, 16))


@dataclass
class Message:
    """One server-sent event."""

    name: str
    data: dict[str, Any]
    id: str | None


class Stream:
    """An open ``/events``."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self, name: str | None = None, seconds: float = 2.0) -> Message:
        """The next event, or the next of that name; others are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                message = await self._read()
                if name is None or message.name == name:
                    return message

    async def ended(self, seconds: float = 2.0) -> bool:
        """Read until the server closes the stream."""
        async with asyncio.timeout(seconds):
            while await self.response.content.readline():
                pass
        return True

    async def _read(self) -> Message:
        fields: dict[str, str] = {}
        while True:
            line = (await self.response.content.readline()).decode()
            if not line:
                raise EOFError("the stream ended")
            if line == "\n":
                if "event" in fields:
                    return Message(fields["event"], json.loads(fields["data"]), fields.get("id"))
                fields = {}
            elif not line.startswith(":"):
                key, _, value = line.rstrip("\n").partition(": ")
                fields[key] = value


@dataclass
class Person:
    """Somebody with a browser: cookies, the CSRF token, requests as JSON or as forms."""

    session: ClientSession
    server: TestServer
    csrf: str = ""

    async def log_in(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        async with self.session.post(
            self.server.make_url("/login"), json={"username": username, "password": password}
        ) as response:
            body: dict[str, Any] = await response.json()
            assert response.status == 200, body
        self.csrf = body["csrf"]
        return body

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(
            self.server.make_url(path), headers={**BROWSER, **headers}, allow_redirects=False
        ) as response:
            return response.status, await response.text()

    async def get_json(self, path: str) -> tuple[int, Any]:
        async with self.session.get(self.server.make_url(path), headers=JSON) as response:
            return response.status, await response.json()

    async def post_json(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        async with self.session.post(
            self.server.make_url(path), json=body, headers={**JSON, "X-CSRF-Token": self.csrf, **headers}
        ) as response:
            return response.status, await response.json()

    async def post_form(self, path: str, data: dict[str, str], **headers: str) -> ClientResponse:
        response = await self.session.post(
            self.server.make_url(path), data=data, headers={**BROWSER, **headers}, allow_redirects=False
        )
        await response.read()
        return response

    @asynccontextmanager
    async def events(self, last_id: str | None = None) -> AsyncIterator[Stream]:
        """Open ``/events`` and wait for its hello."""
        headers = {"Last-Event-ID": last_id} if last_id else {}
        async with self.session.get(self.server.make_url("/events"), headers=headers) as response:
            assert response.status == 200
            stream = Stream(response)
            assert (await stream.next()).name == "hello"
            yield stream


@dataclass
class Rig:
    """The whole test desk."""

    server: TestServer
    records: Records
    phones: Phones
    clock: FakeClock
    _sessions: list[ClientSession] = field(default_factory=list)

    def visitor(self) -> Person:
        """Somebody not logged in, with a browser of his own."""
        session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self._sessions.append(session)
        return Person(session, self.server)

    async def person(self, username: str) -> Person:
        """Somebody logged in."""
        person = self.visitor()
        await person.log_in(username)
        return person

    async def call(self, call_id: str, caller: str = CALLER, *keys: str) -> None:
        """A call as the conversations record it before it rings."""
        e164 = f"+91{caller[-10:]}"
        await self.records.calls.start(CallStart(call_id, caller, e164, "181", "PJSIP/trunk-1", self.clock()))
        for key in keys:
            await self.records.calls.step(
                call_id, self.clock(), "key", {"prompt": "ask-district", "key": key}
            )
        await self.records.calls.set_district(call_id, "39")

    async def close(self) -> None:
        for session in self._sessions:
            await session.close()


def field_value(html: str, name: str) -> str:
    """Value of a form's input."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]
