# ruff: noqa: ASYNC240
"""Merging Asterisk's event file: every call once, whatever the service had of it, on both databases."""

import asyncio
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event

from records import Records, UnavailableError, open_records, schema
from records.missed_calls.catchup import SETTLING, STALE, catch_up
from records.missed_calls.cel import read_cel
from tests.records.cel_sample import EventFile, call_id_of
from tests.records.samples import NOON, FakeClock, at, call

CALL = "2baea01a-eaed-4c6c-8722-638df9283526"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where Asterisk writes."""
    return tmp_path / "helpline.csv"


async def everything(records: Records) -> list[Any]:
    """All calls with their paths."""
    calls = await records.calls.recent(1000)
    return [(one, await records.calls.path(one.call_id)) for one in calls]


async def test_a_call_the_service_saw_nothing_of(records: Records, path: Path) -> None:
    events = EventFile()
    events.login(-60)
    events.call(0, call_id=CALL)
    path.write_text(str(events))
    assert (await catch_up(records, path)).calls == 1
    stored = await records.calls.get(CALL)
    assert stored is not None
    assert (stored.caller_raw, stored.caller_e164, stored.dialled) == ("9826012345", "+919826012345", "181")
    assert stored.announced
    assert stored.started_at == NOON
    assert (stored.district_code, stored.queue, stored.extension) == ("39", "district-39", "2001")
    assert (stored.outcome, stored.cause, stored.recording) == ("answered", 16, f"{CALL}.wav")
    assert [step.kind for step in await records.calls.path(CALL)] == ["queue", "answered", "hangup"]


async def test_what_a_service_may_still_have_to_tell_is_left_to_it(
    records: Records, path: Path, clock: FakeClock
) -> None:
    events = EventFile()
    events.call(-100)
    events.call(-50, call_id=CALL)
    path.write_text(str(events))
    last = max(event.at for event in read_cel(str(events).encode(), 0).events)
    merged: set[str] = set()
    clock.now = last + SETTLING / 2
    found = await catch_up(records, path, merged=merged)
    assert (found.calls, found.settling) == (1, 1)
    assert await records.calls.get(CALL) is None
    clock.now = last + SETTLING
    found = await catch_up(records, path, merged=merged)
    assert (found.calls, found.settling) == (1, 0)
    assert await records.calls.get(CALL) is not None


async def test_again_changes_nothing(records: Records, path: Path) -> None:
    events = EventFile()
    for number in range(5):
        events.call(number * 60, user=(("H181_CALLBACK", ""), ("H181_MESSAGE", f"{number}.wav")))
    path.write_text(str(events))
    assert (await catch_up(records, path)).calls == 5
    before = await everything(records)
    assert (await catch_up(records, path)).calls == 0
    await _forget_how_far(records)
    assert (await catch_up(records, path)).calls == 5
    assert await everything(records) == before
    assert len(await records.drafts.open(99)) == 5
    assert len(await records.callbacks.open(99)) == 1


async def test_every_prefix_and_the_rest(records: Records, path: Path) -> None:
    """However the file was cut when it was read, and read again by a service that remembers nothing."""
    events = EventFile()
    ids = [events.call(0), events.call(10, extension=None), events.call(200, extension="2002")]
    text = str(events).encode()
    for end in (*range(0, len(text), 400), len(text)):
        path.write_bytes(text[:end])
        await catch_up(records, path)
    stored = {one.call_id: one for one in await records.calls.recent(9)}
    assert set(stored) == set(ids)
    assert [stored[one].outcome for one in ids] == ["answered", "abandoned", "answered"]
    assert [stored[one].extension for one in ids] == ["2001", None, "2002"]
    for one in ids:
        kinds = [step.kind for step in await records.calls.path(one)]
        assert kinds in (["queue", "answered", "hangup"], ["queue", "hangup"])


async def test_a_call_that_is_not_over_waits_and_holds_back_no_other(records: Records, path: Path) -> None:
    long, other = EventFile(), EventFile(channels=10)
    long_id = long.call(0)
    short = [other.call(2 + number * 100) for number in range(3)]
    path.write_text("".join(long.lines[:8]) + str(other))
    merged: set[str] = set()
    assert (await catch_up(records, path, merged=merged)).calls == 3
    assert (await catch_up(records, path, merged=merged)).calls == 0
    assert {one.call_id for one in await records.calls.recent(9)} == set(short)
    await asyncio.to_thread(path.write_text, "".join(long.lines[:8]) + str(other) + "".join(long.lines[8:]))
    assert (await catch_up(records, path, merged=merged)).calls == 1
    assert merged == set()
    assert len(await records.calls.recent(9)) == 4
    assert await records.calls.get(long_id) is not None


async def test_a_silent_call_is_not_waited_for_for_ever(
    records: Records, path: Path, clock: FakeClock
) -> None:
    events = EventFile()
    call_id = events.call(0, until=20)
    path.write_text(str(events))
    assert (await catch_up(records, path)).calls == 0
    clock.now += STALE + timedelta(minutes=1)
    assert (await catch_up(records, path)).calls == 1
    stored = await records.calls.get(call_id)
    assert stored is not None
    assert (stored.extension, stored.outcome, stored.active) == ("2001", None, True)


async def test_what_agi_and_ami_told_stays(records: Records, path: Path) -> None:
    log = records.calls
    await log.start(call(CALL))
    await log.set_district(CALL, "04")
    await log.queued(CALL, "state", at(10))
    await log.answered(CALL, "2001", at(14))
    await log.ended(CALL, at(36), cause=16, outcome="answered", recording="own.wav")
    before = await everything(records)
    events = EventFile()
    events.call(0, call_id=CALL, queue="state")
    path.write_text(str(events))
    await catch_up(records, path)
    assert await everything(records) == before


async def test_calls_that_are_known_in_full_are_not_written_again(records: Records, path: Path) -> None:
    events = EventFile()
    for number in range(30):
        events.call(number * 60)
    path.write_text(str(events))
    assert (await catch_up(records, path)).calls == 30
    await _forget_how_far(records)
    assert (await catch_up(records, path)).calls == 0


async def test_who_was_served_stays_served(records: Records, path: Path) -> None:
    """AGI knew that a status was told; of the others the file knows more than AMI or AGI did."""
    events = EventFile()
    events.call(0, call_id="status", queue="", extension=None)
    message = (("H181_MESSAGE", "a-message.wav"),)
    events.call(100, call_id="message", extension=None, status="TIMEOUT", user=message)
    events.call(200, call_id="emergency", queue="", extension=None, emergency="answered")
    await records.calls.start(replace(call(call_id_of("status")), caller_raw="9826012345"))
    await records.calls.ended(call_id_of("status"), at(35), cause=16, outcome="served")
    await records.calls.ended(call_id_of("message"), at(135), cause=16, outcome="refused")
    await records.calls.ended(call_id_of("emergency"), at(235), cause=16, outcome="abandoned")
    path.write_text(str(events))
    assert (await catch_up(records, path)).calls == 2
    assert {one.outcome for one in await records.calls.recent(9)} == {"served"}
    before = await everything(records)
    await _forget_how_far(records)
    await catch_up(records, path)
    assert await everything(records) == before


def wav(path: Path, seconds: float, *, finished: bool = True, loud: bool = True) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        sample = b"\x00\x20\x00\xe0" if loud else bytes(4)
        file.writeframes(sample * int(4000 * seconds))
    if not finished:
        content = bytearray(path.read_bytes())
        content[40:44] = bytes(4)
        path.write_bytes(content)


async def test_how_long_a_message_is_its_file_tells(records: Records, path: Path, tmp_path: Path) -> None:
    wav(tmp_path / "whole.wav", 12.34)
    wav(tmp_path / "cut.wav", 3.5, finished=False)
    wav(tmp_path / "cough.wav", 0.4)
    wav(tmp_path / "silent.wav", 5.0, loud=False)
    wav(tmp_path / "silently-cut.wav", 5.0, finished=False, loud=False)
    events = EventFile()
    names = ("whole", "cut", "cough", "silent", "silently-cut", "away", "../whole")
    for number, name in enumerate(names):
        message = (("H181_MESSAGE", f"{name}.wav"),)
        events.call(number * 60, call_id=name, extension=None, status="TIMEOUT", user=message, recorded=7.0)
    path.write_text(str(events))
    await catch_up(records, path, recordings=tmp_path)
    assert {draft.call_id: draft.seconds for draft in await records.drafts.open(9)} == {
        call_id_of("whole"): 12.3,
        call_id_of("cut"): 3.5,
    }
    unheard = await records.calls.abandoned(9)
    assert {(one.call_id, one.outcome) for one in unheard} == {
        (call_id_of(name), "refused") for name in ("cough", "silent", "silently-cut", "away", "../whole")
    }
    before = await everything(records)
    await _forget_how_far(records)
    await catch_up(records, path, recordings=tmp_path)
    assert await everything(records) == before


async def test_guesses_are_corrected(records: Records, path: Path) -> None:
    """A call that was found lost, and one that looked abandoned from where it was seen."""
    events = EventFile()
    first, second = events.call(0), events.call(100, extension=None, status="TIMEOUT")
    await records.calls.start(call(first))
    await records.calls.ended(first, at(500), cause=None, outcome="failed")
    await records.calls.ended(second, at(135), cause=16, outcome="abandoned")
    path.write_text(str(events))
    await catch_up(records, path)
    lost, refused = await records.calls.get(first), await records.calls.get(second)
    assert lost is not None
    assert refused is not None
    assert (lost.outcome, lost.cause, lost.extension) == ("answered", 16, "2001")
    assert lost.ended_at is not None
    assert lost.ended_at < at(36)
    assert (refused.outcome, refused.ended_at) == ("refused", at(135))
    for call_id, outcome in ((first, "answered"), (second, "refused")):
        steps = [step for step in await records.calls.path(call_id) if step.kind == "hangup"]
        assert [step.detail for step in steps] == [{"cause": 16, "outcome": outcome}]
    before = await everything(records)
    await _forget_how_far(records)
    await catch_up(records, path)
    assert await everything(records) == before


async def test_the_recording_of_a_call_that_asterisk_did_not_survive(records: Records, path: Path) -> None:
    before = EventFile(channels=5)
    cut_short = before.call(0, until=20)
    after = EventFile()
    after.call(60)
    await records.calls.start(call(cut_short))
    await records.calls.queued(cut_short, "district-39", at(10))
    await records.calls.set_district(cut_short, "39")
    await records.calls.answered(cut_short, "2001", at(15))
    await records.calls.ended(cut_short, at(40), cause=None, outcome="failed")
    path.write_text(f"{before}{after}")
    await catch_up(records, path)
    cut = await records.calls.get(cut_short)
    assert cut is not None
    assert cut.recording == f"{cut_short}.wav"


async def test_rotated_files_are_read_to_their_end(records: Records, path: Path, clock: FakeClock) -> None:
    events = EventFile()
    ids = [events.call(number * 60) for number in range(4)]
    half = len(events.lines) // 2 + 3  # in the middle of a call
    path.write_text("".join(events.lines[:half]))
    await catch_up(records, path)
    await asyncio.to_thread(path.rename, path.with_name("helpline.csv.1"))
    await asyncio.to_thread(path.write_text, "".join(events.lines[half:]))
    clock.now += timedelta(days=3650)
    await catch_up(records, path)
    stored = await records.calls.recent(9)
    assert {one.call_id for one in stored} == set(ids)
    assert {(one.outcome, one.caller_raw, one.dialled) for one in stored} == {
        ("answered", "9826012345", "181")
    }


async def test_a_file_begun_anew_under_the_same_name(records: Records, path: Path) -> None:
    first, second = EventFile(), EventFile()
    first.call(0)
    first.call(50)
    second.call(100)
    path.write_text(str(first))
    await catch_up(records, path)
    path.write_text(str(second))
    await catch_up(records, path)
    assert len(await records.calls.recent(9)) == 3


async def test_missing_and_empty_files(records: Records, path: Path) -> None:
    assert (await catch_up(records, path.parent / "nowhere" / "file.csv")).calls == 0
    path.write_text("")
    assert (await catch_up(records, path)).calls == 0
    path.write_text('"1795461829.05')
    assert (await catch_up(records, path)).calls == 0


async def test_bad_lines_are_passed_over(records: Records, path: Path) -> None:
    events = EventFile()
    events.call(0)
    events.lines[3:3] = ["\x00\xff rubbish\n", '"1","2"\n']
    path.write_text(str(events))
    done = await catch_up(records, path)
    assert (done.calls, done.unreadable) == (1, 2)
    assert (await records.calls.recent(1))[0].outcome == "answered"


async def test_two_services_read_one_file(database_url: str, path: Path, clock: FakeClock) -> None:
    events = EventFile()
    ids = {events.call(number * 60) for number in range(20)}
    path.write_text(str(events))
    async with (
        await open_records(database_url, clock=clock) as one,
        await open_records(database_url, clock=clock) as two,
    ):
        await asyncio.gather(catch_up(one, path), catch_up(two, path))
        assert {stored.call_id for stored in await one.calls.recent(99)} == ids
        for call_id in ids:
            assert len(await one.calls.path(call_id)) == 3


async def test_what_fails_is_read_again(records: Records, path: Path) -> None:
    events = EventFile()
    ids = {events.call(number * 60) for number in range(3)}
    path.write_text(str(events))
    fail = [True]

    @event.listens_for(records.database.engine.sync_engine, "before_cursor_execute")
    def execute(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if fail and statement.startswith(("INSERT INTO event_files", "UPDATE event_files")):
            raise ConnectionResetError(104, "gone")

    with pytest.raises(UnavailableError):
        await catch_up(records, path)
    assert await records.calls.recent(9) == []
    fail.clear()
    assert (await catch_up(records, path)).calls == 3
    assert {one.call_id for one in await records.calls.recent(9)} == ids


async def _forget_how_far(records: Records) -> None:
    async with records.database.write() as connection:
        await connection.execute(delete(schema.event_files))
