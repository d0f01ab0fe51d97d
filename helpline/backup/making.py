"""Making an archive of a centre, beside running work."""

import asyncio
import hashlib
import importlib.metadata
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from helpline.app import App
from helpline.backup.archive import Archive, hash_file, no_progress, write_archive
from helpline.backup.gathering import Gathered, gather, gather_spool
from helpline.backup.last import note_backup
from helpline.backup.manifest import DATABASE, Manifest, Part
from helpline.backup.workroom import settle, workroom
from helpline.book import traces
from helpline.errors import HelplineError
from records import utc_now
from records.audit.verifying import VerifyReport
from records.copies.readying import verify_copy
from records.copies.taking import Copied, take_copy
from records.database.urls import Address, address

ENDING = ".tar.gz"
HASH_ENDING = ".sha256"
Telling = Callable[[str], Callable[[int, int], None]]
"""Asked with the name of a piece of work; told how much of it is done, and of how much."""


@dataclass(frozen=True)
class Wanted:
    """What shall be in an archive besides what always is, and whether its records are verified."""

    secrets: bool = True
    recordings: bool = False
    verify: bool = True


@dataclass(frozen=True)
class Made:
    """A backup that is on the disk. ``verified``: None when it was not asked for, or is of an older schema.

    ``same_disk``: whether it lies where the records lie, and would be lost with them.
    """

    file: Path
    archive: Archive
    verified: VerifyReport | None
    left_out: list[str]
    same_disk: bool


def tell_nobody(_what: str) -> Callable[[int, int], None]:
    """For who shows no progress."""
    return no_progress


async def make_backup(app: App, to: Path, wanted: Wanted, telling: Telling = tell_nobody) -> Made:
    """Write an archive to ``to``, a file that is not there or a folder, and its hash beside it.

    Running work goes on; what was told to anybody before this began is in it. A file stands under its name
    only when it is whole and on the disk. Raises `HelplineError`, `RecordsError` and `OSError`.
    """
    now, where = utc_now(), address(app.records_url)
    file = await asyncio.to_thread(_target, to, now)
    await asyncio.to_thread(_need_room, app, where, file.parent, wanted)
    with workroom(file.parent) as room:
        found = await asyncio.to_thread(gather_spool, app, room)
        copy = room / DATABASE
        copied = await take_copy(
            where, app.settings.records, traces(app), copy, telling("copying the records")
        )
        verified = await verify_copy(copy, app.settings.records, utc_now) if wanted.verify else None
        await asyncio.to_thread(
            gather, app, room, found, secrets=wanted.secrets, recordings=wanted.recordings
        )
        found.files = {DATABASE: copy, **found.files}
        manifest = _manifest(app, now, where, copied, found, wanted)
        manifest = replace(manifest, verified=None if verified is None else verified.ok)
        archive = await asyncio.to_thread(_write, room, file, manifest, found, telling)
    state = app.state_dir
    await asyncio.to_thread(note_backup, state, file, archive.sha256, now)
    same = await asyncio.to_thread(lambda: state.stat().st_dev == file.stat().st_dev)
    return Made(file, archive, verified, found.left_out, same)


def _target(to: Path, now: datetime) -> Path:
    file = to / f"helpline-{now:%Y%m%dT%H%M%S}Z{ENDING}" if to.is_dir() else to
    if not file.parent.is_dir():
        raise HelplineError(f"{file.parent} is not there; mount its disk, or make the folder")
    if os.path.lexists(file):
        raise HelplineError(f"{file} is there already, and no backup is written over; give another name")
    return file.absolute()


def _need_room(app: App, where: Address, folder: Path, wanted: Wanted) -> None:
    """A copy of the records and the archive lie there together for a while."""
    need = 2 * where.sqlite_file.stat().st_size if where.sqlite_file and where.sqlite_file.is_file() else 0
    if wanted.recordings:
        need += sum(one.stat().st_size for one in app.exchange.recordings_dir.rglob("*") if one.is_file())
    free = shutil.disk_usage(folder).free
    if free < need:
        raise HelplineError(
            f"{folder} has room for {free >> 20} MB, the backup may need {need >> 20} MB; make room, or name"
            " another disk"
        )


def _manifest(
    app: App, now: datetime, where: Address, copied: Copied, found: Gathered, wanted: Wanted
) -> Manifest:
    return Manifest(
        made_at=now,
        program=_version(),
        database="SQLite" if where.sqlite_file is not None else "PostgreSQL",
        schema=copied.schema,
        book=copied.identity,
        highest=copied.highest,
        complaints=copied.complaints,
        calls=copied.calls,
        waiting=found.waiting,
        recordings=found.recordings,
        recording_bytes=found.recording_bytes,
        with_recordings=wanted.recordings,
        with_secrets=wanted.secrets,
        verified=None,
        parts=(),
    )


def _write(room: Path, file: Path, manifest: Manifest, found: Gathered, telling: Telling) -> Archive:
    parts = []
    for name, source in found.files.items():
        try:
            size = source.stat().st_size
            parts.append(Part(name, size, hash_file(source, size)))
        except FileNotFoundError:
            # A recording whose days were over meanwhile.
            if not name.startswith("recordings/"):
                raise
    unfinished = room / f"archive{ENDING}"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        whole = replace(manifest, parts=tuple(parts))
        archive = write_archive(
            stream, whole, lambda part: found.files[part.name], telling("writing the archive")
        )
        stream.flush()
        os.fsync(stream.fileno())
    hashes = room / "hash"
    hashes.write_text(f"{archive.sha256}  {file.name}\n", encoding="utf-8")
    settle(hashes)
    if os.path.lexists(file):
        raise HelplineError(f"{file} was made by somebody else meanwhile; run the backup again")
    hashes.rename(file.with_name(file.name + HASH_ENDING))
    unfinished.rename(file)
    settle(file.parent)
    return archive


def _version() -> str:
    try:
        return importlib.metadata.version("helpline181")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def told_hash(file: Path) -> str | None:
    """The hash that lies beside an archive; None when there is none. Raises `HelplineError`."""
    beside = file.with_name(file.name + HASH_ENDING)
    try:
        told = beside.read_bytes()[:200].split()
    except FileNotFoundError:
        return None
    length = hashlib.sha256().digest_size * 2
    if not told or len(told[0]) != length:
        raise HelplineError(f"{beside} holds no SHA-256; take it away, or copy it again")
    return told[0].decode("ascii", "replace").lower()
