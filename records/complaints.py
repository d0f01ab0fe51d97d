"""The book of complaints: events are appended, the current state is written beside them."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from records import chain, numbers, projection, schema
from records.chain import ComplaintEvent, NewEvent
from records.clock import as_utc
from records.complaint_types import AssignedTo, Complaint, NewComplaint
from records.database import Database
from records.errors import RecordsError, TamperedError
from records.text import clean

_ASSIGNED = tuple(field.name for field in fields(AssignedTo))
_OWN = tuple(field.name for field in fields(Complaint) if field.name != "assigned")
_EVENT = tuple(field.name for field in fields(ComplaintEvent))
_LONGEST_KEY = 200


class ComplaintBook:
    """All methods raise `RecordsError` when the database fails, and `ValueError` for a naive datetime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, new: NewComplaint, *, key: str | None = None) -> Complaint:
        """Store a complaint under a new number: its events, its state and the link to its call, or nothing.

        With ``key`` (1 to 200 characters, one for each filled form) a second register gives the complaint of
        the first and changes nothing, also when both run at the same time.
        """
        if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
            raise ValueError(f"key must have 1 to {_LONGEST_KEY} characters")
        new = replace(new, registered_at=as_utc(new.registered_at))
        key = clean(key) if key else None
        if key is not None and (first := await self._by_key(key)):
            return first
        try:
            return await self._store(new, key)
        except _KeyTakenError:
            first = await self._by_key(str(key))
            if first is None:
                raise RecordsError("the complaint was stored twice at once; save it again") from None
            return first

    async def get(self, number: str) -> Complaint | None:
        """The complaint of a number as `numbers.validate` gives it, or None."""
        found = await self._complaints(_newest().where(schema.complaints.c.number == clean(number)))
        return found[0] if found else None

    async def by_call(self, call_id: str) -> list[Complaint]:
        """What was registered in a call, newest first."""
        return await self._complaints(_newest().where(schema.complaints.c.call_id == clean(call_id)))

    async def by_phone(self, e164: str, limit: int) -> list[Complaint]:
        """What was registered from or for a number, newest first."""
        c, phone = schema.complaints.c, clean(e164)
        return await self._complaints(
            _newest().where(or_(c.caller_e164 == phone, c.citizen_e164 == phone)).limit(limit)
        )

    async def recent(self, limit: int) -> list[Complaint]:
        """The newest complaints, newest first."""
        return await self._complaints(_newest().limit(limit))

    async def events(self, number: str) -> list[ComplaintEvent]:
        """What happened to a complaint, in order; empty when there is none. Not verified: see `verify`."""
        async with self._database.read() as connection:
            return await _events(connection, clean(number))

    async def verify(self, number: str) -> None:
        """Check a complaint's hash chain and that its stored state is the fold of its events.

        Raises `TamperedError`.
        """
        async with self._database.read() as connection:
            events = await _events(connection, clean(number))
            query = select(schema.complaints).where(schema.complaints.c.number == clean(number))
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            return
        chain.verify(events)
        if projection.fold(events) != _complaint(row):
            raise TamperedError(f"complaint {row['number']}: its stored state is not what its events come to")

    async def _by_key(self, key: str) -> Complaint | None:
        keys = schema.registrations.c
        query = _newest().join(schema.registrations, keys.number == schema.complaints.c.number)
        found = await self._complaints(query.where(keys.key == key))
        return found[0] if found else None

    async def _store(self, new: NewComplaint, key: str | None) -> Complaint:
        async with self._database.write() as connection:
            if new.call_id is not None:
                await self._link_call(connection, new)
            number = await _draw_number(connection)
            events = _linked(number, projection.registration(new))
            complaint = projection.fold(events)
            await connection.execute(insert(schema.complaints).values(_columns(complaint)))
            rows = [_event_columns(event) for event in events]
            await connection.execute(insert(schema.complaint_events), rows)
            if new.call_id is not None:
                step = {"call_id": complaint.call_id, "at": complaint.registered_at, "kind": "complaint"}
                await connection.execute(
                    insert(schema.call_steps).values({**step, "detail": {"number": number}, "once": number})
                )
            if key is not None:
                row = self._database.insert_or_ignore(schema.registrations).values(key=key, number=number)
                if (await connection.execute(row)).rowcount == 0:
                    raise _KeyTakenError
            return complaint

    async def _link_call(self, connection: AsyncConnection, new: NewComplaint) -> None:
        """The call may have been lost on the way here; the complaint is stored all the same."""
        values = {
            "call_id": clean(new.call_id or ""),
            "caller_raw": "",
            "dialled": "",
            "channel": "",
            "started_at": new.registered_at,
            "announced": False,
        }
        await connection.execute(self._database.insert_or_ignore(schema.calls).values(values))

    async def _complaints(self, query: Select[Any]) -> list[Complaint]:
        async with self._database.read() as connection:
            return [_complaint(row) for row in (await connection.execute(query)).mappings()]


class _KeyTakenError(Exception):
    """Another registration with the same key was stored first."""


async def _draw_number(connection: AsyncConnection) -> str:
    """The next number. Holds a lock until the transaction ends, so a number is never given twice."""
    c = schema.sequences.c
    draw = update(schema.sequences).where(c.name == "complaint").values(value=c.value + 1).returning(c.value)
    return numbers.number_for((await connection.execute(draw)).scalar_one())


def _linked(number: str, news: list[NewEvent]) -> list[ComplaintEvent]:
    events: list[ComplaintEvent] = []
    for new in news:
        events.append(chain.link(number, events[-1] if events else None, new))
    return events


async def _events(connection: AsyncConnection, number: str) -> list[ComplaintEvent]:
    c = schema.complaint_events.c
    query = select(schema.complaint_events).where(c.number == number).order_by(c.seq)
    rows = (await connection.execute(query)).mappings()
    return [ComplaintEvent(**{name: row[name] for name in _EVENT}) for row in rows]


def _newest() -> Select[Any]:
    c = schema.complaints.c
    return select(schema.complaints).order_by(c.registered_at.desc(), c.number.desc())


def _columns(complaint: Complaint) -> dict[str, Any]:
    return {**{name: getattr(complaint, name) for name in _OWN}, **asdict(complaint.assigned)}


def _event_columns(event: ComplaintEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _EVENT}


def _complaint(row: Mapping[Any, Any]) -> Complaint:
    return Complaint(
        assigned=AssignedTo(**{name: row[name] for name in _ASSIGNED}), **{name: row[name] for name in _OWN}
    )
