"""The file of a SQLite database: made private, and switched to a write-ahead log before anyone uses it."""

import os
import sqlite3
import time
from pathlib import Path

from records.errors import RecordsError
from records.faults import explain

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
        # Personal data: SQLite gives its -wal and -shm files the mode of this one.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
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
