"""The records: registering complaints and the escalation sweep, on SQLite and on PostgreSQL."""

import asyncio
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from bench.load import load_average, percentile
from bench.records_state import forms
from bench.records_sweep import REGISTRATIONS_A_SECOND, Measured, measure
from mapper import Edition, load_edition
from mapper.directory.store import DirectoryStore, shipped_source
from records import NewComplaint, Records, RecordsSettings, open_records, sqlite_url
from records.complaints.registering import LARGEST_GROUP
from records.escalation.pace import LEAST_SQLITE, MOST_SQLITE, POSTGRESQL
from tests.records.postgres_fixture import create_database, private_server

PATIENT = RecordsSettings(statement_timeout_seconds=600.0)
CLIENTS = 256
"""Who registers at the same time, each the next one when the last is stored."""
_TABLES = ("calls", "complaints", "complaint_events", "call_steps", "registrations")


@dataclass
class Registered:
    """What registering came to."""

    rate: float = 0.0
    one_by_one: float = 0.0
    floor: float = 0.0
    alone: list[float] = field(default_factory=list)


def run(smoke: bool) -> str:
    """Both tables."""
    with tempfile.TemporaryDirectory() as folder, private_server(durable=True) as server:
        store = DirectoryStore(Path(folder) / "directory")
        edition = load_edition(store.ensure(shipped_source()))

        def fresh(kind: str, name: str) -> str:
            if kind == "SQLite":
                return sqlite_url(Path(folder) / f"{name}.sqlite")
            return server.url(create_database(server))

        registered, swept = {}, {}
        for kind in ("SQLite", "PostgreSQL"):
            work = _registering(fresh(kind, "registering"), fresh(kind, "floor"), edition, smoke)
            registered[kind] = asyncio.run(work)
            database = psutil.Process(server.process.pid) if kind == "PostgreSQL" else None
            swept[kind] = asyncio.run(_sweeping(fresh(kind, "sweep"), edition, smoke, database))
    return f"{_registering_table(registered)}\n\n{_sweep_table(swept)}"


async def _sweeping(url: str, edition: Edition, smoke: bool, database: psutil.Process | None) -> Measured:
    def spent() -> float:
        others = database.children(recursive=True) if database else []
        times = [one.cpu_times() for one in others]
        return time.process_time() + sum(one.user + one.system for one in times)

    cohort, others = (480, 3_000) if smoke else (20_000, 860_000)
    async with await open_records(url, settings=PATIENT) as records:
        return await measure(records, edition, cohort, others, spent)


async def _registering(url: str, floor_url: str, edition: Edition, smoke: bool) -> Registered:
    found, count = Registered(), 300 if smoke else 6_000
    every = itertools.cycle(forms(edition, 480))
    news = [replace(next(every), call_id=f"call-{n}") for n in range(count + 1_000)]
    await (await open_records(floor_url)).aclose()
    async with await open_records(url, settings=PATIENT) as records:
        queue = iter(enumerate(news[:count]))

        async def client() -> None:
            for n, new in queue:
                await records.complaints.register(new, key=f"form-{n}")

        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        found.rate = count / (time.perf_counter() - began)
        found.floor = count / await _bare(url, floor_url)
        few = 50 if smoke else 500
        began = time.perf_counter()
        for new in news[count : count + few]:
            await records.complaints.register(new)
        found.one_by_one = few / (time.perf_counter() - began)
        await _evenly(records, news[count + few :][: 50 if smoke else 500], found.alone)
    return found


async def _evenly(records: Records, news: Sequence[NewComplaint], taken: list[float]) -> None:
    """Register at an even rate, none waiting for the one before."""

    async def one(new: NewComplaint) -> None:
        began = time.perf_counter()
        await records.complaints.register(new)
        taken.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for n, new in enumerate(news):
            await asyncio.sleep(began + n / REGISTRATIONS_A_SECOND - time.perf_counter())
            group.create_task(one(new))


def _inserts(rows: dict[str, list[tuple[Any, ...]]], mark: str) -> dict[str, str]:
    """A statement for each table; ``mark`` is how the driver numbers what it is given, such as ``$%d``."""
    made = {}
    for name, every in rows.items():
        marks = ", ".join(mark.replace("%d", str(n)) for n in range(1, len(every[0]) + 1))
        made[name] = f"INSERT INTO {name} VALUES ({marks})"  # noqa: S608
    return made


def _groups(rows: dict[str, list[tuple[Any, ...]]]) -> list[dict[str, list[tuple[Any, ...]]]]:
    """The same rows in as many transactions as the groups of the registrar."""
    count = len(rows["complaints"])
    return [
        {
            name: every[n * len(every) // count : (n + LARGEST_GROUP) * len(every) // count]
            for name, every in rows.items()
        }
        for n in range(0, count, LARGEST_GROUP)
    ]


async def _bare(url: str, floor_url: str) -> float:
    """Seconds in which the driver stores the same rows, group by group; nothing drawn, checked or hashed."""
    if url.startswith("sqlite"):
        return await asyncio.to_thread(_bare_sqlite, url, floor_url)
    source, floor = await asyncpg.connect(url), await asyncpg.connect(floor_url)
    try:
        query = "SELECT * FROM {}"
        rows = {name: [tuple(row) for row in await source.fetch(query.format(name))] for name in _TABLES}
        rows["complaints"].sort()
        turn = {key: n for n, row in enumerate(rows["complaints"]) for key in (row[0], row[2])}
        for name in _TABLES:  # as they were stored: a call before its complaint
            rows[name].sort(key=lambda row: turn.get(row[0], turn.get(row[1], 0)))
        statements, groups = _inserts(rows, "$%d"), _groups(rows)
        began = time.perf_counter()
        for group in groups:
            async with floor.transaction():
                for name, statement in statements.items():
                    await floor.executemany(statement, group[name])
        return time.perf_counter() - began
    finally:
        await source.close()
        await floor.close()


def _bare_sqlite(url: str, floor_url: str) -> float:
    source, floor = (
        sqlite3.connect(each.removeprefix("sqlite:///"), isolation_level=None) for each in (url, floor_url)
    )
    try:
        query = "SELECT * FROM {}"
        rows = {name: source.execute(query.format(name)).fetchall() for name in _TABLES}
        statements, groups = _inserts(rows, "?"), _groups(rows)
        floor.execute("PRAGMA synchronous = FULL")
        floor.execute("PRAGMA foreign_keys = ON")
        began = time.perf_counter()
        for group in groups:
            floor.execute("BEGIN IMMEDIATE")
            for name, statement in statements.items():
                floor.executemany(statement, group[name])
            floor.execute("COMMIT")
        return time.perf_counter() - began
    finally:
        source.close()
        floor.close()


def _registering_table(found: dict[str, Registered]) -> str:
    head = (
        f"| store, assign, events, number, key, call | {CLIENTS} at once, a second | bare executemany of the"
        " same rows | ratio | one after the other, a second |"
        f" {REGISTRATIONS_A_SECOND} a second: ms p50 / p99 |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
    )
    return head + "\n".join(
        f"| {name} | {one.rate:,.0f} | {one.floor:,.0f} | {one.floor / one.rate:.2f} |"
        f" {one.one_by_one:,.0f} |"
        f" {percentile(one.alone, 50) * 1e3:.1f} / {percentile(one.alone, 99) * 1e3:.1f} |"
        for name, one in found.items()
    )


def _sweep_table(found: dict[str, Measured]) -> str:
    names = list(found)
    each = list(found.values())

    def row(what: str, cells: list[str]) -> str:
        return f"| {what} | {' | '.join(cells)} |"

    def ms(values: list[float], percent: float) -> str:
        return f"{percentile(values, percent) * 1e3:.0f}"

    lines = [
        row(f"sweep that moves {each[0].moved:,}", names),
        "| --- |" + " ---: |" * len(names),
        row("the sweep, s", [f"{min(one.ours):.2f}" for one in each]),
        row("bare UPDATE ... FROM of the same rows, s", [f"{min(one.bare):.2f}" for one in each]),
        row("ratio", [one.ratio(one.ours, one.bare) for one in each]),
        row("ratio in CPU", [one.ratio(one.ours_cpu, one.bare_cpu) for one in each]),
        row(
            "UPDATE and INSERT ... SELECT of as many events, s",
            [f"{min(one.with_events):.2f}" for one in each],
        ),
        row("ratio", [one.ratio(one.ours, one.with_events) for one in each]),
        row("ratio in CPU", [one.ratio(one.ours_cpu, one.events_cpu) for one in each]),
        row(
            f"a transaction of {LEAST_SQLITE} to {MOST_SQLITE}, or {POSTGRESQL}: ms p50 / longest",
            [f"{ms(one.holds, 50)} / {ms(one.holds, 100)}" for one in each],
        ),
        row("a sweep that finds nothing, s", [f"{one.idle:.3f}" for one in each]),
        row(
            f"registrations during a sweep, {REGISTRATIONS_A_SECOND} a second: ms p50 / p99",
            [f"{ms(one.registering, 50)} / {ms(one.registering, 99)}" for one in each],
        ),
        row("memory grown by, MB", [f"{one.grown:.0f}" for one in each]),
        row("filling, s", [f"{one.filling:.0f}" for one in each]),
    ]
    return "\n".join(lines) + f"\n\nLoad average {load_average()}."
