"""The log of calls on both databases."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest

from records import Call, CallStart, Outcome, Records
from records.calls.call_state import with_answer, with_moment, with_queue, with_start
from tests.records.samples import NOON, FakeClock, at, call


async def test_a_call_from_start_to_end(records: Records) -> None:
    log = records.calls
    await log.start(call())
    await log.step("call-1", at(1), "prompt", {"key": "greeting"})
    await log.step("call-1", at(9), "key", {"digits": "39", "tries": 1, "barged": True, "seconds": 0.5})
    await log.set_district("call-1", "39")
    await log.queued("call-1", "district-39", at(12))
    await log.ringing("call-1", "2001", at(13))
    await log.answered("call-1", "2001", at(20))
    await log.ended("call-1", at(95), cause=16, outcome="answered", recording="call-1.wav")

    assert await log.get("call-1") == Call(
        call_id="call-1",
        caller_raw="09812345610",
        caller_e164="+919812345610",
        dialled="181",
        channel="PJSIP/trunk-00000001",
        announced=True,
        started_at=at(0),
        district_code="39",
        queue="district-39",
        queue_at=at(12),
        queued_at=at(12),
        extension="2001",
        answered_at=at(20),
        ended_at=at(95),
        cause=16,
        outcome="answered",
        recording="call-1.wav",
    )
    path = await log.path("call-1")
    assert [step.kind for step in path] == ["prompt", "key", "queue", "ringing", "answered", "hangup"]
    assert path[1].detail == {"digits": "39", "tries": 1, "barged": True, "seconds": 0.5}
    assert path[1].at == at(9)


async def test_unknown_call(records: Records) -> None:
    assert await records.calls.get("none") is None
    assert await records.calls.path("none") == []


async def test_repeated_reports_change_nothing(records: Records) -> None:
    log = records.calls
    for _ in range(2):
        await log.start(call())
        await log.queued("call-1", "district-39", at(5))
        await log.ringing("call-1", "2001", at(6))
        await log.answered("call-1", "2001", at(7))
        await log.ended("call-1", at(9), cause=16, outcome="answered")
    assert len(await log.path("call-1")) == 4
    assert len(await log.recent(10)) == 1


async def test_a_second_start_does_not_replace_the_first(records: Records) -> None:
    await records.calls.start(call())
    await records.calls.start(CallStart("call-1", "other", None, "other", "other", at(50)))
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert (stored.caller_raw, stored.started_at) == ("09812345610", at(0))


async def test_answer_may_come_before_start(records: Records) -> None:
    await records.calls.answered("call-1", "2001", at(20))
    early = await records.calls.get("call-1")
    assert early is not None
    assert (early.announced, early.caller_raw, early.started_at) == (False, "", at(20))
    await records.calls.start(call())
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert (stored.announced, stored.started_at, stored.answered_at) == (True, at(0), at(20))


async def test_any_order_gives_the_same_call(records: Records) -> None:
    def reports(call_id: str) -> list[tuple[str, tuple[object, ...]]]:
        return [
            ("start", (call(call_id),)),
            ("queued", (call_id, "district-39", at(10))),
            ("queued", (call_id, "state", at(60))),
            ("answered", (call_id, "2005", at(70))),
        ]

    seen = set()
    for count, order in enumerate(itertools.permutations(range(4))):
        call_id = f"call-{count}"
        for index in order:
            name, arguments = reports(call_id)[index]
            await getattr(records.calls, name)(*arguments)
        stored = await records.calls.get(call_id)
        assert stored is not None
        seen.add((stored.caller_raw, stored.started_at, stored.queue, stored.queued_at, stored.answered_at))
    assert seen == {("09812345610", at(0), "state", at(10), at(70))}


def test_merging_does_not_depend_on_order() -> None:
    changes: list[Callable[[Call], Call]] = [
        lambda one: with_start(one, call()),
        lambda one: with_queue(with_moment(one, at(9)), "b", at(9)),
        lambda one: with_queue(with_moment(one, at(9)), "a", at(9)),
        lambda one: with_answer(with_moment(one, at(30)), "2002", at(30)),
        lambda one: with_answer(with_moment(one, at(30)), "2001", at(30)),
    ]
    results = set()
    for order in itertools.permutations(changes):
        one = Call("call-1", at(99))
        for change in order:
            one = change(one)
        results.add(one)
    assert len(results) == 1


async def test_first_end_counts_and_later_ones_add_what_is_missing(records: Records) -> None:
    log = records.calls
    await log.ended("call-1", at(30), cause=None, outcome="failed")
    await log.ended("call-1", at(31), cause=16, outcome="abandoned", recording="call-1.wav")
    await log.ended("call-1", at(32), cause=17, outcome="refused", recording="other.wav")
    stored = await log.get("call-1")
    assert stored is not None
    assert (stored.ended_at, stored.cause, stored.outcome, stored.recording) == (
        at(30),
        16,
        "failed",
        "call-1.wav",
    )
    assert [step.detail for step in await log.path("call-1")] == [{"cause": None, "outcome": "failed"}]


async def test_ended_calls_are_never_active_again(records: Records) -> None:
    log = records.calls
    await log.ended("call-1", at(30), cause=16, outcome="abandoned")
    await log.start(call())
    await log.queued("call-1", "district-39", at(5))
    await log.ringing("call-1", "2001", at(6))
    await log.step("call-1", at(7), "key", {"digits": "1"})
    assert await log.active() == []


@pytest.mark.parametrize("answer_first", [True, False])
async def test_an_answered_call_is_not_listed_as_abandoned(records: Records, *, answer_first: bool) -> None:
    reports: list[Callable[[], Awaitable[None]]] = [
        lambda: records.calls.answered("call-1", "2001", at(5)),
        lambda: records.calls.ended("call-1", at(9), cause=16, outcome="abandoned"),
    ]
    for report in reports if answer_first else reversed(reports):
        await report()
    assert await records.calls.abandoned(10) == []
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert stored.outcome == "answered"


def _left_word(records: Records, how: str, call_id: str = "call-1") -> Callable[[], Awaitable[object]]:
    if how == "message":
        return lambda: records.drafts.store(call_id, None, "39", "a.wav", 4.5, at(5))
    return lambda: records.callbacks.request(call_id, "+919812345610", "39", at(5))


@pytest.mark.parametrize("outcome", ["abandoned", "refused", "failed"])
@pytest.mark.parametrize("how", ["message", "callback"])
@pytest.mark.parametrize("end_first", [True, False])
async def test_who_left_word_was_served(
    records: Records, *, outcome: Outcome, how: str, end_first: bool
) -> None:
    """In whatever order both are told, as AGI, AMI, the spool and the event file do."""
    reports: list[Callable[[], Awaitable[object]]] = [
        _left_word(records, how),
        lambda: records.calls.ended("call-1", at(9), cause=16, outcome=outcome),
    ]
    await _left_word(records, how, "another")()
    await records.calls.ended("nothing", at(9), cause=16, outcome=outcome)
    for report in reversed(reports) if end_first else reports:
        await report()
    stored, nothing = await records.calls.get("call-1"), await records.calls.get("nothing")
    assert stored is not None
    assert nothing is not None
    assert (stored.outcome, nothing.outcome) == ("served", outcome)
    assert [one.call_id for one in await records.calls.abandoned(10)] == ["nothing"]


async def test_of_two_links_the_one_that_knows_of_a_service_counts(records: Records) -> None:
    ends: list[Outcome] = ["abandoned", "served"]
    for number, order in enumerate(itertools.permutations(ends)):
        for outcome in order:
            await records.calls.ended(f"call-{number}", at(9), cause=16, outcome=outcome)
    assert [one.outcome for one in await records.calls.recent(10)] == ["served", "served"]
    assert await records.calls.abandoned(10) == []


async def test_an_answered_call_stays_answered_whatever_follows(records: Records) -> None:
    for number, order in enumerate(itertools.permutations(range(4))):
        call_id = f"call-{number}"
        reports: list[Callable[[], Awaitable[object]]] = [
            partial(records.calls.answered, call_id, "2001", at(5)),
            _left_word(records, "message", call_id),
            partial(records.calls.ended, call_id, at(9), cause=16, outcome="served"),
            partial(records.calls.ended, call_id, at(9), cause=16, outcome="abandoned"),
        ]
        for which in order:
            await reports[which]()
    assert {one.outcome for one in await records.calls.recent(99)} == {"answered"}


async def test_abandoned_calls_say_how_long_and_where(records: Records) -> None:
    log = records.calls
    await log.start(call("menu"))
    await log.step("menu", at(3), "prompt", {"key": "ask-district"})
    await log.ended("menu", at(8), cause=16, outcome="abandoned")
    await log.start(call("queue"))
    await log.queued("queue", "district-39", at(10))
    await log.ringing("queue", "2001", at(40))
    await log.ended("queue", at(55), cause=16, outcome="abandoned")
    await log.start(call("talk"))
    await log.ended("talk", at(60), cause=16, outcome="answered")

    queue, menu = await log.abandoned(10)
    assert (queue.call_id, queue.waiting_seconds) == ("queue", 45.0)
    assert queue.last_step is not None
    assert (queue.last_step.kind, queue.last_step.detail) == ("ringing", {"extension": "2001"})
    assert (menu.call_id, menu.waiting_seconds) == ("menu", None)
    assert menu.last_step is not None
    assert menu.last_step.detail == {"key": "ask-district"}
    assert await log.abandoned(1) == [queue]


async def test_active_calls_wait_until_now(records: Records, clock: FakeClock) -> None:
    await records.calls.start(call("late", seconds=5))
    await records.calls.start(call("early"))
    await records.calls.queued("early", "state", at(10))
    clock.advance(seconds=25)
    early, late = await records.calls.active()
    assert (early.call_id, early.waiting_seconds, early.active) == ("early", 15.0, True)
    assert (late.call_id, late.waiting_seconds, late.last_step) == ("late", None, None)


async def test_recent_is_newest_first(records: Records) -> None:
    for number in range(5):
        await records.calls.start(call(f"call-{number}", seconds=number))
    assert [one.call_id for one in await records.calls.recent(3)] == ["call-4", "call-3", "call-2"]


async def test_steps_are_in_the_order_they_happened(records: Records) -> None:
    for second in (3, 1, 2):
        await records.calls.step("call-1", at(second), "key", {"digits": str(second)})
    await records.calls.step("call-1", at(2), "key", {"digits": "same moment, told later"})
    digits = [step.detail["digits"] for step in await records.calls.path("call-1")]
    assert digits == ["1", "2", "same moment, told later", "3"]
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert stored.started_at == at(1)


async def test_district_can_be_taken_back(records: Records) -> None:
    await records.calls.set_district("call-1", "39")
    await records.calls.set_district("call-1", None)
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert stored.district_code is None


async def test_ringing_twice_is_two_steps(records: Records) -> None:
    await records.calls.ringing("call-1", "2001", at(1))
    await records.calls.ringing("call-1", "2001", at(20))
    assert len(await records.calls.path("call-1")) == 2


async def test_links_that_tell_at_the_same_time_do_not_lose_anything(records: Records) -> None:
    log = records.calls
    await asyncio.gather(
        log.start(call()),
        log.queued("call-1", "district-39", at(5)),
        log.answered("call-1", "2001", at(7)),
        log.ended("call-1", at(9), cause=16, outcome="answered"),
        log.set_district("call-1", "39"),
        *(log.step("call-1", at(number), "key", {"digits": str(number)}) for number in range(20)),
    )
    stored = await log.get("call-1")
    assert stored is not None
    assert (stored.announced, stored.queue, stored.extension) == (True, "district-39", "2001")
    assert (stored.ended_at, stored.district_code) == (at(9), "39")
    assert len(await log.path("call-1")) == 23


async def test_reconciling_ends_what_asterisk_does_not_know(records: Records) -> None:
    for call_id in ("gone", "live", "done"):
        await records.calls.start(call(call_id))
    await records.calls.start(call("new", seconds=100))
    await records.calls.ended("done", at(5), cause=16, outcome="answered")
    ended = await records.calls.reconcile({"live"}, started_before=at(50), at=at(120))
    assert ended == ["gone"]
    assert [one.call_id for one in await records.calls.active()] == ["live", "new"]
    gone = await records.calls.get("gone")
    assert gone is not None
    assert (gone.outcome, gone.ended_at) == ("failed", at(120))


@pytest.mark.parametrize("outcome", ["abandoned", "answered"])
async def test_the_end_of_a_call_found_lost_is_believed(records: Records, outcome: Outcome) -> None:
    await records.calls.start(call())
    await records.calls.answered("call-1", "2001", at(5))
    assert await records.calls.reconcile(set(), started_before=at(50), at=at(62)) == ["call-1"]
    await records.calls.ended("call-1", at(60), cause=16, outcome=outcome, recording="call-1.wav")
    assert await records.calls.reconcile(set(), started_before=at(90), at=at(122)) == []
    told = await records.calls.get("call-1")
    assert told is not None
    assert (told.outcome, told.ended_at, told.cause, told.recording) == ("answered", at(60), 16, "call-1.wav")


async def test_moments_of_any_zone_come_back_in_utc(records: Records) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    await records.calls.start(
        CallStart("call-1", "", None, "181", "", datetime(2026, 7, 31, 12, 0, 0, 123456, tzinfo=india))
    )
    stored = await records.calls.get("call-1")
    assert stored is not None
    assert stored.started_at == NOON
    assert stored.started_at.tzinfo is UTC


async def test_what_cannot_be_meant_is_refused(records: Records) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await records.calls.queued("call-1", "state", datetime(2026, 7, 31))  # noqa: DTZ001
    with pytest.raises(ValueError, match="outcome"):
        await records.calls.ended("call-1", NOON, cause=1, outcome="lost")  # type: ignore[arg-type]
    assert await records.calls.recent(1) == []


async def test_hostile_text_is_stored_harmlessly(records: Records) -> None:
    nasty = "'; DROP TABLE calls; --\x00\ud800"
    await records.calls.start(CallStart(nasty, nasty, None, nasty, nasty, NOON))
    await records.calls.step(nasty, at(1), nasty, {nasty: nasty})
    await records.calls.queued(nasty, nasty, at(2))
    await records.calls.answered(nasty, nasty, at(3))
    await records.calls.ended(nasty, at(4), cause=16, outcome="answered", recording=nasty)
    stored = await records.calls.get(nasty)
    assert stored is not None
    assert stored.caller_raw.startswith("'; DROP TABLE")
    assert len(await records.calls.path(nasty)) == 4
