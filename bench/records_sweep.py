"""The escalation sweep over a million open complaints, beside the bare SQL that changes the same rows."""

import asyncio
import datetime as dt
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any

import psutil
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert, select

from bench.records_state import BEGIN, fill, forms
from mapper import Edition
from mapper.days import IST
from office.clock import Rising, left_by_itself
from records import AssignedTo, NewComplaint, Records, schema
from records.audit.verifying import verify_some
from records.escalation.climbing import Climber
from records.escalation.sweep import sweep

ROUNDS = 3
"""Each does the bare SQL on one day's complaints and the sweep on the next day's."""
REGISTRATIONS_A_SECOND = 50

_TARGET = tuple(field.name for field in fields(AssignedTo))
_ANSWERS = Table(
    "bench_target",
    MetaData(),
    *(Column(name, schema.complaints.c[name].type) for name in (*_TARGET, "last_at", "last_hash")),
    Column("type_code", Text, primary_key=True),
    Column("place_id", Text, primary_key=True),
    Column("id", Integer),
)
_BARE = (
    "UPDATE complaints SET "  # noqa: S608 - names of columns
    + ", ".join(f"{name} = t.{name}" for name in _TARGET)
    + ", status = 'open',"
    " attended_at = NULL, sent_up_from = NULL, resumed_at = NULL,"
    " not_attended = '1', last_seq = last_seq + 1,"
    " last_hash = t.last_hash, last_at = t.last_at, level_since = t.last_at FROM bench_target t"
    " WHERE t.type_code = complaints.type_code AND t.place_id = complaints.place_id"
    " AND complaints.status IN ('open', 'attended', 'department_proposed', 'close_proposed')"
    " AND complaints.due < {today} AND complaints.level = 1"
)
_EVENTS = (
    "INSERT INTO complaint_escalations (number, seq, escalation, previous_hash, hash)"
    " SELECT c.number, c.last_seq, t.id, t.last_hash, t.last_hash FROM complaints c JOIN bench_target t"
    " ON t.type_code = c.type_code AND t.place_id = c.place_id"
    " WHERE c.due IN ({dues}) AND c.level = 2 AND c.last_seq = 3"
    " AND c.status IN ('open', 'attended', 'department_proposed', 'close_proposed')"
)


@dataclass
class Measured:
    """Seconds of each round, and what else was seen."""

    moved: int = 0
    filling: float = 0.0
    bare: list[float] = field(default_factory=list)
    with_events: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    bare_cpu: list[float] = field(default_factory=list)
    events_cpu: list[float] = field(default_factory=list)
    ours_cpu: list[float] = field(default_factory=list)
    idle: float = 0.0
    holds: list[float] = field(default_factory=list)
    grown: float = 0.0
    registering: list[float] = field(default_factory=list)

    def ratio(self, own: list[float], peer: list[float]) -> str:
        """What the sweep took to what the peer took: the middle round, with the least and the most."""
        each = [ours / theirs for ours, theirs in zip(own, peer, strict=True)]
        return f"{statistics.median(each):.2f} ({min(each):.2f} to {max(each):.2f})"


async def measure(
    records: Records, edition: Edition, cohort: int, others: int, spent: Callable[[], float]
) -> Measured:
    """Fill an empty database and measure. ``spent``: seconds of CPU of this process and the database's."""
    found, database = Measured(moved=cohort), records.database
    news = forms(edition, min(480, cohort))
    began = time.perf_counter()
    await database.run(
        lambda connection: fill(connection, news, 2 * ROUNDS + 1, cohort, others), writing=True
    )
    found.filling = time.perf_counter() - began
    for number in range(ROUNDS):
        day = BEGIN + dt.timedelta(days=2 * number)
        await database.run(partial(_prepare, edition=edition, news=news, day=day), writing=True)
        today = f"'{day + dt.timedelta(days=1)}'"
        at_first = spent()
        bare = await _timed(records, _BARE.format(today=today), cohort)
        found.bare.append(bare)
        found.bare_cpu.append(spent() - at_first)
        dues = await database.run(_dues, writing=False)
        found.with_events.append(bare + await _timed(records, _EVENTS.format(dues=dues), cohort))
        then = spent()
        found.events_cpu.append(then - at_first)
        found.ours.append(await _sweep(records, edition, day + dt.timedelta(days=1), cohort, found))
        found.ours_cpu.append(spent() - then)
    found.idle = await _sweep(records, edition, day + dt.timedelta(days=1), 0, found)
    registering = asyncio.create_task(_register(records, news, found))
    # Its transactions are not the sweep's alone.
    await _sweep(records, edition, BEGIN + dt.timedelta(days=2 * ROUNDS), cohort, Measured())
    registering.cancel()
    await asyncio.gather(registering, return_exceptions=True)
    assert (await verify_some(database, await database.run(_some_moved, writing=False))).ok
    return found


def _prepare(connection: Connection, edition: Edition, news: list[NewComplaint], day: dt.date) -> None:
    """A table of the answers, as whoever does all of it in SQL would have: where each type and place goes."""
    at = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0, 1), IST)
    rising = Rising(edition, lambda name: edition, at.date())
    rows: list[dict[str, object]] = []
    for new in news:
        now = new.assigned
        climber = Climber(
            "1", new.type_code, new.place_id, 1, now.post_id, now.department_code, now.edition, day, "open",
            None, (), 2, "0" * 64, new.registered_at,
        )  # fmt: skip
        up = rising.decide(climber)
        assert up is not None
        row = {name: getattr(up.assigned, name) for name in _TARGET}
        row |= {"type_code": new.type_code, "place_id": new.place_id, "last_at": at, "last_hash": "0" * 64}
        rows.append({**row, "id": len(rows) + 1})
    _ANSWERS.drop(connection, checkfirst=True)
    _ANSWERS.create(connection)
    connection.execute(insert(_ANSWERS), rows)
    connection.exec_driver_sql("ANALYZE bench_target")


def _dues(connection: Connection) -> str:
    """The new last days, written out: either database then goes by its index."""
    days = connection.execute(select(_ANSWERS.c.due).distinct()).scalars()
    return ", ".join(f"'{day}'" for day in days)


def _some_moved(connection: Connection) -> list[str]:
    query = "SELECT number FROM complaints WHERE level = 2 AND last_seq = 3 ORDER BY number DESC LIMIT 100"
    return [number for (number,) in connection.exec_driver_sql(query)]


async def _register(records: Records, news: list[NewComplaint], found: Measured) -> None:
    """Registrations at an even rate until cancelled, none waiting for the one before."""

    async def one(new: NewComplaint) -> None:
        began = time.perf_counter()
        await records.complaints.register(new)
        found.registering.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for new in itertools.cycle(news):
            group.create_task(one(replace(new, assigned=replace(new.assigned, due=dt.date(2027, 1, 1)))))
            await asyncio.sleep(1 / REGISTRATIONS_A_SECOND)


async def _timed(records: Records, statement: str, count: int) -> float:
    def work(connection: Connection) -> int:
        if connection.dialect.name == "postgresql":
            # Knowing nothing of rows just updated, it would compare each with every answer: no fair peer.
            connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
        return connection.exec_driver_sql(statement).rowcount

    began = time.perf_counter()
    changed = await records.database.run(work, writing=True)
    taken = time.perf_counter() - began
    assert changed == count, f"{changed} rows instead of {count}"
    return taken


async def _sweep(records: Records, edition: Edition, last: dt.date, count: int, found: Measured) -> float:
    """One sweep in the first minute after ``last``; its seconds."""
    at = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(0, 1), IST)
    rising = Rising(edition, lambda name: edition, at.date())
    leaving = left_by_itself(edition, at.date())
    memory = psutil.Process().memory_info().rss
    run = records.database.run

    async def watched(work: Callable[[Connection], Any], *, writing: bool) -> Any:
        began = time.perf_counter()
        result = await run(work, writing=writing)
        if writing:
            found.holds.append(time.perf_counter() - began)
        return result

    records.database.run = watched  # type: ignore[method-assign]
    began = time.perf_counter()
    try:
        swept = await sweep(records.database, rising.decide, at, leaving=leaving)
    finally:
        records.database.run = run  # type: ignore[method-assign]
    taken = time.perf_counter() - began
    assert swept.complaints == count, f"{swept.complaints} complaints instead of {count}"
    found.grown = max(found.grown, (psutil.Process().memory_info().rss - memory) / 2**20)
    return taken
