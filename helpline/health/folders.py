"""Looks at disks and folders. All block; `helpline.health.threads` runs them."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from desk.condition import Condition

PROBE = ".helpline-probe"
"""Written and removed at each look, under one name: a killed look leaves one small file at most."""
_PROBE_BYTES = 4096


def room(folders: Iterable[Path], low_mb: int, full_mb: int) -> list[Condition]:
    """Disks with too little room, each once, by the first folder on it."""
    found, seen = [], set[int]()
    for folder in folders:
        there = nearest(folder)
        device = there.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        free = shutil.disk_usage(there).free // 1_000_000
        if free >= low_mb:
            continue
        full = free < full_mb
        found.append(
            Condition(
                "disk_full" if full else "disk_low",
                str(there),
                f"{free} MB free at {there}",
                "make room there: old recordings and logs, or a larger disk",
                data={"free_mb": free},
            )
        )
    return found


def recordings(folder: Path, uid: int | None) -> list[Condition]:
    """Whether who runs Asterisk (None: this user) can write recordings: really, or by the folder's rights.

    A disk without room gives files without sound, so some bytes are written and forced onto it.
    """
    reason = _unwritable(folder) if uid in (None, os.geteuid()) else _forbidden(folder, uid or 0)
    if not reason:
        return []
    return [
        Condition(
            "recordings_unwritable",
            str(folder),
            f"recordings cannot be written to {folder} ({reason})",
            "let the user that Asterisk runs as write there, or make room",
            data={"reason": reason},
        )
    ]


def asterisk_uid(pid_file: Path, user: str) -> int | None:
    """The user Asterisk runs as: as set, else that of the running private one; None when unknown."""
    if user:
        try:
            return pwd.getpwnam(user).pw_uid
        except KeyError:
            return None
    try:
        return Path("/proc", pid_file.read_text(encoding="ascii").strip()).stat().st_uid
    except (OSError, ValueError):
        return None


def nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(parent for parent in (folder, *folder.parents) if parent.exists())


def _unwritable(folder: Path) -> str:
    probe = folder / PROBE
    try:
        handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            written = os.write(handle, bytes(_PROBE_BYTES))
            os.fsync(handle)
        finally:
            os.close(handle)
            probe.unlink(missing_ok=True)
    except OSError as error:
        return error.strerror or type(error).__name__
    return "" if written == _PROBE_BYTES else "No space left on device"


def _forbidden(folder: Path, uid: int) -> str:
    """Why a user may not write into a folder, as far as its rights tell; "" when he may."""
    try:
        told = folder.stat()
        user = pwd.getpwuid(uid)
        groups = os.getgrouplist(user.pw_name, user.pw_gid)
    except OSError as error:
        return error.strerror or type(error).__name__
    except KeyError:
        return f"there is no user {uid}"
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return "Read-only file system"
    if uid == told.st_uid:
        wanted = stat.S_IWUSR | stat.S_IXUSR
    elif told.st_gid in groups:
        wanted = stat.S_IWGRP | stat.S_IXGRP
    else:
        wanted = stat.S_IWOTH | stat.S_IXOTH
    may = uid == 0 or told.st_mode & wanted == wanted
    return "" if may else f"user {user.pw_name} may not write there"
