"""Copies of the book that are taken while others write, and put back into either kind of database."""

import asyncio
from pathlib import Path

import pytest

from records import Operation, Records, RecordsError, Spool, open_records, replay, sqlite_url
from records.audit.verifying import verify_all
from records.book.marks import Marks
from records.book.traces import Traces, traces_beside
from records.copies.readying import make_ready, move_to_server
from records.copies.spooled import copy_spool
from records.copies.taking import examine_copy, take_copy
from records.database.urls import address
from records.numbers import FIRST
from tests.records.samples import NOON, QUICK, FakeClock, at, call, complaint, user

NOWHERE = Traces(Marks([]))


async def _take(records: Records, file: Path) -> None:
    where = records.database.address
    await take_copy(where, QUICK, traces_beside(where), file)


def _steps(call_id: str, how_many: int) -> list[Operation]:
    begin = Operation.new(
        "start",
        call_id,
        caller_raw="07312550123",
        caller_e164="+917312550123",
        dialled="181",
        channel="PJSIP/trunk-1",
        started_at=NOON,
    )
    keys = [
        Operation.new("step", call_id, at=at(one), kind="key", detail={"digit": str(one)})
        for one in range(how_many)
    ]
    return [begin, *keys]


class Office:
    """Executives who write complaints and callers who press keys, without a pause."""

    def __init__(self, records: Records, spool: Spool) -> None:
        self._records = records
        self._spool = spool
        self.numbers: list[str] = []
        self.calls: list[str] = []
        self._more = asyncio.Condition()

    async def until(self, numbers: int, calls: int) -> None:
        """Wait for so many complaints and calls."""
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(lambda: len(self.numbers) >= numbers and len(self.calls) >= calls)

    async def write(self) -> None:
        while True:
            new = complaint(call_id=None, citizen_name=f"नाम {len(self.numbers)}")
            told = await self._records.complaints.register(new)
            await self._did(self.numbers, told.number)

    async def talk(self) -> None:
        while True:
            call_id = f"talk-{len(self.calls)}"
            for operation in _steps(call_id, 3):
                await asyncio.to_thread(self._spool.append, operation, sync=False)
            await self._did(self.calls, call_id)
            if len(self.calls) % 7 == 0:
                assert not (await replay(self._records, self._spool)).reason

    async def _did(self, done: list[str], one: str) -> None:
        async with self._more:
            done.append(one)
            self._more.notify_all()


async def test_all_that_was_told_before_is_in_a_copy_taken_while_others_write(
    records: Records, tmp_path: Path, clock: FakeClock
) -> None:
    spool = await asyncio.to_thread(Spool, tmp_path / "spool")
    office = Office(records, spool)
    async with asyncio.TaskGroup() as group:
        writers = [group.create_task(office.write()), group.create_task(office.talk())]
        await office.until(20, 60)
        promised, heard = list(office.numbers), list(office.calls)
        waiting = await asyncio.to_thread(copy_spool, tmp_path / "spool", tmp_path / "kept")
        await _take(records, tmp_path / "copy.sqlite")
        await office.until(len(promised) + 3, len(heard) + 3)
        for writer in writers:
            writer.cancel()
    await asyncio.to_thread(spool.close)

    ready = await make_ready(tmp_path / "copy.sqlite", QUICK, clock, spools=[tmp_path / "kept"])
    assert ready.report.ok, ready.report.findings
    assert (ready.replayed, ready.waiting) == (waiting, "")
    copy = sqlite_url(tmp_path / "copy.sqlite")
    async with await open_records(copy, clock=clock, settings=QUICK, traces=NOWHERE) as again:
        kept = [await again.complaints.get(number) for number in promised]
        assert [one.number for one in kept if one is not None] == promised
        for call_id in heard:
            path = await again.calls.path(call_id)
            assert [step.detail["digit"] for step in path if step.kind == "key"] == ["0", "1", "2"], call_id


async def test_what_waits_in_the_spool_and_is_in_the_copy_already_is_there_once(
    records: Records, tmp_path: Path, clock: FakeClock
) -> None:
    spool = await asyncio.to_thread(Spool, tmp_path / "spool")
    for operation in _steps("call-1", 4):
        await asyncio.to_thread(spool.append, operation)
    assert await asyncio.to_thread(copy_spool, tmp_path / "spool", tmp_path / "kept") == 5
    assert (await replay(records, spool)).done == 5
    await asyncio.to_thread(spool.append, Operation.new("step", "call-1", at=at(9), kind="key", detail={}))
    assert (await replay(records, spool)).done == 1
    await asyncio.to_thread(spool.close)
    await _take(records, tmp_path / "copy.sqlite")
    assert (
        await make_ready(tmp_path / "copy.sqlite", QUICK, clock, spools=[tmp_path / "kept"])
    ).replayed == 5
    copy = sqlite_url(tmp_path / "copy.sqlite")
    async with await open_records(copy, clock=clock, settings=QUICK, traces=NOWHERE) as again:
        assert [step.kind for step in await again.calls.path("call-1")].count("key") == 5


async def test_a_copy_goes_into_either_kind_and_is_gone_on_with(
    records: Records, empty_url: str, tmp_path: Path, clock: FakeClock
) -> None:
    await records.calls.start(call())
    await records.users.create(user())
    first = (await records.complaints.register(complaint())).number
    await _take(records, tmp_path / "copy.sqlite")
    ready = await make_ready(tmp_path / "copy.sqlite", QUICK, clock, above=lambda book: book.highest + 40)
    assert ready.gap is not None
    assert (ready.gap.last, ready.book.highest) == (FIRST + 40, FIRST + 40)
    where = address(empty_url)
    if where.sqlite_file is not None:
        await asyncio.to_thread((tmp_path / "copy.sqlite").rename, where.sqlite_file)
    else:
        assert (await move_to_server(tmp_path / "copy.sqlite", where, QUICK)).ok
        with pytest.raises(RecordsError, match="holds a book already"):
            await move_to_server(tmp_path / "copy.sqlite", where, QUICK)
    async with await open_records(empty_url, clock=clock, settings=QUICK) as again:
        assert again.presence.identity == records.presence.identity
        assert [one.number for one in await again.complaints.by_phone("+919812345610", 9)] == [first]
        assert await again.users.verify("sita", "correct horse")
        # Rows are numbered on, complaints above what was left out.
        await again.calls.step("call-1", at(9), "key", {"digit": "7"})
        second = (await again.complaints.register(complaint())).number
        assert int(second[:-1]) == FIRST + 41
        assert (await verify_all(again.database)).ok


async def test_a_copy_is_never_made_of_nothing_or_of_another_book(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="no book of complaints yet"):
        await take_copy(address(empty_url), QUICK, NOWHERE, tmp_path / "copy.sqlite")
    (tmp_path / "noise.sqlite").write_bytes(b"not a database at all" * 400)
    with pytest.raises(RecordsError, match="not a database"):
        await asyncio.to_thread(examine_copy, tmp_path / "noise.sqlite", "noise")
