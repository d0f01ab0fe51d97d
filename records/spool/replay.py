"""Doing what a spool holds: in order, each operation exactly once, however often it is interrupted.

Operations are done many at a time. Their effect and the last one's id are stored in one transaction, so a
process that is killed before it could forget them finds them done: a segment that was taken is always cut
into the same pieces. The id is removed only after the spool has forgotten the segment for good, with the
next operations that are stored.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete

from records import schema
from records.calls.call_rows import store
from records.errors import RecordsError, UnavailableError
from records.opening import Records
from records.spool.operations import fact
from records.spool.spool import Operation, Segment, Spool

_LOG = logging.getLogger(__name__)
_AT_ONCE = 500
"""Operations in one transaction, some 25 calls: other writers wait some 10 ms for it."""
ATTEMPTS = 5
"""After so many failures of an operation that all happened while the database took others, it is the
operation that cannot be stored, whatever the database says: half a minute, with the pauses of the journal."""
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

    An operation that cannot be stored while the database takes others is put aside, whatever its error, so
    that it does not hold up all that come after it. Never raises; cancelled, it can be begun again.
    """
    done = aside = 0
    segment = None
    try:
        while (segment is None or spool.pending()) and (segment := await _oldest(spool)) is not None:
            ids: list[str] = []
            try:
                for first in range(0, len(segment.operations), _AT_ONCE):
                    some = segment.operations[first : first + _AT_ONCE]
                    refused = await _together(records, spool, some, ids)
                    done, aside = done + len(some) - refused, aside + refused
            except BaseException:
                spool.release(segment)
                raise
            await _forget(spool, segment)
            spool.settled += ids
    except RecordsError as error:
        return Replayed(done, aside, spool.pending(), str(error))
    except OSError as error:
        return Replayed(done, aside, spool.pending(), f"the spool cannot be read ({error.strerror})")
    except Exception as error:
        # The database failed in a way that nobody foresaw, or this process did: tried again like any other.
        _LOG.exception("event=replay-failed")
        return Replayed(done, aside, spool.pending(), _said(error))
    return Replayed(done, aside, spool.pending())


async def _together(records: Records, spool: Spool, some: Sequence[Operation], ids: list[str]) -> int:
    """Do operations in one transaction, or each in its own when one of them cannot be done.

    How many were put aside; ``ids`` gets those that were stored. Raises `RecordsError`.
    """
    try:
        await _store(records, spool, some)
    except Exception as error:
        if not await _is_theirs(records, spool, some, error):
            raise
        aside = 0
        for operation in some:
            aside += not await _once(records, spool, operation)
            ids.append(operation.id)
            spool.done()
        return aside
    finally:
        if not spool.pending():
            spool.attempts.clear()
    ids.append(some[-1].id)
    spool.done(len(some))
    return 0


async def _once(records: Records, spool: Spool, operation: Operation) -> bool:
    """Do an operation unless it is done. False: it was put aside. Raises what the database does."""
    try:
        await _store(records, spool, [operation])
    except Exception as error:
        if not await _is_theirs(records, spool, [operation], error):
            raise
        await asyncio.to_thread(spool.put_aside, operation.line(), _said(error))
        await _store(records, spool, [operation], effect=False)
        return False
    return True


async def _is_theirs(records: Records, spool: Spool, some: Sequence[Operation], error: Exception) -> bool:
    """Whether it is these operations that cannot be stored: a database that stores an id takes others.

    A database that is away, locked or full does not. What another moment may mend is given `ATTEMPTS`.
    """
    if isinstance(error, MemoryError):
        return False
    try:
        await _store(records, spool, some[-1:], effect=False, probe=True)
    except Exception:
        return False
    if not isinstance(error, UnavailableError):
        return True
    key = f"{some[0].id} {len(some)}"
    spool.attempts[key] = spool.attempts.get(key, 0) + 1
    return spool.attempts[key] >= ATTEMPTS


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, RecordsError) else f"{type(error).__name__}: {error}"


async def _store(
    records: Records, spool: Spool, some: Sequence[Operation], *, effect: bool = True, probe: bool = False
) -> None:
    """Do all of them and keep the last one's id, which says that all of them are done; or do nothing."""
    settled, now = tuple(spool.settled), records.clock()
    told = [fact(operation, now) for operation in some] if effect else []

    def work(connection: Connection) -> None:
        row = records.database.insert_or_ignore(schema.spooled_operations)
        added = connection.execute(row.values(id=some[-1].id, at=now))
        if told and added.rowcount:
            store(records.database, connection, told)
        if settled:
            ids = schema.spooled_operations.c
            over = ids.id.in_(settled) | (ids.at < now - _LEFT_BEHIND)
            connection.execute(delete(schema.spooled_operations).where(over))
        if probe:
            connection.rollback()

    await records.database.run(work, writing=True)
    if not probe:
        spool.settled = spool.settled[len(settled) :]


async def _forget(spool: Spool, segment: Segment) -> None:
    forgetting = asyncio.ensure_future(asyncio.to_thread(spool.forget, segment))
    try:
        await asyncio.shield(forgetting)
    except asyncio.CancelledError:
        # Cancelled before its thread began, it would leave the segment locked.
        await asyncio.wait({forgetting})
        raise


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
