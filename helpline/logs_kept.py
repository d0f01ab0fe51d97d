"""Asterisk's log files: begun anew when they are large or old, and removed when the law wants them no more.

A file is renamed to ``NAME.20261201T031500`` (UTC) and Asterisk told to open a new one, by whoever runs it.
It is removed by the service, which knows how far it has read the events of calls; what is unread stays.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from dialplan.errors import DialplanError
from helpline.log_settings import LogSettings
from records import Records, RecordsError
from records.clock import stamp
from records.keeping.plan import File
from records.keeping.removing import note
from records.keeping.retention import BY
from records.missed_calls.catchup import is_read

log = logging.getLogger("helpline.logs")

SYSTEM = ("messages.log", "security.log")
AUDIT = ("queue_log", "cdr-csv/Master.csv", "cel-custom/helpline.csv")
"""What happened in calls, by whom and when; the events of calls are read into the book."""
EVENTS = "cel-custom/helpline.csv"
REOPEN = "logger reload"
_STAMP = "%Y%m%dT%H%M%S"
_STAMPED = re.compile(r"\.\d{8}T\d{6}$")
_FIRST_BYTES = 4096
_DATE = re.compile(rb"(20\d\d-\d\d-\d\d)|(?:^|\n)\"?(\d{10})\b")


def rotate(folder: Path, settings: LogSettings, now: datetime) -> list[Path]:
    """Rename the files that are large or old; the new names. Blocks. Raises `OSError`."""
    renamed = []
    for name in (*SYSTEM, *AUDIT):
        file = folder / name
        try:
            size = file.stat().st_size
            if not size or not (size > settings.rotate_mb << 20 or _old(file, settings, now)):
                continue
            target = file.with_name(f"{file.name}.{now.strftime(_STAMP)}")
            if target.exists():
                continue
            file.rename(target)
        except FileNotFoundError:
            continue
        renamed.append(target)
    return renamed


async def keep_rotating(folder: Path, settings: LogSettings, ask: Callable[[str], Awaitable[str]]) -> None:
    """Run until cancelled. ``ask`` is Asterisk's command line; what it cannot do is tried again."""
    reopen = False
    while True:
        try:
            renamed = await asyncio.to_thread(rotate, folder, settings, datetime.now(UTC))
            reopen = reopen or bool(renamed)
            if reopen:
                await ask(REOPEN)
                log.info("event=logs-rotated files=%d", len(renamed))
            reopen = False
        except (OSError, DialplanError) as error:
            log.error("event=logs-not-rotated reason=%r", str(error))
        await asyncio.sleep(settings.look_seconds)


async def remove_old(folder: Path, settings: LogSettings, records: Records, now: datetime) -> list[Path]:
    """Remove renamed files that were last written before what is kept; events that are unread stay.

    Each is noted in the records before it goes. Raises `RecordsError` and `OSError`; what was removed before
    stays so.
    """
    removed = []
    for noted, rule in await over(folder, settings, records, now):
        add = partial(note, records.database, files=[noted], rule=f"retention {rule}", by=BY, at=now)
        await records.database.run(add, writing=True)
        await asyncio.to_thread((folder / noted.name).unlink, missing_ok=True)
        log.info("event=log-removed file=%s rule=%s", folder / noted.name, rule)
        removed.append(folder / noted.name)
    return removed


async def over(
    folder: Path, settings: LogSettings, records: Records, now: datetime
) -> list[tuple[File, str]]:
    """The renamed files that were last written before what is kept, each with the setting that says so.

    Raises `RecordsError` and `OSError`.
    """
    found = []
    for name in (*SYSTEM, *AUDIT):
        setting = "keep_system_days" if name in SYSTEM else "keep_audit_days"
        days: int = getattr(settings, setting)
        for file in await asyncio.to_thread(_expired, folder / name, now - timedelta(days=days)):
            if name == EVENTS and not await is_read(records, file):
                continue
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            noted = File("log", str(file.relative_to(folder)), "", stamp(written))
            found.append((noted, f"{setting}={days}"))
    return found


async def keep_removing(
    folder: Path, settings: LogSettings, records: Records, *, seconds: float = 3600.0
) -> None:
    """Run until cancelled: `remove_old` once an hour. What fails is logged and tried again."""
    while True:
        try:
            await remove_old(folder, settings, records, records.clock())
        except (OSError, RecordsError) as error:
            log.error("event=logs-not-removed reason=%r", str(error))
        await asyncio.sleep(seconds)


def _expired(file: Path, before: datetime) -> list[Path]:
    found = [one for one in file.parent.glob(f"{file.name}.*") if _STAMPED.search(one.name)]
    return sorted(one for one in found if one.stat().st_mtime < before.timestamp())


def _old(file: Path, settings: LogSettings, now: datetime) -> bool:
    """Whether the first moment that stands in a file is too long ago."""
    with file.open("rb") as opened:
        found = _DATE.search(opened.read(_FIRST_BYTES))
    if found is None:
        return False
    try:
        day = (
            datetime.fromisoformat(found[1].decode()).replace(tzinfo=UTC)
            if found[1]
            else datetime.fromtimestamp(int(found[2]), UTC)
        )
    except ValueError:
        return False
    return now - day > timedelta(days=settings.rotate_days)
