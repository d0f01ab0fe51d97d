"""What cannot be opened or goes wrong later: one line with cause and remedy, and no secret in it."""

import asyncio
import os
import re
import sqlite3
import traceback
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import TextClause, event, text

from records import Records, RecordsError, RecordsSettings, UnavailableError, open_records, sqlite_url
from records.database.faults import explain
from records.database.urls import address
from records.numbers import number_for
from tests.records.postgres_fixture import Server
from tests.records.samples import complaint

HASTY = RecordsSettings(busy_timeout_ms=100, migration_timeout_seconds=1, connect_timeout_seconds=1)


async def refused(url: str, settings: RecordsSettings = HASTY) -> str:
    """What opening says when it fails."""
    with pytest.raises(RecordsError) as caught:
        await open_records(url, settings=settings)
    said = str(caught.value)
    assert "\n" not in said
    return said


async def test_missing_directory(tmp_path: Path) -> None:
    said = await refused(sqlite_url(tmp_path / "missing" / "records.sqlite"))
    assert re.search(r"missing does not exist; create it", said)


async def test_directory_instead_of_a_file(tmp_path: Path) -> None:
    assert "is a directory; set records.url to a file in it" in await refused(sqlite_url(tmp_path))


async def test_place_that_cannot_be_written() -> None:
    """Nobody, not even root, makes files there."""
    assert "cannot be written" in await refused("sqlite:////proc/records.sqlite")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
async def test_directory_without_permission(tmp_path: Path) -> None:
    await asyncio.to_thread(tmp_path.chmod, 0o500)
    assert "let this user write" in await refused(sqlite_url(tmp_path / "records.sqlite"))


async def test_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    letter = await asyncio.to_thread(_write_letter, file)
    assert "is not a database; move that file away" in await refused(sqlite_url(file))
    assert await asyncio.to_thread(file.read_bytes) == letter


async def test_file_held_by_another_program(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    holder = sqlite3.connect(file, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        assert "is held by another program" in await refused(sqlite_url(file))
    finally:
        holder.close()


async def test_full_disk_is_told_and_nothing_half_stored(tmp_path: Path) -> None:
    async with await open_records(sqlite_url(tmp_path / "records.sqlite")) as records:
        first = await records.complaints.register(complaint())
        await _let_no_page_be_added(records)
        with pytest.raises(UnavailableError, match="the disk is full; make room"):
            await records.complaints.register(complaint(description="ल" * 100_000))
        assert await records.complaints.recent(10) == [first]


async def test_another_writer_that_does_not_end(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "records.sqlite")
    async with await open_records(url, settings=HASTY) as one, await open_records(url, settings=HASTY) as two:
        async with one.database.write() as connection:
            await connection.execute(text("SELECT value FROM sequences"))
            with pytest.raises(UnavailableError, match="held by another program"):
                await two.complaints.register(complaint())
        assert (await two.complaints.register(complaint())).number == number_for(1000001)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not a database address"),
        ("records.sqlite", "not a database address"),
        ("postgresql://u:geheim@host:port/name", "not a database address"),
        ("mysql://u:geheim@host/name", "mysql is not supported"),
        ("sqlite://", "must outlive the program"),
        ("sqlite:///:memory:", "must outlive the program"),
        ("sqlite:///file?mode=ro", "nothing after it"),
        ("postgresql://u:geheim@host", "name is missing"),
        ("postgresql://u:geheim@host/name?password=geheim", "option password is not known"),
    ],
)
async def test_addresses_that_are_none(url: str, words: str) -> None:
    said = await refused(url)
    assert words in said
    assert "geheim" not in said


def test_addresses_are_mapped_to_drivers() -> None:
    assert address("postgres://u:p@h:5433/n").url.drivername == "postgresql+asyncpg"
    assert address("postgresql+psycopg://u:p@h/n").url.drivername == "postgresql+asyncpg"
    assert address("sqlite:////a/b").sqlite_file == Path("/a/b")
    assert address("postgresql://u:p@h/n").sqlite_file is None
    assert address("postgresql://u:p@h:5433/n").shown == "PostgreSQL database n at h:5433"
    secure = address("postgresql://u:p@h/n?sslmode=verify-full").url.query
    assert dict(secure) == {"ssl": "verify-full"}


async def test_server_that_is_not_there() -> None:
    said = await refused("postgresql://u:geheim@127.0.0.1:1/name")
    assert "PostgreSQL database name at 127.0.0.1:1 cannot be reached (Connection refused)" in said
    assert "start the server or correct records.url" in said
    assert "geheim" not in said


async def test_host_that_has_no_address() -> None:
    said = await refused("postgresql://u:geheim@no-such-host.invalid/name")
    assert "cannot be reached (no such host)" in said
    assert "geheim" not in said


async def test_server_that_never_answers() -> None:
    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silence.append(writer)

    silence: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        said = await refused(f"postgresql://u:geheim@127.0.0.1:{port}/name?sslmode=disable")
        assert "did not answer in time" in said
    finally:
        server.close()
        for writer in silence:
            writer.close()


@pytest.mark.postgres
async def test_wrong_password(postgres: Server) -> None:
    said = await refused(postgres.url("postgres", password="geheim"))
    assert "refused the user or the password; correct records.url" in said
    assert "geheim" not in said
    assert postgres.password not in said


@pytest.mark.postgres
async def test_database_that_does_not_exist(postgres: Server) -> None:
    assert "does not exist; create it (createdb)" in await refused(postgres.url("nowhere"))


@pytest.mark.postgres
async def test_user_who_may_not_make_tables(postgres: Server) -> None:
    admin = await asyncpg.connect(postgres.url("postgres"))
    try:
        await admin.execute("DROP ROLE IF EXISTS guest")
        await admin.execute("CREATE ROLE guest LOGIN PASSWORD 'geheim'")
    finally:
        await admin.close()
    said = await refused(f"postgresql://guest:geheim@127.0.0.1:{postgres.port}/postgres")
    assert "does not let this user do that" in said
    assert "geheim" not in said


@pytest.mark.postgres
async def test_over_a_unix_socket(postgres: Server, postgres_template: str) -> None:
    async with await open_records(postgres.socket_url(postgres_template)) as records:
        assert await records.calls.recent(1) == []


@pytest.mark.postgres
async def test_statement_that_takes_too_long(postgres: Server, postgres_template: str) -> None:
    settings = RecordsSettings(statement_timeout_seconds=1)
    async with await open_records(postgres.url(postgres_template), settings=settings) as records:
        with pytest.raises(UnavailableError, match=r"in time|too long"):
            async with records.database.read() as connection:
                await connection.execute(text("SELECT pg_sleep(20)"))
        assert await records.calls.recent(1) == []


async def test_what_citizens_said_is_in_no_error_and_no_log(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    said = "मेरा राज़"
    twice = text("INSERT INTO sequences (name, value) VALUES (:said, 1), (:said, 2)")
    with pytest.raises(RecordsError) as caught:
        await _execute(records, twice, {"said": said})
    assert said not in "".join(traceback.format_exception(caught.value))
    assert said not in caplog.text
    assert "INSERT INTO sequences" in caplog.text


def test_an_unknown_failure_is_still_one_line() -> None:
    said = str(explain(RuntimeError("what\nis this"), "records.sqlite"))
    assert said == "records.sqlite failed (RuntimeError); look into the log"
    assert "\n" not in said


@pytest.mark.parametrize(
    ("field", "value"),
    [("pool_size", 1), ("busy_timeout_ms", 0), ("hash_workers", 0), ("hash_memory_mib", 1)],
)
def test_settings_out_of_range(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=field):
        RecordsSettings(**{field: value})  # type: ignore[arg-type]


def _write_letter(file: Path) -> bytes:
    letter = b"Dear administrator, this is a letter and not a database. " * 100
    file.write_bytes(letter)
    return letter


async def _execute(records: Records, statement: TextClause, values: dict[str, str]) -> None:
    async with records.database.write() as connection:
        await connection.execute(statement, values)


async def _let_no_page_be_added(records: Records) -> None:
    """As a full disk does; from now on for every new connection."""
    direct = records.database.direct
    assert direct is not None
    await records.database.engine.dispose()
    await asyncio.to_thread(direct.dispose)

    @event.listens_for(records.database.engine.sync_engine, "connect")
    @event.listens_for(direct, "connect")
    def connect(connection: object, _entry: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA max_page_count = 1")
        cursor.close()
