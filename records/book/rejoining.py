"""Opening a book where it is allowed to, and finding the right one again after it was lost."""

import asyncio
import logging
import sqlite3

from sqlalchemy import Connection

from records.alarms.alarm_rows import alarmed, store_alarm
from records.alarms.book import AlarmBook
from records.book.marks import MARGIN, Mark
from records.book.traces import Known, Traces, refuse_another, refuse_first_start, refuse_to_make
from records.clock import Clock
from records.database.database import Database
from records.database.identity import Book, Gap, go_on_above, read_book
from records.database.presence import Presence
from records.database.sqlite_file import nothing_at
from records.database.urls import Address
from records.errors import LostError, RecordsError
from records.migrations.migrate import upgrade
from records.numbers import FIRST, number_for
from records.settings import RecordsSettings

_LOG = logging.getLogger(__name__)
_WAITING = "as long as it is away nothing is on record, and what happens in calls is kept in the spool"


async def bring_up(
    where: Address,
    settings: RecordsSettings,
    traces: Traces,
    clock: Clock,
    *,
    create: bool,
    expected: str | None = None,
) -> Book:
    """Have the book at an address ready for use, its schema of this version, its numbers above all given.

    ``create``: make it at a true first start, and marks where there are none. ``expected``: the identity it
    must have. Raises `LostError` for a lost or another book, and `RecordsError` as
    `records.migrations.migrate` does.
    """
    known = await asyncio.to_thread(traces.look)

    def begin(what: str) -> None:
        refuse_first_start(known, where.shown, what)
        if not create:
            refuse_to_make(where.shown)

    # In threads: making an engine looks at files.
    database = await asyncio.to_thread(Database, where, settings, patient=True)
    try:
        await upgrade(database, lock_seconds=settings.migration_timeout_seconds, begin=begin)
        book = await database.run(read_book, writing=False)
        refuse_another(known, where.shown, book.identity)
        if expected not in {None, book.identity}:
            raise LostError(f"{where.shown} holds another book than this centre's; put the right one back")
        book = await _above(database, book, known, clock)
    finally:
        await database.aclose()
    await asyncio.to_thread(_mark, traces, where, book, everywhere=create)
    return book


async def _above(database: Database, book: Book, known: Known, clock: Clock) -> Book:
    """The book with its numbers above those that a mark knows to be given."""
    if book.highest >= known.highest:
        return book
    last, at = known.highest + MARGIN, clock()

    def leave_out(connection: Connection) -> Gap | None:
        gap = go_on_above(connection, last, at, "older copy")
        if gap is not None:
            data = {
                "first": number_for(max(gap.first, FIRST)),
                "last": number_for(known.highest),
            }
            store_alarm(database, connection, alarmed("numbers_missing", database.address.shown, at, data))
        return gap

    gap = await database.run(leave_out, writing=True)
    if gap is not None:
        _tell_gap(database.address.shown, gap, known.highest)
    return await database.run(read_book, writing=False)


def _tell_gap(shown: str, gap: Gap, given: int) -> None:
    _LOG.error(
        "event=book-older-copy database=%r reason='numbers %s to %s were given and are not in it: who holds"
        " one has to be asked for his complaint again; the next number is %s'",
        shown,
        number_for(max(gap.first, FIRST)),
        number_for(given),
        number_for(gap.last + 1),
    )


def _mark(traces: Traces, where: Address, book: Book, *, everywhere: bool) -> None:
    if everywhere:
        traces.marks.write(mark_of(where, book))
    else:
        traces.marks.raise_to(book.identity, book.highest)


def mark_of(where: Address, book: Book) -> Mark:
    """The mark of a book at an address."""
    return Mark(book.identity, book.highest, where.shown, book.begun_at.isoformat(timespec="seconds"))


class Rejoining:
    """Looks after the book of a running program: notices its loss, saves what it can, finds it again."""

    def __init__(
        self,
        database: Database,
        presence: Presence,
        traces: Traces,
        settings: RecordsSettings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._presence = presence
        self._traces = traces
        self._settings = settings
        self._clock = clock
        self._told = self._failed = ""
        self._held = True

    async def look(self) -> LostError | None:
        """Look at the book once; why it cannot be used, or None. Not for several tasks at once."""
        presence = self._presence
        try:
            await asyncio.to_thread(presence.check)
            if self._held and not await asyncio.to_thread(presence.check_log):
                shown = self._database.address.shown
                presence.lost = LostError(
                    f"the log of {shown} (its -wal) was taken away; what it held is saved"
                )
                raise presence.lost
            if not self._database.is_sqlite:
                await self._database.run(read_book, writing=False)
        except LostError as error:
            await self._lost(error)
            await self._find(error)
        except RecordsError:
            # A server that is away is no lost book.
            return None
        return presence.lost

    async def _lost(self, error: LostError) -> None:
        self._presence.lost = error
        if str(error) != self._told:
            self._told = str(error)
            _LOG.error("event=book-lost reason=%r", f"{error}; {_WAITING}")
        if not self._held or not self._database.is_sqlite:
            return
        try:
            await asyncio.to_thread(self._save)
        except (OSError, sqlite3.Error) as failure:
            # The open files are all there is: they are kept, and it is tried again.
            if str(failure) != self._failed:
                self._failed = str(failure)
                _LOG.error("event=book-not-rescued reason=%r", self._failed)
            return
        await self._database.let_go()
        await asyncio.to_thread(self._presence.let_go)
        if not await asyncio.to_thread(self._presence.in_place):
            await asyncio.to_thread(self._presence.clear, self._clock())
        self._held = False

    def _save(self) -> None:
        presence = self._presence
        saved = presence.save_log()
        if presence.in_place():
            if not saved:
                raise OSError("its log is busy")
            return
        if (moved := presence.whereabouts()) is not None:
            if moved != str(self._database.address.sqlite_file):
                _LOG.error("event=book-moved to=%s reason='move it back'", moved)
        elif (copy := presence.rescue(self._clock())) is not None:
            _LOG.error(
                "event=book-rescued file=%s reason='all that was on record; if the database itself cannot be"
                " put back, move this file to its place, stopping nothing'",
                copy,
            )

    async def _find(self, why: LostError) -> None:
        """Go on with what lies there, if it is the book."""
        where, presence = self._database.address, self._presence
        if self._held and self._database.is_sqlite:
            return
        try:
            if where.sqlite_file is not None:
                missing = await asyncio.to_thread(nothing_at, where.sqlite_file)
                if missing:
                    return
            book = await bring_up(
                where, self._settings, self._traces, self._clock, create=False, expected=presence.identity
            )
            await asyncio.to_thread(presence.back, book)
        except (RecordsError, OSError, sqlite3.Error) as error:
            told = error if isinstance(error, LostError) else LostError(f"{why} ({error})")
            presence.lost = told
            if str(told) != self._told:
                self._told = str(told)
                _LOG.error("event=book-lost reason=%r", str(told))
            return
        if not self._database.is_sqlite:
            await self._database.let_go()
        self._held, self._told = True, ""
        await AlarmBook(self._database).note("database_lost", where.shown, at=self._clock())
        _LOG.warning("event=book-back database=%r identity=%s", where.shown, book.identity)
