"""Taking a copy of the book, as it stood at one moment, while others write to it.

The copy is always a SQLite file: of SQLite by its own online backup, of PostgreSQL row by row in one
snapshot. So it needs no program of the server's version, and can be put back into either.
"""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from records.book.traces import Known, Traces, refuse_another, refuse_first_start, refuse_to_make
from records.copies.rows import Progress, copy_rows, no_progress
from records.database.database import Database
from records.database.faults import explain
from records.database.sqlite_file import nothing_at
from records.database.urls import Address, address, sqlite_url
from records.errors import RecordsError
from records.migrations.migrate import VERSION_TABLE, head, upgrade, version_of
from records.settings import RecordsSettings

_PAGES = 2048
"""Pages copied between two words of progress, some 8 MB."""
_NO_NUMBER = 0


@dataclass(frozen=True)
class Copied:
    """What a copy holds. ``schema``: its revision. ``identity``: empty for a book of before identities.

    ``highest``: the last running number that was given (`records.numbers`).
    """

    schema: str
    identity: str
    highest: int
    complaints: int
    calls: int


async def take_copy(
    where: Address,
    settings: RecordsSettings,
    traces: Traces,
    file: Path,
    progress: Progress = no_progress,
) -> Copied:
    """Copy the book at ``where`` into ``file``, which is made, for its owner alone.

    Nothing is upgraded or changed; writers are not kept waiting. Raises `RecordsError`, a `LostError` when
    the book is lost or another one lies there.
    """
    known = await asyncio.to_thread(traces.look)
    if where.sqlite_file is not None:
        await asyncio.to_thread(_copy_file, where, where.sqlite_file, known, settings, file, progress)
    else:
        await _copy_server(where, known, settings, file, progress)
    copied = await asyncio.to_thread(examine_copy, file, where.shown)
    if copied.identity:
        refuse_another(known, where.shown, copied.identity)
    return copied


def examine_copy(file: Path, shown: str) -> Copied:
    """What a copy holds. Blocks. Raises `RecordsError` when it is damaged or no book."""
    with _sqlite(file, shown, "ro") as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found[0] != "ok":
            raise RecordsError(
                f"{shown} is damaged ({found[0]}); keep it as it is, and restore the newest backup that"
                " verifies clean"
            )
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if VERSION_TABLE not in tables or "calls" not in tables:
            raise RecordsError(f"{shown} is a database of another program; correct records.url")

        def one(statement: str, table: str) -> str | int | None:
            row = connection.execute(statement).fetchone() if table in tables else None
            return None if row is None else row[0]

        return Copied(
            str(one(f"SELECT version_num FROM {VERSION_TABLE}", VERSION_TABLE) or ""),  # noqa: S608
            str(one("SELECT identity FROM book", "book") or ""),
            int(one("SELECT value FROM sequences WHERE name = 'complaint'", "sequences") or _NO_NUMBER),
            int(one("SELECT count(*) FROM complaints", "complaints") or 0),
            int(one("SELECT count(*) FROM calls", "calls") or 0),
        )


def _copy_file(
    where: Address,
    source: Path,
    known: Known,
    settings: RecordsSettings,
    file: Path,
    progress: Progress,
) -> None:
    if what := nothing_at(source):
        refuse_first_start(known, where.shown, what)
        refuse_to_make(where.shown)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    wait = settings.busy_timeout_ms / 1000
    with _sqlite(source, where.shown, "rw", wait) as read, _sqlite(file, str(file), "rw") as written:
        # The snapshot is held by a transaction: without one, each write of others would begin it anew.
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()
        read.backup(written, pages=_PAGES, progress=lambda _, left, every: progress(every - left, every))
        read.execute("COMMIT")
        _settle(written)


async def _copy_server(
    where: Address, known: Known, settings: RecordsSettings, file: Path, progress: Progress
) -> None:
    source = await asyncio.to_thread(Database, where, settings, patient=True)
    target = await asyncio.to_thread(Database, address(sqlite_url(file)), settings, patient=True)
    try:
        async with source.read() as reading:
            await reading.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            version = await version_of(reading, where.shown)
            if version is None:
                refuse_first_start(known, where.shown, "has no tables")
                refuse_to_make(where.shown)
            if version != (newest := await asyncio.to_thread(head)):
                raise RecordsError(
                    f"{where.shown} is of the version before (schema {version}, this program's is {newest}):"
                    " make the backup with the program that wrote it, or start this one's service first,"
                    " which upgrades it"
                )
            await upgrade(target)
            async with target.write() as writing:
                await copy_rows(reading, writing, progress)
    finally:
        await source.aclose()
        await target.aclose()

    def settle() -> None:
        with _sqlite(file, str(file), "rw") as written:
            _settle(written)

    await asyncio.to_thread(settle)


def _settle(connection: sqlite3.Connection) -> None:
    """Have all of a copy in its one file."""
    connection.execute("PRAGMA journal_mode = DELETE").fetchone()


@contextmanager
def _sqlite(file: Path, shown: str, mode: str, wait: float = 5.0) -> Iterator[sqlite3.Connection]:
    try:
        name = f"file:{quote(str(file))}?mode={mode}"
        with closing(sqlite3.connect(name, uri=True, timeout=wait, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise explain(error, shown) from None
