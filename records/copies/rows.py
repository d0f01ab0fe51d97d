"""All rows of a book from one database into another, whichever kind each is."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from records.schema import metadata

AT_ONCE = 1000
"""Rows held in memory and written by one statement."""

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is."""

_MADE_WITH_TABLES = frozenset({"book", "sequences"})


def no_progress(_done: int, _every: int) -> None:
    """For who tells nobody."""


async def copy_rows(source: AsyncConnection, target: AsyncConnection, progress: Progress) -> None:
    """Write every row of ``source`` into ``target``; both have the schema of this version.

    The target holds nothing but what its schema was made with, which goes. Done in one transaction of each:
    the caller begins and ends them. Raises what the drivers raise.
    """
    tables = metadata.sorted_tables
    every = 0
    for table in tables:
        every += int(await source.scalar(select(func.count()).select_from(table)) or 0)
    for table in reversed(tables):
        await target.execute(delete(table))
    done = 0
    for table in tables:
        found = await source.stream(select(table))
        async for some in found.mappings().partitions(AT_ONCE):
            await target.execute(insert(table), [dict(row) for row in some])
            done += len(some)
            progress(done, every)
    if target.dialect.name == "postgresql":
        await target.run_sync(_go_on_numbering)


def holds_rows(connection: Connection) -> bool:
    """Whether anything is in a database besides what its schema was made with."""
    return any(
        connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None
        for table in metadata.sorted_tables
        if table.name not in _MADE_WITH_TABLES
    )


def _go_on_numbering(connection: Connection) -> None:
    """Have PostgreSQL number new rows above those that were copied; SQLite does it by itself."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        own = connection.scalar(
            text("SELECT pg_get_serial_sequence(:of, :column)"), {"of": table.name, "column": column.name}
        )
        last = connection.scalar(select(func.max(column)))
        if own is not None and last is not None:
            connection.execute(text("SELECT setval(:own, :last)"), {"own": own, "last": last})
