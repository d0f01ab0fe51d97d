"""Writes on their way to the database, kept in files until they are there (`records.spool.replay`).

A folder of segments, files of one JSON line an operation, in the order of their names. A segment's room is
taken from the disk before it is begun, so that a disk which is full for the database is not yet full for the
spool. Who appends to a segment, and who replays it, holds its lock (flock): several processes may share a
folder. A line that a crash or a full disk cut off was never promised to anybody; it is kept aside and told.

What was appended outlives its process at once, and the machine once it was synced. After a power cut
operations that were done already may be there again; doing them again changes nothing.
"""

import logging
import os
import threading
import time
from pathlib import Path
from typing import NoReturn

from records.clock import utc_now
from records.errors import RecordsError
from records.spool import aside
from records.spool.aside import ASIDE
from records.spool.segments import (
    Live,
    Operation,
    Segment,
    begin,
    clear,
    hold,
    lines,
    lock,
    make,
    segments,
    sync,
    wipe,
)

__all__ = ["ASIDE", "Operation", "Segment", "Spool", "SpoolError"]

SEGMENT_BYTES = 1 << 20
"""Room of one segment: some 4,000 operations, the writes of a few hundred calls."""
LIMIT_BYTES = 64 << 20
"""Room of all segments: a busy district's day. More would fill the disk that the database also needs."""
_SPARES = 2
"""One to begin next, and one beside it while a segment is replayed."""

_LOG = logging.getLogger(__name__)


class SpoolError(RecordsError):
    """The spool cannot take an operation: full, or its disk is."""


class Spool:
    """Appends are safe from any thread. All but an append without ``sync`` may wait for the disk."""

    def __init__(
        self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, limit_bytes: int = LIMIT_BYTES
    ) -> None:
        """Make the folder, for its owner only, and count what earlier runs left. Raises `SpoolError`."""
        self.settled: list[str] = []
        """Ids of operations that are done and forgotten, for `records.spool.replay` to forget as well."""
        self.attempts: dict[str, int] = {}
        """How often an operation failed on a database that takes others, for `records.spool.replay`."""
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._limit_bytes = limit_bytes
        self._mutex = threading.Lock()
        self._live: Live | None = None
        self._spares: list[Live] = []
        self._filled: dict[Path, int] = {}
        self._full = False
        self._pending = 0
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            clear(folder)
            self._pending = sum(len(lines(path.read_bytes())[0]) for path in segments(self._folder))
            self._begin()
            self._provide()
        except OSError as error:
            raise SpoolError(
                f"{folder} cannot be written ({error.strerror}); let this user write there"
            ) from error

    def pending(self) -> int:
        """Operations appended here or left by earlier runs, and not done yet. 0: nothing to wait for."""
        return self._pending

    def append(self, operation: Operation, *, sync: bool = True) -> None:
        """Keep an operation after all before it; with ``sync`` it is on disk when this returns.

        Without, it is safe from the end of this process, but not from a power cut, and takes some
        microseconds. Raises `SpoolError`, and then the operation is not kept: the caller logs what is lost.
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
        if sync:
            self.sync()

    def sync(self) -> None:
        """Have the segment that is appended to on disk. Raises `SpoolError`."""
        with self._mutex:
            handle = os.dup(self._live.handle) if self._live is not None else None
        if handle is None:
            return
        try:
            os.fdatasync(handle)
            sync(self._folder)
        except OSError as error:
            raise SpoolError(
                f"{self._folder} cannot be written ({error.strerror}); check its disk"
            ) from error
        finally:
            os.close(handle)

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
            # Not under the mutex: making one waits for the disk, and appends must not.
            self._provide()
            with self._mutex:
                self._begin()
            self._provide()
        except OSError as error:
            raise SpoolError(f"{self._folder} has no room left on its disk; make room there") from error
        return self._take()[0]

    def done(self, count: int = 1) -> None:
        """So many operations of the segment taken are done or put aside."""
        with self._mutex:
            self._pending = max(0, self._pending - count)

    def forget(self, segment: Segment) -> None:
        """All of a segment is done: wipe or remove it, keep aside what was unreadable."""
        handle: int | None = segment.handle
        try:
            for line in segment.unreadable:
                self.put_aside(line, "not a whole operation")
            if len(self._spares) < _SPARES and os.fstat(segment.handle).st_size == self._segment_bytes:
                self._spares.append(wipe(segment))
                handle = None
            else:
                segment.path.unlink(missing_ok=True)
        finally:
            if handle is not None:
                os.close(handle)

    def release(self, segment: Segment) -> None:
        """Give a segment back; it is the oldest still."""
        os.close(segment.handle)

    def put_aside(self, line: bytes, reason: str) -> None:
        """Keep a line that will not be done (`records.spool.aside`), and tell. Raises `OSError`."""
        aside.put(self._folder, [line], reason, utc_now())
        _LOG.error("event=spool-aside file=%s reason=%r", self._folder / ASIDE, reason)

    def close(self) -> None:
        """Let go of the files; what was appended stays. Safe to call twice."""
        with self._mutex:
            live, self._live = self._live, None
            if live is not None:
                if not live.end:
                    live.path.unlink(missing_ok=True)
                os.close(live.handle)
            while self._spares:
                spare = self._spares.pop()
                spare.path.unlink(missing_ok=True)
                os.close(spare.handle)

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
                segment = hold(path, handle, self._filled.pop(path, None))
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
        live.end += len(line)

    def _refuse(self, reason: str) -> NoReturn:
        if not self._full:
            self._full = True
            _LOG.error("event=spool-full reason=%r", reason)
        raise SpoolError(reason)

    def _begin(self) -> None:
        """Append to a new segment from now on: to none when the limit is reached."""
        new = self._spares.pop() if self._spares else self._make()
        if new is not None:
            there = segments(self._folder)
            last = int(there[-1].stem) if there else time.time_ns() // 1_000_000_000
            try:
                begin(new, last + 1)
            except OSError:
                self._spares.append(new)
                raise
        if self._live is not None:
            self._filled[self._live.path] = self._live.end
            os.close(self._live.handle)
        self._live = new

    def _provide(self) -> None:
        """Have a spare: the disk may be full when it is needed."""
        if self._spares:
            return
        try:
            new = self._make()
        except OSError as error:
            _LOG.warning("event=spool-without-spare reason=%r", error.strerror)
        else:
            if new is not None:
                self._spares.append(new)

    def _make(self) -> Live | None:
        there = len(segments(self._folder)) + len(self._spares)
        return (
            make(self._folder, self._segment_bytes)
            if (there + 1) * self._segment_bytes <= self._limit_bytes
            else None
        )
