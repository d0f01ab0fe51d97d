"""Log files begin anew and go away in time; a real Asterisk goes on writing, no event of a call is lost."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpline.log_settings import LogSettings
from helpline.logs_kept import AUDIT, REOPEN, SYSTEM, keep_rotating, remove_old, rotate
from records import Records
from records.missed_calls.catchup import catch_up
from tests.agi.fake_asterisk import until
from tests.dialplan.asterisk_fixture import private_asterisk
from tests.dialplan.sip_phone import telephone
from tests.records.conftest import (
    clock,
    database_url,
    postgres,
    postgres_template,
    records,
    sqlite_template,
)

__all__ = ["clock", "database_url", "postgres", "postgres_template", "records", "sqlite_template"]

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
STAMP = "20261130T180000"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_a_file_that_is_large_or_old_is_begun_anew_and_others_are_left(tmp_path: Path) -> None:
    settings = LogSettings(rotate_mb=1, rotate_days=30)
    write(tmp_path, "messages.log", "[2026-11-29 10:00:00] NOTICE\n" + "x" * (1 << 20))
    write(tmp_path, "security.log", "\n[2026-10-30 10:00:00] old\n")
    write(
        tmp_path, "queue_log", f"{int((NOW - timedelta(days=31)).timestamp())}|NONE|NONE|NONE|QUEUESTART|\n"
    )
    write(tmp_path, "cdr-csv/Master.csv", '"","9","181","x","2026-11-29 10:00:00"\n')
    write(tmp_path, "cel-custom/helpline.csv", '"1764000000.1","CHAN_START"\n')
    renamed = rotate(tmp_path, settings, NOW)
    assert [one.name for one in renamed] == [
        f"messages.log.{STAMP}", f"security.log.{STAMP}", f"queue_log.{STAMP}", f"helpline.csv.{STAMP}",
    ]  # fmt: skip
    assert rotate(tmp_path, settings, NOW) == []
    write(tmp_path, "messages.log", "")
    assert rotate(tmp_path, settings, NOW + timedelta(days=99)) == [
        tmp_path / "cdr-csv" / f"Master.csv.{(NOW + timedelta(days=99)):%Y%m%dT%H%M%S}"
    ]


async def test_what_the_law_wants_no_more_goes_but_no_event_that_is_unread(
    tmp_path: Path, records: Records
) -> None:
    files = {name: write(tmp_path, f"{name}.20250101T000000", '"x"\n') for name in (*SYSTEM, *AUDIT)}
    current = write(tmp_path, "messages.log", "x")
    stranger = write(tmp_path, "messages.log.bak", "x")

    def age(days: float) -> None:
        for file in (*(one for one in files.values() if one.exists()), current, stranger):
            moment = (NOW - timedelta(days=days)).timestamp()
            os.utime(file, (moment, moment))

    age(179)
    assert await remove_old(tmp_path, LogSettings(), records, NOW) == []
    age(181)
    assert await remove_old(tmp_path, LogSettings(), records, NOW) == [files[name] for name in SYSTEM]
    age(366)
    events = files["cel-custom/helpline.csv"]
    assert await remove_old(tmp_path, LogSettings(), records, NOW) == [files[name] for name in AUDIT[:2]]
    assert events.exists()
    await catch_up(records, tmp_path / "cel-custom" / "helpline.csv")
    assert await remove_old(tmp_path, LogSettings(), records, NOW) == [events]
    assert current.exists()
    assert stranger.exists()


def test_less_than_the_law_wants_is_refused() -> None:
    with pytest.raises(ValueError, match="180"):
        LogSettings(keep_system_days=90)
    with pytest.raises(ValueError, match="365"):
        LogSettings(keep_audit_days=180)


@pytest.mark.call
async def test_a_real_asterisk_writes_on_into_new_files_and_every_event_is_somewhere() -> None:
    async with private_asterisk(agi_port=39_998) as centre:
        folder = centre.runtime / "log"
        events = folder / "cel-custom" / "helpline.csv"
        asked = []

        async def ask(command: str) -> str:
            asked.append(command)
            return await centre.asterisk.cli(command)

        def starts() -> int:
            return sum(one.read_text().count("CHAN_START") for one in events.parent.glob("helpline.csv*"))

        async def call() -> None:
            before = starts()
            async with telephone("9876543210", "127.0.0.2", centre.server) as citizen:
                call = await citizen.call("181")
                async with asyncio.timeout(10):
                    await call.answered.wait()
                await call.hang_up()
            await until(lambda: starts() > before, 10)

        await call()
        settings = LogSettings(rotate_days=1, look_seconds=0.05)
        for file in (folder / "messages.log", folder / "queue_log", folder / "security.log"):
            file.write_text("[2020-01-01 00:00:00] old\n" + file.read_text())
        events.write_text('"1500000000.0","OLD"\n' + events.read_text())
        before = starts()
        task = asyncio.create_task(keep_rotating(folder, settings, ask))
        try:
            await until(lambda: len(asked) == 1 and (folder / "messages.log").exists(), 10)
        finally:
            task.cancel()
            await asyncio.wait({task})
        assert asked == [REOPEN]
        await call()
        assert starts() > before
        assert events.read_text().count("CHAN_START") > 0
        await until(lambda: (folder / "security.log").exists() and (folder / "queue_log").exists(), 10)
