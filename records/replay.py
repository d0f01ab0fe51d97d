"""Doing what a spool holds: in order, each operation exactly once, however often it is interrupted.

An operation's effect and its id are stored in one transaction, so a process that is killed before it could
forget the operation finds it done. Its id is removed only after the spool has forgotten it for good.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from records import schema
from records.database import Joined
from records.errors import RecordsError, UnavailableError
from records.opening import Records
from records.operations import Books, perform
from records.spool import Operation, Segment, Spool

_LOG = logging.getLogger(__name__)
_AT_ONCE = 500
_LEFT_BEHIND = timedelta(days=30)
"""Ids of processes killed between forgetting an operation and forgetting its id; nobody asks for them."""


@dataclass(frozen=True)
class Replayed:
    """What a replay came to. ``reason``: why it stopped before the end; empty when the spool is done."""

    done: int
    aside: int
    left: int
    reason: str = ""


async def replay(records: Records, spool: Spool) -> Replayed:
    """Do what the spool holds, oldest first, until it is empty or the database fails again.

    An operation that the database refuses while it takes others is put aside, so that it does not hold up
    all that come after it. Never raises `RecordsError`; cancelled, it can be begun again.
    """
    done = aside = 0
    try:
        while (segment := await _oldest(spool)) is not None:
            try:
                for operation in segment.operations:
                    if await _once(records, spool, operation):
                        done += 1
                    else:
                        aside += 1
                    spool.done()
            except BaseException:
                spool.release(segment)
                raise
            await asyncio.to_thread(spool.forget, segment)
            await _forget_ids(records, segment)
    except RecordsError as error:
        return Replayed(done, aside, spool.pending(), str(error))
    except OSError as error:
        return Replayed(done, aside, spool.pending(), f"the spool cannot be read ({error.strerror})")
    return Replayed(done, aside, spool.pending())


async def _once(records: Records, spool: Spool, operation: Operation) -> bool:
    """Do an operation unless it is done. False: it was put aside. Raises `RecordsError`."""
    try:
        await _store(records, operation, effect=True)
    except UnavailableError:
        raise
    except (RecordsError, ValueError) as error:
        if isinstance(error, RecordsError):
            # Is it the database, or this operation? A database that stores its id takes others.
            await _store(records, operation, effect=False, probe=True)
        await asyncio.to_thread(spool.put_aside, operation.line(), str(error))
        await _store(records, operation, effect=False)
        return False
    return True


async def _store(records: Records, operation: Operation, *, effect: bool, probe: bool = False) -> None:
    async with records.database.write() as connection:
        row = records.database.insert_or_ignore(schema.spooled_operations)
        added = await connection.execute(row.values(id=operation.id, at=records.clock()))
        if effect and added.rowcount:
            await perform(Books(Joined(records.database, connection), records.clock), operation)
        if probe:
            await connection.rollback()


async def _forget_ids(records: Records, segment: Segment) -> None:
    ids = schema.spooled_operations.c
    known = [operation.id for operation in segment.operations]
    async with records.database.write() as connection:
        for first in range(0, len(known), _AT_ONCE):
            some = known[first : first + _AT_ONCE]
            await connection.execute(delete(schema.spooled_operations).where(ids.id.in_(some)))
        left_behind = delete(schema.spooled_operations).where(ids.at < records.clock() - _LEFT_BEHIND)
        await connection.execute(left_behind)


async def _oldest(spool: Spool) -> Segment | None:
    taking = asyncio.ensure_future(asyncio.to_thread(spool.oldest))
    try:
        return await asyncio.shield(taking)
    except asyncio.CancelledError:
        taking.add_done_callback(lambda taken: _give_back(spool, taken))
        raise


def _give_back(spool: Spool, taken: "asyncio.Future[Segment | None]") -> None:
    if not taken.cancelled() and taken.exception() is None and (segment := taken.result()) is not None:
        spool.release(segment)
