"""Schema upgrades on both databases: from nothing, from an old version, together, and never backwards."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from blockbuster import blockbuster_ctx
from sqlalchemy import Connection, Select, Table, inspect, select, text

from records import (
    Actor,
    Ask,
    Attend,
    CallbackBook,
    CallLog,
    Note,
    Propose,
    Reassign,
    RecordsError,
    RecordsSettings,
    migrations,
    open_records,
    schema,
    sqlite_url,
    utc_now,
)
from records.audit.verifying import verify_all
from records.database.database import Database
from records.database.urls import address
from records.life.projection import fold
from records.migrations.migrate import VERSION_TABLE, upgrade
from tests.records.life_samples import ADMINISTRATOR, SITA, days, officer
from tests.records.old_rows import NUMBER, old_events, store_old_complaint, store_old_draft
from tests.records.postgres_fixture import Server
from tests.records.samples import ASSIGNED, QUICK, at, call, complaint, user

STEPS = ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()
VERSIONS = [step.revision for step in STEPS][::-1]
"""From the first to the newest: in the order in which they run, which is not that of their numbers."""
OPEN_AND_REGISTER = """
import asyncio, sys
from records import open_records
from tests.records.postgres_fixture import Server
from tests.records.samples import complaint

async def main() -> None:
    async with await open_records(sys.argv[1]) as records:
        print((await records.complaints.register(complaint())).number)

asyncio.run(main())
"""


async def test_tables_of_the_program_are_those_of_the_migrations(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        return list(compare_metadata(context, schema.metadata))

    async with await open_records(database_url) as records, records.database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_fresh_database_and_an_upgraded_one_are_the_same(
    empty_url: str, request: pytest.FixtureRequest
) -> None:
    for version in VERSIONS:
        await _upgrade_to(empty_url, version)
    if empty_url.startswith("sqlite"):
        fresh = sqlite_url(request.getfixturevalue("sqlite_template"))
    else:
        server: Server = request.getfixturevalue("postgres")
        fresh = server.url(request.getfixturevalue("postgres_template"))
    assert await _dump(empty_url) == await _dump(fresh)


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_an_old_version_stored_is_there_after_the_upgrade(empty_url: str, version: str) -> None:
    await _upgrade_to(empty_url, version)
    async with _database(empty_url) as old, old.write() as connection:
        await connection.execute(
            text(
                "INSERT INTO calls (call_id, caller_raw, dialled, channel, started_at, announced)"
                " VALUES ('old', '181', '181', '', :at, :announced)"
            ),
            {
                "at": "2026-07-31T06:30:00.000000+00:00" if old.is_sqlite else call().started_at,
                "announced": True,
            },
        )
    async with await open_records(empty_url, settings=QUICK) as records:
        old_call = await records.calls.get("old")
        assert old_call is not None
        assert old_call.caller_raw == "181"
        assert (await records.complaints.register(complaint(call_id="old"))).call_id == "old"
        await records.users.create(user())


async def test_calls_and_all_that_refers_to_them_outlive_the_new_outcome(empty_url: str) -> None:
    await _upgrade_to(empty_url, "0004")
    async with _database(empty_url) as old:
        # So that this version's own code can write what an old one wrote.
        await _alter_calls(old, "ADD COLUMN withheld BOOLEAN NOT NULL DEFAULT FALSE")
        log = CallLog(old, utc_now)
        await log.start(call())
        await log.answered("call-1", "2001", at(5))
        await log.rate("call-1", 4, at(8))
        await log.ended("call-1", at(9), cause=16, outcome="answered", recording="call-1.wav")
        await log.start(call("call-2"))
        await store_old_draft(old)
        await CallbackBook(old).request("call-2", "+919812345610", "39", at(6))
        await store_old_complaint(old)
        before = await _rows(old)
        await _alter_calls(old, "DROP COLUMN withheld")
    async with await open_records(empty_url, settings=QUICK) as records:
        assert await _rows(records.database) == before
        assert not await records.calls.withheld(["call-1", "call-2"])
        (draft,) = await records.drafts.open(5)
        assert (draft.call_id, draft.recording, draft.number) == ("call-2", "a.wav", None)
        await records.calls.ended("call-2", at(9), cause=16, outcome="served")
        for wrong in (
            "UPDATE calls SET outcome = 'lost'",
            "DELETE FROM calls",
            "UPDATE complaint_events SET actor = 'x'",
        ):
            with pytest.raises(RecordsError):
                async with records.database.write() as connection:
                    await connection.execute(text(wrong))


@pytest.mark.parametrize("version", ["0002", "0005"])
async def test_old_complaints_are_what_their_events_come_to(empty_url: str, version: str) -> None:
    await _upgrade_to(empty_url, version)
    async with _database(empty_url) as old:
        async with old.write() as connection:
            values = {"at": call().started_at.isoformat() if old.is_sqlite else call().started_at}
            await connection.execute(
                text(
                    "INSERT INTO calls (call_id, caller_raw, dialled, channel, started_at, announced)"
                    " VALUES ('call-1', '', '', '', :at, TRUE)"
                ),
                values,
            )
        await store_old_complaint(old)
    async with await open_records(empty_url, settings=QUICK) as records:
        assert await records.complaints.events(NUMBER) == old_events()
        assert await records.complaints.get(NUMBER) == fold(old_events())
        assert (await verify_all(records.database)).ok
        assert (await records.complaints.register(complaint(), key="form-1")).number == NUMBER
        officer = Actor("patwari", "officer", frozenset({ASSIGNED.post_id}))
        attended = await records.complaints.act(NUMBER, Attend("नामांतरण दर्ज"), officer, at(60))
        assert (attended.status, attended.last_seq) == ("attended", 3)
        assert (await verify_all(records.database)).ok
        assert (await records.complaints.register(complaint())).number != NUMBER


async def _alter_calls(database: Database, how: str) -> None:
    async with database.write() as connection:
        await connection.execute(text(f"ALTER TABLE calls {how}"))


async def _rows(database: Database) -> dict[str, set[str]]:
    tables = ("calls", "call_steps", "callbacks", "complaint_events", "registrations")
    async with database.read() as connection:
        return {
            table: {str(row) for row in await connection.execute(_old(schema.metadata.tables[table]))}
            for table in tables
        }


def _old(table: Table) -> Select[Any]:
    """The table with the columns that it has had since it was made."""
    return select(*(column for column in table.columns if column.name != "personal"))


async def test_opening_again_changes_nothing(database_url: str) -> None:
    before = await _dump(database_url)
    await (await open_records(database_url)).aclose()
    assert await _dump(database_url) == before


async def test_processes_that_start_together_on_an_empty_database(empty_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", OPEN_AND_REGISTER, empty_url]
    root = Path(__file__).parents[2]
    async with asyncio.timeout(60):
        programs = [
            await asyncio.create_subprocess_exec(*command, cwd=root, stdout=-1, stderr=-1) for _ in range(3)
        ]
        outputs = [await program.communicate() for program in programs]
    assert [error for _, error in outputs if error] == []
    assert len({number for number, _ in outputs}) == 3


async def test_one_process_that_opens_an_empty_database_many_times(empty_url: str) -> None:
    opened = await asyncio.gather(*(open_records(empty_url) for _ in range(5)))
    numbers = await asyncio.gather(*(records.complaints.register(complaint()) for records in opened))
    for records in opened:
        await records.aclose()
    assert len({stored.number for stored in numbers}) == 5


async def test_a_newer_schema_is_left_alone(database_url: str) -> None:
    async with _database(database_url) as newer, newer.write() as connection:
        await connection.execute(text("UPDATE records_schema SET version_num = '0999'"))
    told = f"newer version .*0999.* up to {VERSIONS[-1]}.*install the newer program"
    with pytest.raises(RecordsError, match=told):
        await open_records(database_url)


async def test_tables_of_another_program_are_left_alone(empty_url: str) -> None:
    async with _database(empty_url) as other, other.write() as connection:
        await connection.execute(text("CREATE TABLE users (id INTEGER)"))
    with pytest.raises(RecordsError, match="table users of another program"):
        await open_records(empty_url)
    async with _database(empty_url) as other, other.read() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert names == ["users"]


async def test_a_failed_upgrade_leaves_the_old_version(empty_url: str) -> None:
    await _upgrade_to(empty_url, "0001")
    before = await _dump(empty_url)
    async with _database(empty_url) as broken, broken.write() as connection:
        # What 0003 makes first is there already: 0002 must not stay either.
        await connection.execute(text("CREATE VIEW users AS SELECT 1 AS one"))
    with pytest.raises(RecordsError):
        await open_records(empty_url)
    async with _database(empty_url) as broken, broken.write() as connection:
        await connection.execute(text("DROP VIEW users"))
    assert await _dump(empty_url) == before


async def test_nothing_blocks_the_event_loop(empty_url: str) -> None:
    with blockbuster_ctx():
        async with await open_records(empty_url, settings=QUICK) as records:
            await records.calls.start(call())
            await records.complaints.register(complaint())
            await records.users.create(user())
            assert await records.users.verify("sita", "correct horse") is not None
            assert len(await records.calls.recent(5)) == 1


async def test_sqlite_is_durable_private_and_readable_while_written(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    async with await open_records(sqlite_url(file)) as records:
        await records.calls.start(call())
        async with records.database.read() as connection:
            found = {
                name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
        assert _modes(tmp_path) == {f"records.sqlite{each}": 0o600 for each in ("", "-shm", "-wal", ".mark")}


def _modes(directory: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in directory.iterdir()}


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    """A database without the upgrade, as an older or another program would open it."""
    database = Database(address(url), RecordsSettings(), patient=True)
    yield database
    await database.aclose()


async def _upgrade_to(url: str, version: str) -> None:
    async with _database(url) as database:
        await upgrade(database, target=version)


async def _dump(url: str) -> list[tuple[object, ...]]:
    """Everything the database says of its own schema."""
    if url.startswith("sqlite"):
        queries = ["SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"]
    else:
        queries = [
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM"
            " information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef",
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY conname",
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
        ]
    queries.append("SELECT version_num FROM records_schema")
    async with _database(url) as database, database.read() as connection:
        return [tuple(row) for query in queries for row in (await connection.execute(text(query))).all()]


async def test_an_upgrade_says_since_when_limits_count_again(empty_url: str) -> None:
    """As the events of the complaints say, and for those alone on which the clock stood."""
    async with await open_records(empty_url, settings=QUICK) as records:
        stood, moved, plain = [await records.complaints.register(complaint(call_id=None)) for _ in range(3)]
        act = records.complaints.act
        await act(stood.number, Propose("हो गया"), officer(1), days(1))
        await act(stood.number, Ask("not_satisfied"), SITA, days(12))
        await act(stood.number, Note("पूछा"), SITA, days(13))
        sooner = replace(ASSIGNED, due=date(2026, 8, 3))
        await act(moved.number, Reassign(sooner, "नया संस्करण"), ADMINISTRATOR, days(6))
        await act(moved.number, Propose("हो गया"), officer(1), days(7))
        await act(plain.number, Attend("गए"), officer(1), days(2))
        before = [await records.complaints.get(each.number) for each in (stood, moved, plain)]
    async with _database(empty_url) as database, database.write() as connection:
        await connection.execute(text("ALTER TABLE complaints DROP COLUMN resumed_at"))
        await connection.execute(text("DROP TABLE alarms"))
        await connection.execute(text("UPDATE records_schema SET version_num = '0008'"))
    await _upgrade_to(empty_url, "0009")
    async with _database(empty_url) as database, database.write() as connection:
        newest = {"version": VERSIONS[-1]}
        await connection.execute(text("UPDATE records_schema SET version_num = :version"), newest)
    async with await open_records(empty_url, settings=QUICK) as records:
        now = [await records.complaints.get(each.number) for each in (stood, moved, plain)]
        assert now == before
        assert [each and each.resumed_at for each in now] == [days(12), days(6), None]
        assert (await verify_all(records.database)).ok
