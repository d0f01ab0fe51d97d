"""Writes that the database could not take, kept on disk until it can (`records.replay`).

A folder of segments, files of one JSON line an operation, in the order of their names. A segment's room is
taken from the disk when it is begun, so that a disk which is full for the database is not yet full for the
spool. Who appends to a segment, and who replays it, holds its lock (flock): several processes may share a
folder. A line that a crash or a full disk cut off was never promised to anybody; it is kept aside and told.
"""

import logging
import os
import threading
import time
from pathlib import Path
from typing import NoReturn

from records.errors import RecordsError
from records.segments import (
    JsonValue,
    Live,
    Operation,
    Segment,
    clear,
    hold,
    lines,
    lock,
    make,
    segments,
    sync,
)

__all__ = ["ASIDE", "JsonValue", "Operation", "Segment", "Spool", "SpoolError"]

SEGMENT_BYTES = 1 << 20
"""Room of one segment: some 4,000 operations, the writes of a few hundred calls."""
LIMIT_BYTES = 64 << 20
"""Room of all segments: a busy district's day. More would fill the disk that the database also needs."""
ASIDE = "aside.jsonl"
"""Lines that could not be read and operations that cannot be done, for a person to look at."""

_LOG = logging.getLogger(__name__)


class SpoolError(RecordsError):
    """The spool cannot take an operation: full, or its disk is."""


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
        self._live: Live | None = None
        self._spare: Live | None = None
        self._full = False
        self._pending = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            clear(folder)
            self._pending = sum(len(lines(path.read_bytes())[0]) for path in segments(self._folder))
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

    def done(self, count: int = 1) -> None:
        """So many operations of the segment taken are done or put aside."""
        with self._mutex:
            self._pending = max(0, self._pending - count)

    def forget(self, segment: Segment) -> None:
        """All of a segment is done: remove it, keep aside what was unreadable. On disk when this returns."""
        try:
            for line in segment.unreadable:
                self.put_aside(line, "not a whole operation")
            segment.path.unlink(missing_ok=True)
            sync(self._folder)
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
        for path in segments(self._folder):
            live = self._live
            if live is not None and live.path == path and live.end:
                return None, False
            try:
                handle = lock(path)
                if handle is None:
                    if lines(path.read_bytes())[0]:
                        return None, True
                    continue
                segment = hold(path, handle)
            except FileNotFoundError:
                continue
            if segment.operations:
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

    def _make(self) -> Live | None:
        there = segments(self._folder)
        if (len(there) + 1) * self._segment_bytes > self._limit_bytes:
            return None
        number = 1 + max((int(path.stem) for path in there), default=time.time_ns() // 1_000_000_000)
        return make(self._folder, number, self._segment_bytes)
