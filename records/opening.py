"""Opening the records: one call that gives all books on an up-to-date database."""

import asyncio
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

from records.alarms.book import AlarmBook
from records.audit import heads
from records.audit.verifying import VerifyReport
from records.book.rejoining import Rejoining, bring_up
from records.book.traces import Traces, traces_beside
from records.calls.log import CallLog
from records.calls.requests import CallbackBook, DraftBook
from records.clock import Clock, utc_now
from records.complaints.book import ComplaintBook
from records.database.database import Database
from records.database.faults import explain
from records.database.presence import Presence
from records.database.urls import address
from records.errors import LostError
from records.settings import RecordsSettings
from records.users.passwords import Passwords
from records.users.users import UserBook


class Records:
    """What happened, in six books. Made by `open_records`; whoever opened it closes it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: RecordsSettings,
        presence: Presence,
        traces: Traces,
    ) -> None:
        self.database = database
        self.clock = clock
        self.alarms = AlarmBook(database)
        self.presence = presence
        self._rejoining = Rejoining(database, presence, traces, settings, clock)
        self.calls = CallLog(database, clock)

        def given(highest: int) -> None:
            presence.given(highest)
            traces.marks.raise_to(presence.identity, highest)

        self.complaints = ComplaintBook(database, given)
        self.drafts = DraftBook(database)
        self.callbacks = CallbackBook(database)
        hasher = Passwords(memory_mib=settings.hash_memory_mib, workers=settings.hash_workers)
        self.users = UserBook(database, clock, hasher)

    async def aclose(self) -> None:
        """Close all connections; what was awaited before is stored. Safe to call twice."""
        await self.complaints.aclose()
        await self.database.aclose()

    async def look(self) -> LostError | None:
        """Look whether the book is still there, and for it when it is not; why it cannot be used, or None.

        A running service does this every second or two (`records.book.rejoining`), in one task.
        """
        return await self._rejoining.look()

    async def export_heads(self, file: Path) -> int:
        """Write the newest hash of every complaint to a file (`records.audit.heads`); how many there are."""
        return await heads.export_heads(self.database, file)

    async def check_heads(self, file: Path) -> VerifyReport:
        """Compare with hashes exported before and kept elsewhere (`records.audit.heads`)."""
        return await heads.check_heads(self.database, file)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def open_records(
    url: str,
    *,
    clock: Clock = utc_now,
    settings: RecordsSettings | None = None,
    traces: Traces | None = None,
    create: bool = True,
) -> Records:
    """Open the database at ``url`` (``sqlite:///FILE`` or ``postgresql://...``), upgrading its schema first.

    ``settings.url`` is not read: the caller decides. Two processes may do this at the same time. ``traces``
    says where it is known that there was a book; without it the mark beside a SQLite file does. ``create``:
    make the book at its first start; else no file is made at all. Raises `LostError` where a book was there
    before, and `RecordsError` when the address is wrong, the database cannot be reached or written, or is a
    newer version's.
    """
    settings = settings or RecordsSettings()
    where = address(url)
    traces = traces or traces_beside(where)
    book = await bring_up(where, settings, traces, clock, create=create)
    try:
        presence = await asyncio.to_thread(Presence, where, book)
    except (sqlite3.Error, OSError) as error:
        raise explain(error, where.shown) from None
    database = await asyncio.to_thread(Database, where, settings, presence=presence)
    return Records(database, clock, settings, presence, traces)
