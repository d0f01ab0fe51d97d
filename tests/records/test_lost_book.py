# ruff: noqa: ASYNC240 - the folders of tests are small and local
"""A book that is lost is never taken for a first start; numbers never begin again."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from records import (
    LostError,
    Records,
    RecordsError,
    Spool,
    UnavailableError,
    open_records,
    replay,
    sqlite_url,
)
from records.audit.verifying import verify_all
from records.book.marks import MARGIN, Marks
from records.book.traces import Traces
from records.database.identity import read_book
from records.database.presence import Presence
from records.database.urls import address
from records.numbers import FIRST, number_for
from records.spool.spool import Operation
from tests.records.postgres_fixture import Server, create_database, drop_database
from tests.records.samples import QUICK, at, complaint

NUMBERS = tuple(number_for(FIRST + each) for each in range(3))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the book lies: a disk of its own, so to speak."""
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk" / "records.sqlite"


@pytest.fixture
def traces(tmp_path: Path, file: Path) -> Traces:
    """Marks beside the book and elsewhere."""
    (tmp_path / "asterisk").mkdir()
    return Traces(Marks([file.with_name("records.sqlite.mark"), tmp_path / "asterisk" / "records.mark"]))


@pytest.fixture
def opened(file: Path, traces: Traces) -> Callable[[], Awaitable[Records]]:
    """Opens the book as a service does."""
    return lambda: open_records(sqlite_url(file), settings=QUICK, traces=traces)


Open = Callable[[], Awaitable[Records]]


async def register(records: Records, count: int = 1) -> list[str]:
    return [(await records.complaints.register(complaint())).number for _ in range(count)]


async def refused(opened: Open, words: str) -> None:
    with pytest.raises(LostError, match=words) as caught:
        await opened()
    assert "\n" not in str(caught.value)


async def test_a_deleted_book_is_not_begun_again(opened: Open, file: Path) -> None:
    async with await opened() as records:
        assert await register(records, 3) == list(NUMBERS)
    await asyncio.to_thread(file.unlink)
    await refused(
        opened, f"is not there.*its last number was {NUMBERS[2]}.*records.mark.*records begin --anew"
    )
    assert not file.exists()


async def test_an_empty_folder_where_the_disk_was(opened: Open, file: Path) -> None:
    await (await opened()).aclose()
    await asyncio.to_thread(shutil.rmtree, file.parent)
    await asyncio.to_thread(file.parent.mkdir)
    await refused(opened, "the book of this centre is lost: .*mount its disk")
    assert list(file.parent.iterdir()) == []


async def test_a_folder_that_is_gone(opened: Open, file: Path) -> None:
    await (await opened()).aclose()
    await asyncio.to_thread(shutil.rmtree, file.parent)
    await refused(opened, "is not there")


async def test_an_empty_file(opened: Open, file: Path) -> None:
    await (await opened()).aclose()
    await asyncio.to_thread(file.write_bytes, b"")
    await refused(opened, "is an empty file")
    assert file.read_bytes() == b""


async def test_a_database_without_tables(opened: Open, file: Path) -> None:
    await (await opened()).aclose()
    await asyncio.to_thread(file.unlink)
    with closing(sqlite3.connect(file)) as other:
        other.execute("VACUUM")
        other.execute("PRAGMA user_version = 7")
    await refused(opened, "has no tables")


async def test_a_file_that_is_no_database(opened: Open, file: Path) -> None:
    await (await opened()).aclose()
    await asyncio.to_thread(file.write_bytes, b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(RecordsError, match="is not a database"):
        await opened()


async def test_a_link_that_leads_nowhere_is_no_first_start(opened: Open, file: Path, tmp_path: Path) -> None:
    file.symlink_to(tmp_path / "usb" / "records.sqlite")
    await refused(opened, "is a link to .*usb/records.sqlite, which is not there; mount its disk")
    assert not (tmp_path / "usb").exists()


async def test_what_sqlite_left_of_a_lost_book_is_a_trace(file: Path) -> None:
    log = file.with_name("records.sqlite-wal")
    log.write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    await refused(
        lambda: open_records(sqlite_url(file)), "records.sqlite-wal lies there without its database"
    )
    assert log.stat().st_size == 64


async def test_other_traces_forbid_a_first_start(file: Path) -> None:
    traced = Traces(Marks([]), lambda: ["3 recordings in /srv/recordings"])
    await refused(
        lambda: open_records(sqlite_url(file), traces=traced),
        "no first start: 3 recordings.*records begin`",
    )


async def test_a_mark_that_cannot_be_read_still_says_that_there_was_a_book(opened: Open, file: Path) -> None:
    file.with_name("records.sqlite.mark").write_bytes(b"\0" * 512)
    await refused(opened, "cannot be read, but says that there was one")


async def test_another_book_in_its_place(opened: Open, file: Path, tmp_path: Path) -> None:
    await (await opened()).aclose()
    other = tmp_path / "other.sqlite"
    await (await open_records(sqlite_url(other))).aclose()
    await asyncio.to_thread(shutil.copy, other, file)
    await refused(opened, "holds another book than this centre's")


async def test_numbers_go_on_above_those_that_an_older_copy_lacks(
    opened: Open, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with await opened() as records:
        await register(records)
    await asyncio.to_thread(shutil.copy, file, tmp_path / "backup")
    async with await opened() as records:
        await register(records, 2)
    await asyncio.to_thread(shutil.copy, tmp_path / "backup", file)
    async with await opened() as records:
        assert f"numbers {NUMBERS[1]} to {NUMBERS[2]} were given and are not in it" in caplog.text
        assert await register(records) == [number_for(FIRST + 3 + MARGIN)]
        report = await verify_all(records.database)
        assert report.ok
        assert [(gap.first, gap.last) for gap in report.gaps] == [(FIRST + 1, FIRST + 2 + MARGIN)]
    async with await opened() as records:
        assert await register(records) == [number_for(FIRST + 4 + MARGIN)]


async def test_a_killed_process_leaves_no_gap(opened: Open) -> None:
    """The marks of numbers are kept with each complaint, not ahead of them."""
    records = await opened()
    await register(records, 2)
    async with await opened() as next_one:
        assert await register(next_one) == [NUMBERS[2]]
        assert (await verify_all(next_one.database)).gaps == ()
    await records.aclose()


async def test_who_only_looks_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="there is no book of complaints yet"):
        await open_records(sqlite_url(tmp_path / "records.sqlite"), create=False)
    assert list(tmp_path.iterdir()) == []


# ---- under a running service


async def lost(records: Records, words: str) -> None:
    """Nothing is read, nothing is written, and it is told."""
    with pytest.raises(UnavailableError, match=words):
        await records.complaints.register(complaint())
    with pytest.raises(UnavailableError, match=words):
        await records.calls.recent(1)
    assert await records.look() is not None


async def test_deleted_under_a_running_service(
    opened: Open, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with await opened() as records:
        (first,) = await register(records)
        for each in file.parent.glob("records.sqlite*"):
            each.unlink()
        await lost(records, "was deleted or moved")
        # Everything that was on record is saved from the deleted file.
        (rescued,) = file.parent.glob("*.rescued-*")
        assert rescued.stat().st_mode & 0o777 == 0o600
        assert "event=book-rescued" in caplog.text
        assert await records.look() is not None
        assert len(list(file.parent.glob("*.rescued-*"))) == 1
        spool = Spool(tmp_path / "spool")
        spool.append(Operation.new("step", "call-1", at=at(0).isoformat(), kind="key", detail={"key": "1"}))
        result = await replay(records, spool)
        assert (result.done, result.aside, result.left) == (0, 0, 1)
        await asyncio.to_thread(rescued.rename, file)
        assert await records.look() is None
        assert (await replay(records, spool)).left == 0
        spool.close()
        assert await records.complaints.get(first) is not None
        assert await register(records) == [NUMBERS[1]]


async def test_moved_away_and_back(opened: Open, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    away = file.with_name("away")
    async with await opened() as records:
        await register(records)
        await asyncio.to_thread(file.rename, away)
        await lost(records, "was deleted or moved")
        assert f"event=book-moved to={away}" in caplog.text
        await asyncio.to_thread(away.rename, file)
        assert await records.look() is None
        assert await register(records) == [NUMBERS[1]]
        assert (await verify_all(records.database)).ok


async def test_an_older_copy_in_its_place(opened: Open, file: Path, tmp_path: Path) -> None:
    async with await opened() as records:
        await register(records)
    await asyncio.to_thread(shutil.copy, file, tmp_path / "backup")
    async with await opened() as records:
        await register(records, 2)
        await asyncio.to_thread((tmp_path / "backup").rename, file)
        with pytest.raises(UnavailableError, match="was replaced"):
            await records.complaints.register(complaint())
        assert await records.look() is None
        assert await register(records) == [number_for(FIRST + 3 + MARGIN)]
        (rescued,) = file.parent.glob("*.rescued-*")
    async with await open_records(sqlite_url(rescued)) as saved:
        assert await saved.complaints.get(NUMBERS[2]) is not None


async def test_another_book_under_a_running_service_is_not_mixed(
    opened: Open, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.sqlite"
    async with await open_records(sqlite_url(other)) as stranger:
        await register(stranger, 2)
    untouched = other.read_bytes()
    async with await opened() as records:
        await register(records)
        await asyncio.to_thread(shutil.copy, other, file.with_name("coming"))
        await asyncio.to_thread(file.with_name("coming").rename, file)
        await lost(records, "was replaced")
        said = await records.look()
        assert said is not None
        assert "another book" in str(said)
        assert file.read_bytes() == untouched
        (rescued,) = file.parent.glob("*.rescued-*")
        await asyncio.to_thread(rescued.rename, file)
        assert await records.look() is None
        assert await register(records) == [NUMBERS[1]]


async def test_an_empty_file_under_a_running_service_stays_empty(opened: Open, file: Path) -> None:
    async with await opened() as records:
        await register(records)
        file.unlink()
        file.touch()
        await lost(records, "was replaced")
        assert file.stat().st_size == 0


@pytest.mark.parametrize("left", [0, 4096])
async def test_a_file_that_is_cut_under_a_running_service(
    opened: Open, file: Path, tmp_path: Path, left: int
) -> None:
    async with await opened() as records:
        await register(records)
    await asyncio.to_thread(shutil.copy, file, tmp_path / "backup")
    async with await opened() as records:
        os.truncate(file, left)
        await lost(records, f"was cut off: .* has {left} bytes")
        assert await records.look() is not None
        await asyncio.to_thread((tmp_path / "backup").rename, file)
        assert await records.look() is None
        assert await register(records) == [NUMBERS[1]]
        assert (await verify_all(records.database)).ok


async def test_a_log_that_was_taken_away_is_saved(opened: Open, file: Path) -> None:
    async with await opened() as records:
        await register(records)
        file.with_name("records.sqlite-wal").unlink()
        assert await records.look() is None
        # A process that is killed now has all of it in the file.
        copy = file.with_name("copy")
        await asyncio.to_thread(shutil.copy, file, copy)
        assert await register(records) == [NUMBERS[1]]
    with closing(sqlite3.connect(copy)) as read:
        assert read.execute("SELECT number FROM complaints").fetchall() == [(NUMBERS[0],)]


# ---- PostgreSQL


@pytest.mark.postgres
async def test_an_empty_server_behind_the_url(postgres: Server, tmp_path: Path) -> None:
    traces = Traces(Marks([tmp_path / "records.mark"]))
    name, empty = create_database(postgres), create_database(postgres)
    try:
        async with await open_records(postgres.url(name), traces=traces) as records:
            await register(records)
        with pytest.raises(LostError, match=f"database {empty} .*has no tables"):
            await open_records(postgres.url(empty), traces=traces)
        async with await open_records(postgres.url(empty)) as another:
            await register(another)
        with pytest.raises(LostError, match="holds another book"):
            await open_records(postgres.url(empty), traces=traces)
    finally:
        drop_database(postgres, name)
        drop_database(postgres, empty)


@pytest.mark.postgres
async def test_a_server_that_loses_its_database_under_a_running_service(
    postgres: Server, postgres_template: str, tmp_path: Path
) -> None:
    traces = Traces(Marks([tmp_path / "records.mark"]))
    name, copy = create_database(postgres, template=postgres_template), f"old_{os.getpid()}"

    async def replace(template: str) -> None:
        """In one go: no connection outlives it."""
        admin = await asyncpg.connect(postgres.url("postgres"))
        try:
            await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            await admin.close()

    async def backed_up() -> None:
        admin = await asyncpg.connect(postgres.url("postgres"))
        try:
            await admin.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        finally:
            await admin.close()

    try:
        async with await open_records(postgres.url(name), traces=traces) as records:
            await register(records)
        await backed_up()
        async with await open_records(postgres.url(name), settings=QUICK, traces=traces) as records:
            await register(records, 2)
            await replace("template1")
            with pytest.raises(UnavailableError):
                await records.complaints.register(complaint())
            said = await records.look()
            assert said is not None
            assert "is empty" in str(said) or "has no tables" in str(said)
            with pytest.raises(LostError):
                await records.complaints.register(complaint())
            await replace(copy)
            assert await records.look() is None
            assert await register(records) == [number_for(FIRST + 3 + MARGIN)]
    finally:
        drop_database(postgres, name)
        drop_database(postgres, copy)


class Busy(sqlite3.Connection):
    """A connection on which looking takes so long that somebody is given a number meanwhile."""

    meanwhile: Callable[[], None]

    def cursor(self, *args: Any, **named: Any) -> Any:
        busy, found = self, super().cursor(*args, **named)

        class Looking:
            def execute(self, query: str) -> None:
                found.execute(query)
                self.row = found.fetchone()
                busy.meanwhile()

            def fetchone(self) -> Any:
                return self.row

            def close(self) -> None:
                found.close()

        return Looking()


async def test_a_number_given_while_a_connection_is_opened_makes_no_older_copy(
    file: Path, opened: Open
) -> None:
    async with await opened() as records:
        await register(records)
        book = await records.database.run(read_book, writing=False)
    presence = Presence(address(sqlite_url(file)), book)
    with closing(sqlite3.connect(file, factory=Busy)) as busy:
        connection: Any = busy
        connection.meanwhile = lambda: presence.given(book.highest + 1)
        presence.recognise(connection)
        with pytest.raises(LostError, match="older copy"):
            presence.recognise(connection)
    presence.let_go()
