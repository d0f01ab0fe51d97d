"""Signs of life in the database: that it takes a write, and when a part of the service last looked.

They are rows of ``spooled_operations`` under names no operation has, one for each part, replaced each time:
a table that every version has, and whose rows nobody reads for what they say.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from records import schema
from records.clock import as_utc
from records.database.database import Database

STORE = "store"
CLOCK = "clock"
_ID = "heartbeat:{}"


async def beat(database: Database, part: str, at: datetime) -> None:
    """Write for good that a part lives. Not rolled back: SQLite touches the disk at the commit only.

    Raises `RecordsError` when the database cannot be written.
    """
    row = {"id": _ID.format(part), "at": as_utc(at)}
    same = schema.spooled_operations.c.id == row["id"]

    def work(connection: Connection) -> None:
        if not connection.execute(update(schema.spooled_operations).where(same).values(row)).rowcount:
            connection.execute(database.insert_or_ignore(schema.spooled_operations).values(row))

    await database.run(work, writing=True)


async def last_beat(database: Database, part: str) -> datetime | None:
    """When a part last said that it lives; None: never, or not for a month. Raises `RecordsError`."""
    query = select(schema.spooled_operations.c.at).where(schema.spooled_operations.c.id == _ID.format(part))

    def work(connection: Connection) -> datetime | None:
        return connection.execute(query).scalar_one_or_none()

    return await database.run(work, writing=False)
