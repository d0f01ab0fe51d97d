"""Segments of a spool: files of one JSON line an operation, whose room is taken before they are begun.

Who appends to a segment, and who replays it, holds its lock (flock). A line that a crash or a full disk cut
off was never promised to anybody. A segment is made under a name that nobody looks for, gets its number when
it is begun, and may be wiped and begun again, which costs no write to the disk.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from records.clock import stamp
from records.text import JsonScalar

JsonValue = JsonScalar | Mapping[str, JsonScalar]
"""What an argument of an operation may be. Moments are ISO 8601 text; `Operation.new` writes them so."""

SUFFIX = ".spool"
_UNFINISHED = ".new"
_DIGITS = 12


@dataclass(frozen=True)
class Operation:
    """One write to records by name. ``id`` makes it the same operation wherever it turns up again."""

    id: str
    name: str
    call_id: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)

    @classmethod
    def new(
        cls, name: str, call_id: str, *, once: str | None = None, **arguments: JsonValue | datetime
    ) -> Self:
        """An operation, its id is ``once`` or one of its own; aware datetimes become text."""
        told = {
            key: stamp(value) if isinstance(value, datetime) else value for key, value in arguments.items()
        }
        return cls(once or uuid4().hex, name, call_id, told)

    def line(self) -> bytes:
        """The operation as a line of a segment. Raises `TypeError` for what JSON cannot hold."""
        said = {"id": self.id, "name": self.name, "call_id": self.call_id, "arguments": self.arguments}
        return json.dumps(said, separators=(",", ":"), default=dict).encode() + b"\n"


@dataclass(frozen=True)
class Segment:
    """The oldest segment, held by whoever replays it until `Spool.forget` or `Spool.release`.

    ``unreadable``: lines that are no operations, and what a crash cut off. ``used``: bytes of it all.
    """

    path: Path
    handle: int
    operations: tuple[Operation, ...]
    unreadable: tuple[bytes, ...]
    used: int


@dataclass
class Live:
    """A segment of this process, begun or spare, locked, and how far it is filled."""

    path: Path
    handle: int
    end: int = 0


def read_operation(line: bytes) -> Operation | None:
    """The operation of a line; None when it is none."""
    try:
        said = json.loads(line)
        return Operation(str(said["id"]), str(said["name"]), str(said["call_id"]), dict(said["arguments"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def lines(content: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what stands after the last of them."""
    *lines, torn = content.rstrip(b"\0").split(b"\n")
    return [line for line in lines if line], torn


def lock(path: Path) -> int | None:
    """A handle that holds the lock of a file; None when somebody else has it, or the file is gone."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    try:
        # It may have got another name, or none, before the lock was had.
        same = os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        same = False
    if not same:
        os.close(handle)
        return None
    return handle


def clear(folder: Path) -> None:
    """Remove what processes that were killed did not finish making, and segments they wrote nothing into."""
    for path in (*folder.glob(f"*{_UNFINISHED}"), *folder.glob(f"*{SUFFIX}")):
        handle = lock(path)
        if handle is None:
            continue
        try:
            if path.suffix == _UNFINISHED or _is_blank(handle):
                path.unlink(missing_ok=True)
        finally:
            os.close(handle)


def _is_blank(handle: int) -> bool:
    """Whether nothing stands in a file; a power cut may have left something behind a blank beginning."""
    if os.pread(handle, 1, 0).strip(b"\0"):
        return False
    return not os.pread(handle, os.fstat(handle).st_size, 0).strip(b"\0")


def make(folder: Path, room: int) -> Live:
    """A spare segment. Raises `OSError`, and then there is none."""
    path = _spare_name(folder)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.posix_fallocate(handle, 0, room)
        os.fsync(handle)
    except OSError:
        path.unlink(missing_ok=True)
        os.close(handle)
        raise
    return Live(path, handle)


def begin(spare: Live, number: int) -> None:
    """Give a spare the first free number from one on. Raises `OSError`."""
    while True:
        path = spare.path.with_name(f"{number:0{_DIGITS}d}{SUFFIX}")
        try:
            os.link(spare.path, path)
        except FileExistsError:
            number += 1
        else:
            os.unlink(spare.path)
            spare.path = path
            return


def wipe(segment: Segment) -> Live:
    """Make a segment that is done a spare again; its lock is kept. Raises `OSError`."""
    path = _spare_name(segment.path.parent)
    os.rename(segment.path, path)
    os.pwrite(segment.handle, bytes(segment.used), 0)
    return Live(path, segment.handle)


def hold(path: Path, handle: int, filled: int | None = None) -> Segment:
    """Read a segment whose lock is held; ``filled``: how far it is, where that is known."""
    content = path.read_bytes() if filled is None else os.pread(handle, filled, 0)
    whole, torn = lines(content)
    read = [(line, read_operation(line)) for line in whole]
    unreadable = [line for line, operation in read if operation is None]
    operations = tuple(operation for _, operation in read if operation is not None)
    left = (*unreadable, torn) if torn else tuple(unreadable)
    return Segment(path, handle, operations, left, len(content.rstrip(b"\0")))


def segments(folder: Path) -> list[Path]:
    """All segments, the oldest first."""
    names = (name for name in os.listdir(folder) if name.endswith(SUFFIX))
    return [folder / name for name in sorted(names) if name.removesuffix(SUFFIX).isdecimal()]


def _spare_name(folder: Path) -> Path:
    return folder / f"{uuid4().hex}{_UNFINISHED}"


def sync(folder: Path) -> None:
    """What was made or removed in a folder is so on disk, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
