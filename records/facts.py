"""What reports need of complaints, many at a time and with flat memory: read in pages, by number."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from records import schema
from records.database import Database
from records.life_states import CLOSED

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
    registered_before: datetime | None = None,
    not_closed_before: datetime | None = None,
) -> AsyncIterator[Fact]:
    """Complaints registered before a moment and not closed before another, in the order of their numbers.

    Each page is read in a transaction of its own: what changes meanwhile is seen or not. Raises
    `RecordsError`.
    """
    c = schema.complaints.c
    wanted = select(schema.complaints).order_by(c.number).limit(PAGE)
    if registered_before is not None:
        wanted = wanted.where(c.registered_at < registered_before)
    if not_closed_before is not None:
        wanted = wanted.where(or_(c.closed_at.is_(None), c.closed_at >= not_closed_before))
    after = ""
    while True:
        async with database.read() as connection:
            rows = (await connection.execute(wanted.where(c.number > after))).mappings().all()
            missing = [row["number"] for row in rows if row["not_attended"]]
            missed: dict[str, list[str]] = {}
            if missing:
                e = schema.complaint_events.c
                escalations = (
                    select(e.number, e.data)
                    .where(e.number.in_(missing), e.kind == "escalated")
                    .order_by(e.number, e.seq)
                )
                for number, data in await connection.execute(escalations):
                    if data["not_attended"]:
                        missed.setdefault(number, []).append(data["from_post"])
        for row in rows:
            yield Fact(
                row["number"],
                row["district_code"],
                row["department_code"],
                row["post_id"],
                row["citizen_e164"] or row["caller_e164"] or "",
                row["registered_at"],
                row["closed_at"],
                row["closure"],
                len(row["not_attended"]),
                tuple(missed.get(row["number"], ())),
            )
        if len(rows) < PAGE:
            return
        after = rows[-1]["number"]


async def habitual(database: Database, over: int) -> list[Habitual]:
    """Telephones with more than ``over`` complaints, the most first. Raises `RecordsError`."""
    c = schema.complaints.c
    citizen = func.coalesce(c.citizen_e164, c.caller_e164)
    counted = (
        select(
            citizen.label("citizen"),
            func.count().label("complaints"),
            func.sum(case((c.status != CLOSED, 1), else_=0)).label("unclosed"),
            func.min(c.registered_at).label("first_at"),
            func.max(c.registered_at).label("last_at"),
            func.max(c.number).label("newest"),
        )
        .where(citizen.is_not(None))
        .group_by(citizen)
        .having(func.count() > over)
        .subquery()
    )
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
