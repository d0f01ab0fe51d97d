"""The escalation sweep: every complaint whose limit is over goes up, once for each level, many at a time.

A batch is read, decided and hashed, and its rows are made, outside any writing transaction (while the batch
before it is stored, unless others want to write to the same SQLite file), and stored in one short one. It is
stored only where a complaint still is what was read (its ``last_seq``), so that two sweeps at once, or one
that is killed at any moment and begun again, move nothing twice and leave nothing half moved. What somebody
else changed meanwhile is read anew.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from records import schema
from records.database.database import Database
from records.errors import UnavailableError
from records.escalation.climbing import MOST_KEPT, Climbed, Climber, Climbing, Decide
from records.escalation.pace import LEAST_SQLITE, MOST_SQLITE, POSTGRESQL, Pace
from records.escalation.sweep_reading import Cursor, read_batch, unchanged
from records.escalation.sweep_rows import ChangedError, Rows, remember, rows, store

T = TypeVar("T")
TRIES = 50
"""How often a batch is read anew because others changed complaints of it meanwhile."""


class Move(NamedTuple):
    """From which level to which a complaint went, and the department that has it now."""

    from_level: int
    to_level: int
    department: str


@dataclass(frozen=True)
class Swept:
    """What a sweep did, or would do. ``moves`` counts levels gone up, ``complaints`` each complaint once."""

    on: date
    complaints: int
    moves: Counter[Move]


async def sweep(
    database: Database,
    decide: Decide,
    at: datetime,
    *,
    leaving: Collection[int] | None = None,
    dry_run: bool = False,
    batch: int | None = None,
) -> Swept:
    """Move up what is overdue at the moment ``at``; with ``dry_run`` only count it.

    ``leaving`` are the levels that complaints leave by themselves (None: any may be); others are not looked
    at. A complaint that is late by several limits goes up several levels at once, with an event for each.
    Memory does not grow with the number of complaints. ``batch`` is how many of them are moved by one
    transaction; None: what suits the database and those who write to it meanwhile
    (`records.escalation.pace`). Raises `RecordsError`; what was moved until then stays moved. Cancelled, it
    ends between two batches or with one of them.
    """
    climbing = Climbing(decide, at)
    pace = _pace(database, batch)
    walk = _Walk(database, climbing, leaving, pace, storing=not dry_run)
    moves: Counter[Move] = Counter()
    complaints = 0

    async def take(batch: _Batch) -> None:
        nonlocal complaints
        moved = batch.climbed if dry_run else await walk.move(batch)
        complaints += len(moved)
        _count(moved, moves)

    now = await walk.next()
    while now is not None:
        if database.is_sqlite and not pace.alone:
            # Others who write to the file have their turn while the next batch is made.
            await take(now)
            now = await walk.next()
        else:
            now = await _beside(walk.next(), take(now))
    return Swept(climbing.today, complaints, moves)


def _pace(database: Database, batch: int | None) -> Pace:
    if batch is not None:
        return Pace(batch, batch)
    return Pace(LEAST_SQLITE, MOST_SQLITE) if database.is_sqlite else Pace(POSTGRESQL, POSTGRESQL)


async def _beside(wanted: Coroutine[Any, Any, T], other: Coroutine[Any, Any, None]) -> T:
    """What a coroutine gives that runs while another one does; neither is left running."""
    task = asyncio.create_task(wanted)
    try:
        await other
        return await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _count(moved: Sequence[Climbed], moves: Counter[Move]) -> None:
    levels = {one.course: one.before.level for one in moved}
    for course, count in Counter([one.course for one in moved]).items():
        level = levels[course]
        for escalation in course.escalations:
            to = escalation.assigned
            moves[Move(level, to.level, to.department_code)] += count
            level = to.level


@dataclass(frozen=True)
class _Batch:
    """What goes up of the complaints behind ``after`` and up to ``end``; None: from the first, to the last.

    ``ids`` are those of its escalations, ``rows`` what is to be stored; a dry run has neither.
    """

    after: Cursor | None
    end: Cursor | None
    climbed: Sequence[Climbed]
    ids: Mapping[str, int]
    rows: Rows | None


class _Walk:
    """Goes through what is overdue, batch by batch."""

    def __init__(
        self,
        database: Database,
        climbing: Climbing,
        leaving: Collection[int] | None,
        pace: Pace,
        *,
        storing: bool,
    ) -> None:
        self._database = database
        self._storing = storing
        self._deciding = asyncio.Lock()
        self._climbing = climbing
        self._pace = pace
        self._own_waits = 0
        self._leaving = leaving
        self._after: Cursor | None = None
        self._ended = leaving is not None and not leaving
        self._ids: dict[str, int] = {}

    async def next(self) -> _Batch | None:
        """What of the next batch goes up; None when nothing is left to be looked at."""
        if self._ended:
            return None
        batch = await self._read(self._after)
        self._after = batch.end
        self._ended = batch.end is None
        return batch

    async def move(self, batch: _Batch) -> Sequence[Climbed]:
        """Move a batch up; what went."""
        done: list[Climbed] = []
        end = batch.end
        for _ in range(TRIES):
            stored = await self._store(batch)
            done += stored
            whole = len(stored) == len(batch.climbed)
            if whole and batch.end == end:
                return done
            batch = await self._read(batch.end if whole else batch.after, end)
        raise UnavailableError("complaints are changed faster than they can be moved up; try again")

    async def _read(self, after: Cursor | None, last: Cursor | None = None) -> _Batch:
        """Complaints behind one, and not behind another; those that go up, with their rows."""
        on, leaving, limit = self._climbing.today, self._leaving, self._pace.size
        found = await self._database.run(
            lambda connection: read_batch(connection, on, leaving, after, limit), writing=False
        )
        end = Cursor(found[-1].due, found[-1].number) if len(found) == limit else None
        if last is not None and (end is None or end >= last):
            found, end = [one for one in found if (one.due, one.number) <= last], last
        # The service answers calls meanwhile: deciding some hundred complaints must not hold its loop.
        async with self._deciding:
            climbed = await asyncio.to_thread(self._climb, found)
        if not self._storing:
            return _Batch(after, end, climbed, {}, None)
        ids = await self._remember(climbed)
        made = await asyncio.to_thread(rows, climbed, ids, sqlite=self._database.is_sqlite)
        return _Batch(after, end, climbed, ids, made)

    def _climb(self, found: Sequence[Climber]) -> list[Climbed]:
        return [one for one in map(self._climbing.climb, found) if one is not None]

    async def _remember(self, climbed: Sequence[Climbed]) -> dict[str, int]:
        """Store the escalations of a batch that are not stored yet; the ids of all, by digest."""
        if len(self._ids) > MOST_KEPT:
            self._ids.clear()
        courses = {one.course for one in climbed}
        needed = {one.digest: one for course in courses for one in course.escalations}
        ids = {digest: self._ids[digest] for digest in needed if digest in self._ids}
        if new := [one for digest, one in needed.items() if digest not in ids]:
            insert = self._database.insert_or_ignore(schema.escalations)
            self._own_waits += self._database.writing
            known = await self._database.run(
                lambda connection: remember(connection, new, insert), writing=True
            )
            ids |= known
            self._ids |= known
        return ids

    async def _store(self, batch: _Batch) -> Sequence[Climbed]:
        """Store what of a batch is still as it was read; that."""
        made = batch.rows
        if made is None or not batch.climbed:
            return batch.climbed
        sqlite = self._database.is_sqlite

        def store_unchanged(connection: Connection) -> list[Climbed]:
            still = unchanged(connection, batch.climbed)
            store(connection, rows(still, batch.ids, sqlite=sqlite))
            return still

        self._own_waits += self._database.writing
        try:
            await self._database.run(lambda connection: store(connection, made), writing=True)
        except ChangedError:
            self._own_waits += self._database.writing
            return await self._database.run(store_unchanged, writing=True)
        finally:
            self._pace.told(self._database.waits - self._own_waits)
        return batch.climbed
