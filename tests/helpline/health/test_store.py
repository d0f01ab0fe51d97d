"""What waits before the database, what was put aside, and whether the database takes a write."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpline.health.store import database, events, spool
from helpline.health.times import Jumps, escalation, synchronised
from records import Records, open_records, sqlite_url
from records.book.heartbeat import CLOCK, beat, last_beat
from records.spool.spool import Operation, Spool
from tests.records.samples import QUICK

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def test_what_waits_is_told_by_when_it_happened(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    assert spool((folder,), 60, NOW) == []
    kept = Spool(folder)
    try:
        assert spool((folder,), 60, NOW) == []
        kept.append(Operation.new("step", "call-1", at=ago(61), kind="key", detail={}))
        kept.append(Operation.new("step", "call-1", at=ago(5), kind="key", detail={}))
        (told,) = spool((folder, tmp_path / "other"), 60, NOW)
        assert (told.kind, told.subject, told.data["seconds"]) == ("spool_waits", str(folder), 61)
        assert spool((folder,), 62, NOW) == []
    finally:
        kept.close()


def test_what_was_put_aside_is_told_until_somebody_takes_it_away(tmp_path: Path) -> None:
    kept = Spool(tmp_path)
    try:
        kept.put_aside(b'{"id":"1"}', "no such operation")
        kept.put_aside(b"torn", "not a whole operation")
        (told,) = spool((tmp_path,), 60, NOW)
    finally:
        kept.close()
    assert (told.kind, told.data["lines"]) == ("spool_aside", 2)
    (tmp_path / "aside.jsonl").unlink()
    assert spool((tmp_path,), 60, NOW) == []


@pytest.mark.parametrize("line", [b"no json\n", b'{"arguments":{"at":7}}\n', b'{"arguments":{}}\n', b"[]\n"])
def test_what_cannot_be_read_waits_since_it_was_written(tmp_path: Path, line: bytes) -> None:
    segment = tmp_path / "000000000001.spool"
    segment.write_bytes(line)
    os.utime(segment, (0, (NOW - 5 * MINUTE).timestamp()))
    (told,) = spool((tmp_path,), 60, NOW)
    assert told.data["seconds"] == 300


def test_the_event_file_must_be_there_once_there_was_a_call(tmp_path: Path) -> None:
    file, calls = tmp_path / "cel-custom" / "helpline.csv", tmp_path / "cdr-csv" / "Master.csv"
    file.parent.mkdir()
    calls.parent.mkdir()
    assert events(file, expected=True) == [], "Asterisk makes it with its first call"
    calls.touch()
    assert events(file, expected=False) == []
    (told,) = events(file, expected=True)
    assert (told.kind, told.data["reason"]) == ("events_unreadable", "No such file")
    kept = file.with_name("helpline.csv.20261201T031500")
    kept.touch()
    assert events(file, expected=True) == [], "turned over, and nobody has called since"
    kept.unlink()
    file.touch()
    assert events(file, expected=True) == []
    file.unlink()
    file.mkdir()
    (told,) = events(file, expected=False)
    assert told.data["reason"] == "Is a directory"


async def test_a_write_reaches_the_database_and_leaves_one_row(records: Records) -> None:
    for _ in range(3):
        assert await database(records, NOW) == []
    assert await last_beat(records.database, "store") == NOW
    assert await last_beat(records.database, CLOCK) is None


async def test_a_database_that_refuses_a_write_is_told(sqlite_template: Path, tmp_path: Path) -> None:
    """As SQLite itself refuses it."""
    file = Path(shutil.copy(sqlite_template, tmp_path / "records.sqlite"))
    async with await open_records(sqlite_url(file), settings=QUICK) as opened:
        assert await database(opened, NOW) == []
        assert opened.database.direct is not None
        with opened.database.direct.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = 1")
        (told,) = await database(opened, NOW)
    assert (told.kind, told.unfit) == ("database_unwritable", True)


async def test_the_escalation_clock_is_late_when_its_last_look_is(records: Records) -> None:
    pace = timedelta(minutes=7)
    begun = NOW - timedelta(days=1)
    (never,) = await escalation(records, NOW, begun, pace)
    assert never.data["minutes"] == 24 * 60
    assert await escalation(records, NOW, NOW - 6 * MINUTE, pace) == []
    await beat(records.database, CLOCK, NOW - 8 * MINUTE)
    (late,) = await escalation(records, NOW, begun, pace)
    assert (late.kind, late.data["minutes"]) == ("clock_behind", 8)
    assert await escalation(records, NOW, NOW - MINUTE, pace) == []
    await beat(records.database, CLOCK, NOW - MINUTE)
    assert await escalation(records, NOW, begun, pace) == []


def test_a_clock_that_jumps_is_told_once_and_one_that_drifts_is_not() -> None:
    wall = iter([1000.0, 1010.1, 4620.1, 4630.1, 4600.0])
    steady = iter([0.0, 10.0, 20.0, 30.0, 40.0])
    jumps = Jumps(5, wall=lambda: next(wall), steady=lambda: next(steady))
    told = [jumps.look() for _ in range(5)]
    assert [[each.data["seconds"] for each in one] for one in told] == [[], [], ["+3600"], [], ["-40"]]
    assert not told[2][0].lasts


def test_the_kernel_is_asked_whether_its_clock_is_kept() -> None:
    assert {each.kind for each in synchronised()} <= {"clock_unsynchronised"}
