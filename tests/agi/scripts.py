"""Conversations that tests of the service run, and what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from agi.server import FastAgiServer
from agi.session import Session
from tests.agi.fake_asterisk import FakeAsterisk, environment, until

Serve = Callable[..., Awaitable[FastAgiServer]]


class Script:
    """A conversation made of any steps; remembers how it ended."""

    def __init__(self, talk: Callable[[Session], Awaitable[object]]) -> None:
        self.talk = talk
        self.result: object = None
        self.error: BaseException | None = None
        self.finished = asyncio.Event()

    async def __call__(self, session: Session) -> None:
        try:
            self.result = await self.talk(session)
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.finished.set()

    async def end(self) -> None:
        await asyncio.wait_for(self.finished.wait(), 5)


async def six_commands(session: Session) -> str | None:
    for number in range(5):
        await session.set_variable("X", str(number))
    return await session.get_variable("X")


async def serve_one(server: FastAgiServer) -> None:
    """A whole ordinary call: the proof that the service still serves."""
    async with FakeAsterisk(server.address) as asterisk:
        asterisk.send(environment("good", ["call"]))
        for number in range(5):
            assert await asterisk.command() == ["SET", "VARIABLE", "X", str(number)]
            asterisk.send(b"200 result=1\n")
        assert await asterisk.command() == ["GET", "FULL", "VARIABLE", "${X}"]
        asterisk.send(b"200 result=1 (4)\n")
        assert await asterisk.closed() == b""


async def empty(server: FastAgiServer) -> None:
    """Wait until no connection is left."""
    await until(lambda: not server.sessions)


async def session_with(
    serve: Serve, talk: Callable[[Session], Awaitable[object]], **limits: float
) -> tuple[FastAgiServer, Script]:
    script = Script(talk)
    server = await serve({"good": six_commands, "talk": script}, **limits)
    return server, script
