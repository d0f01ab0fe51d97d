"""Writes that the database could not take, kept on disk until it can (`records.replay`).

A folder of segments, files of one JSON line an operation, in the order of their names. A segment's room is
taken from the disk when it is begun, so that a disk which is full for the database is not yet full for the
spool. Who appends to a segment, and who replays it, holds its lock (flock): several processes may share a
folder. A line that a crash or a full disk cut off was never promised to anybody; it is kept aside and told.
"""

import fcntl
import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NoReturn, Self
from uuid import uuid4

from records.clock import stamp
from records.errors import RecordsError
from records.text import JsonScalar

JsonValue = JsonScalar | Mapping[str, JsonScalar]
"""What an argument of an operation may be. Moments are ISO 8601 text; `Operation.new` writes them so."""

SEGMENT_BYTES = 1 << 20
"""Room of one segment: some 4,000 operations, the writes of a few hundred calls."""
LIMIT_BYTES = 64 << 20
"""Room of all segments: a busy district's day. More would fill the disk that the database also needs."""
ASIDE = "aside.jsonl"
"""Lines that could not be read and operations that cannot be done, for a person to look at."""

_LOG = logging.getLogger(__name__)
_SUFFIX = ".spool"
_UNFINISHED = ".new"
_DIGITS = 12


class SpoolError(RecordsError):
    """The spool cannot take an operation: full, or its disk is."""


@dataclass(frozen=True)
class Operation:
    """One write to records by name. ``id`` makes it the same operation wherever it turns up again."""

    id: str
    name: str
    call_id: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)

    @classmethod
    def new(cls, name: str, call_id: str, **arguments: JsonValue | datetime) -> Self:
        """An operation with an id of its own; aware datetimes become text."""
        told = {
            key: stamp(value) if isinstance(value, datetime) else value for key, value in arguments.items()
        }
        return cls(uuid4().hex, name, call_id, told)

    def line(self) -> bytes:
        """The operation as a line of a segment. Raises `TypeError` for what JSON cannot hold."""
        said = {"id": self.id, "name": self.name, "call_id": self.call_id, "arguments": self.arguments}
        return json.dumps(said, separators=(",", ":"), default=dict).encode() + b"\n"


@dataclass(frozen=True)
class Segment:
    """The oldest segment, held by whoever replays it until `Spool.forget` or `Spool.release`.

    ``unreadable``: lines that are no operations, and what a crash cut off.
    """

    path: Path
    handle: int
    operations: tuple[Operation, ...]
    unreadable: tuple[bytes, ...]


class Spool:
    """Appends are safe from any thread. Everything here blocks for some milliseconds of disk."""

    def __init__(
        self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, limit_bytes: int = LIMIT_BYTES
    ) -> None:
        """Make the folder, for its owner only, and count what earlier runs left. Raises `SpoolError`."""
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._limit_bytes = limit_bytes
        self._mutex = threading.Lock()
        self._live: _Live | None = None
        self._spare: _Live | None = None
        self._full = False
        self._pending = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in folder.glob(f"*{_UNFINISHED}"):
                _clear(path)
            self._pending = sum(len(_lines(path.read_bytes())[0]) for path in self._segments())
            self._begin()
        except OSError as error:
            raise SpoolError(
                f"{folder} cannot be written ({error.strerror}); let this user write there"
            ) from error

    def pending(self) -> int:
        """Operations appended here or left by earlier runs, and not done yet. 0: nothing to wait for."""
        return self._pending

    def append(self, operation: Operation) -> None:
        """Keep an operation after all before it; on disk when this returns.

        Raises `SpoolError`, and then the operation is not kept: the caller logs what is lost.
        """
        line = operation.line()
        with self._mutex:
            try:
                self._write(line)
            except OSError as error:
                self._refuse(f"{self._folder} cannot be written ({error.strerror}); make room on its disk")
            self._pending += 1
            if self._full:
                _LOG.warning("event=spool-takes-again folder=%s", self._folder)
            self._full = False

    def oldest(self) -> Segment | None:
        """Take the oldest segment to replay; None: there is nothing, or another process has hold of it.

        When it is the one that is being appended to, it is closed and later operations go to a new one.
        Raises `SpoolError` when there is no room for a new one.
        """
        taken, held = self._take()
        if taken is not None or held:
            return taken
        with self._mutex:
            if self._live is None or not self._live.end:
                self._pending = 0
                return None
            try:
                self._begin()
            except OSError as error:
                raise SpoolError(f"{self._folder} has no room left on its disk; make room there") from error
        return self._take()[0]

    def done(self) -> None:
        """One operation of the segment taken is done or put aside."""
        with self._mutex:
            self._pending = max(0, self._pending - 1)

    def forget(self, segment: Segment) -> None:
        """All of a segment is done: remove it, keep aside what was unreadable. On disk when this returns."""
        try:
            for line in segment.unreadable:
                self.put_aside(line, "not a whole operation")
            segment.path.unlink(missing_ok=True)
            _sync(self._folder)
        finally:
            os.close(segment.handle)

    def release(self, segment: Segment) -> None:
        """Give a segment back; it is the oldest still."""
        os.close(segment.handle)

    def put_aside(self, line: bytes, reason: str) -> None:
        """Keep a line that will not be done, and tell."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        handle = os.open(self._folder / ASIDE, flags, 0o600)
        try:
            os.write(handle, line.rstrip(b"\n") + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        _LOG.error("event=spool-aside file=%s reason=%r", self._folder / ASIDE, reason)

    def close(self) -> None:
        """Let go of the files; what was appended stays. Safe to call twice."""
        with self._mutex:
            for live in (self._live, self._spare):
                if live is not None:
                    if not live.end:
                        live.path.unlink(missing_ok=True)
                    os.close(live.handle)
            self._live = self._spare = None

    def _take(self) -> tuple[Segment | None, bool]:
        """The oldest segment before this process's own, and whether another process holds an older one."""
        for path in self._segments():
            live = self._live
            if live is not None and live.path == path and live.end:
                return None, False
            try:
                handle = _lock(path)
                if handle is None:
                    if _lines(path.read_bytes())[0]:
                        return None, True
                    continue
                lines, torn = _lines(path.read_bytes())
            except FileNotFoundError:
                continue
            read = [(line, _read(line)) for line in lines]
            unreadable = [line for line, operation in read if operation is None]
            operations = tuple(operation for _, operation in read if operation is not None)
            segment = Segment(path, handle, operations, (*unreadable, torn) if torn else tuple(unreadable))
            if operations:
                return segment, False
            self.forget(segment)
        return None, False

    def _write(self, line: bytes) -> None:
        if len(line) > self._segment_bytes:
            self._refuse(f"an operation of {len(line)} bytes does not fit into {self._folder}")
        if self._live is None or self._live.end + len(line) > self._segment_bytes:
            self._begin()
        live = self._live
        if live is None:
            self._refuse(f"{self._folder} is full ({self._limit_bytes} bytes); mend the database first")
        written = os.pwrite(live.handle, line, live.end)
        if written < len(line):
            # A disk that breaks the promise of room: the half line is wiped.
            os.pwrite(live.handle, bytes(written), live.end)
            self._refuse(f"{self._folder} cannot be written; make room on its disk")
        os.fdatasync(live.handle)
        live.end += len(line)

    def _refuse(self, reason: str) -> NoReturn:
        if not self._full:
            self._full = True
            _LOG.error("event=spool-full reason=%r", reason)
        raise SpoolError(reason)

    def _begin(self) -> None:
        """Append to a new segment from now on: to none when the limit is reached."""
        new = self._spare or self._make()
        self._spare = None
        if self._live is not None:
            os.close(self._live.handle)
        self._live = new
        try:
            # Taken while there is room: the disk may be full when it is needed.
            self._spare = self._make()
        except OSError as error:
            _LOG.warning("event=spool-without-spare reason=%r", error.strerror)

    def _make(self) -> "_Live | None":
        there = self._segments()
        if (len(there) + 1) * self._segment_bytes > self._limit_bytes:
            return None
        number = 1 + max((int(path.stem) for path in there), default=time.time_ns() // 1_000_000_000)
        # Under a name nobody looks for until it is locked.
        making = self._folder / f"{uuid4().hex}{_UNFINISHED}"
        handle = os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.posix_fallocate(handle, 0, self._segment_bytes)
            os.fsync(handle)
            path = _name(making, number)
        except OSError:
            os.close(handle)
            raise
        finally:
            making.unlink(missing_ok=True)
        _sync(self._folder)
        return _Live(path, handle)

    def _segments(self) -> list[Path]:
        return sorted(path for path in self._folder.glob(f"*{_SUFFIX}") if path.stem.isdecimal())


@dataclass
class _Live:
    """A segment of this process, locked, and how far it is filled."""

    path: Path
    handle: int
    end: int = 0


def _read(line: bytes) -> Operation | None:
    try:
        said = json.loads(line)
        return Operation(str(said["id"]), str(said["name"]), str(said["call_id"]), dict(said["arguments"]))
    except (ValueError, KeyError, TypeError):
        return None


def _lines(content: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what stands after the last of them."""
    *lines, torn = content.rstrip(b"\0").split(b"\n")
    return [line for line in lines if line], torn


def _lock(path: Path) -> int | None:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    if os.fstat(handle).st_nlink == 0:
        os.close(handle)
        return None
    return handle


def _clear(path: Path) -> None:
    """Remove what a process that was killed did not finish making."""
    handle = _lock(path)
    if handle is not None:
        path.unlink(missing_ok=True)
        os.close(handle)


def _name(making: Path, number: int) -> Path:
    """Give a new segment the first free name from a number on."""
    while True:
        path = making.with_name(f"{number:0{_DIGITS}d}{_SUFFIX}")
        try:
            os.link(making, path)
        except FileExistsError:
            number += 1
        else:
            return path


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
