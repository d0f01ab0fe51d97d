"""Replaying a spool: in order and exactly once, over kills and every way a database can fail."""

import asyncio
import contextlib
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from records import (
    Operation,
    Records,
    RecordsSettings,
    Spool,
    apply,
    open_records,
    replay,
    schema,
    sqlite_url,
)
from records.spool.spool import ASIDE, Segment
from tests.records.postgres_fixture import Server
from tests.records.samples import NOON, at

HASTY = RecordsSettings(busy_timeout_ms=100, connect_timeout_seconds=1)
CALLS, STEPS = 4, 15
APPEND_AND_REPLAY = """
import asyncio, sys
from pathlib import Path
from records import Spool, open_records, replay

async def main() -> None:
    spool = Spool(Path(sys.argv[2]), segment_bytes=4096)
    async with await open_records(sys.argv[1]) as records:
        print("ready", flush=True)
        result = await replay(records, spool)
        assert not result.left and not result.reason, result
    spool.close()

asyncio.run(main())
"""


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """An empty spool of small segments."""
    opened = Spool(tmp_path / "spool", segment_bytes=4096)
    yield opened
    opened.close()


def key(call_id: str, number: int) -> Operation:
    """A key press; what number it is can be read from the path."""
    return Operation.new("step", call_id, at=at(1), kind="key", detail={"key": str(number)})


def whole_call(call_id: str) -> list[Operation]:
    """Every operation there is, as one call would tell them."""
    return [
        Operation.new(
            "start", call_id, caller_raw="9826012345", caller_e164="+919826012345", dialled="181",
            channel="PJSIP/trunk-1", started_at=NOON,
        ),
        key(call_id, 0),
        Operation.new("set_language", call_id, e164="+919826012345", language="en"),
        Operation.new("set_district", call_id, code="39"),
        Operation.new("queued", call_id, queue="district-39", at=at(2)),
        Operation.new("ringing", call_id, extension="2001", at=at(3)),
        Operation.new("answered", call_id, extension="2001", at=at(4)),
        Operation.new(
            "store_draft", call_id, e164=None, district_code="39", recording="a.wav", seconds=2.5, at=at(5)
        ),
        Operation.new("request_callback", call_id, e164="+919826012345", district_code=None, at=at(6)),
        Operation.new("rate", call_id, score=5, at=at(7)),
        Operation.new("ended", call_id, at=at(8), cause=16, outcome="answered"),
    ]  # fmt: skip


async def keys(records: Records, call_id: str) -> list[str]:
    """The keys of a call in the order they were stored."""
    return [str(step.detail["key"]) for step in await records.calls.path(call_id) if step.kind == "key"]


async def ids_left(records: Records) -> int:
    async with records.database.read() as connection:
        query = select(func.count()).select_from(schema.spooled_operations)
        return (await connection.execute(query)).scalar_one()


async def test_every_operation_reaches_its_book(records: Records, spool: Spool) -> None:
    for one in whole_call("call-1"):
        spool.append(one)
    result = await replay(records, spool)
    assert (result.done, result.aside, result.left, result.reason) == (11, 0, 0, "")
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert (stored.caller_e164, stored.started_at, stored.district_code) == ("+919826012345", NOON, "39")
    assert (stored.extension, stored.rating, stored.outcome) == ("2001", 5, "answered")
    assert await records.calls.language("+919826012345") == "en"
    assert len(await records.drafts.open(9)) == len(await records.callbacks.open(9)) == 1
    assert [step.kind for step in await records.calls.path("call-1")] == [
        "key", "queue", "ringing", "answered", "message", "callback", "rating", "hangup",
    ]  # fmt: skip
    assert await ids_left(records) == 1
    spool.append(key("call-2", 1))
    assert (await replay(records, spool)).done == 1
    assert await ids_left(records) == 1, "the one before goes with the next"


async def test_what_was_stored_directly_is_not_stored_again(records: Records, spool: Spool) -> None:
    for one in whole_call("call-1"):
        await apply(records, one)
        spool.append(one)  # whoever stored it could not know that it was
    path = await records.calls.path("call-1")
    assert (await replay(records, spool)).left == 0
    assert await records.calls.path("call-1") == path
    assert len(await records.drafts.open(9)) == len(await records.callbacks.open(9)) == 1


async def test_a_segment_seen_again_is_not_done_again(
    records: Records, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between storing and forgetting."""

    def killed(segment: Segment) -> None:
        spool.release(segment)
        raise OSError(5, "killed")

    for number in range(5):
        spool.append(key("call-1", number))
    with monkeypatch.context() as patch:
        patch.setattr(spool, "forget", killed)
        assert "killed" in (await replay(records, spool)).reason
        assert await ids_left(records) == 1
        assert "killed" in (await replay(records, spool)).reason
    assert (await replay(records, spool)).left == 0
    assert await keys(records, "call-1") == list("01234")


async def test_an_operation_that_cannot_be_done_is_put_aside(
    records: Records, spool: Spool, tmp_path: Path
) -> None:
    bad = [
        Operation.new("drop_tables", "call-1"),
        Operation.new("rate", "call-1", score=9, at=at(1)),
        Operation.new("step", "call-1", wrong="argument"),
        Operation.new("queued", "call-1", queue="state", at="yesterday"),
        Operation.new("ended", "call-1", at=at(1), cause="many", outcome="answered"),
    ]
    spool.append(key("call-1", 1))
    for one in bad:
        spool.append(one)
    spool.append(key("call-1", 2))
    result = await replay(records, spool)
    assert (result.left, result.reason) == (0, "")
    assert result.done + result.aside == 7
    assert await keys(records, "call-1") == ["1", "2"]
    aside = (tmp_path / "spool" / ASIDE).read_bytes()
    assert all(one.line() in aside for one in bad[:4])


async def test_cancelled_at_any_moment_it_goes_on_later(records: Records, spool: Spool) -> None:
    for number in range(200):
        spool.append(key("call-1", number))
    chance = random.Random(181)  # noqa: S311
    for _ in range(15):
        task = asyncio.create_task(replay(records, spool))
        await asyncio.sleep(chance.uniform(0, 0.03))
        task.cancel()
        await asyncio.wait({task})
    async with asyncio.timeout(30):
        while (await replay(records, spool)).left:
            pass
    assert await keys(records, "call-1") == [str(number) for number in range(200)]


async def test_killed_at_random_moments_nothing_is_lost_doubled_or_reordered(tmp_path: Path) -> None:
    url, folder = sqlite_url(tmp_path / "records.sqlite"), tmp_path / "spool"
    await (await open_records(url)).aclose()
    spool = Spool(folder, segment_bytes=4096)
    for number in range(STEPS):
        for call in range(CALLS):
            spool.append(key(f"call-{call}", number))
    spool.close()
    chance = random.Random(181)  # noqa: S311
    async with asyncio.timeout(120):
        for kill in (*[True] * 4, False):
            async with replayer(url, folder) as process:
                if kill:
                    await asyncio.sleep(chance.uniform(0, 0.08))
                    with contextlib.suppress(ProcessLookupError):
                        process.send_signal(signal.SIGKILL)
                _, said = await process.communicate()
                assert kill or process.returncode == 0, said.decode()
    async with await open_records(url) as records:
        for call in range(CALLS):
            assert await keys(records, f"call-{call}") == [str(number) for number in range(STEPS)]
        assert await ids_left(records) <= CALLS * STEPS
    assert [path for path in folder.iterdir() if path.suffix == ".spool"] == []


@contextlib.asynccontextmanager
async def replayer(url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that has opened the database and begins to replay."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", APPEND_AND_REPLAY, url, str(folder), cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_database_locked_by_another_program(
    sqlite_template: Path, tmp_path: Path, spool: Spool
) -> None:
    file = tmp_path / "records.sqlite"
    shutil.copy(sqlite_template, file)
    async with await open_records(sqlite_url(file), settings=HASTY) as records:
        for number in range(3):
            spool.append(key("call-1", number))
        holder = sqlite3.connect(file, isolation_level=None)
        try:
            holder.execute("BEGIN EXCLUSIVE")
            result = await replay(records, spool)
            assert (result.done, result.left) == (0, 3)
            assert "held by another program" in result.reason
            spool.append(key("call-1", 3))
        finally:
            holder.close()
        assert (await replay(records, spool)).done == 4
        assert await keys(records, "call-1") == list("0123")


async def test_disk_full_for_the_database(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    shutil.copy(sqlite_template, file)
    spool = Spool(tmp_path / "spool")
    async with await open_records(sqlite_url(file), settings=HASTY) as records:
        pages = {"limit": 1}

        @event.listens_for(records.database.direct, "begin")
        def begin(connection: object) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages['limit']}")  # type: ignore[attr-defined]

        for number in range(60):
            spool.append(
                Operation.new(
                    "step", "call-1", at=at(1), kind="key", detail={"key": str(number), "x": "y" * 999}
                )
            )
        result = await replay(records, spool)
        assert "disk is full" in result.reason
        assert result.left == 60 - result.done > 0
        pages["limit"] = 1_000_000
        assert (await replay(records, spool)).left == 0
        assert await keys(records, "call-1") == [str(number) for number in range(60)]
    spool.close()


async def test_database_file_moved_away_and_back(sqlite_template: Path, tmp_path: Path, spool: Spool) -> None:
    file = tmp_path / "records.sqlite"
    shutil.copy(sqlite_template, file)
    async with await open_records(sqlite_url(file), settings=HASTY) as records:
        spool.append(key("call-1", 1))
        await asyncio.to_thread(file.rename, tmp_path / "away")
        await records.aclose()
        result = await replay(records, spool)
        assert (result.done, result.aside, result.left) == (0, 0, 1)
        assert "was deleted or moved" in result.reason
        assert not file.exists()
        await asyncio.to_thread((tmp_path / "away").rename, file)
        assert await records.look() is None
        assert (await replay(records, spool)).done == 1
        assert await keys(records, "call-1") == ["1"]


@pytest.mark.postgres
async def test_connections_that_the_server_ends(postgres: Server, database_url: str, spool: Spool) -> None:
    if not database_url.startswith("postgresql"):
        pytest.skip("about a server")
    name = database_url.rpartition("/")[2]
    async with await open_records(database_url, settings=HASTY) as records:
        spool.append(key("call-1", 1))
        await _as_admin(postgres, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false', end=name)
        result = await replay(records, spool)
        assert (result.done, result.aside, result.left) == (0, 0, 1)
        assert result.reason
        await _as_admin(postgres, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert (await replay(records, spool)).done == 1
        assert await keys(records, "call-1") == ["1"]


async def _as_admin(server: Server, statement: str, *, end: str | None = None) -> None:
    import asyncpg

    admin = await asyncpg.connect(server.url("postgres"))
    try:
        await admin.execute(statement)
        if end:
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", end
            )
    finally:
        await admin.close()
