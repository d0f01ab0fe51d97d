"""Transactions on SQLite or PostgreSQL, the same to whoever asks.

SQLite lets one connection write at a time. Within a process writers queue up here, in order, instead of
polling the file's lock; between processes SQLite's busy timeout does it. A writing transaction takes the lock
at its start (BEGIN IMMEDIATE), so it never fails half-way because another one wrote.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Protocol
from urllib.parse import quote

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, Connection, NullPool, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from records.errors import RecordsError
from records.faults import explain, fault_code
from records.settings import RecordsSettings
from records.text import canonical_json
from records.urls import Address

DRIVER_ERRORS = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_LOG = logging.getLogger(__name__)
_WRITING = {"records_writing": True}


class Transactions(Protocol):
    """What a book needs of a database: its own transactions, or a part in somebody else's (`Joined`)."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that only reads."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that may write."""

    def insert_or_ignore(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that does nothing (rowcount 0) when a row with the same key is there."""


class Database:
    """An engine and the two kinds of transaction. Close it with `aclose`."""

    def __init__(self, address: Address, settings: RecordsSettings, *, patient: bool = False) -> None:
        """``patient``: for an upgrade, which may wait long for locks and run long; keeps no connection."""
        self.address = address
        self.engine: AsyncEngine = _make_engine(address, settings, patient=patient)
        self.is_sqlite = address.sqlite_file is not None
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads. Raises `RecordsError` for whatever the database complains of."""
        async with self.explained(), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: all of it is stored when the block ends, nothing when it raises.

        Cancelled while it commits, it may or may not be stored; callers that retry need a key.
        """
        async with self.explained(), AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(self._writer)
            engine = self.engine.execution_options(**_WRITING)
            yield await stack.enter_async_context(engine.begin())

    def insert_or_ignore(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that does nothing (rowcount 0) when a row with the same key is there."""
        made = sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)
        return made.on_conflict_do_nothing()

    async def aclose(self) -> None:
        """Close all connections. Safe to call twice."""
        await self.engine.dispose()

    @asynccontextmanager
    async def explained(self) -> AsyncIterator[None]:
        """Turns what drivers raise inside into `RecordsError`.

        The driver's error is logged without its words and not chained: PostgreSQL quotes the values of a row
        that it refuses, and those are what citizens said.
        """
        try:
            yield
        except RecordsError:
            raise
        except DRIVER_ERRORS as error:
            explained = explain(error, self.address.shown)
            statement = error.statement if isinstance(error, DBAPIError) else None
            _LOG.warning("%s [%s] %s", explained, fault_code(error), " ".join((statement or "").split()))
            raise explained from None


class Joined:
    """Lets books write in one transaction that is open already: all of it is stored, or nothing.

    Use it only inside the block that began the transaction.
    """

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self._database = database
        self._connection = connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """The open transaction."""
        yield self._connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The open transaction; it is not stored when the block ends."""
        yield self._connection

    def insert_or_ignore(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """See `Database.insert_or_ignore`."""
        return self._database.insert_or_ignore(table)


def _make_engine(address: Address, settings: RecordsSettings, *, patient: bool) -> AsyncEngine:
    options: dict[str, Any] = {
        "json_serializer": canonical_json,
        "json_deserializer": json.loads,
        # Parameters are what citizens said: they belong into no log.
        "hide_parameters": True,
    }
    if patient:
        options["poolclass"] = NullPool
    else:
        options |= {"poolclass": AsyncAdaptedQueuePool, "pool_size": settings.pool_size, "max_overflow": 0}
    if address.sqlite_file is not None:
        wait_ms = settings.busy_timeout_ms
        if patient:
            wait_ms = int(settings.migration_timeout_seconds * 1000)
        url = address.url
        if not patient:
            # The upgrade made the file: one that was moved away since is not made anew, empty.
            name = f"file:{quote(str(address.sqlite_file))}"
            url = url.set(database=name, query={"mode": "rw", "uri": "true"})
        engine = create_async_engine(url, **options)
        _tune_sqlite(engine, wait_ms)
        return engine
    return create_async_engine(
        address.url,
        pool_pre_ping=not patient,
        connect_args={
            "timeout": settings.connect_timeout_seconds,
            "command_timeout": None if patient else settings.statement_timeout_seconds,
            "server_settings": {"application_name": "helpline", "timezone": "UTC"},
        },
        **options,
    )


def _tune_sqlite(engine: AsyncEngine, wait_ms: int) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver would begin transactions by itself, late, and not before DDL: we say when.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {wait_ms:d}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("records_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
