"""A recording is on record only when its file is there and has sound in it; what should be there is told."""

from pathlib import Path

import pytest

from records import Records
from records.calls.message_file import is_recorded
from records.calls.recordings import MISSING, recordings_of
from records.missed_calls.catchup import catch_up
from tests.records.cel_sample import EventFile
from tests.records.samples import FakeClock, at, call
from tests.records.test_catchup import wav


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings"
    made.mkdir()
    return made


async def merged(records: Records, tmp_path: Path, folder: Path, events: EventFile) -> None:
    path = tmp_path / "helpline.csv"
    path.write_text(str(events))
    await catch_up(records, path, recordings=folder)


async def missing(records: Records, call_id: str) -> list[object]:
    return [step.detail["file"] for step in await records.calls.path(call_id) if step.kind == MISSING]


@pytest.mark.parametrize(
    "content", [None, b"", bytes(44), bytes(60)], ids=["none", "empty", "header", "wav49"]
)
async def test_no_file_is_no_recording(
    records: Records, clock: FakeClock, tmp_path: Path, folder: Path, content: bytes | None
) -> None:
    events = EventFile()
    call_id = events.call(-100)
    if content is not None:
        (folder / f"{call_id}.wav").write_bytes(content)
    await merged(records, tmp_path, folder, events)
    stored = await records.calls.get(call_id)
    assert stored is not None
    assert (stored.outcome, stored.recording) == ("answered", None)
    assert await missing(records, call_id) == [f"{call_id}.wav"]
    (alarm,) = await records.alarms.standing()
    assert (alarm.kind, alarm.subject, alarm.count) == ("recording_missing", call_id, 1)


async def test_a_file_with_sound_is_one(records: Records, tmp_path: Path, folder: Path) -> None:
    events = EventFile()
    call_id = events.call(-100)
    wav(folder / f"{call_id}.wav", 15.0, finished=False)
    await merged(records, tmp_path, folder, events)
    stored = await records.calls.get(call_id)
    assert stored is not None
    assert stored.recording == f"{call_id}.wav"
    assert await missing(records, call_id) == []
    assert await records.alarms.standing() == []


async def test_what_the_service_left_out_is_found_later(
    records: Records, tmp_path: Path, folder: Path
) -> None:
    events = EventFile()
    call_id = events.call(-100)
    await records.calls.start(call(call_id))
    await records.calls.answered(call_id, "2001", at(-85))
    await records.calls.ended(call_id, at(-65), cause=16, outcome="answered", recording=None)
    wav(folder / f"{call_id}.wav", 15.0)
    await merged(records, tmp_path, folder, events)
    stored = await records.calls.get(call_id)
    assert stored is not None
    assert stored.recording == f"{call_id}.wav"


async def test_the_second_file_stands_for_the_first(records: Records, tmp_path: Path, folder: Path) -> None:
    events = EventFile()
    call_id = events.call(-100, user=())
    second = f"{call_id}-{int(at(-90).timestamp())}.wav"
    told = f"2001/{int(at(-95).timestamp())}/{call_id}.wav&2002/{int(at(-90).timestamp())}/{second}&"
    events = EventFile()
    events.call(-100, call_id=call_id, user=(("H181_TALKS", told),))
    wav(folder / second, 5.0)
    await merged(records, tmp_path, folder, events)
    stored = await records.calls.get(call_id)
    assert stored is not None
    path = await records.calls.path(call_id)
    assert [one.file for one in recordings_of(stored, path)] == [second]
    assert await missing(records, call_id) == [f"{call_id}.wav"]


async def test_of_an_old_call_a_missing_file_is_no_news(
    records: Records, clock: FakeClock, tmp_path: Path, folder: Path
) -> None:
    events = EventFile()
    call_id = events.call(-5 * 86400)
    await merged(records, tmp_path, folder, events)
    assert await missing(records, call_id) == []
    assert await records.alarms.standing() == []


async def test_without_a_folder_all_is_believed(records: Records, tmp_path: Path) -> None:
    events = EventFile()
    call_id = events.call(-100)
    await merged(records, tmp_path, tmp_path / "on another machine", events)
    stored = await records.calls.get(call_id)
    assert stored is not None
    assert stored.recording == f"{call_id}.wav"


def test_names_that_lead_elsewhere_are_none(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(bytes(1000))
    assert is_recorded(folder, "../secret.wav") is False
    assert is_recorded(folder, "a\0b") is False
    assert is_recorded(tmp_path, "secret.wav") is True
