"""Registering complaints in groups: many that arrive together are stored by one commit.

What a commit costs is waiting for the disk, whether it stores one complaint or a hundred. The first one to
come starts a transaction at once; those that come while it runs form the next group. Nobody waits for a
timer.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from records import numbers, schema
from records.clock import as_utc
from records.complaints.complaint_rows import columns, event_columns, linked
from records.database.database import Database
from records.database.identity import hold_numbers
from records.errors import RecordsError, UnavailableError
from records.life import projection
from records.life.chain import NewEvent
from records.life.complaint import Complaint, NewComplaint
from records.text import clean

LONGEST_KEY = 200
LARGEST_GROUP = 128
"""Complaints stored by one commit. Larger groups gain little: by then the disk is no longer what takes time;
and other writers of the same SQLite file wait while a group is stored."""


@dataclass(eq=False)
class _Request:
    """Somebody who waits for his complaint to be stored."""

    new: NewComplaint
    key: str | None
    events: list[NewEvent]
    stored: asyncio.Future[Complaint | str] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Registrar:
    """Stores new complaints in the order in which they come. One for each open database."""

    def __init__(self, database: Database, given: Callable[[int], None] = lambda _highest: None) -> None:
        """``given`` is told, in a thread, the highest running number after each commit, before anybody is."""
        self._database = database
        self._given = given
        self._waiting: list[_Request] = []
        self._worker: asyncio.Task[None] | None = None

    async def register(self, new: NewComplaint, key: str | None) -> Complaint | str:
        """Store a complaint; with a ``key`` that was used before, give the number it was used for instead.

        A complaint that cannot be stored fails alone. Who is cancelled while his group is being stored may
        find it stored. Raises `RecordsError`, and `ValueError` for a naive moment or a key of a wrong length.
        """
        if key is not None and not 1 <= len(key) <= LONGEST_KEY:
            raise ValueError(f"key must have 1 to {LONGEST_KEY} characters")
        new = replace(new, registered_at=as_utc(new.registered_at))
        request = _Request(new, clean(key) if key else None, projection.registration(new))
        self._waiting.append(request)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="registrar")
        return await request.stored

    async def aclose(self) -> None:
        """Wait until what was asked for is stored."""
        if self._worker is not None:
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        group: list[_Request] = []
        try:
            while self._waiting:
                group = [one for one in self._waiting[:LARGEST_GROUP] if not one.stored.done()]
                del self._waiting[:LARGEST_GROUP]
                await self._settle(group)
        finally:
            # Only a cancelled worker leaves somebody waiting.
            self._refuse([*group, *self._waiting], RecordsError("the service stopped; save it again"))
            self._waiting.clear()

    async def _settle(self, group: Sequence[_Request]) -> None:
        """Store a group; one that fails is halved until what is at fault stands alone."""
        if not group:
            return
        try:
            found = await self._store(group)
        except UnavailableError as error:
            self._refuse(group, error)
        except Exception as error:
            if len(group) == 1:
                self._refuse(group, error)
                return
            middle = len(group) // 2
            await self._settle(group[:middle])
            await self._settle(group[middle:])
        else:
            for one, complaint in zip(group, found, strict=True):
                if not one.stored.done():
                    one.stored.set_result(complaint)

    def _refuse(self, group: Sequence[_Request], error: Exception) -> None:
        for one in group:
            if not one.stored.done():
                one.stored.set_exception(error)

    async def _store(self, group: Sequence[_Request]) -> list[Complaint | str]:
        """Store a group in one transaction: what each one of it is given."""
        found, highest = await self._database.run(lambda one: self._stored(one, group), writing=True)
        await asyncio.to_thread(self._given, highest)
        return found

    def _stored(self, connection: Connection, group: Sequence[_Request]) -> tuple[list[Complaint | str], int]:
        """What each one of a group is given, and the highest running number then."""
        running = hold_numbers(connection)
        taken = _taken(connection, [one.key for one in group if one.key is not None])
        found: list[Complaint | str] = []
        fresh: list[_Filed] = []
        for one in group:
            if one.key is not None and (number := taken.get(one.key)):
                found.append(number)
                continue
            running += 1
            filed = _file(numbers.number_for(running), one)
            fresh.append(filed)
            found.append(filed.complaint)
            if one.key is not None:
                taken[one.key] = filed.complaint.number
        if fresh:
            self._insert(connection, fresh)
            counter = update(schema.sequences).where(schema.sequences.c.name == "complaint")
            connection.execute(counter.values(value=running))
        return found, running

    def _insert(self, connection: Connection, filed: Sequence["_Filed"]) -> None:
        ignore = self._database.insert_or_ignore
        if calls := [one.call for one in filed if one.call is not None]:
            # A call may have been lost on the way here; its complaint is stored all the same.
            connection.execute(ignore(schema.calls), calls)
        connection.execute(insert(schema.complaints), [one.state for one in filed])
        connection.execute(insert(schema.complaint_events), [event for one in filed for event in one.events])
        if steps := [one.step for one in filed if one.step is not None]:
            connection.execute(insert(schema.call_steps), steps)
        if keys := [{"key": one.key, "number": one.complaint.number} for one in filed if one.key is not None]:
            connection.execute(insert(schema.registrations), keys)


@dataclass(frozen=True)
class _Filed:
    """A new complaint with its rows."""

    complaint: Complaint
    key: str | None
    state: dict[str, Any]
    events: list[dict[str, Any]]
    call: dict[str, Any] | None
    step: dict[str, Any] | None


def _file(number: str, request: _Request) -> _Filed:
    events = linked(number, request.events)
    complaint = projection.fold(events)
    call = step = None
    if complaint.call_id is not None:
        at = complaint.registered_at
        call = {
            "call_id": complaint.call_id,
            "caller_raw": "",
            "dialled": "",
            "channel": "",
            "started_at": at,
            "announced": False,
        }
        step = {
            "call_id": complaint.call_id,
            "at": at,
            "kind": "complaint",
            "detail": {"number": number},
            "once": number,
        }
    rows = [event_columns(event) for event in events]
    return _Filed(complaint, request.key, columns(complaint, events[-1].hash), rows, call, step)


def _taken(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """Numbers by key, of keys that were used. Nobody can use one meanwhile: he would need a number first."""
    if not keys:
        return {}
    c = schema.registrations.c
    query = select(c.key, c.number).where(c.key.in_(keys))
    return {row.key: row.number for row in connection.execute(query)}
