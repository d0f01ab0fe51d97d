"""What can befall a running centre's database, as context managers: it is so inside, and well again after."""

import asyncio
import contextlib
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import psutil

from tests.records.postgres_fixture import Server, administer

Trouble = Callable[[], AbstractAsyncContextManager[None]]
DISK = "128m"
_MEBIBYTE = bytes(1 << 20)


@asynccontextmanager
async def none() -> AsyncIterator[None]:
    """Nothing befalls it: what the others are compared with."""
    yield


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Another process writes to the SQLite file and does not come to an end."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=10)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A disk of its own in memory, removed at the end; None without the right to make one."""
    folder = Path(tempfile.mkdtemp(prefix="h181-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        try:
            yield folder if mounted else None
        finally:
            if mounted:
                # Lazily: whoever still has a file open there must not keep it in the tree.
                subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


@asynccontextmanager
async def full(disk: Path) -> AsyncIterator[None]:
    """Not a byte is left on the disk."""
    filler = disk / "filler"
    try:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(_MEBIBYTE):
                pass
        yield
    finally:
        filler.unlink()


@asynccontextmanager
async def refusing(server: Server, database: str) -> AsyncIterator[None]:
    """PostgreSQL throws everybody out of the database and lets nobody in."""
    allow = f"ALTER DATABASE {database} ALLOW_CONNECTIONS"
    await asyncio.to_thread(administer, server, f"{allow} false")
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608
    await asyncio.to_thread(administer, server, ends)
    try:
        yield
    finally:
        await asyncio.to_thread(administer, server, f"{allow} true")


@asynccontextmanager
async def hanging(server: Server) -> AsyncIterator[None]:
    """PostgreSQL takes what it is sent and never answers."""
    main = psutil.Process(server.process.pid)
    stopped = [main, *main.children(recursive=True)]
    for process in stopped:
        process.suspend()
    try:
        yield
    finally:
        for process in stopped:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()
