"""Records that fail and come back: every fact is there in the end, in order, once, and no caller waited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agi.journal import Journal
from agi.settings import AgiSettings
from records import UnavailableError
from tests.agi.fake_asterisk import until

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SETTINGS = AgiSettings(
    port=0, record_seconds=0.5, journal_seconds=0.005, spool_retry_seconds=0.01, lookup_seconds=0.2
)


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
    replays: int = 0
    synced: int = 0

    @property
    def pending(self) -> int:
        return len(self.kept)

    def append(self, call_id: str, name: str, arguments: Mapping[str, Any], /) -> None:
        assert name == "step"
        assert arguments["call_id"] == call_id
        if self.fails:
            raise OSError("no space left on device")
        self.appended += 1
        self.kept.append(dict(arguments))

    async def replay(self) -> int:
        self.replays += 1
        while self.kept:
            await self.book.step(**self.kept[0])
            del self.kept[0]
        return 0

    async def sync(self) -> None:
        self.synced = self.appended


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


async def test_facts_of_many_calls_are_written_together(desk: Desk) -> None:
    desk.tell(*"aabab")
    assert desk.disk.appended == 5, "safe before anybody could kill the service"
    assert desk.book.steps == []
    assert await desk.journal.flush("a", 0)
    await until(desk.complete)
    assert desk.disk.replays == 1
    assert desk.disk.synced == 0
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})


async def test_who_cannot_wait_has_them_written_now(desk: Desk) -> None:
    desk.journal = Journal(replace(SETTINGS, journal_seconds=3600), desk.disk)
    desk.tell(*"ab")
    assert await desk.journal.settle(5)
    assert desk.complete()


@pytest.mark.parametrize("error", [UnavailableError("locked"), TimeoutError(), OSError("gone")])
async def test_what_records_refuse_is_written_later(
    desk: Desk, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk.book.fails = error
    desk.tell(*"aabab")
    await until(lambda: desk.disk.replays > 1)
    assert await desk.journal.flush("a", 0), "it is safe on disk"
    assert desk.journal.behind == 5
    assert desk.disk.synced == 5
    desk.book.fails = None
    desk.tell(*"abc")
    await until(lambda: not desk.journal.behind)
    assert desk.complete()
    assert "event=spool-waits facts=5" in caplog.text
    assert "event=spool-written" in caplog.text


async def test_records_that_come_and_go(desk: Desk) -> None:
    for round_ in range(60):
        desk.book.fails = UnavailableError("locked") if round_ % 7 in {2, 3, 6} else None
        desk.disk.fails = round_ % 11 in {3, 4}
        desk.tell("a", "b" if round_ % 2 else "c")
        for _ in range(round_ % 5):
            await asyncio.sleep(0)
    desk.book.fails, desk.disk.fails = None, False
    await until(lambda: not desk.journal.waiting and not desk.journal.behind)
    assert desk.complete()


async def test_when_the_disk_is_full_facts_are_written_without_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.disk.fails = True
    desk.tell(*"aab")
    assert "event=spool-failed" in caplog.text
    assert await desk.journal.flush("a", 5)
    assert await desk.journal.flush("b", 5)
    assert desk.disk.appended == 0
    assert desk.complete()


async def test_a_write_given_up_but_stored_is_not_there_twice(desk: Desk) -> None:
    desk.book.hangs = desk.disk.fails = True
    desk.tell("a", "a")
    await until(lambda: desk.book.steps)
    desk.disk.fails = False
    await until(lambda: desk.disk.appended)
    desk.book.hangs = False
    await desk.journal.drain(1)
    await desk.disk.replay()
    assert desk.complete()


async def test_when_both_refuse_facts_wait_in_memory(desk: Desk) -> None:
    desk.tell("a")
    desk.book.fails = UnavailableError("disk full")
    desk.disk.fails = True
    desk.tell(*"aab")
    assert desk.journal.waiting == 3
    assert not await desk.journal.flush("a", 0.03)
    desk.book.fails = None
    await until(lambda: not desk.journal.waiting and not desk.journal.behind)
    assert desk.complete()


async def test_a_fact_that_is_wrong_is_told_and_does_not_hold_up_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.disk.fails = True
    desk.book.fails = ValueError("no such score")
    desk.tell("a")
    assert not await desk.journal.flush("a", 5)
    assert desk.disk.appended == 0
    assert "event=record-failed call=a what=step" in caplog.text


async def test_the_end_of_the_service_leaves_the_rest_on_disk(desk: Desk) -> None:
    desk.book.hangs = True
    desk.disk.fails = True
    desk.tell("a", "c")
    await until(lambda: desk.book.steps)
    desk.disk.fails = False
    desk.tell(*"aab")
    assert not await desk.journal.drain(0.01)
    assert desk.journal.waiting == 0
    assert desk.disk.synced == desk.disk.appended == 5
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
    async with desk.journal.kept():
        assert desk.complete()


async def test_the_start_of_the_service_does_not_wait_for_ever(desk: Desk) -> None:
    desk.journal = Journal(replace(SETTINGS, record_seconds=0.02), desk.disk)
    desk.told = {"a": 1}
    desk.disk.kept = [{"call_id": "a", "what": "1", "once": "a1"}]
    desk.book.fails = UnavailableError("locked")
    async with desk.journal.kept():
        assert desk.book.steps == []
        desk.book.fails = None
        await until(desk.complete)
