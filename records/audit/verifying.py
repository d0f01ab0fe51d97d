"""Walk through all complaints and find what was changed by hand, beside running work and in flat memory.

Each batch is read in one snapshot, so that a step taken meanwhile is never half seen. Running numbers are
drawn inside the transaction that stores the complaint: one that fails gives its number back, so that a number
that is missing means a complaint that was deleted.

What cannot be seen here: somebody who rewrote a complaint with all its hashes, or deleted the newest
complaints and set the running number back. Hashes exported before, and kept elsewhere, show that
(`records.audit.heads`).
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, text

from records import numbers, schema
from records.audit.examining import Finding, examine
from records.audit.examining_shared import shared_findings
from records.complaints.complaint_rows import event_of
from records.database.database import Database
from records.database.identity import Gap, read_gaps
from records.life.chain import ComplaintEvent
from records.life.projection import ERASED
from records.numbers import FIRST, is_valid, number_for

BATCH = 500
MOST_FINDINGS = 1000
"""Findings that are kept; the rest is counted. Whoever has a thousand restores a backup."""


@dataclass(frozen=True)
class ErasedTold:
    """An erasure on record: when, by whom, and how many complaints and events lost something by it."""

    id: str
    at: datetime
    by: str
    complaints: int = 0
    events: int = 0


@dataclass(frozen=True)
class VerifyReport:
    """What a walk came to. ``found`` counts all findings, ``findings`` holds the first `MOST_FINDINGS`.

    ``erased``: what is blank because people asked for it, which is nothing wrong; the earliest first.
    ``gaps``: numbers that the book says it does not hold, since it was put back or begun anew.
    """

    complaints: int
    events: int
    found: int
    findings: tuple[Finding, ...]
    erased: tuple[ErasedTold, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0


class Tally:
    """Counts what a walk sees and keeps the first findings."""

    def __init__(self) -> None:
        self.complaints = 0
        self.events = 0
        self.found = 0
        self.gaps: tuple[Gap, ...] = ()
        self._kept: list[Finding] = []
        self._erased: dict[str, ErasedTold] = {}

    def add(self, finding: Finding) -> None:
        """One more finding."""
        self.found += 1
        if len(self._kept) < MOST_FINDINGS:
            self._kept.append(finding)

    def erased(self, told: ErasedTold) -> None:
        """One complaint that an erasure took something from."""
        before = self._erased.get(told.id, replace(told, complaints=0, events=0))
        self._erased[told.id] = replace(
            before,
            at=min(before.at, told.at),
            complaints=before.complaints + told.complaints,
            events=before.events + told.events,
        )

    def report(self) -> VerifyReport:
        """What was seen."""
        erased = tuple(sorted(self._erased.values(), key=lambda one: (one.at, one.id)))
        return VerifyReport(self.complaints, self.events, self.found, tuple(self._kept), erased, self.gaps)


Progress = Callable[[int, int], None]
"""Told how many complaints were seen, and how many there are."""


async def verify_all(
    database: Database, *, batch: int = BATCH, progress: Progress = lambda _seen, _all: None
) -> VerifyReport:
    """Check every complaint that has a number, and that nothing else is there. Raises `RecordsError`."""
    tally = Tally()
    last = await _last_drawn(database)
    if last is None:
        tally.add(
            Finding(
                "", None, "deleted", "the running number of complaints is gone or no number; restore a backup"
            )
        )
    tally.gaps = tuple(await database.run(read_gaps, writing=False))
    for first in range(FIRST, (last or FIRST - 1) + 1, batch):
        drawn = [number_for(running) for running in range(first, min(first + batch, (last or 0) + 1))]
        try:
            await _examine(database, drawn, tally)
        except _UnreadableError:
            for number in drawn:
                await _examine_alone(database, number, tally)
        progress(first - FIRST + len(drawn), (last or 0) - FIRST + 1)
    await _find_unknown(database, tally, batch)
    for finding in await database.run(shared_findings, writing=False):
        tally.add(finding)
    return tally.report()


async def verify_some(database: Database, numbers: Sequence[str]) -> VerifyReport:
    """Check the events and states of these complaints alone, some hundreds at most. Raises `RecordsError`."""
    tally = Tally()
    for number in numbers:
        await _examine_alone(database, number, tally)
    return tally.report()


class _UnreadableError(Exception):
    """A row of a batch holds what the program never writes."""


async def _examine(database: Database, drawn: Sequence[str], tally: Tally) -> None:
    gaps = tally.gaps

    def look(connection: Connection) -> tuple[int, int, list[Finding], list[ErasedTold]]:
        c, e = schema.complaints.c, schema.all_events.c
        of_events = select(schema.all_events).where(e.number.in_(drawn)).order_by(e.number, e.seq, e.id)
        one_moment(connection)
        try:
            found = connection.execute(select(schema.complaints).where(c.number.in_(drawn)))
            rows = {row["number"]: row for row in found.mappings()}
            events: dict[str, list[ComplaintEvent]] = {number: [] for number in drawn}
            for row in connection.execute(of_events).mappings():
                events[row["number"]].append(event_of(row))
        except (ValueError, TypeError, LookupError) as error:
            raise _UnreadableError from error
        wanted = [one for one in drawn if one in rows or events[one] or not _left_out(one, gaps)]
        each = [finding for number in wanted for finding in _safely(number, rows.get(number), events[number])]
        erased = [told for some in events.values() for event in some if (told := _erased(event))]
        return len(rows), sum(map(len, events.values())), each, erased

    complaints, events, findings, erased = await database.run(look, writing=False)
    tally.complaints += complaints
    tally.events += events
    for finding in findings:
        tally.add(finding)
    for told in erased:
        tally.erased(told)


def _erased(event: ComplaintEvent) -> ErasedTold | None:
    if event.kind != ERASED:
        return None
    named = event.data.get("events")
    events = len(named) if isinstance(named, Mapping) else 0
    return ErasedTold(str(event.data.get("erasure", "")), event.at, event.actor, 1, events)


def _left_out(number: str, gaps: Sequence[Gap]) -> bool:
    return any(gap.first <= int(number[:-1]) <= gap.last for gap in gaps)


async def _examine_alone(database: Database, number: str, tally: Tally) -> None:
    try:
        await _examine(database, [number], tally)
    except _UnreadableError:
        tally.complaints += 1
        tally.add(_unreadable(number))


def _safely(
    number: str, row: Mapping[Any, Any] | None, events: Sequence[ComplaintEvent]
) -> Iterator[Finding]:
    """SQLite stores any value in any column: one that the program never writes must not end the walk."""
    try:
        yield from examine(number, row, events)
    except (ValueError, TypeError, LookupError, AttributeError):
        yield _unreadable(number)


def _unreadable(number: str) -> Finding:
    return Finding(
        number, None, "unreadable", f"complaint {number} or one of its events holds values of a wrong kind"
    )


async def _find_unknown(database: Database, tally: Tally, batch: int) -> None:
    """Complaints and events whose number was never given out."""
    c, e = schema.complaints.c, schema.all_events.c
    known = select(c.number).where(c.number == e.number)
    strays = select(e.number).distinct().where(~known.exists()).limit(MOST_FINDINGS)
    async for page in pages(database, select(c.number), batch):
        seen = [row.number for row in page]
        # Read after the numbers: those given out since the page was read are no matter.
        last = await _last_drawn(database) or 0
        for number in seen:
            if not _drawn(number, last):
                told = f"complaint {number} has a number that was never given out"
                tally.add(Finding(number, None, "unknown", told))
    async with database.read() as connection:
        left = [row.number for row in await connection.execute(strays)]
    last = await _last_drawn(database) or 0
    for number in left:
        if not _drawn(number, last):
            told = f"there are events of complaint {number}, a number that was never given out"
            tally.add(Finding(number, None, "unknown", told))


def _drawn(number: object, last: int) -> bool:
    return (
        isinstance(number, str)
        and number.isascii()
        and is_valid(number)
        and numbers.validate(number) == number
        and FIRST <= int(number[:-1]) <= last
    )


async def _last_drawn(database: Database) -> int | None:
    query = select(schema.sequences.c.value).where(schema.sequences.c.name == "complaint")
    async with database.read() as connection:
        value: object = await connection.scalar(query)
        return value if isinstance(value, int) else None


async def pages(database: Database, query: Select[Any], size: int) -> AsyncIterator[Sequence[Any]]:
    """The rows of a query on complaints that holds ``number``, in its order, page by page."""
    number = schema.complaints.c.number
    query, after = query.order_by(number).limit(size), None
    while True:
        page_query = query if after is None else query.where(number > after)
        async with database.read() as connection:
            page = (await connection.execute(page_query)).all()
        if not page:
            return
        yield page
        after = page[-1].number


def one_moment(connection: Connection) -> None:
    """All that the transaction reads is of one moment; SQLite's are so by themselves."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
