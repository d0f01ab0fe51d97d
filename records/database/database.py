"""Transactions on SQLite or PostgreSQL, the same to whoever asks.

SQLite lets one connection write at a time. Within a process writers queue up here, in order, instead of
polling the file's lock; between processes SQLite's busy timeout does it. A writing transaction takes the lock
at its start (BEGIN IMMEDIATE), so it never fails half-way because another one wrote.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from typing import Any, TypeVar
from urllib.parse import quote

import asyncpg
from sqlalchemy import (
    URL,
    AsyncAdaptedQueuePool,
    Connection,
    Engine,
    NullPool,
    QueuePool,
    Table,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from records.database.faults import explain, fault_code
from records.database.presence import Presence
from records.database.urls import Address
from records.errors import RecordsError
from records.settings import RecordsSettings
from records.text import canonical_json

DRIVER_ERRORS = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_LOG = logging.getLogger(__name__)
_WRITING = {"records_writing": True}
_OPTIONS: dict[str, Any] = {
    "json_serializer": canonical_json,
    "json_deserializer": json.loads,
    # Parameters are what citizens said: they belong into no log.
    "hide_parameters": True,
}
T = TypeVar("T")


class Database:
    """An engine and the two kinds of transaction. Close it with `aclose`."""

    def __init__(
        self,
        address: Address,
        settings: RecordsSettings,
        *,
        patient: bool = False,
        presence: Presence | None = None,
    ) -> None:
        """``patient``: for an upgrade, which may wait long for locks and run long; keeps no connection.

        ``presence``: every transaction and every new connection looks whether the book is still this one.
        """
        self.address = address
        self.presence = presence
        self.engine: AsyncEngine = _make_engine(address, settings, presence, patient=patient)
        self.is_sqlite = address.sqlite_file is not None
        self.direct: Engine | None = None
        if self.is_sqlite and not patient:
            self.direct = _direct_engine(address, settings, presence)
        self._writer = asyncio.Lock()
        self.waits = 0
        """How many writers of this process had to wait for another one, since the start; SQLite only."""

    @property
    def writing(self) -> bool:
        """Whether somebody in this process writes to SQLite now, and another writer would wait."""
        return self._writer.locked()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads. Raises `RecordsError` for whatever the database complains of."""
        async with self.explained():
            await self._look()
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: all of it is stored when the block ends, nothing when it raises.

        Cancelled while it commits, it may or may not be stored; callers that retry need a key.
        """
        async with self.explained(), AsyncExitStack() as stack:
            if self.is_sqlite:
                self.waits += self.writing
                await stack.enter_async_context(self._writer)
            await self._look()
            engine = self.engine.execution_options(**_WRITING)
            async with engine.begin() as connection:
                yield connection
            await self._look()

    async def run(self, work: Callable[[Connection], T], *, writing: bool) -> T:
        """`read` or `write` for work that needs nothing but the database, for a fraction of the CPU.

        On SQLite all of it is done in a thread, in one go; the asynchronous driver changes threads several
        times for each statement. Raises `RecordsError`. Cancelled, it may or may not be stored.
        """
        if self.direct is None:
            async with self.write() if writing else self.read() as connection:
                return await connection.run_sync(work)
        self.waits += writing and self.writing
        async with self.explained(), self._writer if writing else nullcontext():
            return await asyncio.to_thread(self._run, self.direct, work, writing=writing)

    def insert_or_ignore(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that does nothing (rowcount 0) when a row with the same key is there."""
        made = sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)
        return made.on_conflict_do_nothing()

    async def let_go(self) -> None:
        """Close all connections that nobody uses; later transactions open new ones."""
        await self.engine.dispose()
        if self.direct is not None:
            await asyncio.to_thread(self.direct.dispose)

    def _run(self, engine: Engine, work: Callable[[Connection], T], *, writing: bool) -> T:
        if self.presence is not None:
            self.presence.check()
        with (engine.execution_options(**_WRITING) if writing else engine).begin() as connection:
            done = work(connection)
        if writing and self.presence is not None:
            # Written into a file that was lost meanwhile, it is not stored: the caller keeps it.
            self.presence.check()
        return done

    async def _look(self) -> None:
        if self.presence is not None:
            await asyncio.to_thread(self.presence.check)

    async def aclose(self) -> None:
        """Close all connections. Safe to call twice."""
        await self.let_go()
        if self.presence is not None:
            await asyncio.to_thread(self.presence.let_go)

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


def _make_engine(
    address: Address, settings: RecordsSettings, presence: Presence | None, *, patient: bool
) -> AsyncEngine:
    options = dict(_OPTIONS)
    if patient:
        options["poolclass"] = NullPool
    else:
        options |= {"poolclass": AsyncAdaptedQueuePool, "pool_size": settings.pool_size, "max_overflow": 0}
    if address.sqlite_file is not None:
        wait_ms = settings.busy_timeout_ms
        if patient:
            wait_ms = int(settings.migration_timeout_seconds * 1000)
        engine = create_async_engine(address.url if patient else _existing(address), **options)
        _tune_sqlite(engine.sync_engine, wait_ms)
        _recognise(engine.sync_engine, presence)
        return engine
    engine = create_async_engine(
        address.url,
        pool_pre_ping=not patient,
        connect_args={
            "timeout": settings.connect_timeout_seconds,
            "command_timeout": None if patient else settings.statement_timeout_seconds,
            "server_settings": {"application_name": "helpline", "timezone": "UTC"},
        },
        **options,
    )
    _recognise(engine.sync_engine, presence)
    return engine


def _direct_engine(address: Address, settings: RecordsSettings, presence: Presence | None) -> Engine:
    """For threads, on the same SQLite file."""
    url = _existing(address).set(drivername="sqlite+pysqlite")
    # The connection used last has its pages and statements at hand.
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": settings.pool_size, "max_overflow": 0}
    engine = create_engine(url, **_OPTIONS, **pool, pool_use_lifo=True)
    _tune_sqlite(engine, settings.busy_timeout_ms)
    _recognise(engine, presence)
    return engine


def _existing(address: Address) -> URL:
    """The upgrade made the file: one that was moved away since is not made anew, empty."""
    name = f"file:{quote(str(address.sqlite_file))}"
    return address.url.set(database=name, query={"mode": "rw", "uri": "true"})


def _recognise(engine: Engine, presence: Presence | None) -> None:
    if presence is not None:

        @event.listens_for(engine, "connect")
        def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
            presence.recognise(connection)


def _tune_sqlite(engine: Engine, wait_ms: int) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver would begin transactions by itself, late, and not before DDL: we say when.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {wait_ms:d}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        # What is changed or removed is overwritten: an erased person is not to be found in free pages.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("records_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
