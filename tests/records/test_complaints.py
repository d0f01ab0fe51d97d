"""The book of complaints on both databases."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import text

from records import Records, UnavailableError, open_records
from records.audit.verifying import verify_all
from records.errors import RecordsError
from records.life.projection import fold
from records.numbers import is_valid, validate
from tests.records.samples import ASSIGNED, NOON, at, call, complaint

PARALLEL = 50


async def test_first_number_is_1000001_with_its_check_digit(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    assert stored.number == "10000012"
    assert validate(stored.number) == stored.number


async def test_what_was_stored_comes_back_equal(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    assert await records.complaints.get(stored.number) == stored
    assert stored.assigned == ASSIGNED
    assert stored.registered_at == NOON
    assert stored.registered_at.tzinfo is not None
    assert stored.citizen_phone == "98123 45610"
    assert stored.citizen_e164 == "+919812345610"
    assert stored.description == "दो महीने से नामांतरण नहीं हुआ।\nपटवारी नहीं मिलते।"
    assert stored.status == "open"


async def test_unknown_number_gives_none(records: Records) -> None:
    assert await records.complaints.get("10000012") is None
    assert await records.complaints.events("10000012") == []
    assert (await verify_all(records.database)).ok


async def test_registration_writes_two_linked_events(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    registered, assigned = await records.complaints.events(stored.number)
    assert (registered.seq, registered.kind, registered.actor, registered.edition) == (
        1,
        "registered",
        "sita",
        None,
    )
    assert (assigned.seq, assigned.kind, assigned.edition) == (2, "assigned", "1")
    assert assigned.previous_hash == registered.hash
    assert registered.at == NOON
    assert assigned.data["due"] == "2026-08-07"


async def test_replayed_events_give_the_stored_state(records: Records) -> None:
    for count in range(5):
        await records.complaints.register(complaint(call_id=None, citizen_name=f"नाम {count}"))
    stored = await records.complaints.recent(100)
    assert len(stored) == 5
    for one in stored:
        assert fold(await records.complaints.events(one.number)) == one
        assert (await verify_all(records.database)).ok


async def test_fifty_at_once_get_fifty_valid_numbers(records: Records) -> None:
    stored = await asyncio.gather(*(records.complaints.register(complaint()) for _ in range(PARALLEL)))
    numbers = {one.number for one in stored}
    assert len(numbers) == PARALLEL
    assert all(is_valid(number) for number in numbers)


async def test_two_programs_on_one_database_share_the_numbers(records: Records, database_url: str) -> None:
    async with await open_records(database_url) as other:
        stored = await asyncio.gather(
            *(
                book.register(complaint())
                for book in (records.complaints, other.complaints)
                for _ in range(10)
            )
        )
    assert len({one.number for one in stored}) == 20


async def test_same_key_gives_the_first_complaint(records: Records) -> None:
    first = await records.complaints.register(complaint(), key="form-1")
    again = await records.complaints.register(complaint(citizen_name="another"), key="form-1")
    other = await records.complaints.register(complaint(), key="form-2")
    assert again == first
    assert other.number != first.number
    assert len(await records.complaints.recent(10)) == 2


async def test_same_key_at_the_same_time_stores_once(records: Records) -> None:
    stored = await asyncio.gather(
        *(records.complaints.register(complaint(), key="form-1") for _ in range(10))
    )
    assert len({one.number for one in stored}) == 1
    assert len(await records.complaints.recent(10)) == 1


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_key_of_a_strange_length_is_refused(records: Records, key: str) -> None:
    with pytest.raises(ValueError, match="1 to 200"):
        await records.complaints.register(complaint(), key=key)


async def test_complaint_is_found_by_its_call(records: Records) -> None:
    await records.calls.start(call())
    stored = await records.complaints.register(complaint())
    assert await records.complaints.by_call("call-1") == [stored]
    assert await records.complaints.by_call("call-2") == []
    path = await records.calls.path("call-1")
    assert [(step.kind, step.detail) for step in path] == [("complaint", {"number": stored.number})]


async def test_complaint_of_a_call_never_heard_of_is_stored(records: Records) -> None:
    stored = await records.complaints.register(complaint(call_id="lost"))
    assert await records.complaints.by_call("lost") == [stored]
    lost = await records.calls.get("lost")
    assert lost is not None
    assert not lost.announced


async def test_complaint_without_a_call_is_stored(records: Records) -> None:
    stored = await records.complaints.register(complaint(call_id=None, caller_e164=None))
    assert stored.call_id is None
    assert await records.calls.recent(10) == []


async def test_found_by_the_calling_and_by_the_given_number_newest_first(records: Records) -> None:
    given = await records.complaints.register(complaint(caller_e164=None, registered_at=at(0)))
    calling = await records.complaints.register(complaint(citizen_phone="", registered_at=at(1)))
    await records.complaints.register(complaint(caller_e164="+917513200000", citizen_phone="0751-3200000"))
    assert await records.complaints.by_phone("+919812345610", 10) == [calling, given]
    assert await records.complaints.by_phone("+919812345610", 1) == [calling]


async def test_recent_is_newest_first(records: Records) -> None:
    late = await records.complaints.register(complaint(registered_at=at(60)))
    early = await records.complaints.register(complaint(registered_at=at(0)))
    assert await records.complaints.recent(10) == [late, early]
    assert await records.complaints.recent(1) == [late]


async def test_naive_moment_is_refused_and_nothing_stored(records: Records) -> None:
    naive = datetime(2026, 7, 31, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        await records.complaints.register(complaint(registered_at=naive))
    assert await records.complaints.recent(10) == []


async def test_text_a_database_cannot_hold_is_cleaned(records: Records) -> None:
    stored = await records.complaints.register(
        complaint(description="a\x00b\ud800c", citizen_name="\x1b[31m")
    )
    assert stored.description == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert await records.complaints.get(stored.number) == stored


async def test_failure_inside_stores_nothing_and_wastes_no_number(records: Records) -> None:
    broken = complaint(assigned=replace(ASSIGNED, level=2**70))
    with pytest.raises(Exception, match=r"."):
        await records.complaints.register(broken)
    assert await records.complaints.recent(10) == []
    assert await records.calls.get("call-1") is None
    assert (await records.complaints.register(complaint())).number == "10000012"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaint_events SET actor = 'nobody'",
        "DELETE FROM complaint_events",
        "DELETE FROM complaint_events WHERE seq = 2",
    ],
)
async def test_database_refuses_to_change_events(records: Records, statement: str) -> None:
    stored = await records.complaints.register(complaint())
    before = await records.complaints.events(stored.number)
    with pytest.raises(RecordsError):
        async with records.database.write() as connection:
            await connection.execute(text(statement))
    assert await records.complaints.events(stored.number) == before


async def test_database_refuses_to_replace_or_truncate_events(records: Records) -> None:
    await records.complaints.register(complaint())
    if records.database.is_sqlite:
        statement = (
            "INSERT OR REPLACE INTO complaint_events"
            " SELECT id, number, seq, kind, 'nobody', at, edition, data, previous_hash, hash, personal"
            " FROM complaint_events"
        )
    else:
        statement = "TRUNCATE complaint_events"
    with pytest.raises(RecordsError):
        async with records.database.write() as connection:
            await connection.execute(text(statement))
    assert (await verify_all(records.database)).ok


async def test_verify_finds_a_state_changed_by_hand(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    async with records.database.write() as connection:
        await connection.execute(text("UPDATE complaints SET due = :due"), {"due": _later(records)})
    found = (await verify_all(records.database)).findings
    assert any(stored.number in one.text for one in found)


async def test_verify_finds_an_event_changed_past_the_triggers(records: Records) -> None:
    await records.complaints.register(complaint())
    if records.database.is_sqlite:
        triggers = ["DROP TRIGGER complaint_events_no_update"]
    else:
        triggers = ["ALTER TABLE complaint_events DISABLE TRIGGER ALL"]
    async with records.database.write() as connection:
        for statement in [*triggers, "UPDATE complaint_events SET actor = 'nobody' WHERE seq = 1"]:
            await connection.execute(text(statement))
    found = (await verify_all(records.database)).findings
    assert any("event 1" in one.text for one in found)


async def test_cancelled_registrations_leave_whole_complaints_only(records: Records) -> None:
    for delay in range(12):
        task = asyncio.create_task(records.complaints.register(complaint()))
        for _ in range(delay * 4):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    last = await records.complaints.register(complaint())
    stored = await records.complaints.recent(100)
    assert last in stored
    for one in stored:
        assert fold(await records.complaints.events(one.number)) == one


async def test_reading_does_not_wait_for_a_writer(records: Records) -> None:
    stored = await records.complaints.register(complaint())
    async with asyncio.timeout(5), records.database.write() as connection:
        await connection.execute(text("UPDATE sequences SET value = value + 1"))
        assert await records.complaints.get(stored.number) == stored


@pytest.mark.postgres
async def test_lost_connections_are_made_anew(records: Records) -> None:
    if records.database.is_sqlite:
        return
    await records.complaints.register(complaint())
    with pytest.raises(UnavailableError):
        async with records.database.write() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await records.complaints.register(complaint())


def _later(records: Records) -> date | str:
    later = date(2027, 1, 1)
    return later.isoformat() if records.database.is_sqlite else later
