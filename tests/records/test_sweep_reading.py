"""What a sweep reads: the overdue ones alone, in the order of their days, by the index."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, event

from records import Propose, ProposeDepartment, Records
from records.escalation.climbing import Climber
from records.escalation.sweep_reading import Cursor, read_batch
from tests.records.life_samples import officer
from tests.records.samples import ASSIGNED, at, complaint


def _reading(on: date, after: Cursor | None, limit: int) -> Callable[[Connection], list[Climber]]:
    return lambda connection: read_batch(connection, on, {1, 2}, after, limit)


async def test_overdue_complaints_come_batch_by_batch_the_longest_first(records: Records) -> None:
    book, found = records.complaints, []
    for shift in (3, 1, 2, 1):
        due = ASSIGNED.due + timedelta(days=shift)
        found.append(await book.register(complaint(call_id=None, assigned=replace(ASSIGNED, due=due))))
    resolved, waiting = found[2], found[0]
    await book.act(resolved.number, Propose("किया"), officer(1), at(60))
    await book.act(waiting.number, ProposeDepartment("हमारा नहीं", "PHE"), officer(1), at(60))
    on = ASSIGNED.due + timedelta(days=4)

    async def read(on: date, after: Cursor | None, limit: int) -> list[Climber]:
        return await records.database.run(_reading(on, after, limit), writing=False)

    expected = [found[1].number, found[3].number, waiting.number]
    assert [one.number for one in await read(on, None, 10)] == expected
    assert await read(ASSIGNED.due + timedelta(days=1), None, 10) == []
    seen: list[str] = []
    cursor = None
    while batch := await read(on, cursor, 1):
        seen += [one.number for one in batch]
        cursor = Cursor(batch[-1].due, batch[-1].number)
    assert seen == expected


async def test_the_walk_through_overdue_complaints_uses_its_index(records: Records) -> None:
    database, said = records.database, []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        said.append((statement, parameters))

    def plan(connection: Connection) -> str:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        _reading(ASSIGNED.due, Cursor(ASSIGNED.due, "10000012"), 10)(connection)
        statement, parameters = said[-1]
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        return str(connection.exec_driver_sql(explain + statement, parameters).all())

    event.listen(database.direct or database.engine.sync_engine, "before_cursor_execute", note)
    assert "ix_complaints_escalating" in await database.run(plan, writing=False)
