"""The file of a SQLite database: made private, and switched to a write-ahead log before anyone uses it."""

import errno
import os
import sqlite3
import time
from pathlib import Path

from records.database.faults import explain
from records.errors import LostError, RecordsError

_RETRY_SECONDS = 0.02


def prepare(file: Path, *, limit_seconds: float) -> None:
    """Make the file if it is missing, for its owner only, and switch it to WAL. Blocks: call in a thread.

    WAL lets readers go on beside a writer. Raises `RecordsError`.
    """
    if not file.parent.is_dir():
        raise RecordsError(
            f"{file}: the directory {file.parent} does not exist; create it or set records.url"
        )
    if file.is_dir():
        raise RecordsError(f"{file} is a directory; set records.url to a file in it")
    try:
        _make(file)
    except OSError as error:
        raise RecordsError(
            f"{file} cannot be written ({error.strerror}); let this user write to the file and its directory"
        ) from error
    try:
        mode = _switch(file, time.monotonic() + limit_seconds)
    except sqlite3.Error as error:
        raise explain(error, str(file)) from error
    if mode != "wal":
        raise RecordsError(f"{file} is on a file system without shared memory; put it on a local disk")


def nothing_at(file: Path) -> str:
    """How it can be seen that there is no database: "is not there"; empty when there may be one. Blocks.

    Raises `RecordsError` for a link that leads nowhere, which is never a first start.
    """
    if file.is_symlink() and not file.exists():
        raise LostError(
            f"{file} is a link to {os.readlink(file)}, which is not there; mount its disk or correct the link"
        )
    try:
        return "" if file.stat().st_size else "is an empty file"
    except FileNotFoundError:
        return "is not there"
    except OSError:
        return ""


def _make(file: Path) -> None:
    """A file that is there is not opened: closing it would take away SQLite's locks of this process on it."""
    try:
        # Personal data: SQLite gives its -wal and -shm files the mode of this one.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        if not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None


def _switch(file: Path, deadline: float) -> str:
    connection = sqlite3.connect(file, timeout=_RETRY_SECONDS, isolation_level=None)
    try:
        while True:
            try:
                row = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                # Another process is opening the same file: SQLite does not wait for this lock by itself.
                if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_SECONDS)
            else:
                return str(row[0])
    finally:
        connection.close()
