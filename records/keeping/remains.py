"""What a database leaves in its own files of what was destroyed, and clearing it away.

SQLite keeps old pages in its write-ahead log until that is emptied, and pages that were freed by a version of
this program that did not overwrite them. PostgreSQL keeps old versions of rows until they are vacuumed, and
its own write-ahead log and base backups as long as its administrator says.
"""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import text

from records import schema
from records.database.database import Database
from records.database.faults import explain
from records.settings import RecordsSettings

TABLES = (
    schema.complaint_events,
    schema.complaints,
    schema.calls,
    schema.call_steps,
    schema.drafts,
    schema.callbacks,
    schema.callers,
)


async def clear_remains(database: Database, settings: RecordsSettings, *, compact: bool = False) -> bool:
    """Clear away what is left of what was destroyed before.

    ``compact``: write the whole SQLite file anew, for one that was written by a version before this; others
    who write wait meanwhile, some ten seconds for a gigabyte. False: somebody reads SQLite's log all the
    time; it is emptied by the next call or when all processes have ended. Raises `RecordsError`.
    """
    if file := database.address.sqlite_file:
        wait = settings.migration_timeout_seconds if compact else settings.busy_timeout_ms / 1000
        return await asyncio.to_thread(_clear_sqlite, file, wait, compact=compact)
    patient = await asyncio.to_thread(Database, database.address, settings, patient=True)
    try:
        engine = patient.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with patient.explained(), engine.connect() as connection:
            for table in TABLES:
                await connection.execute(text(f"VACUUM {table.name}"))
    finally:
        await patient.aclose()
    return True


def _clear_sqlite(file: Path, wait_seconds: float, *, compact: bool) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(file, timeout=wait_seconds, isolation_level=None)) as opened:
            opened.execute("PRAGMA secure_delete = ON")
            if compact:
                opened.execute("VACUUM")
            busy: int = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as error:
        raise explain(error, str(file)) from error
    return not busy
