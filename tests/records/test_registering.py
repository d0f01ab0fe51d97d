"""Registrations in groups: one commit for many, and each one's fate its own."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

import pytest
from sqlalchemy import Connection

from records import Complaint, Records, RecordsError, open_records
from records.audit.verifying import verify_all
from records.complaints.registering import LARGEST_GROUP
from records.numbers import FIRST, number_for
from tests.records.samples import ASSIGNED, QUICK, complaint

T = TypeVar("T")

BROKEN = replace(ASSIGNED, level=2**70)
"""No database holds such a number."""


@pytest.fixture
def commits(records: Records, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each writing transaction: whether it was stored."""
    seen: list[bool] = []
    run = records.database.run

    async def counted(work: Callable[[Connection], T], *, writing: bool) -> T:
        stored = False
        try:
            result = await run(work, writing=writing)
            stored = True
        finally:
            if writing:
                seen.append(stored)
        return result

    monkeypatch.setattr(records.database, "run", counted)
    return seen


async def test_many_at_once_share_commits_and_get_numbers_in_order(
    records: Records, commits: list[bool]
) -> None:
    count = LARGEST_GROUP + 10
    stored = await asyncio.gather(
        *(records.complaints.register(complaint(citizen_name=f"नाम {n}")) for n in range(count))
    )
    assert [one.number for one in stored] == [number_for(FIRST + n) for n in range(count)]
    assert [one.citizen_name for one in stored] == [f"नाम {n}" for n in range(count)]
    assert commits == [True, True]
    assert [step.kind for step in await records.calls.path("call-1")] == ["complaint"] * count
    for one in (stored[0], stored[LARGEST_GROUP], stored[-1]):
        assert await records.complaints.get(one.number) == one
        assert (await verify_all(records.database)).ok


async def test_one_alone_does_not_wait_for_others(records: Records, commits: list[bool]) -> None:
    await records.complaints.register(complaint())
    assert commits == [True]


async def test_what_cannot_be_stored_fails_alone_and_takes_no_number(records: Records) -> None:
    asked = [complaint(assigned=BROKEN) if n in {3, 17, 18} else complaint(call_id=None) for n in range(30)]
    found = await asyncio.gather(
        *(records.complaints.register(one, key=f"form-{n}") for n, one in enumerate(asked)),
        return_exceptions=True,
    )
    assert [n for n, one in enumerate(found) if isinstance(one, Exception)] == [3, 17, 18]
    numbers = [one.number for one in found if isinstance(one, Complaint)]
    assert numbers == [number_for(FIRST + n) for n in range(27)]
    assert len(await records.complaints.recent(100)) == 27
    assert await records.calls.get("call-1") is None


async def test_a_broken_one_does_not_use_its_key_up(records: Records) -> None:
    with pytest.raises(Exception, match=r"."):
        await records.complaints.register(complaint(assigned=BROKEN), key="form")
    assert (await records.complaints.register(complaint(), key="form")).number == number_for(FIRST)


async def test_the_same_key_twice_in_one_group_is_stored_once(records: Records, commits: list[bool]) -> None:
    first, other, again = await asyncio.gather(
        records.complaints.register(complaint(citizen_name="पहला"), key="form-1"),
        records.complaints.register(complaint(), key="form-2"),
        records.complaints.register(complaint(citizen_name="दूसरा"), key="form-1"),
    )
    assert again == first
    assert first.citizen_name == "पहला"
    assert other.number != first.number
    assert commits == [True]


async def test_two_programs_with_the_same_keys_store_each_once(records: Records, database_url: str) -> None:
    async with await open_records(database_url, settings=QUICK) as other:
        stored = await asyncio.gather(
            *(
                book.register(complaint(), key=f"form-{n}")
                for n in range(20)
                for book in (records.complaints, other.complaints)
            )
        )
    assert sorted({one.number for one in stored}) == [number_for(FIRST + n) for n in range(20)]
    assert all(stored[n].number == stored[n + 1].number for n in range(0, 40, 2))


async def test_who_leaves_before_his_turn_is_not_stored(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    run = records.database.run

    async def held(work: Callable[[Connection], T], *, writing: bool) -> T:
        begun.set()
        await go_on.wait()
        return await run(work, writing=writing)

    monkeypatch.setattr(records.database, "run", held)
    first = asyncio.create_task(records.complaints.register(complaint()))
    await begun.wait()
    others = [asyncio.create_task(records.complaints.register(complaint())) for _ in range(2)]
    await asyncio.sleep(0)
    others[0].cancel()
    await asyncio.sleep(0)
    go_on.set()
    assert [(await task).number for task in (first, others[1])] == [number_for(FIRST), number_for(FIRST + 1)]
    assert others[0].cancelled()
    assert len(await records.complaints.recent(10)) == 2


async def test_closing_waits_for_what_was_asked_for(database_url: str) -> None:
    records = await open_records(database_url, settings=QUICK)
    tasks = [asyncio.create_task(records.complaints.register(complaint())) for _ in range(5)]
    await asyncio.sleep(0)
    await records.aclose()
    assert [task.result().number for task in tasks] == [number_for(FIRST + n) for n in range(5)]


async def test_a_database_that_is_away_is_told_to_all(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_work: object, writing: bool) -> NoReturn:
        raise RecordsError("it is away")

    with monkeypatch.context() as patched:
        patched.setattr(records.database, "run", broken)
        found = await asyncio.gather(
            *(records.complaints.register(complaint()) for _ in range(3)), return_exceptions=True
        )
    assert [str(one) for one in found] == ["it is away"] * 3
    assert (await records.complaints.register(complaint())).number == number_for(FIRST)
