"""Which recordings a call has, in order, and who talks in each."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import CallStart, Records
from records.calls.recordings import read_begun
from records.missed_calls.catchup import catch_up
from tests.records.cel_sample import EventFile
from tests.records.samples import NOON

CALL = "call-1"


async def answered_and_ended(records: Records) -> None:
    """2001 talks for a minute."""
    start = CallStart(CALL, "9826012345", "+919826012345", "181", "PJSIP/trunk-1", NOON)
    await records.calls.start(start)
    await records.calls.answered(CALL, "2001", NOON + timedelta(seconds=10))
    await records.calls.ended(
        CALL, NOON + timedelta(seconds=200), cause=16, outcome="answered", recording="call-1.wav"
    )


async def shown(records: Records, call_id: str = CALL) -> list[tuple[str, list[str]]]:
    """Files with the extensions of those who talk in them."""
    found = await records.calls.recordings(call_id)
    return [(one.file, [talker.extension for talker in one.talkers]) for one in found]


async def test_one_talk_has_one_recording(records: Records) -> None:
    assert await shown(records) == []
    await answered_and_ended(records)
    assert await shown(records) == [("call-1.wav", ["2001"])]


async def test_a_colleague_talks_in_the_same_recording(records: Records) -> None:
    await answered_and_ended(records)
    await records.calls.answered(CALL, "2002", NOON + timedelta(seconds=40))
    assert await shown(records) == [("call-1.wav", ["2001", "2002"])]


@pytest.mark.parametrize("late", [-1.0, 0.4])
async def test_a_second_talk_has_a_recording_of_its_own(records: Records, late: float) -> None:
    """The link to Asterisk tells of the same answer a little earlier or later than the dialplan."""
    await answered_and_ended(records)
    again = NOON + timedelta(seconds=60)
    for _ in range(2):
        await records.calls.recorded(CALL, "2003", "call-1-9.wav", again)
    await records.calls.answered(CALL, "2003", again + timedelta(seconds=late))
    await records.calls.answered(CALL, "2002", again + timedelta(seconds=30))
    assert await shown(records) == [("call-1.wav", ["2001"]), ("call-1-9.wav", ["2003", "2002"])]


async def test_the_same_executive_may_talk_again(records: Records) -> None:
    await answered_and_ended(records)
    await records.calls.recorded(CALL, "2001", "call-1-9.wav", NOON + timedelta(seconds=60))
    assert await shown(records) == [("call-1.wav", ["2001"]), ("call-1-9.wav", ["2001"])]


async def test_recordings_that_the_service_missed(records: Records, tmp_path: Path) -> None:
    events, path = EventFile(), tmp_path / "helpline.csv"
    second = f"2001/{int(NOON.timestamp()) + 15}/a.wav&2002/{int(NOON.timestamp()) + 25}/a-15.wav&"
    call_id = events.call(user=(("H181_TALKS", second),))
    path.write_text(str(events), encoding="utf-8")
    await catch_up(records, path)
    assert await shown(records, call_id) == [(f"{call_id}.wav", ["2001"]), ("a-15.wav", ["2002"])]


@given(st.text())
def test_what_is_no_recording_is_passed_over(text: str) -> None:
    assert list(read_begun(text + "&../1/x/../y.wav")) == list(read_begun(text))
    assert next(read_begun(f"2001/17/a.wav&{text}")).file == "a.wav"
