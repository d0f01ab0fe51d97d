"""What reports need of complaints, many at a time and with flat memory: read in pages, by number."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.database.database import Database
from records.life.states import CLOSED, COMPLAINT, Kind

PAGE = 2000
"""Complaints read in one transaction: some 10 ms, so that nobody waits for a report."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One complaint as the grading sees it.

    ``citizen`` is the telephone by which a person is known, "" without one. ``missed_posts``: whose level
    passed without an entry, one for each of ``not_attended``.
    """

    number: str
    district: str
    department: str
    post: str
    citizen: str
    registered_at: datetime
    closed_at: datetime | None
    closure: str | None
    not_attended: int
    missed_posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Habitual:
    """A telephone from which many complaints came. ``name`` is the one given last."""

    citizen: str
    name: str
    complaints: int
    unclosed: int
    first_at: datetime
    last_at: datetime


async def facts(
    database: Database,
    *,
    kind: Kind | None = None,
    registered_before: datetime | None = None,
    not_closed_before: datetime | None = None,
) -> AsyncIterator[Fact]:
    """Complaints registered before a moment and not closed before another, in the order of their numbers.

    ``kind``: only those; a demand or a request for information is no complaint.

    Each page is read in a transaction of its own: what changes meanwhile is seen or not. Raises
    `RecordsError`.
    """
    c = schema.complaints.c
    citizen = func.coalesce(c.citizen_e164, c.caller_e164, "")
    graded = (c.number, c.district_code, c.department_code, c.post_id, citizen, c.registered_at, c.closed_at)
    wanted = select(*graded, c.closure, c.not_attended).order_by(c.number).limit(PAGE)
    if kind is not None:
        wanted = wanted.where(c.kind == kind)
    if registered_before is not None:
        wanted = wanted.where(c.registered_at < registered_before)
    if not_closed_before is not None:
        wanted = wanted.where(or_(c.closed_at.is_(None), c.closed_at >= not_closed_before))
    after = ""
    while True:
        async with database.read() as connection:
            rows = (await connection.execute(wanted.where(c.number > after))).all()
            missed = await _missed(connection, [row[0] for row in rows if row[-1]])
        for *told, levels in rows:
            values: list[Any] = [*told, len(levels), tuple(missed.get(told[0], ()))]
            yield Fact(*values)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


async def _missed(connection: AsyncConnection, unattended: list[str]) -> dict[str, list[str]]:
    """Whose levels passed without an entry, by complaint."""
    missed: dict[str, list[str]] = {}
    if unattended:
        e = schema.all_events.c
        escalations = (
            select(e.number, e.data)
            .where(e.number.in_(unattended), e.kind == "escalated")
            .order_by(e.number, e.seq)
        )
        for number, data in await connection.execute(escalations):
            if data["not_attended"]:
                missed.setdefault(number, []).append(data["from_post"])
    return missed


async def habitual(
    database: Database, over: float, *, registered_before: datetime | None = None
) -> list[Habitual]:
    """Telephones with more than ``over`` complaints registered before a moment, ever, the most first.

    Demands, suggestions and requests for information are no complaints. Raises `RecordsError`.
    """
    c = schema.complaints.c
    citizen = func.coalesce(c.citizen_e164, c.caller_e164)
    many = (
        select(
            citizen.label("citizen"),
            func.count().label("complaints"),
            func.sum(case((c.status != CLOSED, 1), else_=0)).label("unclosed"),
            func.min(c.registered_at).label("first_at"),
            func.max(c.registered_at).label("last_at"),
            func.max(c.number).label("newest"),
        )
        .where(citizen.is_not(None), c.kind == COMPLAINT)
        .group_by(citizen)
        .having(func.count() > over)
    )
    if registered_before is not None:
        many = many.where(c.registered_at < registered_before)
    counted = many.subquery()
    query = (
        select(counted, c.citizen_name)
        .join(schema.complaints, c.number == counted.c.newest)
        .order_by(counted.c.complaints.desc(), counted.c.citizen)
    )
    async with database.read() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [
        Habitual(
            row["citizen"],
            row["citizen_name"],
            row["complaints"],
            row["unclosed"],
            row["first_at"],
            row["last_at"],
        )
        for row in rows
    ]
