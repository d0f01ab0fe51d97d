"""Alarms on both databases: counted, ended, seen by somebody, written later when the database was away."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from agi.spool import operation
from records import Records, RecordsError, apply
from records.alarms.alarm_rows import AGAIN, LONGEST_SUBJECT, LONGEST_VALUE, MOST_STANDING, OTHERS, REMIND
from records.spool.replay import replay
from records.spool.spool import Operation, Spool
from tests.records.samples import NOON, at


async def test_nothing_stands_in_a_fresh_database(records: Records) -> None:
    assert await records.alarms.standing() == []
    assert await records.alarms.past(10) == []


async def test_the_same_again_is_counted_with_what_was_said_last(records: Records) -> None:
    for number in range(3):
        await records.alarms.note("disk_low", "/srv", at=at(number), data={"free_mb": 900 - number})
    await records.alarms.note("disk_low", "/var", at=at(1))
    srv, var = await records.alarms.standing()
    assert (srv.subject, srv.count, srv.first_at, srv.last_at) == ("/srv", 3, NOON, at(2))
    assert dict(srv.data) == {"free_mb": 898}
    assert (var.subject, var.count, dict(var.data)) == ("/var", 1, {})


async def test_many_who_note_at_once_make_one_alarm(records: Records) -> None:
    await asyncio.gather(*(records.alarms.note("sip_guessing", "192.0.2.7", at=at(n)) for n in range(20)))
    (alarm,) = await records.alarms.standing()
    assert alarm.count == 20


async def test_who_acknowledged_it_first_is_kept_and_it_may_happen_again(records: Records) -> None:
    await records.alarms.note("emergency_failed", "call-7", at=at(0), data={"target": "112"})
    (first,) = await records.alarms.standing()
    await records.alarms.acknowledge(first.number, by="meera", at=at(60))
    seen = await records.alarms.acknowledge(first.number, by="kavita", at=at(90))
    assert (seen.acknowledged_by, seen.acknowledged_at) == ("meera", at(60))
    assert await records.alarms.standing() == []
    await records.alarms.note("emergency_failed", "call-7", at=at(120))
    (again,) = await records.alarms.standing()
    assert (again.number != first.number, again.count) == (True, 1)
    assert [each.number for each in await records.alarms.past(10)] == [first.number]


async def test_an_alarm_that_is_not_there_is_told(records: Records) -> None:
    with pytest.raises(RecordsError, match="no alarm 4711"):
        await records.alarms.acknowledge(4711, by="meera", at=NOON)


async def test_what_lasts_is_quiet_once_seen_and_told_again_after_half_a_shift(records: Records) -> None:
    alarms = records.alarms
    await alarms.note("disk_low", "/srv", at=NOON, lasts=True)
    (alarm,) = await alarms.standing()
    await alarms.acknowledge(alarm.number, by="meera", at=at(10))
    await alarms.note("disk_low", "/srv", at=at(40), lasts=True)
    assert await alarms.standing() == []
    assert [(each.count, each.last_at) for each in await alarms.past(5)] == [(1, at(40))]
    await alarms.note("disk_low", "/srv", at=at(11) + REMIND, lasts=True)
    assert [each.count for each in await alarms.standing()] == [1]


async def test_what_is_over_stands_no_more_acknowledged_or_not(records: Records) -> None:
    alarms = records.alarms
    await alarms.note("disk_low", "/srv", at=NOON, lasts=True)
    assert await alarms.over("disk_low", "/srv", at=at(30))
    assert not await alarms.over("disk_low", "/srv", at=at(31))
    assert await alarms.standing() == []
    later = at(31) + AGAIN
    await alarms.note("disk_low", "/srv", at=later, lasts=True)
    (again,) = await alarms.standing()
    await alarms.acknowledge(again.number, by="meera", at=later)
    assert await alarms.over("disk_low", "/srv", at=later)
    assert await alarms.standing() == []
    assert [each.over_at for each in await alarms.past(5)] == [later, at(30)]


async def test_what_comes_and_goes_is_one_alarm_and_who_saw_it_is_left_in_peace(records: Records) -> None:
    alarms = records.alarms
    for time in range(3):
        await alarms.note("disk_low", "/srv", at=at(60 * time), data={"free_mb": time}, lasts=True)
        await alarms.note("disk_low", "/srv", at=at(60 * time + 15), lasts=True)
        (alarm,) = await alarms.standing()
        await alarms.over("disk_low", "/srv", at=at(60 * time + 30))
    assert (alarm.count, alarm.first_at, await alarms.standing()) == (3, NOON, [])
    await alarms.note("disk_low", "/srv", at=at(200), lasts=True)
    await alarms.acknowledge(alarm.number, by="meera", at=at(201))
    await alarms.over("disk_low", "/srv", at=at(202))
    await alarms.note("disk_low", "/srv", at=at(203), lasts=True)
    assert await alarms.standing() == []
    (one,) = await alarms.past(5)
    assert (one.number, one.count, one.over_at) == (alarm.number, 5, None)
    await alarms.note("disk_low", "/srv", at=at(300) + REMIND, lasts=True)
    assert [each.number > alarm.number for each in await alarms.standing()] == [True]


async def test_only_what_still_lasts_stands_also_after_a_start(records: Records) -> None:
    alarms = records.alarms
    for kind, subject in (
        ("disk_low", "/srv"),
        ("disk_low", "/var"),
        ("spool_waits", "spool"),
        ("volcano", "x"),
    ):
        await alarms.note(kind, subject, at=NOON, lasts=True)
    kinds = {"disk_low", "spool_waits"}
    assert await alarms.only(kinds, {("disk_low", "/var")}, at=at(9)) == 2
    assert await alarms.only(kinds, {("disk_low", "/var")}, at=at(10)) == 0
    assert {each.subject for each in await alarms.standing()} == {"/var", "x"}
    assert {each.over_at for each in await alarms.past(5)} == {at(9)}


async def test_a_stranger_with_many_addresses_is_one_line_more_not_a_thousand(records: Records) -> None:
    for number in range(MOST_STANDING + 5):
        await records.alarms.note("sip_guessing", f"2001:db8::{number:x}", at=at(number))
    await records.alarms.note("sip_guessing", "2001:db8::3", at=at(999))
    await records.alarms.note("disk_low", "/srv", at=at(999))
    counts = {each.subject: each.count for each in await records.alarms.standing()}
    assert len(counts) == MOST_STANDING + 2
    assert (counts[OTHERS], counts["2001:db8::3"], counts["/srv"]) == (5, 2, 1)


async def test_whatever_a_stranger_puts_in_is_one_line_and_short(records: Records) -> None:
    await records.alarms.note(
        "sip_guessing",
        "x\n\x00y" * 500,
        at=NOON,
        data={"user": "\ud800" * 999, "odd": float("nan"), "big": 10**30},
    )
    (alarm,) = await records.alarms.standing()
    assert len(alarm.subject) == LONGEST_SUBJECT
    assert "\n" not in alarm.subject
    assert len(str(alarm.data["user"])) == LONGEST_VALUE
    assert (alarm.data["odd"], alarm.data["big"]) == ("nan", 10**30)
    with pytest.raises(ValueError, match="needs a kind"):
        await records.alarms.note(" ", "x", at=NOON)
    with pytest.raises(ValueError, match="time zone"):
        await records.alarms.note("x", "x", at=NOON.replace(tzinfo=None))


async def test_an_alarm_from_the_spool_is_written_later_and_once(records: Records, tmp_path: Path) -> None:
    said = {"kind": "emergency_failed", "subject": "call-9"}
    raised = Operation.new("note_alarm", "", **said, at=at(5), data={"target": "112"})
    told = operation("call-9", "note", {**said, "at": at(6)})
    spool = Spool(tmp_path / "spool")
    await apply(records, raised)
    for one in (raised, told):
        spool.append(one)
    spool.append(Operation.new("note_alarm", "", kind="", subject="", at=at(5)))
    result = await replay(records, spool)
    spool.close()
    assert (result.done, result.aside, result.left) == (2, 1, 0)
    (alarm,) = await records.alarms.standing()
    assert (alarm.count, alarm.first_at, alarm.last_at) == (2, at(5), at(6))
    assert await records.calls.get("") is None


async def test_a_later_alarm_is_over_later(records: Records) -> None:
    await records.alarms.note("disk_low", "/srv", at=NOON, lasts=True)
    await records.alarms.over("disk_low", "/srv", at=NOON + timedelta(hours=1))
    (past,) = await records.alarms.past(1)
    assert past.over_at == NOON + timedelta(hours=1)
