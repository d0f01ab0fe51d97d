"""Restoring a centre from an archive, into a place that is empty: all of it, or nothing."""

import asyncio
import json
import math
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from helpline.app import App
from helpline.backup.archive import Archive, Sink, read_archive
from helpline.backup.making import Telling, tell_nobody, told_hash
from helpline.backup.manifest import DATABASE, ERASURES, MANIFEST, RECORDINGS, Manifest, Part
from helpline.backup.place import (
    RESTORED,
    need_empty_folder,
    need_no_database,
    place_database,
    place_folder,
)
from helpline.backup.workroom import settle_tree, workroom
from helpline.book import NAME, traces
from helpline.errors import HelplineError
from helpline.keeping import finish
from records import open_records, utc_now
from records.book.marks import ENDING, MARGIN, Mark, Marks
from records.copies.readying import Ready, make_ready, move_to_server, need_empty
from records.database.identity import Book
from records.database.urls import address
from records.keeping.listed import LIST
from records.migrations.migrate import knows

A_DAY = 2000
"""Numbers left out for each day, begun or over, since an archive whose later numbers nobody knows: more than
a district has calls on its busiest day. A number given twice is worse than one never given."""
MISSING = "recordings-missing.txt"


@dataclass(frozen=True)
class Wish:
    """What a person may say of a restore.

    ``sha256``: the archive's hash, kept elsewhere. ``old``: what is left of the centre's state directory; its
    marks and its list of erasures are read. ``erasures``: a newer list. ``above``: the highest running number
    that anybody was told. ``despite``: restore also what does not verify.
    """

    sha256: str | None = None
    old: Path | None = None
    erasures: Path | None = None
    above: int | None = None
    despite: bool = False


@dataclass(frozen=True)
class Restored:
    """A centre in its place. ``guessed``: numbers were left out as nobody knew how many had been given.

    ``missing``: recordings of the archive's list that are not in the recordings folder, or shorter there.
    """

    archive: Archive
    ready: Ready
    guessed: bool
    missing: int


def check_archive(file: Path, sha256: str | None = None, telling: Telling = tell_nobody) -> Archive:
    """Read an archive to its end. Blocks. Raises `HelplineError`: damaged, cut off, changed, or none."""
    with _opened(file) as stream:
        archive = read_archive(stream, progress=telling("checking the archive"))
    _compare(file, archive, sha256 or told_hash(file))
    return archive


async def restore(app: App, file: Path, wish: Wish, telling: Telling = tell_nobody) -> Restored:
    """Restore an archive into the state directory and the database of ``app``, both empty.

    It is built and verified beside its place and put there at the end; killed before, it leaves nothing that
    the next one does not take away. Raises `HelplineError`, `RecordsError` and `OSError`.
    """
    state, where, settings = app.state_dir, address(app.records_url), app.settings.records
    expected = wish.sha256 or await asyncio.to_thread(told_hash, file)
    beside = await asyncio.to_thread(need_empty_folder, state)
    await asyncio.to_thread(need_no_database, where, state)
    lists = [one for one in (wish.erasures, wish.old and wish.old / LIST) if one is not None]
    marks = await asyncio.to_thread(_marks, app, wish.old)
    if where.sqlite_file is None:
        await need_empty(where, settings)
    with workroom(beside) as room:
        built = room / "state"
        archive = await asyncio.to_thread(_unpack, file, built, marks, telling("unpacking and checking"))
        _compare(file, archive, expected)
        copy, manifest = built / DATABASE, archive.manifest
        given = max((mark.highest for mark in marks), default=None)
        now = utc_now()
        ready = await make_ready(
            copy,
            settings,
            utc_now,
            spools=[built / "spool", built / "spool" / "desk"],
            erasures=[built / ERASURES, *lists],
            above=lambda book: _above(book, manifest, given, wish.above, now),
            progress=telling("verifying"),
        )
        if not (ready.report.ok or wish.despite):
            first = ready.report.findings[0].text if ready.report.findings else ""
            raise HelplineError(
                f"the records in {file} do not verify ({ready.report.found} wrong: {first}); nothing was"
                " restored. Take an older backup, or restore this one into another place to look at it:"
                " --despite-findings"
            )
        await asyncio.to_thread(settle_tree, built)
        if where.sqlite_file is None:
            await move_to_server(copy, where, settings, telling("writing to the server"))
            await asyncio.to_thread(copy.unlink)
        elif where.sqlite_file != state / DATABASE:
            await asyncio.to_thread(place_database, copy, where, room)
        await asyncio.to_thread(place_folder, built, state)
    # The marks are written, and files of erased people that came back are removed.
    async with await open_records(
        app.records_url, clock=utc_now, settings=settings, traces=traces(app)
    ) as records:
        await finish(app, records)
    missing = await asyncio.to_thread(_missing, app)
    return Restored(archive, ready, given is None and wish.above is None, missing)


def _opened(file: Path) -> BinaryIO:
    handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    stream = os.fdopen(handle, "rb")
    if not file.is_file():
        stream.close()
        raise HelplineError(f"{file} is no file; name an archive of `helpline backup`")
    return stream


def _compare(file: Path, archive: Archive, expected: str | None) -> None:
    if expected is not None and expected.lower() != archive.sha256:
        raise HelplineError(
            f"{file} is not the archive that was made: its SHA-256 is {archive.sha256}, it should be"
            f" {expected}; take another backup, or copy it again"
        )


def _marks(app: App, old: Path | None) -> list[Mark]:
    known = traces(app).look().marks
    if old is not None:
        if not old.is_dir():
            raise HelplineError(f"{old} is no folder; --old names what is left of the state directory")
        names = (f"{DATABASE}{ENDING}", NAME, f"asterisk/{NAME}", f"directory/{NAME}")
        known += [one.mark for one in Marks([old / name for name in names]).found() if one.mark is not None]
    return known


def _unpack(file: Path, built: Path, marks: Sequence[Mark], progress: Callable[[int, int], None]) -> Archive:
    built.mkdir(mode=0o700)

    def begin(manifest: Manifest) -> Sink:
        _refuse(file, manifest, marks, shutil.disk_usage(built).free)
        (built / RESTORED).mkdir(mode=0o700)
        (built / RESTORED / MANIFEST).write_bytes(manifest.as_json())
        return lambda part: _file(built, part)

    with _opened(file) as stream:
        return read_archive(stream, begin, progress)


def _refuse(file: Path, manifest: Manifest, marks: Sequence[Mark], free: int) -> None:
    if not knows(manifest.schema):
        raise HelplineError(
            f"{file} was made by a newer version of this program ({manifest.program}, schema"
            f" {manifest.schema}); install that version, or a newer one, and restore with it"
        )
    others = [mark for mark in marks if mark.identity != manifest.book]
    if manifest.book and others:
        raise HelplineError(
            f"{file} is of another book than this centre's, which was begun {others[0].begun[:10]} at"
            f" {others[0].book}: take this centre's archive, or name a place of its own with --into"
        )
    if manifest.size > free:
        raise HelplineError(
            f"there is room for {free >> 20} MB, the archive holds {manifest.size >> 20} MB; make room"
        )


def _file(built: Path, part: Part) -> BinaryIO:
    apart = part.name == RECORDINGS or part.name.startswith("configuration/")
    path = built / (RESTORED if apart else "") / part.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _above(book: Book, manifest: Manifest, given: int | None, above: int | None, now: datetime) -> int:
    """The last running number that may have been given since the archive was made."""
    if given is not None:
        return max(given + MARGIN if given > book.highest else book.highest, above or 0)
    if above is not None:
        return max(above, book.highest)
    days = math.ceil((now - manifest.made_at).total_seconds() / 86_400)
    return book.highest + A_DAY * max(days, 1)


def _missing(app: App) -> int:
    """Compare the archive's list with the recordings folder; what is missing is written beside the list."""
    listed, folder, lost = app.state_dir / RESTORED / RECORDINGS, app.exchange.recordings_dir, []
    if not listed.is_file():
        return 0
    for line in listed.read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(line)
            name, size = str(told["name"]), int(told["size"])
        except (ValueError, KeyError, TypeError):
            continue
        path = folder / name
        if ".." in path.parts or not path.is_file() or path.stat().st_size < size:
            lost.append(name)
    if lost:
        (app.state_dir / RESTORED / MISSING).write_text("\n".join(lost) + "\n", encoding="utf-8")
    return len(lost)
