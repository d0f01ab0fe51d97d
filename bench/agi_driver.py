"""A fake Asterisk for the agi bench: it opens sessions, answers every command, and looks at the clock."""

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import cast

FIELDS = {
    "network": "yes",
    "network_script": "bench",
    "request": "agi://127.0.0.1/bench",
    "channel": "PJSIP/trunk-00000001",
    "language": "hi",
    "type": "PJSIP",
    "uniqueid": "1767225600.1",
    "version": "22.0.0",
    "callerid": "9826012345",
    "calleridname": "unknown",
    "callingpres": "0",
    "callingani2": "0",
    "callington": "0",
    "callingtns": "0",
    "dnid": "181",
    "rdnis": "unknown",
    "context": "inbound",
    "extension": "s",
    "priority": "1",
    "enhanced": "0.0",
    "accountcode": "",
    "threadid": "139637",
    "arg_1": "00000000-0000-4000-8000-000000000000",
}
ENVIRONMENT = "".join(f"agi_{name}: {value}\n" for name, value in FIELDS.items()).encode() + b"\n"
REPLY = b"200 result=0\n"
COMMANDS = 6
BURST = 500
BURST_SECONDS = 0.1
_STEPS = itertools.count()


class Call(asyncio.Protocol):
    """One session as Asterisk has it. `think` is what a command takes there, about; infinite: for ever."""

    def __init__(self, think: float, over: "Callable[[Call], None]") -> None:
        self.turnarounds: list[float] = []
        """Seconds from each reply to the next command."""
        self.commands = 0
        self.first: float | None = None
        """When the first command came."""
        self.began = time.perf_counter()
        self.begun = asyncio.Event()
        """The first command came, or none will come."""
        self.transport: asyncio.Transport | None = None
        self._think = think
        self._over = over
        self._asked = self.began
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asterisk speaks first."""
        self.transport = cast(asyncio.Transport, transport)
        self._asked = time.perf_counter()
        self.transport.write(ENVIRONMENT)

    def data_received(self, data: bytes) -> None:
        """A command, in one piece as every server here writes it."""
        now = time.perf_counter()
        for _ in range(data.count(b"\n")):
            if self.first is None:
                self.first = now
                self.begun.set()
            else:
                self.turnarounds.append(now - self._asked)
            self.commands += 1
            if self._think == 0:
                self._reply()
            elif self._think != float("inf"):
                # Not all alike, or sessions opened together would stay together.
                spread = 0.5 + next(_STEPS) * 0.618 % 1
                self._loop.call_later(self._think * spread, self._reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """The session is over."""
        self.begun.set()
        self._over(self)

    def close(self) -> None:
        """Hang up without a word."""
        if self.transport is not None:
            self.transport.abort()

    def _reply(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self._asked = time.perf_counter()
            self.transport.write(REPLY)


async def run_sessions(port: int, at_once: int, think: float, seconds: float) -> list[Call]:
    """`at_once` sessions open all the time, for `seconds`; those that ended well.

    With `think` they are opened over that time, so that their commands are spread; what they noted until
    all were open is taken away, and those still open at the end are given too.
    """
    loop = asyncio.get_running_loop()
    done: list[Call] = []
    idle = asyncio.Event()
    running: set[asyncio.Task[None]] = set()
    live: set[Call] = set()
    until = float("inf")

    def over(call: Call) -> None:
        live.discard(call)
        if loop.time() < until and call.commands == COMMANDS:
            done.append(call)
            begin()
        elif not live:
            idle.set()

    def begin() -> None:
        task = loop.create_task(connect())
        running.add(task)
        task.add_done_callback(running.discard)

    async def connect() -> None:
        _, call = await loop.create_connection(lambda: Call(think, over), "127.0.0.1", port)
        live.add(call)

    for number in range(at_once):
        begin()
        if think and number % 20 == 19:
            await asyncio.sleep(think * 20 / at_once)
    for call in [*done, *live]:
        call.turnarounds.clear()
    until = loop.time() + seconds
    await asyncio.sleep(seconds)
    if running:
        await asyncio.wait(running, timeout=5)
    found = [*done, *live] if think else done
    for call in list(live):
        call.close()
    if live:
        async with asyncio.timeout(10):
            await idle.wait()
    return found


async def hold_open(port: int, count: int) -> list[Call]:
    """`count` sessions whose first command has come and stays unanswered."""
    loop = asyncio.get_running_loop()
    calls = []
    for number in range(count):
        _, call = await loop.create_connection(lambda: Call(float("inf"), lambda _: None), "127.0.0.1", port)
        calls.append(call)
        if number % 50 == 49:
            await asyncio.sleep(0.02)
    async with asyncio.timeout(20):
        for call in calls:
            await call.begun.wait()
    return calls


async def burst(port: int) -> tuple[int, float]:
    """`BURST` connects within 100 ms: how many were refused, and milliseconds till the last first command."""
    loop = asyncio.get_running_loop()
    refused = 0
    calls: list[Call] = []

    async def connect() -> None:
        nonlocal refused
        try:
            async with asyncio.timeout(5):
                began = time.perf_counter()
                _, call = await loop.create_connection(
                    lambda: Call(float("inf"), lambda _: None), "127.0.0.1", port
                )
                call.began = began
                calls.append(call)
                await call.begun.wait()
        except (OSError, TimeoutError):
            refused += 1
        else:
            refused += call.first is None

    tasks = []
    began = loop.time()
    for number in range(BURST):
        tasks.append(loop.create_task(connect()))
        ahead = began + (number + 1) * BURST_SECONDS / BURST - loop.time()
        if ahead > 0:
            await asyncio.sleep(ahead)
    await asyncio.gather(*tasks)
    slowest = max((call.first - call.began for call in calls if call.first is not None), default=0.0)
    for call in calls:
        call.close()
    await asyncio.sleep(0.1)
    return refused, slowest * 1e3
