"""How much a sweep moves at a time."""

import asyncio

from sqlalchemy import Connection, text

from records import Records
from records.escalation.pace import Pace


def test_it_grows_while_nobody_waits_and_falls_at_the_first_who_does() -> None:
    pace = Pace(500, 4000)
    sizes = []
    for waits in (0, 0, 0, 0, 3, 3, 3):
        pace.told(waits)
        sizes.append((pace.size, pace.alone))
    assert sizes == [
        (1000, True), (2000, True), (4000, True), (4000, True), (500, False), (1000, True), (2000, True),
    ]  # fmt: skip


def test_a_size_that_is_given_stays() -> None:
    pace = Pace(7, 7)
    pace.told(0)
    assert (pace.size, pace.alone) == (7, False)


async def test_the_database_counts_writers_that_wait(records: Records) -> None:
    database = records.database
    before = database.waits

    def work(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))

    await database.run(work, writing=True)
    await database.run(work, writing=False)
    assert database.waits == before
    await asyncio.gather(*(database.run(work, writing=True) for _ in range(3)))
    async with database.write():
        waiting = asyncio.create_task(database.run(work, writing=True))
        await asyncio.sleep(0)
        assert database.writing is database.is_sqlite
    await waiting
    assert database.waits == before + (3 if database.is_sqlite else 0)
