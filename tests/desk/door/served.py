"""A desk behind its door on a socket, in a thread of its own, and raw requests to it."""

import asyncio
import logging
import shutil
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from desk.app import create_app
from desk.door.headers import HEADERS
from desk.door.site import serving
from desk.settings import DeskSettings
from dialplan.districts import Districts
from mapper import Edition
from office import Editions
from records import Records, RecordsSettings, Session, open_records, sqlite_url, utc_now
from tests.desk.rig import Phones

T = TypeVar("T")

LONGEST = 1_000_000
PATIENCE = 30.0
"""Of a raw client, on a machine with other things to do."""


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` 0: the connection was closed without an answer."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    def lacks(self) -> list[str]:
        """Headers that every answer has to carry."""
        return [name for name in HEADERS if self.header(name) is None]


class Faults(logging.Handler):
    """What a log must not have: errors and tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.lines.append(logging.Formatter().format(record))


@dataclass
class Served:
    """The running desk."""

    address: tuple[str, int]
    app: web.Application
    records: Records
    faults: Faults
    loop: asyncio.AbstractEventLoop
    _sessions: dict[str, Session] = field(default_factory=dict)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have the desk's loop do something."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def session(self, username: str) -> Session:
        """An open session of this person."""
        kept = self._sessions.get(username)
        if kept is None or self.do(self.records.users.session(kept.token)) is None:
            kept = self.do(self.records.users.open_session(username, timedelta(hours=8)))
            self._sessions[username] = kept
        return kept

    def send(self, raw: bytes, *, source: str = "127.0.0.1", until_head: bool = False) -> Answer:
        """Send bytes from a loopback address and read the answer."""
        with socket.create_connection(self.address, PATIENCE, (source, 0)) as wire:
            found = b""
            try:
                wire.sendall(raw)
                while len(found) < LONGEST:
                    if until_head and b"\r\n\r\n" in found:
                        break
                    part = wire.recv(65_536)
                    if not part:
                        break
                    found += part
            except ConnectionError:
                pass
        return parsed(found)


def parsed(found: bytes) -> Answer:
    """The last answer in what was received; interim ones are passed over."""
    head, _, body = found.partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    if text.startswith("HTTP/1.1 100"):
        return parsed(body)
    status = int(text.split(" ", 2)[1]) if text.startswith("HTTP/") else 0
    return Answer(status, text, body)


@contextmanager
def served(
    people: Path, folder: Path, edition: Edition, districts: Districts, settings: DeskSettings
) -> Iterator[Served]:
    """Serve a copy of the database of ``people`` until the context ends."""
    file = Path(shutil.copy(people, folder / "records.sqlite"))
    ready: list[Served] = []
    failed: list[BaseException] = []
    started, stop = threading.Event(), threading.Event()
    faults = Faults()

    async def serve() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.run_in_executor(None, lambda: (stop.wait(), loop.call_soon_threadsafe(ended.set)))
        quick = RecordsSettings(hash_memory_mib=8)
        async with await open_records(sqlite_url(file), clock=utc_now, settings=quick) as records:
            app = create_app(
                records=records, editions=Editions(folder, lambda: edition), switchboard=Phones(utc_now),
                districts=districts, settings=settings, clock=utc_now, recordings=folder,
            )  # fmt: skip
            async with serving(app, settings, shutdown_seconds=0.5) as address:
                ready.append(Served(address, app, records, faults, loop))
                started.set()
                await ended.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            failed.append(error)
        finally:
            started.set()

    logging.getLogger().addHandler(faults)
    thread = threading.Thread(target=run, name="served desk")
    thread.start()
    try:
        assert started.wait(60)
        if failed:
            raise failed[0]
        yield ready[0]
    finally:
        stop.set()
        thread.join(30)
        logging.getLogger().removeHandler(faults)
    assert not thread.is_alive()
    assert not failed
