"""A manager interface that does as it is told: answers, keeps silent, refuses, breaks off."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
SECRET = "right"
Headers = list[tuple[str, str]]


def message(*headers: tuple[str, str]) -> bytes:
    """A message on the wire."""
    return ("".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n").encode()


class FakeAmi:
    """A server on a free loopback port; an asynchronous context manager."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[dict[str, str]] = []
        """Every action of every connection, in order."""
        self.raw = b""
        self.connections = 0
        self.silent: set[str] = set()
        """Actions that get no answer."""
        self.errors: dict[str, str] = {}
        """Actions that are refused with this message."""
        self.lists: dict[str, list[Headers]] = {"CoreShowChannels": [], "QueueStatus": []}
        self.hang_up_at_once = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def listen(self) -> None:
        """Start, again on the same port when it was closed."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and break all connections off."""
        if self._server is not None:
            self._server.close()
            await self.drop()
            await self._server.wait_closed()
            self._server = None
        if self._serving:
            await asyncio.wait(self._serving)

    async def drop(self) -> None:
        """Break all connections off."""
        for writer in list(self._writers):
            writer.close()

    async def send(self, data: bytes) -> None:
        """To every client, as it is, in a segment of its own."""
        for writer in list(self._writers):
            writer.write(data)
            await writer.drain()
        # One turn of the loop for the reader on the other side, so that two segments are not read as one.
        for _ in range(3):
            await asyncio.sleep(0)

    async def event(self, name: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        """An event to every client."""
        await self.send(message(("Event", name), *headers))

    def actions(self, name: str) -> list[dict[str, str]]:
        """The actions of this name that arrived."""
        return [action for action in self.received if action["Action"] == name]

    async def arrival(self, name: str, count: int = 1) -> dict[str, str]:
        """Wait until this action has arrived so often; the last of them."""
        async with asyncio.timeout(5), self._arrived:
            await self._arrived.wait_for(lambda: len(self.actions(name)) >= count)
            return self.actions(name)[-1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        if task is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        if self.hang_up_at_once:
            writer.close()
            return
        self._writers.add(writer)
        try:
            writer.write(GREETING)
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                self.raw += block
                action = dict(
                    line.split(": ", 1) for line in block.decode().removesuffix("\r\n\r\n").split("\r\n")
                )
                async with self._arrived:
                    self.received.append(action)
                    self._arrived.notify_all()
                if action["Action"] not in self.silent:
                    writer.write(self._answer(action))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, action: dict[str, str]) -> bytes:
        name, reference = action["Action"], ("ActionID", action["ActionID"])
        if name == "Login" and action["Secret"] != SECRET:
            return message(("Response", "Error"), reference, ("Message", "Authentication failed"))
        if name in self.errors:
            return message(("Response", "Error"), reference, ("Message", self.errors[name]))
        if name not in self.lists:
            return message(("Response", "Success"), reference, ("Message", f"{name} done"))
        answer = message(
            ("Response", "Success"), reference, ("EventList", "start"), ("Message", "list follows")
        )
        answer += b"".join(message(*headers, reference) for headers in self.lists[name])
        return answer + message(("Event", f"{name}Complete"), reference, ("EventList", "Complete"))
