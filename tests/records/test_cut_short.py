"""Asterisk was killed: when its calls ended is taken from the last sign of life before its next start."""

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from records import Records
from records.missed_calls.catchup import catch_up
from tests.records.cel_sample import START, EventFile
from tests.records.samples import NOON, call

QUIET, AGAIN = 300.0, 900.0
"""Seconds from the call's beginning to Asterisk's last event, and to its next start."""


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def killed(path: Path) -> str:
    """A talk that began at 15 s; another call's end is the last that Asterisk wrote."""
    before = EventFile(channels=5)
    call_id = before.call(0, until=20)
    before.login(QUIET - 1)
    after = EventFile()
    after.login(AGAIN)
    await asyncio.to_thread(path.write_text, f"{before}{after}")
    return call_id


@pytest.mark.parametrize(
    ("noticed", "sound", "ended"),
    [
        (None, None, QUIET),
        (640.5, None, 640.5),
        (None, 655.0, 655.0),
        (640.5, 655.0, 655.0),
        (AGAIN + 60, None, QUIET),
        (AGAIN + 60, 655.0, 655.0),
        (None, AGAIN + 3600, QUIET),
    ],
    ids=("events", "link", "sound", "both", "late", "late-sound", "copied-later"),
)
async def test_the_time_of_the_cut(
    records: Records, tmp_path: Path, noticed: float | None, sound: float | None, ended: float
) -> None:
    events = tmp_path / "helpline.csv"
    call_id = await killed(events)
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    if sound is not None:
        file = recordings / f"{call_id}.wav"
        await asyncio.to_thread(file.write_bytes, bytes(2000))
        os.utime(file, (START + sound, START + sound))
    await records.calls.start(call(call_id))
    await records.calls.answered(call_id, "2001", at(15))
    if noticed is not None:
        await records.calls.ended(call_id, at(noticed), cause=None, outcome="failed")
    for _ in range(2):
        await catch_up(records, events, recordings=recordings)
        found = await records.calls.get(call_id)
        assert found is not None
        assert (found.outcome, found.ended_at) == ("answered", at(ended))
        ends = [
            (step.kind, step.at)
            for step in await records.calls.path(call_id)
            if step.kind in {"cut", "hangup"}
        ]
        assert sorted(ends) == [("cut", at(ended)), ("hangup", at(ended))]
