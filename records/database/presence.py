"""Whether the book that was opened is still where it was: looked at before every transaction, and after it.

A SQLite file that is deleted, moved or replaced under a running program stays open: what is written then goes
into a file that nobody finds again. So each transaction looks at the file's name (a microsecond) and each new
connection at the book's identity. Once it is lost nothing is read or written until `records.book.rejoining`
finds the right book in its place.

A connection of its own, the anchor, keeps a deleted file readable, so that it can still be copied. Files of
a database are never opened here by themselves: closing one would take away SQLite's locks on it.
"""

import contextlib
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine.interfaces import DBAPIConnection

from records.database.identity import Book
from records.database.urls import Address
from records.errors import LostError

_RECOGNISE = "SELECT b.identity, s.value FROM book AS b, sequences AS s WHERE s.name = 'complaint'"
_Inode = tuple[int, int]


class Presence:
    """The book as it was opened. Methods may be called from any thread; all but the properties block."""

    def __init__(self, address: Address, book: Book) -> None:
        self.identity = book.identity
        self.lost: LostError | None = None
        """Why the book cannot be used now; None: it is there."""
        self._shown = address.shown
        self._file = address.sqlite_file
        self._highest = book.highest
        self._anchor: sqlite3.Connection | None = None
        self._seen: _Inode | None = None
        self._least = 0
        """Bytes it had when it was opened: it is smaller later only when it was compacted or cut."""
        self._log: _Inode | None = None
        self._index: _Inode | None = None
        self._hold()

    def check(self) -> None:
        """Raise `LostError` when the book is not where it was."""
        if self.lost is not None:
            raise self.lost
        if self._file is None:
            return
        try:
            there = os.stat(self._file)
        except FileNotFoundError:
            self._lose(
                f"the book of this centre is gone: {self._shown} was deleted or moved, or is not mounted"
            )
        except OSError as error:
            self._lose(f"the book of this centre cannot be seen: {self._shown} ({error.strerror})")
        else:
            if (there.st_dev, there.st_ino) != self._seen:
                self._lose(f"the book of this centre was replaced: another file is at {self._shown}")
            if self._is_cut(self._file, there.st_size):
                self._lose(
                    f"the book of this centre was cut off: {self._shown} has {there.st_size} bytes of "
                    f"{self._least}"
                )

    def _is_cut(self, file: Path, size: int) -> bool:
        """Whether pages are missing that the head counts (SQLite's file format, 1.3.8); a compacted file is
        whole."""
        if size >= self._least:
            return False
        with file.open("rb") as opened:
            head = opened.read(32)
        page = int.from_bytes(head[16:18], "big")
        if len(head) < 32 or size < (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big"):
            return True
        self._least = size
        return False

    def check_log(self) -> bool:
        """Whether SQLite's log is where it was, without which a killed process would lose what it wrote."""
        if self._file is None or self._log is None:
            return True
        try:
            return _inode(_log_of(self._file)) == self._log
        except OSError:
            return False

    def in_place(self) -> bool:
        """Whether the file that was opened is still the one of its name."""
        try:
            return self._file is None or (
                _inode(self._file) == self._seen and not self._is_cut(self._file, os.stat(self._file).st_size)
            )
        except OSError:
            return False

    def recognise(self, connection: DBAPIConnection) -> None:
        """Raise `LostError` when a new connection leads to another book, or to an older copy of this one."""
        # Before looking: numbers that are given meanwhile need not be in what is read.
        given = self._highest
        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute(_RECOGNISE)
                row = cursor.fetchone()
            connection.rollback()
        except Exception as error:
            if type(error).__name__ not in {"OperationalError", "ProgrammingError"} or not _no_table(error):
                raise
            row = None
        if row is None:
            raise LostError(f"the book of this centre is lost: {self._shown} is empty; put the database back")
        if row[0] != self.identity:
            raise LostError(f"{self._shown} holds another book than this centre's; put the right one back")
        if isinstance(row[1], int) and row[1] < given:
            raise LostError(f"{self._shown} is an older copy of the book; numbers above its own were given")

    def given(self, highest: int) -> None:
        """Numbers up to this one were given."""
        self._highest = max(self._highest, highest)

    def save_log(self) -> bool:
        """Have what only the lost log holds in the database's file; whether it is there. Nothing is lost of a
        database that was closed."""
        if self._anchor is None:
            return True
        try:
            busy, _, _ = self._anchor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:
            return False
        return not busy

    def rescue(self, at: datetime) -> Path | None:
        """Copy a file that was deleted while it was open to one beside it; None when it still has a name.

        Raises OSError or sqlite3.Error when there is no room or no folder for it.
        """
        if self._file is None or self._anchor is None or self.whereabouts() is not None:
            return None
        copy = self._file.with_name(f"{self._file.name}.rescued-{at:%Y%m%dT%H%M%S}")
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            self._anchor.execute("VACUUM INTO ?", (str(copy),))
        except sqlite3.Error:
            copy.unlink(missing_ok=True)
            raise
        return copy

    def whereabouts(self) -> str | None:
        """The name that the open file has now; None when it has none any more."""
        for number in os.listdir("/proc/self/fd"):
            link = f"/proc/self/fd/{number}"
            try:
                found = os.stat(link)
                if (found.st_dev, found.st_ino) == self._seen:
                    return os.readlink(link) if found.st_nlink else None
            except OSError:
                continue
        return None

    def let_go(self) -> None:
        """Close the anchor. To be called twice is no harm."""
        anchor, self._anchor = self._anchor, None
        if anchor is not None:
            anchor.close()

    def clear(self, at: datetime) -> None:
        """Take the lost file's log out of the way: SQLite would read it into whatever is put in its place.

        For when all connections are closed; a log that belongs to another file by now is left alone.
        """
        if self._file is None:
            return
        for ending, known in (("-wal", self._log), ("-shm", self._index)):
            left = self._file.with_name(self._file.name + ending)
            with contextlib.suppress(OSError):
                if _inode(left) != known:
                    continue
                if ending == "-wal" and left.stat().st_size:
                    left.rename(left.with_name(f"{left.name}.lost-{at:%Y%m%dT%H%M%S}"))
                else:
                    left.unlink()

    def back(self, book: Book) -> None:
        """The right book is there (again)."""
        self.let_go()
        self._highest = book.highest
        self._hold()
        self.lost = None

    def _hold(self) -> None:
        if self._file is None:
            return
        name = f"{self._file.absolute().as_uri()}?mode=rw"
        anchor = sqlite3.connect(name, uri=True, check_same_thread=False, isolation_level=None)
        # Reading opens the log too.
        anchor.execute(_RECOGNISE).fetchone()
        self._anchor, self._seen, self._log = anchor, _inode(self._file), _inode(_log_of(self._file))
        self._least = os.stat(self._file).st_size
        self._index = _inode(self._file.with_name(self._file.name + "-shm"))

    def _lose(self, why: str) -> None:
        self.lost = LostError(f"{why}; put it back, calls are kept in the spool until then")
        raise self.lost


def _inode(file: Path) -> _Inode:
    found = os.stat(file)
    return found.st_dev, found.st_ino


def _log_of(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


def _no_table(error: Exception) -> bool:
    return "no such table" in str(error) or "does not exist" in str(error)
