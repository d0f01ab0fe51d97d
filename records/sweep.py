"""The escalation sweep: every complaint whose limit is over goes up, once for each level, many at a time.

A batch is read, decided and hashed outside any writing transaction, and stored in one short one. It is stored
only where a complaint still is what was read (its ``last_seq``), so that two sweeps at once, or one that is
killed at any moment and begun again, move nothing twice and leave nothing half moved. What somebody else
changed meanwhile is read anew.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from records.climbing import Climbed, Climbing, Decide
from records.database import Database
from records.errors import UnavailableError
from records.sweep_rows import ChangedError, Cursor, read_batch, store, unchanged

BATCH = 500
"""Complaints moved by one transaction. Others who write to the same SQLite file wait while it is stored:
some 20 to 35 ms (`python -m bench records`). Larger batches make the sweep hardly faster."""

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
    batch: int = BATCH,
) -> Swept:
    """Move up what is overdue at the moment ``at``; with ``dry_run`` only count it.

    ``leaving`` are the levels that complaints leave by themselves (None: any may be); others are not looked
    at. A complaint that is late by several limits goes up several levels at once, with an event for each.
    Memory does not grow with the number of complaints. Raises `RecordsError`; what was moved until then
    stays moved. Cancelled, it ends between two batches or with one of them.
    """
    climbing = Climbing(decide, at)
    walk = _Walk(database, climbing, leaving, batch)
    moves: Counter[Move] = Counter()
    complaints = 0
    while not walk.ended:
        for one in await walk.look() if dry_run else await walk.move():
            complaints += 1
            level = one.before.level
            for up in one.ups:
                moves[Move(level, up.assigned.level, up.assigned.department_code)] += 1
                level = up.assigned.level
    return Swept(climbing.today, complaints, moves)


class _Walk:
    """Goes through what is overdue, batch by batch."""

    def __init__(
        self, database: Database, climbing: Climbing, leaving: Collection[int] | None, batch: int
    ) -> None:
        self._database = database
        self._climbing = climbing
        self._batch = batch
        self._levels: list[int | None] = [None]
        if leaving is not None:
            self._levels = [*sorted(leaving, reverse=True)]
        self._after: Cursor | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing is left to be looked at."""
        return not self._levels

    async def look(self) -> list[Climbed]:
        """What of the next batch would go up."""
        climbed, cursor = await self._read()
        self._step(cursor)
        return climbed

    async def move(self) -> list[Climbed]:
        """Move the next batch up; what went."""
        done: list[Climbed] = []
        for _ in range(TRIES):
            climbed, cursor = await self._read()
            stored = await self._store(climbed)
            done += stored
            if len(stored) == len(climbed):
                self._step(cursor)
                return done
        raise UnavailableError("complaints are changed faster than they can be moved up; try again")

    def _step(self, cursor: Cursor | None) -> None:
        self._after = cursor
        if cursor is None:
            self._levels.pop()

    async def _read(self) -> tuple[list[Climbed], Cursor | None]:
        """What of the next batch goes up, and where the batch ended; None when nothing follows."""
        on, level, after, limit = self._climbing.today, self._levels[-1], self._after, self._batch
        rows = await self._database.run(
            lambda connection: read_batch(connection, on, level, after, limit), writing=False
        )
        # The service answers calls meanwhile: deciding some hundred complaints must not hold its loop.
        climbed = await asyncio.to_thread(
            lambda: [one for one in map(self._climbing.climb, rows) if one is not None]
        )
        return climbed, Cursor(rows[-1].due, rows[-1].number) if len(rows) == limit else None

    async def _store(self, climbed: Sequence[Climbed]) -> Sequence[Climbed]:
        """Store what is still as it was read; that."""
        if not climbed:
            return climbed
        try:
            await self._database.run(lambda connection: store(connection, climbed), writing=True)
        except ChangedError:
            return await self._database.run(
                lambda connection: _store_unchanged(connection, climbed), writing=True
            )
        return climbed


def _store_unchanged(connection: Connection, climbed: Sequence[Climbed]) -> list[Climbed]:
    still = unchanged(connection, climbed)
    store(connection, still)
    return still
