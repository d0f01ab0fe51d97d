"""Bring a database's schema to this program's version, whoever starts first.

The steps are in `records.migrations.versions`. All that are missing run in one transaction under one lock: a
database is on the old version or on the new one, and of two processes that start together one upgrades while
the other waits and finds it done.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from records.database.database import Database
from records.database.sqlite_file import nothing_at, prepare
from records.errors import RecordsError
from records.schema import metadata

VERSION_TABLE = "records_schema"
"""Not Alembic's usual name: other programs in the same PostgreSQL database may use that one."""

_SCRIPTS = Path(__file__).parent
# Any number, the same in every version of the program: who upgrades holds PostgreSQL's advisory lock of it.
_LOCK = 181_000_181


@dataclass(frozen=True)
class _Steps:
    """The versions, read from disk. Reading blocks; using them does not."""

    directory: ScriptDirectory
    head: str
    known: frozenset[str]


def _load() -> _Steps:
    directory = ScriptDirectory(str(_SCRIPTS))
    known = frozenset(script.revision for script in directory.walk_revisions())
    head = directory.get_current_head()
    if head is None:
        raise RecordsError("this program was installed without records/migrations; install it again")
    return _Steps(directory, head, known)


def head() -> str:
    """The schema's revision of this program. Blocks."""
    return _load().head


def knows(revision: str) -> bool:
    """Whether this program can read, and upgrade, a schema of that revision. Blocks."""
    return revision in _load().known


async def version_of(connection: AsyncConnection, shown: str) -> str | None:
    """The schema's revision of a database; None when it has no tables.

    Raises `RecordsError`: it is newer than this program's, or the tables are another program's.
    """
    steps = await asyncio.to_thread(_load)
    return await connection.run_sync(_version, steps, shown)


async def upgrade(
    database: Database,
    *,
    target: str = "head",
    lock_seconds: float = 60.0,
    begin: Callable[[str], None] = lambda _what: None,
) -> None:
    """Run the missing versions up to ``target``. Does not block the event loop.

    ``begin`` is asked before a database that holds nothing is made into a book, with the words for what is
    there ("is not there"); it raises what forbids that. Raises `RecordsError`: the schema is newer than this
    program, belongs to another program, or cannot be written.
    """
    steps = await asyncio.to_thread(_load)
    if file := database.address.sqlite_file:
        if what := await asyncio.to_thread(nothing_at, file):
            begin(what)
        await asyncio.to_thread(prepare, file, limit_seconds=lock_seconds)
    async with database.read() as connection:
        version = await connection.run_sync(_version, steps, database.address.shown)
    if version == steps.head:
        return
    if version is None:
        begin("has no tables")
    async with database.write() as connection:
        if not database.is_sqlite:
            await connection.execute(text(f"SET LOCAL lock_timeout = {int(lock_seconds * 1000)}"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_run, steps, database.address.shown, target)


def _version(connection: Connection, steps: _Steps, shown: str) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    version = context.get_current_revision()
    if version is None:
        strange = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        # Between the two looks another process may have made them.
        version = context.get_current_revision() if strange else None
        if strange and version is None:
            raise RecordsError(
                f"{shown} has a table {strange[0]} of another program; give records an empty one"
            )
    if version is not None and version not in steps.known:
        raise RecordsError(
            f"{shown} was made by a newer version of this program (schema {version}, this one knows up to"
            f" {steps.head}); install the newer program or set another records.url"
        )
    return version


def _run(connection: Connection, steps: _Steps, shown: str, target: str) -> None:
    # Again, now under the lock: another process may have been here.
    version = _version(connection, steps, shown)
    if version == steps.head:
        return

    def missing(_revision: object, _context: MigrationContext) -> list[MigrationStep]:
        return list(steps.directory._upgrade_revs(target, version))  # type: ignore[arg-type]

    context = MigrationContext.configure(
        connection,
        opts={"version_table": VERSION_TABLE, "target_metadata": metadata, "fn": missing},
    )
    context.run_migrations(op=Operations(context))
