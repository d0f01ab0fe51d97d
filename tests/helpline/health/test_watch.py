"""Looks in turn: none hangs the others, alarms follow, and healthz tells without asking."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest

from desk.condition import Condition
from dialplan.hours import CentreHours, Hours
from helpline.health.exchange import Away, Nobody
from helpline.health.settings import HealthSettings
from helpline.health.threads import in_thread
from helpline.health.watch import Look, Watch
from records import Records
from switchboard import LiveState
from switchboard.model import LiveMember

QUICK = HealthSettings(every_seconds=0.01, limit_seconds=0.05)
FULL = Condition("disk_full", "/srv", "3 MB free", "make room", data={"free_mb": 3})


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_an_alarm_stands_while_the_condition_lasts(records: Records) -> None:
    found = [FULL]

    async def look() -> list[Condition]:
        return list(found)

    await records.alarms.note("disk_low", "/old", at=records.clock(), lasts=True)
    await records.alarms.note("emergency_failed", "call-1", at=records.clock())
    watch = Watch([Look("disks", ("disk_full", "disk_low"), look)], QUICK)
    kinds: set[str] = set()

    async def stand(wanted: set[str]) -> None:
        nonlocal kinds
        async with asyncio.timeout(10):
            while kinds != wanted:
                kinds = {each.kind for each in await records.alarms.standing()}

    async with watch.kept(records):
        await stand({"disk_full", "emergency_failed"})
        found.clear()
        await stand({"emergency_failed"})
    assert watch.conditions == ()
    assert {each.kind for each in await records.alarms.past(9)} == {"disk_full", "disk_low"}


async def test_a_look_that_hangs_is_told_started_once_and_does_not_hold_up_the_others() -> None:
    release, started = threading.Event(), []

    def hang() -> list[Condition]:
        started.append(1)
        release.wait(30)
        return []

    async def hanging() -> list[Condition]:
        return await in_thread(hang)

    async def quick() -> list[Condition]:
        return [FULL]

    unwritable = Condition("database_unwritable", "db", "hangs", "mend it", unfit=True)
    watch = Watch(
        [Look("disk", (), hanging), Look("quick", (), quick), Look("db", (), hanging, unwritable)], QUICK
    )
    for _ in range(3):
        found = await watch.look()
        assert [each.kind for each in found] == ["database_unwritable", "look_stuck", "disk_full"]
        assert found[1].subject == "disk"
    assert len(started) == 2
    release.set()
    async with asyncio.timeout(10):
        while [each.kind for each in await watch.look()] != ["disk_full"]:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    await watch.look()
    assert len(started) > 2


async def test_a_look_that_fails_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> list[Condition]:
        raise OSError(5, "Input/output error")

    watch = Watch([Look("spool", (), fail)], QUICK)
    for _ in range(2):
        (told,) = await watch.look()
        assert told.kind == "look_stuck"
        assert "Input/output error" in told.text
    assert caplog.text.count("event=health kind=look_stuck") == 1


def test_asterisk_is_away_only_after_its_time() -> None:
    now = 0.0
    away = Away("127.0.0.1:5038", 30, steady=lambda: now)
    assert away.look(connected=False) == []
    now = 29.0
    assert away.look(connected=False) == []
    now = 185.0
    (told,) = away.look(connected=False)
    assert (told.kind, told.data["minutes"]) == ("asterisk_away", 3)
    assert away.look(connected=True) == []
    assert away.look(connected=False) == []


def test_nobody_takes_calls_while_the_centre_is_open() -> None:
    now = 0.0
    hours = Hours({"39": CentreHours(frozenset(range(7)), time(7), time(23), frozenset())})
    nobody = Nobody("district-39", "39", hours, 120, steady=lambda: now)
    day, night = datetime(2026, 11, 30, 6, 0, tzinfo=UTC), datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    state = LiveState()

    def look(at: datetime, *, connected: bool = True) -> list[str]:
        return [each.kind for each in nobody.look(state, at, connected=connected)]

    assert look(day) == []
    now = 121.0
    assert look(day) == ["nobody_logged_in"]
    assert look(day, connected=False) == []
    assert look(day) == []
    now = 300.0
    assert look(night) == []
    assert look(day) == []
    now = 500.0
    for member, told in (
        (LiveMember("2001", {"district-39": True}), True),
        (LiveMember("2001", {"state": False}), True),
        (LiveMember("2001", {"district-39": False}, device="5"), True),
        (LiveMember("2001", {"district-39": False}, device="1"), False),
    ):
        state.members["2001"] = member
        assert look(day) == (["nobody_logged_in"] if told else [])
