"""An edition's file from copy to seal: it gets its number, becomes read-only, durable, known by its hash."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from mapper.errors import DirectoryError, Problem


def file_name(number: int) -> str:
    return f"edition-{number}.sqlite"


def read_meta(path: Path) -> dict[str, str]:
    """What a draft says of itself. Raises DirectoryError for a damaged one."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return dict(connection.execute("select key, value from meta"))
    except sqlite3.Error as error:
        problem = Problem(str(path), 0, "", f"the draft is damaged ({error})", "import the sheets again")
        raise DirectoryError(problem) from error


def seal(path: Path, number: int, at: str) -> str:
    """Write number and time into a copy, make it read-only and durable; its SHA-256."""
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [("number", str(number)), ("published_at", at)]
        connection.executemany("insert or replace into meta (key, value) values (?, ?)", rows)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o400)
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """The hash of a whole file, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fault_of(path: Path, sha256: str) -> str:
    """What is wrong with a published file: "missing", "changed"; empty when it is as it was sealed."""
    try:
        return "" if sha256_of(path) == sha256 else "changed"
    except OSError:
        return "missing"


def settle(folder: Path) -> None:
    """Make the names in a folder durable: what was renamed is there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
