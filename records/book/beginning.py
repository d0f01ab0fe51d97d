"""Beginning a book because a person says so, and taking what is there for this centre's book."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from records.book.marks import MARGIN, Marks
from records.book.rejoining import bring_up, mark_of
from records.book.traces import Known, Traces
from records.clock import Clock, utc_now
from records.database.database import Database
from records.database.identity import Book, go_on_above, read_book
from records.database.sqlite_file import nothing_at
from records.database.urls import Address
from records.errors import NoBookError, RecordsError
from records.numbers import FIRST, number_for
from records.settings import RecordsSettings

_UNMARKED = Traces(Marks([]))


async def begin_first(where: Address, settings: RecordsSettings, traces: Traces, clock: Clock) -> Book:
    """Make the first book where traces speak against a first start. Raises `RecordsError` where marks do."""
    known = await asyncio.to_thread(traces.look)
    if known.found:
        files = ", ".join(str(one.file) for one in known.found)
        raise RecordsError(
            f"this is no first start, there was a book: so says {files}; put it back, or go on with a new one"
            " above its numbers: `helpline records begin --anew`"
        )
    return await bring_up(where, settings, replace(traces, others=tuple), clock, create=True)


async def begin_anew(
    where: Address, settings: RecordsSettings, traces: Traces, clock: Clock, *, above: int | None
) -> Book:
    """Make a new book in the place of a lost one, its numbers above those of the marks and ``above``.

    ``above``: the highest running number that people remember. Raises `RecordsError` when a database is there
    still, and when nobody knows how far the numbers went.
    """
    known = await asyncio.to_thread(traces.look)
    if above is None and not known.marks:
        raise RecordsError(
            "no mark says how far the numbers went; look for the highest complaint number that anybody was"
            " told and add --above NUMBER"
        )
    await _need_nothing(where, settings)
    await asyncio.to_thread(_set_aside, where, clock())
    book = await bring_up(where, settings, _UNMARKED, clock, create=True)
    return await _go_on(where, settings, traces, clock, book, _start(known, above), "begun anew")


async def adopt(
    where: Address, settings: RecordsSettings, traces: Traces, clock: Clock, *, above: int | None
) -> Book:
    """Take the book that is there for this centre's, whatever the marks say; its numbers go on above theirs.

    Raises `RecordsError` when there is none.
    """
    known = await asyncio.to_thread(traces.look)
    book = await bring_up(where, settings, _UNMARKED, clock, create=False)
    return await _go_on(where, settings, traces, clock, book, _start(known, above), "adopted")


def _start(known: Known, above: int | None) -> int:
    marked = known.highest + MARGIN if known.highest >= FIRST else FIRST - 1
    return max(marked, above or FIRST - 1)


async def _go_on(
    where: Address,
    settings: RecordsSettings,
    traces: Traces,
    clock: Clock,
    book: Book,
    start: int,
    reason: str,
) -> Book:
    # A book that knows higher numbers than all marks has nothing to leave out.
    if book.highest < start - MARGIN or (book.highest < start and reason == "begun anew"):
        database, at = await asyncio.to_thread(Database, where, settings, patient=True), clock()
        try:
            await database.run(lambda one: go_on_above(one, start, at, reason), writing=True)
            book = await database.run(read_book, writing=False)
        finally:
            await database.aclose()
    await asyncio.to_thread(traces.marks.write, mark_of(where, book))
    return book


async def _need_nothing(where: Address, settings: RecordsSettings) -> None:
    """Raise `RecordsError` unless nothing is at the address."""
    if where.sqlite_file is not None:
        if await asyncio.to_thread(nothing_at, where.sqlite_file):
            return
        raise RecordsError(f"{where.shown} is there; to begin anew move it and its -wal away, and keep them")
    try:
        book = await bring_up(where, settings, _UNMARKED, utc_now, create=False)
    except NoBookError:
        return
    raise RecordsError(
        f"{where.shown} holds a book up to number {number_for(max(book.highest, FIRST))}; to begin anew make"
        " an empty database and set records.url"
    )


def _set_aside(where: Address, at: datetime) -> None:
    """Keep what SQLite left of the lost file: it would be thrown away with the first opening."""
    if (file := where.sqlite_file) is None:
        return
    for ending in ("-wal", "-journal", "-shm"):
        left = Path(f"{file}{ending}")
        if left.exists():
            left.rename(f"{left}.lost-{at:%Y%m%dT%H%M%S}")
