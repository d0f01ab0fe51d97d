"""Making a copy of the book ready to be gone on with, before it lies where anybody finds it."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text

from records import schema
from records.audit.verifying import VerifyReport, verify_all
from records.book.marks import Marks
from records.book.traces import Traces
from records.clock import Clock
from records.copies.rows import Progress, copy_rows, holds_rows, no_progress
from records.copies.taking import examine_copy
from records.database.database import Database
from records.database.identity import Book, Gap, go_on_above, read_book
from records.database.urls import Address, address, sqlite_url
from records.errors import RecordsError
from records.keeping.listed import erase_listed
from records.migrations.migrate import head, upgrade
from records.opening import open_records
from records.settings import RecordsSettings
from records.spool import aside
from records.spool.replay import replay
from records.spool.spool import Spool

_REASON = "restored"


@dataclass(frozen=True)
class Ready:
    """A copy that may be gone on with, or not: ``report``.

    ``replayed``: operations of its spool that it holds now; ``waiting``: why some were left there, or empty.
    ``erased``: erasures that it did not know. ``gap``: numbers left out, as citizens may have got them.
    """

    book: Book
    replayed: int
    waiting: str
    erased: int
    gap: Gap | None
    report: VerifyReport


async def make_ready(
    file: Path,
    settings: RecordsSettings,
    clock: Clock,
    *,
    spools: Sequence[Path] = (),
    erasures: Sequence[Path] = (),
    above: Callable[[Book], int] = lambda book: book.highest,
    progress: Progress = no_progress,
) -> Ready:
    """Upgrade a copy, store what its spools hold, erase who was erased since, leave numbers out, verify it.

    ``above``: the last running number that may have been given. All is in the one file when this returns.
    Raises `RecordsError`; the copy is of no use then.
    """
    nowhere, replayed, erased, waiting = Traces(Marks([])), 0, 0, ""
    opened = await open_records(
        sqlite_url(file), clock=clock, settings=settings, traces=nowhere, create=False
    )
    async with opened as records:
        for folder in spools:
            if not await asyncio.to_thread(folder.is_dir):
                continue
            spool = await asyncio.to_thread(Spool, folder)
            try:
                done = await replay(records, spool)
            finally:
                await asyncio.to_thread(spool.close)
            replayed, waiting = replayed + done.done, waiting or done.reason
        # After the spool: what it holds of a person who was erased would bring him back.
        for listed in erasures:
            erased += await erase_listed(records.database, listed)
        if erased:
            await _drop_aside(records.database, spools, clock())
        book = await records.database.run(read_book, writing=False)
        last, at = above(book), clock()
        gap = await records.database.run(lambda one: go_on_above(one, last, at, _REASON), writing=True)
        book = await records.database.run(read_book, writing=False)
        report = await verify_all(records.database, progress=progress)
    await asyncio.to_thread(_settle, file)
    return Ready(book, replayed, waiting, erased, gap, report)


async def verify_copy(file: Path, settings: RecordsSettings, clock: Clock) -> VerifyReport | None:
    """What `records.audit.verifying` finds in a copy; None for one of an earlier schema, which stays.

    Raises `RecordsError`.
    """
    if (await asyncio.to_thread(examine_copy, file, str(file))).schema != await asyncio.to_thread(head):
        return None
    nowhere = Traces(Marks([]))
    opened = await open_records(
        sqlite_url(file), clock=clock, settings=settings, traces=nowhere, create=False
    )
    async with opened as records:
        report = await verify_all(records.database)
    await asyncio.to_thread(_settle, file)
    return report


async def _drop_aside(database: Database, spools: Sequence[Path], at: datetime) -> None:
    """Drop what was put aside of calls that are erased: it may hold the number."""
    plans = await database.run(lambda one: list(one.scalars(select(schema.erasures.c.plan))), writing=False)
    gone = {call_id for plan in plans for call_id in plan["calls"]}

    def drop() -> None:
        for folder in filter(Path.is_dir, spools):
            told = [one for one in aside.read(folder) if one.operation and one.operation.call_id in gone]
            if told:
                aside.drop(folder, told, "erased", at)

    await asyncio.to_thread(drop)


async def need_empty(where: Address, settings: RecordsSettings) -> None:
    """Make the tables in an empty PostgreSQL database. Raises `RecordsError` when it holds anything."""
    database = await asyncio.to_thread(Database, where, settings, patient=True)
    try:
        await upgrade(database, lock_seconds=settings.migration_timeout_seconds)
        if await database.run(holds_rows, writing=False):
            raise RecordsError(
                f"{where.shown} holds a book already, and nothing is ever restored over one; make an empty"
                " database (createdb) and name it with --to-url"
            )
    finally:
        await database.aclose()


async def move_to_server(
    file: Path, where: Address, settings: RecordsSettings, progress: Progress = no_progress
) -> VerifyReport:
    """Write a copy that is ready into an empty PostgreSQL database, all or nothing, and verify it there.

    Raises `RecordsError`.
    """
    await need_empty(where, settings)
    source = await asyncio.to_thread(Database, address(sqlite_url(file)), settings, patient=True)
    target = await asyncio.to_thread(Database, where, settings, patient=True)
    try:
        async with target.write() as writing:
            # Somebody who begins a book there at the same time would find two.
            await writing.execute(text("LOCK TABLE book IN ACCESS EXCLUSIVE MODE"))
            if await writing.run_sync(holds_rows):
                raise RecordsError(f"{where.shown} is being written by another program; end that one first")
            async with source.read() as reading:
                await copy_rows(reading, writing, progress)
        return await verify_all(target)
    finally:
        await source.aclose()
        await target.aclose()


def _settle(file: Path) -> None:
    """Have everything in the one file: a log beside it would not go with it."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        raise RecordsError(f"{file} cannot be finished ({error}); check the disk and try again") from error
    for ending in ("-wal", "-shm", "-journal"):
        if Path(f"{file}{ending}").exists():
            raise RecordsError(f"{file}{ending} is still there; end the program that has {file} open")
