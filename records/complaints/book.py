"""The book of complaints: events are appended, the current state is written beside them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from records import schema
from records.clock import as_utc
from records.complaints import complaint_rows
from records.complaints import query as finding
from records.complaints.complaint_rows import complaint_of, newest, read_events
from records.complaints.query import Wanted
from records.complaints.registering import Registrar
from records.database.database import Database
from records.errors import RecordsError, StaleError, TamperedError
from records.life import projection
from records.life import rules as life
from records.life.chain import ComplaintEvent
from records.life.complaint import Complaint, NewComplaint
from records.life.steps import Actor, Context, Link, Step
from records.text import clean


class ComplaintBook:
    """All methods raise `RecordsError` when the database fails, and `ValueError` for a naive datetime."""

    def __init__(self, database: Database, given: Callable[[int], None] = lambda _highest: None) -> None:
        """``given``: see `records.complaints.registering.Registrar`."""
        self._database = database
        self._registrar = Registrar(database, given)

    async def register(self, new: NewComplaint, *, key: str | None = None) -> Complaint:
        """Store a complaint under a new number: its events, its state and the link to its call, or nothing.

        With ``key`` (1 to 200 characters, one for each filled form) a second register gives the complaint of
        the first and changes nothing, also when both run at the same time. Who is cancelled may find it
        stored.
        """
        stored = await self._registrar.register(new, key)
        if isinstance(stored, Complaint):
            return stored
        first = await self.get(stored)
        if first is None:
            raise TamperedError(f"complaint {stored} is missing, and its key is there; restore a backup")
        return first

    async def aclose(self) -> None:
        """Wait until the registrations that were asked for are stored."""
        await self._registrar.aclose()

    async def act(
        self,
        number: str,
        step: Step,
        actor: Actor,
        at: datetime,
        *,
        context: Context | None = None,
        expected_seq: int | None = None,
    ) -> Complaint:
        """Take one step of a complaint's life (`records.life.rules`) and give what it is then.

        Of several at once on one complaint, each sees what the others did. ``expected_seq``: refuse when the
        complaint has other events than the ``last_seq`` the caller saw. ``context`` is what the directory
        says; the complaint's group is looked up here. Raises `IllegalStep`, `StaleError`, and
        `RecordsError` when there is no such complaint.
        """
        number, at = clean(number), as_utc(at)
        main = clean(step.main) if isinstance(step, Link) else None

        def take(connection: Connection) -> Complaint:
            _hold(connection, number, main)
            events = read_events(connection, number)
            if not events:
                raise RecordsError(f"there is no complaint {number}; check the number")
            before = projection.fold(events)
            if expected_seq is not None and before.last_seq != expected_seq:
                raise StaleError(f"complaint {number} was changed meanwhile; look at it again and decide")
            around = _with_group(connection, before, main, context or Context())
            news = life.apply(before, step, actor, at, around)
            return complaint_rows.append(connection, before, events[-1], news)

        return await self._database.run(take, writing=True)

    async def get(self, number: str) -> Complaint | None:
        """The complaint of a number as `numbers.validate` gives it, or None."""
        found = await self._complaints(newest().where(schema.complaints.c.number == clean(number)))
        return found[0] if found else None

    async def by_call(self, call_id: str) -> list[Complaint]:
        """What was registered in a call, newest first."""
        return await self._complaints(newest().where(schema.complaints.c.call_id == clean(call_id)))

    async def of_calls(self, call_ids: Collection[str]) -> frozenset[str]:
        """Those of the calls, some hundreds at most, in which something was registered."""
        column = schema.complaints.c.call_id
        query = select(column).where(column.in_(sorted(map(clean, call_ids)))).distinct()
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(query))

    async def by_phone(self, e164: str, limit: int) -> list[Complaint]:
        """What was registered from or for a number, newest first."""
        of_phone = complaint_rows.of_phone(clean(e164))
        return await self._complaints(newest().where(of_phone).limit(limit))

    async def recent(self, limit: int) -> list[Complaint]:
        """The newest complaints, newest first."""
        return await self._complaints(newest().limit(limit))

    async def linked(self, number: str) -> list[Complaint]:
        """The complaints linked to a main one, newest first.

        Each has its own state and consent: when the main one has a resolution, their citizens are asked too.
        """
        return await self._complaints(newest().where(schema.complaints.c.group_of == clean(number)))

    async def search(self, wanted: Wanted, limit: int, after: str | None = None) -> list[Complaint]:
        """What fits, newest first; ``after`` is the number of the last one already seen."""
        return await self._complaints(finding.query(wanted, limit, after))

    async def events(self, number: str) -> list[ComplaintEvent]:
        """What happened to a complaint, in order; empty when there is none. See `records.audit`, too."""
        return await self._database.run(lambda one: read_events(one, clean(number)), writing=False)

    async def _complaints(self, query: Select[Any]) -> list[Complaint]:
        def read(connection: Connection) -> list[Complaint]:
            return [complaint_of(row) for row in connection.execute(query).mappings()]

        return await self._database.run(read, writing=False)


def _hold(connection: Connection, *wanted: str | None) -> None:
    """Keep others from changing complaints until the transaction ends; SQLite has one writer anyway.

    In the order of their numbers, as everybody does, so that two never wait for each other.
    """
    if connection.dialect.name == "sqlite":
        return
    found = sorted({number for number in wanted if number is not None})
    c = schema.complaints.c
    connection.execute(select(c.number).where(c.number.in_(found)).order_by(c.number).with_for_update())


def _with_group(connection: Connection, complaint: Complaint, main: str | None, context: Context) -> Context:
    """The context with the complaint's group as it is now."""
    c = schema.complaints.c
    number = main or complaint.group_of
    found = None
    if number is not None:
        rows = connection.execute(select(schema.complaints).where(c.number == number)).mappings()
        found = next((complaint_of(row) for row in rows), None)
    members = 0
    if main is not None:
        query = select(func.count()).select_from(schema.complaints).where(c.group_of == complaint.number)
        members = connection.execute(query).scalar_one()
    return replace(context, main=found, members=members)
