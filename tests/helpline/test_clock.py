"""The escalation clock: every complaint at the right level on every day, whenever the clock ran."""

import asyncio
import logging
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from helpline import clock
from helpline.app import App
from helpline.wiring import open_centre_records
from mapper import Edition, Registration, assign, assign_level, load_edition
from mapper.days import IST, indian_day
from mapper.directory.store import DirectoryStore
from office import Editions
from office.assigned import assigned_to
from office.clock import escalate, keep_escalating, left_by_itself, pause
from records import NewComplaint, RecordsError
from records.audit.verifying import verify_all
from records.escalation.sweep import Move
from tests.helpline.conftest import Run, ist, publish, registered, take
from tests.office.office_sheets import COLLECTOR, JIRAPUR, RAJGARH
from tests.records.samples import complaint

WORKING = {
    "*,calendar,sat;sun,,confirmed": "*,calendar,sat;sun,,confirmed,,\nPRD,working,sat;sun,,confirmed",
    "*,3,manual,2022-12-01,confirmed": "*,3,manual,2022-12-01,confirmed,,\n"
    "REVENUE-02,3,automatic,2026-06-01,drafted,,\nPRD,2,manual,2026-09-01,drafted",
}
"""Sheets in which the rules differ and change: PRD counts working days and is left by hand from level 2 since
September, one type goes by itself to level 4 since June."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with `WORKING`."""
    publish(tmp_path / "var" / "directory", tmp_path / "sheets", WORKING)
    return tmp_path / "var" / "directory"


@dataclass
class Slow:
    """The obvious model of one complaint: each morning it is looked at, whether it goes up."""

    type_code: str
    level: int
    due: date

    def morning(self, today: date, holidays: frozenset[date]) -> None:
        """What a day does, by the rules written out."""
        if today <= self.due or not self._by_itself(today):
            return
        last = today - timedelta(days=1)
        self.level += 1
        self.due = last
        left = 7
        while left:
            self.due += timedelta(days=1)
            counts = not self.type_code.startswith("PRD") or (
                self.due.weekday() < 5 and self.due not in holidays
            )
            left -= counts

    def _by_itself(self, today: date) -> bool:
        if self.level == 2 and self.type_code.startswith("PRD"):
            return today < date(2026, 9, 1)
        if self.level == 3:
            return self.type_code == "REVENUE-02" and today >= date(2026, 6, 1)
        return self.level < 3


async def test_a_year_day_by_day_agrees_with_the_obvious_model(app: App, directory: Path) -> None:
    editions = Editions(directory)
    edition = editions.current()
    holidays = frozenset(holiday.day for holiday in edition.holidays)
    dice = random.Random(181)  # noqa: S311 - the same year in every run
    models: dict[str, Slow] = {}
    async with await open_centre_records(app) as records:
        for days in range(365):
            today = date(2026, 1, 1) + timedelta(days=days)
            for model in models.values():
                model.morning(today, holidays)
            if dice.random() < 0.8:  # on other days the clock is down
                await escalate(records, editions, datetime.combine(today, time(0, 1), IST))
                stored = await records.complaints.recent(1000)
                found = {one.number: (one.assigned.level, one.assigned.due) for one in stored}
                assert found == {number: (one.level, one.due) for number, one in models.items()}, today
            if days < 300 and days % 9 == 0:
                for type_code in ("REVENUE-01", "REVENUE-02", "PRD-03"):
                    at = datetime.combine(today, time(10), IST)
                    place = dice.choice((RAJGARH, JIRAPUR))
                    one = await records.complaints.register(_new(edition, type_code, place, at))
                    models[one.number] = Slow(type_code, 1, one.assigned.due)
        assert (await verify_all(records.database)).ok
        assert {one.level for one in models.values()} == {2, 3, 4}


async def test_limits_and_officers_of_the_directory_are_followed(app: App) -> None:
    editions = Editions(app.directory)
    async with await open_centre_records(app) as records:
        new = _new(editions.current(), "REVENUE-01", RAJGARH, ist("2026-11-02T10:00"))
        one = await records.complaints.register(new)
        done = await escalate(records, editions, ist("2026-11-10T00:01"))
        assert done.swept.moves == Counter({Move(1, 2, "REVENUE"): 1})
        assert not done.stuck
        now = await records.complaints.get(one.number)
        assert now is not None
        registration = Registration("REVENUE-01", RAJGARH, one.registered_at)
        wanted = assign_level(editions.current(), registration, 2, date(2026, 11, 9))
        assert (now.assigned.post_id, now.assigned.due) == (wanted.post.id, wanted.due)
        assert indian_day(now.level_since) == date(2026, 11, 9)


async def test_a_complaint_no_edition_knows_is_told_and_stops_no_other(app: App) -> None:
    editions = Editions(app.directory)
    new = _new(editions.current(), "REVENUE-01", RAJGARH, ist("2026-11-02T10:00"))
    strange = replace(new, type_code="GONE-1", assigned=replace(new.assigned, edition="99"))
    async with await open_centre_records(app) as records:
        lost = await records.complaints.register(strange)
        await records.complaints.register(new)
        done = await escalate(records, editions, ist("2026-11-10T00:01"))
        assert done.swept.complaints == 1
        assert [count for reason, count in done.stuck.items() if "edition 99 is missing" in reason] == [1]
        assert await records.complaints.get(lost.number) == lost


def test_levels_left_by_itself_follow_the_day(directory: Path) -> None:
    path = DirectoryStore(directory).current()
    assert path is not None
    edition = load_edition(path)
    assert left_by_itself(edition, date(2026, 5, 31)) == {1, 2}
    assert left_by_itself(edition, date(2026, 6, 1)) == {1, 2, 3}


@pytest.mark.parametrize(
    ("now", "seconds"),
    [("2026-11-10T12:00", 300.0), ("2026-11-10T23:59", 62.0), ("2026-11-11T00:00", 300.0)],
)
def test_looks_every_few_minutes_and_soon_after_midnight(now: str, seconds: float) -> None:
    assert pause(ist(now), 300.0) == seconds


async def test_goes_on_after_a_failure_and_tells_each_once(
    app: App, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "helpline.clock")
    moments = iter([ist("2026-11-09T23:59"), ist("2026-11-09T23:59"), *[ist("2026-11-10T00:01")] * 4])
    now = [ist("2026-11-02T10:00")]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        moment = next(moments, None)
        if moment is None:
            raise asyncio.CancelledError
        now[0] = moment

    async with await open_centre_records(app) as records:
        new = _new(Editions(app.directory).current(), "REVENUE-01", RAJGARH, now[0])
        await records.complaints.register(new)
        real, broken = records.database.run, iter([True, True])

        async def run(*args: object, **kwargs: object) -> object:
            if next(broken, False):
                raise RecordsError("it is away")
            return await real(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(records.database, "run", run)
        with pytest.raises(asyncio.CancelledError):
            await keep_escalating(records, Editions(app.directory), lambda: now[0], 300.0, sleep=sleep)
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "event=not-escalated reason='it is away'",
        "event=escalating-again",
        "event=escalated from=L1 to=L2 department=REVENUE complaints=1 edition=1",
    ]
    assert slept[1] == 62.0


def test_command_shows_what_would_go_up_and_moves_it_once(run: Run) -> None:
    number = registered(run)
    early = run("serve", "clock", "--dry-run", "--at", "2026-11-09T23:59")
    assert early.out.startswith("2026-11-09: 0 complaints would go up")
    late = run("serve", "clock", "--dry-run", "--at", "2026-12-09T00:01")
    assert late.out.startswith("2026-12-09: 1 complaint would go up (2 moves, some by several levels), by")
    would = run("serve", "clock", "--dry-run", "--at", "2026-11-10T00:01", "--json").json
    assert would["moves"] == [{"from_level": 1, "to_level": 2, "department": "REVENUE", "count": 1}]
    assert _level(run, number) == "L1"
    lines = run("serve", "clock", "--once", "--at", "2026-11-10T00:01").out.splitlines()
    assert lines[0] == "2026-11-10: 1 complaint went up, by edition 1"
    assert lines[2].split() == ["L1", "L2", "REVENUE", "1"]
    assert run("serve", "clock", "--once", "--at", "2026-11-10T00:02", "--json").json["complaints"] == 0
    assert _level(run, number) == "L2"


def _level(run: Run, number: str) -> str:
    """Who has it, as a person is told."""
    lines = run("complaint", "show", number).out.splitlines()
    return next(line.split()[1] for line in lines if line.startswith("Officer"))


async def test_runs_until_it_is_told_to_stop(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "set_up_logs", lambda: None)
    async with await open_centre_records(app) as records:
        new = _new(Editions(app.directory).current(), "REVENUE-01", RAJGARH, ist("2025-01-01T10:00"))
        one = await records.complaints.register(new)
        task = asyncio.create_task(clock.run_clock(app))
        async with asyncio.timeout(60):
            while len(await records.complaints.events(one.number)) == 2:
                assert not task.done()
                await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 60)
        kinds = [event.kind for event in await records.complaints.events(one.number)]
        assert kinds == ["registered", "assigned", "escalated", "escalated"]


def test_a_moment_without_once_is_refused(run: Run) -> None:
    told = run("serve", "clock", "--at", "2026-11-10T00:01")
    assert told.status == 2
    assert "--once or --dry-run" in told.err


def _new(edition: Edition, type_code: str, place: str, at: datetime) -> NewComplaint:
    assigned = assigned_to(assign(edition, Registration(type_code, place, at)))
    return complaint(
        call_id=None, type_code=type_code, place_id=place, assigned=assigned, registered_at=at.astimezone(UTC)
    )


def test_no_level_is_passed_over_for_days_on_which_the_clock_stood(run: Run) -> None:
    """Resolved in time, the citizen not reached for weeks, special close rejected: one level, not two."""
    number = registered(run)
    take(run, "propose", number, "--by", "mohan", "--note", "आदेश जारी", "--at", "2026-11-04")
    take(run, "ask", number, "--by", "sita", "--result", "unreachable", "--at", "2026-11-05")
    why = ("--reason", "NO-CONTACT", "--note", "पाँच बार", "--citizen-told")
    take(run, "special-close", number, "--by", "mohan", *why, "--at", "2026-11-30")
    take(run, "decide-close", number, "--as-post", COLLECTOR, "--reject", "--reason", "फिर बुलाएँ",
         "--at", "2026-11-30T15:00")  # fmt: skip
    swept = run("serve", "clock", "--once", "--at", "2026-12-02", "--json").json
    assert [(move["from_level"], move["to_level"]) for move in swept["moves"]] == [(1, 2)]
    shown = run("complaint", "show", number, "--at", "2026-12-02", "--json").json
    assert (shown["assigned"]["level"], shown["assigned"]["due"]) == (2, "2026-12-06")
    explained = run("complaint", "explain", number, "--json").json
    assert (explained[-1]["start"], explained[-1]["agrees"]) == ("2026-11-29", True)
    assert run("records", "verify").status == 0
