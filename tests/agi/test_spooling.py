"""Records that fail and come back: every fact is there in the end, in order, once, and no caller waited."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockBuster

from agi.centre import Centre
from agi.journal import Journal
from agi.serve import serving
from agi.settings import AgiSettings
from agi.spool import RecordsSpool, operation
from records import CallStart, RecordsSettings, UnavailableError, open_records
from records.spool import Spool
from records.urls import sqlite_url
from tests.agi.fake_asterisk import Caller, until
from tests.agi.house import DISTRICTS, MENU, AllSounds

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SETTINGS = AgiSettings(port=0, record_seconds=0.5, spool_retry_seconds=0.01, lookup_seconds=0.2)


@dataclass
class Book:
    """A book whose steps are kept once, and which can refuse, be late, or hang after it has stored."""

    steps: list[str] = field(default_factory=list)
    onces: set[str] = field(default_factory=set)
    fails: Exception | None = None
    hangs: bool = False

    async def step(self, call_id: str, what: str, *, once: str) -> None:
        await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails
        if once not in self.onces:
            self.onces.add(once)
            self.steps.append(f"{call_id} {what}")
        if self.hangs:
            await asyncio.Event().wait()


@dataclass
class Disk:
    """A spool in memory."""

    book: Book
    kept: list[dict[str, Any]] = field(default_factory=list)
    fails: bool = False
    appended: int = 0

    async def append(self, call_id: str, name: str, arguments: Mapping[str, Any], /) -> None:
        assert name == "step"
        await asyncio.sleep(0)
        if self.fails:
            raise OSError("no space left on device")
        self.appended += 1
        self.kept.append(dict(arguments))

    async def replay(self) -> int:
        while self.kept:
            await self.book.step(**self.kept[0])
            del self.kept[0]
        return 0


@dataclass
class Desk:
    """A journal over both."""

    book: Book = field(default_factory=Book)
    disk: Disk = field(init=False)
    journal: Journal = field(init=False)
    told: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.disk = Disk(self.book)
        self.journal = Journal(SETTINGS, self.disk)

    def tell(self, *calls: str) -> None:
        for call in calls:
            number = self.told[call] = self.told.get(call, 0) + 1
            self.journal.write(call, "step", self.book.step, call, str(number), once=f"{call}{number}")

    def complete(self) -> bool:
        """Whether all is in the book, each call's facts in order, each once."""
        wanted = {call: [f"{call} {n}" for n in range(1, count + 1)] for call, count in self.told.items()}
        there = {
            call: [step for step in self.book.steps if step.startswith(f"{call} ")] for call in self.told
        }
        return there == wanted and len(self.book.steps) == sum(self.told.values())


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    yield made
    await made.journal.drain(1)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_disk_is_not_touched_while_records_work(desk: Desk) -> None:
    desk.tell(*"aabab")
    assert await desk.journal.flush("a", 5)
    assert await desk.journal.flush("b", 5)
    assert desk.disk.appended == 0
    assert desk.complete()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("error", [UnavailableError("locked"), TimeoutError(), OSError("gone")])
async def test_what_records_refuse_is_written_later(
    desk: Desk, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk.tell("a", "b")
    assert await desk.journal.flush("a", 5)
    desk.book.fails = error
    desk.tell(*"aabab")
    assert await desk.journal.flush("a", 5), "it is safe on disk"
    assert await desk.journal.flush("b", 5)
    assert desk.disk.appended == 5
    assert desk.journal.behind == 2
    desk.book.fails = None
    desk.tell(*"abc")
    await until(lambda: not desk.journal.behind)
    assert await desk.journal.flush("c", 5)
    assert desk.complete()
    assert "event=record-spooled call=a what=step" in caplog.text
    assert "event=spool-written" in caplog.text


async def test_after_the_replay_facts_go_to_records_directly(desk: Desk) -> None:
    desk.book.fails = UnavailableError("locked")
    desk.tell("a")
    await desk.journal.flush("a", 5)
    desk.book.fails = None
    await until(lambda: not desk.journal.behind)
    desk.tell("a")
    assert await desk.journal.flush("a", 5)
    assert desk.disk.appended == 1
    assert desk.complete()


async def test_records_that_come_and_go(desk: Desk) -> None:
    for round_ in range(60):
        desk.book.fails = UnavailableError("locked") if round_ % 7 in {2, 3, 6} else None
        desk.tell("a", "b" if round_ % 2 else "c")
        for _ in range(round_ % 5):
            await asyncio.sleep(0)
    desk.book.fails = None
    await until(lambda: not desk.journal.waiting and not desk.journal.behind)
    assert desk.complete()


async def test_a_write_given_up_but_stored_is_not_there_twice(desk: Desk) -> None:
    desk.book.hangs = True
    desk.tell("a", "a")
    await until(lambda: desk.disk.appended)
    desk.book.hangs = False
    await until(lambda: not desk.journal.waiting and not desk.journal.behind)
    assert desk.complete()


async def test_when_the_disk_is_full_too_facts_wait_in_memory(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.book.fails = UnavailableError("disk full")
    desk.disk.fails = True
    desk.tell(*"aab")
    await until(lambda: "event=spool-failed" in caplog.text)
    assert desk.journal.waiting == 3
    assert not await desk.journal.flush("a", 0.03)
    desk.book.fails = None
    await until(lambda: not desk.journal.waiting and not desk.journal.behind)
    assert desk.complete()


async def test_a_fact_that_is_wrong_is_told_and_does_not_hold_up_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.book.fails = ValueError("no such score")
    desk.tell("a")
    assert not await desk.journal.flush("a", 5)
    assert desk.disk.appended == 0
    assert "event=record-failed call=a what=step" in caplog.text


async def test_the_end_of_the_service_leaves_the_rest_on_disk(desk: Desk) -> None:
    desk.book.hangs = True
    desk.tell(*"aab")
    assert not await desk.journal.drain(0.01)
    assert desk.journal.waiting == 0
    desk.book.hangs = False
    await desk.disk.replay()
    assert desk.complete()


async def test_without_a_disk_the_end_of_the_service_tells_what_is_lost(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.book.hangs = True
    desk.disk.fails = True
    desk.tell("a", "b")
    assert not await desk.journal.drain(0.01)
    assert "event=records-lost waiting=2" in caplog.text


async def test_the_start_of_the_service_writes_what_the_last_one_left(desk: Desk) -> None:
    desk.told = {"a": 1}
    desk.disk.kept = [{"call_id": "a", "what": "1", "once": "a1"}]
    await desk.journal.recover(5)
    assert desk.complete()


async def test_the_start_of_the_service_does_not_wait_for_ever(desk: Desk) -> None:
    desk.told = {"a": 1}
    desk.disk.kept = [{"call_id": "a", "what": "1", "once": "a1"}]
    desk.book.fails = UnavailableError("locked")
    await desk.journal.recover(0.02)
    desk.book.fails = None
    await until(desk.complete)


# ---- on the disk and in the database


def test_facts_as_operations() -> None:
    start = CallStart("call-1", "98", None, "181", "PJSIP/1", NOW)
    made = operation("call-1", "start", {"start": start})
    assert (made.name, made.call_id) == ("start", "call-1")
    assert set(made.arguments) == {"caller_raw", "caller_e164", "dialled", "channel", "started_at"}
    step = operation("call-1", "step", {"call_id": "call-1", "at": NOW, "kind": "key", "once": "x-1"})
    assert (step.id, step.name, set(step.arguments)) == ("x-1", "step", {"at", "kind"})
    assert operation("call-1", "store", {"call_id": "call-1"}).name == "store_draft"
    assert operation("call-1", "request", {"call_id": "call-1"}).name == "request_callback"


class Lock:
    """Another program that has the database to itself."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)

    def take(self) -> None:
        self._connection.execute("BEGIN EXCLUSIVE")

    def release(self) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


async def whole_call(tmp_path: Path, *, locked: bool) -> list[tuple[str, dict[str, Any]]]:
    """A citizen who is called back and one who speaks, over real records that are locked from the start."""
    file = tmp_path / "records.sqlite"
    settings = RecordsSettings(busy_timeout_ms=100)
    spool = Spool(tmp_path / "spool")
    lock = Lock(file)
    async with await open_records(sqlite_url(file), settings=settings, clock=lambda: NOW) as records:
        centre = Centre(
            calls=records.calls,
            complaints=records.complaints,
            catalogue=AllSounds(),
            districts=DISTRICTS,
            menu=MENU,
            drafts=records.drafts,
            callbacks=records.callbacks,
            spool=RecordsSpool(records, spool),
            settings=SETTINGS,
        )
        async with serving(centre, lambda: NOW) as server:
            if locked:
                lock.take()
            caller = Caller(["1", "39", "1", "3", "1"], {"H181_RECORDINGS": "/recordings"})
            caller.spoken = ["4.5"]
            for script in ("welcome", "district", "connect", "waiting", "message"):
                await caller.step(server.address, script, ("call-1", "09826012310", "181"))
                assert caller.variables["H181_DONE"] == script
            await caller.step(
                server.address, "ended", ("call-1", "09826012310", "181", "", "16", "", "state", "0", "")
            )
            if locked:
                await until(lambda: not centre.journal.waiting, 20)
                assert spool.pending() > 20
                lock.release()
            await until(lambda: not centre.journal.waiting and not centre.journal.behind, 20)
        path = [(step.kind, dict(step.detail)) for step in await records.calls.path("call-1")]
        call = await records.calls.get("call-1")
        assert call is not None
        assert (call.caller_e164, call.district_code, call.outcome) == ("+919826012310", "39", "served")
        assert [draft.seconds for draft in await records.drafts.open(9)] == [4.5]
        assert [wish.e164 for wish in await records.callbacks.open(9)] == ["+919826012310"]
    assert spool.pending() == 0
    spool.close()
    return path


async def test_a_call_on_a_locked_database_leaves_the_same_records(
    tmp_path: Path, event_loop_is_free: BlockBuster
) -> None:
    event_loop_is_free.deactivate()  # opening records reads migrations; that is not this room's test
    for name in ("usual", "late"):
        (tmp_path / name).mkdir()
    usual = await whole_call(tmp_path / "usual", locked=False)
    late = await whole_call(tmp_path / "late", locked=True)
    assert late == usual
    assert [kind for kind, _ in usual].count("hangup") >= 1
