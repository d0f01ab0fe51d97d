"""Escalations that many complaints share: read like all other events, guarded, and missed when touched."""

# ruff: noqa: S608

from pathlib import Path

import pytest
from sqlalchemy import text

from records import CLOCK, Attend, Complaint, Escalate, Records, RecordsError
from records.audit.heads import check_heads, export_heads
from records.audit.verifying import verify_all
from records.complaints.grading_query import facts
from records.escalation.climbing import Climber, Up
from records.escalation.sweep import sweep
from tests.records.life_samples import LEVELS, days, officer
from tests.records.samples import complaint
from tests.records.sweeping import by_itself
from tests.records.tampering import by_hand, kinds
from tests.records.test_sweep import FIRST_NIGHT, LATE


async def _swept(records: Records, count: int = 3) -> list[Complaint]:
    stored = [await records.complaints.register(complaint(call_id=None)) for _ in range(count)]
    await sweep(records.database, by_itself, FIRST_NIGHT)
    return stored


async def _count(records: Records, table: str) -> int:
    async with records.database.read() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def test_what_equal_escalations_say_is_stored_once(records: Records) -> None:
    stored = await _swept(records, 5)
    assert await _count(records, "escalations") == 1
    assert await _count(records, "complaint_escalations") == 5
    assert await _count(records, "complaint_events") == 10
    said = [(await records.complaints.events(one.number))[-1] for one in stored]
    assert len({str(event.data) for event in said}) == 1
    assert len({event.hash for event in said}) == 5
    assert [event.number for event in said] == [one.number for one in stored]


async def test_a_second_sweep_uses_what_a_first_one_stored(records: Records) -> None:
    await _swept(records, 1)
    await _swept(records, 2)
    assert await _count(records, "escalations") == 1
    assert await _count(records, "complaint_escalations") == 3


async def test_escalations_stored_one_by_one_and_shared_ones_make_one_chain(records: Records) -> None:
    one = await records.complaints.register(complaint(call_id=None))
    await records.complaints.act(one.number, Escalate(LEVELS[2]), CLOCK, FIRST_NIGHT)
    await sweep(records.database, by_itself, LATE)
    await records.complaints.act(one.number, Attend("देखा"), officer(3), LATE)
    events = await records.complaints.events(one.number)
    told = ["registered", "assigned", "escalated", "escalated", "attended"]
    assert [event.kind for event in events] == told
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert (await verify_all(records.database)).ok


async def test_reports_and_exported_heads_know_shared_ones(records: Records, tmp_path: Path) -> None:
    (one,) = await _swept(records, 1)
    (fact,) = [each async for each in facts(records.database)]
    assert fact.missed_posts == (one.assigned.post_id,)
    assert await export_heads(records.database, tmp_path / "heads") == 1
    assert (await check_heads(records.database, tmp_path / "heads")).ok
    await by_hand(records, "DELETE FROM complaint_escalations")
    assert kinds(await check_heads(records.database, tmp_path / "heads")) == {(one.number, 3, "head")}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("UPDATE complaint_escalations SET hash = previous_hash WHERE number = :number", {(3, "changed")}),
        ("UPDATE complaint_escalations SET previous_hash = hash WHERE number = :number", {(3, "changed")}),
        ("UPDATE complaint_escalations SET seq = 4 WHERE number = :number", {(3, "missing"), (4, "changed")}),
        ("UPDATE complaint_escalations SET escalation = 0 WHERE number = :number", {(3, "missing")}),
        ("DELETE FROM complaint_escalations WHERE number = :number", {(3, "missing")}),
    ],
)
async def test_a_change_to_one_complaints_escalation_is_found(
    records: Records, change: str, wrong: set[tuple[int, str]]
) -> None:
    number = (await _swept(records))[1].number
    await by_hand(records, change, number=number)
    found = {(seq, kind) for where, seq, kind in kinds(await verify_all(records.database)) if where == number}
    assert wrong <= found


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE escalations SET actor = 'nobody'", "changed"),
        ("UPDATE escalations SET kind = 'noted'", "changed"),
        ("UPDATE escalations SET edition = '2'", "changed"),
        ("UPDATE escalations SET data = '{}'", "changed"),
        ("DELETE FROM escalations", "missing"),
    ],
)
async def test_a_change_to_what_they_share_is_found_at_each(records: Records, change: str, kind: str) -> None:
    stored = await _swept(records)
    await by_hand(records, change)
    assert {(one.number, 3, kind) for one in stored} <= kinds(await verify_all(records.database))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("digest", "'x'"), ("rule", "'x'"), ("department_code", "'x'"), ("department_hi", "'x'")),
        *(("department_en", "'x'"), ("level", "3"), ("level_label", "'x'"), ("post_id", "'x'")),
        *(("post_hi", "'x'"), ("post_en", "'x'"), ("due", "'2030-01-01'"), ("status", "'closed'")),
        *(("level_since", "'2020-01-01T00:00:00.000000+00:00'"), ("drafted", "NOT drafted")),
    ],
)
async def test_a_change_to_what_follows_of_them_is_found(records: Records, column: str, value: str) -> None:
    await _swept(records)
    await by_hand(records, f"UPDATE escalations SET {column} = {value}")
    report = await verify_all(records.database)
    assert kinds(report) == {("", None, "changed")}
    assert column in report.findings[0].text


async def test_what_they_shared_and_is_gone_is_named(records: Records) -> None:
    stored = await _swept(records)
    await by_hand(records, "DELETE FROM escalations")
    (lost,) = [found.text for found in (await verify_all(records.database)).findings if not found.number]
    assert f"{len(stored)} events" in lost
    assert stored[0].number in lost


async def test_a_stray_escalation_is_found(records: Records) -> None:
    stored = await _swept(records)
    move = "UPDATE complaint_escalations SET number = 'x1' WHERE number = :number"
    await by_hand(records, move, number=stored[0].number)
    assert ("x1", None, "unknown") in {
        (found.number, found.seq, found.kind) for found in (await verify_all(records.database)).findings
    }


@pytest.mark.parametrize("table", ["escalations", "complaint_escalations"])
async def test_the_database_refuses_to_change_them(records: Records, table: str) -> None:
    assert len(await _swept(records, 1)) == 1
    first = "id" if table == "escalations" else "number"
    refused = [f"UPDATE {table} SET {first} = {first}", f"DELETE FROM {table}"]
    if records.database.is_sqlite:
        refused.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    else:
        refused.append(f"TRUNCATE {table}")
    for statement in refused:
        with pytest.raises(RecordsError):
            async with records.database.write() as connection:
                await connection.execute(text(statement))
    assert (await verify_all(records.database)).ok


async def test_equal_complaints_are_decided_once_and_those_that_stay_each(records: Records) -> None:
    asked: list[str] = []

    def decide(climber: Climber) -> Up | None:
        asked.append(climber.place_id)
        return None if climber.place_id == "stays" else by_itself(climber)

    for place in ("goes", "stays"):
        for _ in range(4):
            await records.complaints.register(complaint(call_id=None, place_id=place))
    assert (await sweep(records.database, decide, FIRST_NIGHT)).complaints == 4
    assert (asked.count("goes"), asked.count("stays")) == (1, 4)


async def test_equal_complaints_differ_in_whether_their_officer_attended(records: Records) -> None:
    stored = [await records.complaints.register(complaint(call_id=None)) for _ in range(4)]
    await records.complaints.act(stored[0].number, Attend("देखा"), officer(1), days(1))
    await records.complaints.act(stored[1].number, Attend("देर से"), officer(1), days(8))
    await sweep(records.database, by_itself, days(8.5))
    now = [await records.complaints.get(one.number) for one in stored]
    assert [one.not_attended for one in now if one is not None] == [(), (1,), (1,), (1,)]
    assert {one.status for one in now if one is not None} == {"open"}
    assert (await verify_all(records.database)).ok
