"""The escalation sweep: once for each level, whatever happens meanwhile."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from records import (
    CLOCK,
    Ask,
    Attend,
    Complaint,
    Escalate,
    Note,
    Propose,
    Reassign,
    Records,
    Step,
    open_records,
)
from records.audit.verifying import verify_all
from records.clock import indian_day, stamp
from records.escalation.climbing import Climber, Climbing, Up
from records.escalation.sweep import Move, sweep
from tests.records.life_samples import ADMINISTRATOR, LEVELS, SITA, days, officer
from tests.records.samples import ASSIGNED, NOON, QUICK, complaint
from tests.records.sweeping import SMALL, by_itself

T = TypeVar("T")
FIRST_NIGHT = datetime(2026, 8, 7, 18, 31, tzinfo=UTC)
"""A minute after the limit of level 1 ended in India."""
LATE = FIRST_NIGHT + timedelta(days=9)
"""The limits of level 1 and of level 2 are over."""
KILLS = 8


async def _register(records: Records, count: int, **changes: object) -> list[Complaint]:
    return await asyncio.gather(
        *(records.complaints.register(complaint(call_id=None, **changes)) for _ in range(count))
    )


async def _kinds(records: Records, number: str) -> list[str]:
    return [event.kind for event in await records.complaints.events(number)]


async def _is_whole(records: Records) -> bool:
    return (await verify_all(records.database)).ok


async def test_goes_up_when_the_last_day_has_ended_and_only_once(records: Records) -> None:
    (one,) = await _register(records, 1)
    before = await sweep(records.database, by_itself, FIRST_NIGHT - timedelta(minutes=2))
    assert before.complaints == 0
    swept = await sweep(records.database, by_itself, FIRST_NIGHT)
    again = await sweep(records.database, by_itself, FIRST_NIGHT)
    assert (swept.complaints, again.complaints) == (1, 0)
    assert swept.moves == Counter({Move(1, 2, "REV"): 1})
    now = await records.complaints.get(one.number)
    assert now is not None
    assert (now.assigned.level, now.assigned.due, now.status) == (2, date(2026, 8, 14), "open")
    assert now.level_since == datetime(2026, 8, 7, 18, 29, 59, 999999, tzinfo=UTC)
    assert now.not_attended == (1,)
    assert await _kinds(records, one.number) == ["registered", "assigned", "escalated"]
    assert await _is_whole(records)


@pytest.mark.parametrize("attended", [False, True])
async def test_writes_what_the_step_of_the_life_writes(records: Records, *, attended: bool) -> None:
    one, other = await _register(records, 2)
    if attended:
        for each in (one, other):
            await records.complaints.act(each.number, Attend("गाँव गए"), officer(1), days(1))
    await records.complaints.act(one.number, Escalate(LEVELS[2]), CLOCK, FIRST_NIGHT)
    await sweep(records.database, by_itself, FIRST_NIGHT)
    by_step, by_sweep = [(await records.complaints.events(each.number))[-1] for each in (one, other)]
    assert {**by_step.data, "since": by_sweep.data["since"]} == by_sweep.data
    assert (by_step.actor, by_step.at, by_step.edition) == (by_sweep.actor, by_sweep.at, by_sweep.edition)
    first, second = [await records.complaints.get(each.number) for each in (one, other)]
    assert first is not None
    assert second is not None
    assert first == replace(second, number=one.number, level_since=first.level_since)
    assert second.not_attended == (() if attended else (1,))


async def test_catches_up_with_the_days_as_if_it_had_never_been_away(records: Records) -> None:
    (away,), (there,) = await _register(records, 1), await _register(records, 1, place_id="there")
    await _register(records, 1, assigned=replace(ASSIGNED, due=indian_day(LATE)))

    def only(place: str) -> Callable[[Climber], Up | None]:
        return lambda climber: by_itself(climber) if climber.place_id == place else None

    for day in range(10):
        await sweep(records.database, only(there.place_id), FIRST_NIGHT + timedelta(days=day))
    swept = await sweep(records.database, by_itself, LATE)
    assert swept.complaints == 1
    assert swept.moves == Counter({Move(1, 2, "REV"): 1, Move(2, 3, "REV"): 1})
    late, prompt = [await records.complaints.get(one.number) for one in (away, there)]
    assert late is not None
    assert prompt is not None
    assert late.assigned == prompt.assigned
    assert late.assigned.due == date(2026, 8, 21)
    assert late.level_since == prompt.level_since
    # Level 2 was given it after its limit: that is no fault of his.
    assert (late.not_attended, prompt.not_attended) == ((1,), (1, 2))
    assert await _kinds(records, away.number) == ["registered", "assigned", "escalated", "escalated"]
    assert await _is_whole(records)


async def test_an_entry_made_after_the_last_day_is_too_late(records: Records) -> None:
    (one,) = await _register(records, 1)
    await records.complaints.act(one.number, Attend("देर से"), officer(1), days(8))
    await sweep(records.database, by_itself, days(8.5))
    now = await records.complaints.get(one.number)
    assert now is not None
    assert now.not_attended == (1,)


async def test_the_clock_stands_while_the_citizen_is_to_be_asked(records: Records) -> None:
    (one,) = await _register(records, 1)
    await records.complaints.act(one.number, Propose("हो गया"), officer(1), days(1))
    assert (await sweep(records.database, by_itself, LATE)).complaints == 0


@pytest.mark.parametrize("step", [Note("पूछा"), Attend("देर से")])
async def test_what_is_written_while_no_clock_ran_takes_no_day_from_the_next_level(
    records: Records, step: Step
) -> None:
    noted, silent = await _register(records, 2)
    await records.complaints.act(noted.number, step, officer(1), days(12))
    await sweep(records.database, by_itself, days(13))
    first, second = [await records.complaints.get(each.number) for each in (noted, silent)]
    assert first is not None
    assert second is not None
    assert (first.assigned, first.level_since) == (second.assigned, second.level_since)
    assert indian_day(first.level_since) == ASSIGNED.due
    assert await _is_whole(records)


@pytest.mark.parametrize(
    ("back", "started"), [(12, date(2026, 8, 11)), (3, ASSIGNED.due)], ids=["after its end", "before it"]
)
async def test_the_next_level_is_given_no_day_on_which_the_clock_stood(
    records: Records, back: int, started: date
) -> None:
    """Not satisfied, and to stay where it is: the limit counts again from then."""
    (one,) = await _register(records, 1)
    await records.complaints.act(one.number, Propose("हो गया"), officer(1), days(1))
    await records.complaints.act(one.number, Ask("not_satisfied"), SITA, days(back))
    await records.complaints.act(one.number, Note("पूछा"), SITA, days(back + 20))
    await sweep(records.database, by_itself, days(back + 20))
    events = await records.complaints.events(one.number)
    since = datetime.fromisoformat(next(event.data["since"] for event in events if "since" in event.data))
    assert indian_day(since) == started
    now = await records.complaints.get(one.number)
    assert now is not None
    assert now.resumed_at is None, "it counts from the new level's beginning"
    assert await _is_whole(records)


async def test_a_shorter_limit_that_was_over_when_it_was_set_takes_no_day_from_the_next_level(
    records: Records,
) -> None:
    (one,) = await _register(records, 1)
    sooner = replace(ASSIGNED, due=date(2026, 8, 3))
    moment = datetime(2026, 8, 6, 6, 0, tzinfo=UTC)
    await records.complaints.act(one.number, Reassign(sooner, "नया संस्करण"), ADMINISTRATOR, moment)
    await sweep(records.database, by_itself, moment)
    now = await records.complaints.get(one.number)
    assert now is not None
    assert indian_day(now.level_since) == date(2026, 8, 5)


async def test_dry_run_counts_and_writes_nothing(records: Records) -> None:
    stored = await _register(records, 2 * SMALL)
    would = await sweep(records.database, by_itself, LATE, dry_run=True, batch=SMALL)
    assert [await records.complaints.get(one.number) for one in stored] == stored
    assert await sweep(records.database, by_itself, LATE, batch=SMALL) == would
    assert would.complaints == 2 * SMALL


async def test_levels_that_are_left_by_hand_are_not_looked_at(records: Records) -> None:
    asked: list[int] = []

    def decide(climber: Climber) -> Up | None:
        asked.append(climber.level)
        return None

    await _register(records, 2)
    await _register(records, 1, assigned=replace(ASSIGNED, level=3))
    await sweep(records.database, decide, LATE, leaving={1, 2}, batch=1)
    assert asked == [1, 1]
    await sweep(records.database, decide, LATE, leaving=())
    assert asked == [1, 1]


async def test_what_others_change_meanwhile_is_read_anew(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await _register(records, SMALL)
    run = records.database.run
    busy = iter([1, 2])

    async def interfere(work: Callable[[Connection], T], *, writing: bool) -> T:
        if writing and next(busy, None) == 1:
            await records.complaints.act(stored[1].number, Attend("अभी"), officer(1), FIRST_NIGHT)
            await records.complaints.act(stored[2].number, Propose("अभी"), officer(1), FIRST_NIGHT)
        return await run(work, writing=writing)

    monkeypatch.setattr(records.database, "run", interfere)
    swept = await sweep(records.database, by_itself, FIRST_NIGHT)
    assert swept.complaints == SMALL - 1
    kinds = [await _kinds(records, one.number) for one in stored]
    assert kinds[1][2:] == ["attended", "escalated"]
    assert kinds[2][2:] == ["resolution_proposed"]
    assert all(kinds[n][2:] == ["escalated"] for n in (0, *range(3, SMALL)))
    assert await _is_whole(records)


async def test_two_sweeps_at_once_move_each_complaint_once(records: Records, database_url: str) -> None:
    stored = await _register(records, 60)
    async with await open_records(database_url, settings=QUICK) as other:
        swept = await asyncio.gather(
            *(sweep(each.database, by_itself, LATE, batch=SMALL) for each in (records, other) * 2)
        )
    assert sum(one.complaints for one in swept) == 60
    for one in stored:
        assert (await _kinds(records, one.number))[2:] == ["escalated", "escalated"]
    assert await _is_whole(records)


async def test_two_processes_killed_at_any_moment_move_each_once_and_miss_none(
    records: Records, database_url: str
) -> None:
    stored = await _register(records, 400)
    dice = random.Random(181)  # noqa: S311 - any moments will do
    async with _sweepers(database_url) as start:
        sweeping = [await start(), await start()]
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.0, 0.05))
            os.kill(sweeping.pop(0), signal.SIGKILL)
            sweeping.append(await start())
    await sweep(records.database, by_itself, LATE)
    counts = Counter([tuple((await _kinds(records, one.number))[2:]) for one in stored])
    assert counts == Counter({("escalated", "escalated"): 400})
    assert await _is_whole(records)


@asynccontextmanager
async def _sweepers(url: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """Starts processes that sweep, each known by its number; all are killed at the end."""
    program = (sys.executable, "-m", "tests.records.sweeping", url, stamp(LATE))
    server = await asyncio.create_subprocess_exec(
        *program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    asked, told = server.stdin, server.stdout
    assert asked is not None
    assert told is not None

    async def start() -> int:
        asked.write(b"go\n")
        async with asyncio.timeout(60):
            return int(await told.readline())

    try:
        yield start
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        await server.wait()


def test_a_level_that_does_not_rise_is_a_mistake_of_ours() -> None:
    climber = Climber(
        "10000012", "REV-01", "v", 2, "p", "REV", "1", NOON.date(), "open", None, (), 2, "0", NOON
    )
    climbing = Climbing(lambda _: Up(LEVELS[2], NOON.date()), LATE)
    with pytest.raises(ValueError, match="not above"):
        climbing.climb(climber)
