"""What is kept no longer, with the folders and settings of this centre: retention, and files that go."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from helpline.app import App
from helpline.logs_kept import over
from records import Records, RecordsError
from records.keeping.listed import LIST, keep_list
from records.keeping.removing import in_folder, remove_noted
from records.keeping.retention import Due, bound, due, give_the_day_back, note_due, take_the_day

log = logging.getLogger("helpline.retention")

EVERY_SECONDS = 3600.0
"""Between two looks whether a new day's retention is to be done; it is no matter of minutes."""


@dataclass(frozen=True)
class Kept:
    """What a run of retention found, and how many files are gone by it (also those noted before)."""

    found: Due
    removed: int


def logs_of(app: App) -> Path:
    """Asterisk's logs, with its CDR, CEL and queue files."""
    return app.asterisk_runtime / "log"


def erasure_list(app: App) -> Path:
    """The list of erasures (`records.keeping.listed`)."""
    return app.state_dir / LIST


def locate(app: App, kind: str, name: str) -> Path | None:
    """Where a noted file lies; None for a name that leads out of its folder."""
    if kind != "log":
        return in_folder(app.exchange.recordings_dir, name)
    path = logs_of(app) / name
    inside = not Path(name).is_absolute() and ".." not in Path(name).parts
    return path if inside and not path.is_symlink() else None


async def retain(app: App, records: Records, at: datetime, *, dry_run: bool = False) -> Kept:
    """Remove what is over at a moment, or only say what would go. Raises `RecordsError` and `OSError`."""
    settings, folder = app.settings.retention, app.exchange.recordings_dir
    found = await due(records.database, settings, folder, at)
    found.files += await over(logs_of(app), app.settings.logs, records, at)
    bound(found, settings.most_a_run)
    if dry_run:
        return Kept(found, 0)
    await note_due(records.database, found, at)
    return Kept(found, await finish(app, records))


async def finish(app: App, records: Records) -> int:
    """Remove the files that are noted, by retention or an erasure, and bring the list of erasures up to date.

    How many were removed. Raises `RecordsError` and `OSError`.
    """
    await keep_list(records.database, erasure_list(app))
    return await remove_noted(records.database, lambda kind, name: locate(app, kind, name), records.clock)


async def keep_retaining(app: App, records: Records) -> None:
    """Run until cancelled: once a day, however many clocks run. What fails is logged and tried again."""
    told = ""
    while True:
        try:
            if await take_the_day(records.database, records.clock()):
                try:
                    _tell(await retain(app, records, records.clock()))
                except BaseException:
                    await give_the_day_back(records.database, records.clock())
                    raise
            told = ""
        except (RecordsError, OSError) as error:
            if str(error) != told:
                log.error("event=retention-failed reason=%r", str(error))
            told = str(error)
        await asyncio.sleep(EVERY_SECONDS)


def _tell(kept: Kept) -> None:
    if kept.removed:
        log.info("event=retention removed=%d more=%s", kept.removed, kept.found.more)
    if kept.found.strays:
        log.warning("event=retention-strays files=%d", len(kept.found.strays))
