"""What cannot be stored, kept for a person: operations that are refused, lines that nobody could read.

``aside.jsonl`` in a spool's folder holds the lines as they were, ``aside-reasons.jsonl`` beside it why and
when each was put there, ``aside-dropped.jsonl`` what a person took out and why. Whoever writes to them holds
a lock: a service may put aside what a command looks at.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from records.spool.segments import Operation, read_operation

ASIDE = "aside.jsonl"
REASONS = "aside-reasons.jsonl"
DROPPED = "aside-dropped.jsonl"
LINES_LIMIT_BYTES = 16 << 20
"""Room for lines that are no operations: strangers may make them, and the disk is the book's too."""

_LOCK = ".aside.lock"
_KEY_LENGTH = 12


@dataclass(frozen=True)
class Aside:
    """A line put aside. ``key`` names it; the same line has the same key, and is one however often it is put.

    ``operation``: None when it is none, and can only be dropped. ``reason`` and ``at``: "" and None for what
    an earlier version put there.
    """

    key: str
    line: bytes
    operation: Operation | None
    reason: str
    at: datetime | None


def put(
    folder: Path, lines: Collection[bytes], reason: str, at: datetime, *, limit: int | None = None
) -> int:
    """Keep lines with why, on the disk when this returns; how many were kept. Raises `OSError`.

    ``limit``: bytes that the file may have; what would make it longer is not kept.
    """
    told = reason.encode("utf-8", "replace").decode()
    kept = 0
    with _locked(folder):
        room = None if limit is None else limit - _size(folder / ASIDE)
        body, why = bytearray(), bytearray()
        for line in lines:
            whole = line.rstrip(b"\n") + b"\n"
            if room is not None and len(body) + len(whole) > room:
                break
            body += whole
            note = {"key": _key(line), "at": at.isoformat(), "reason": told}
            why += json.dumps(note, ensure_ascii=False).encode() + b"\n"
            kept += 1
        # The reasons first: a line without one is told as "not known", a reason without its line is nothing.
        _append(folder / REASONS, bytes(why))
        _append(folder / ASIDE, bytes(body))
    return kept


def read(folder: Path) -> list[Aside]:
    """What lies aside in a folder, in order, each line once. Raises `OSError`; no file is nothing aside."""
    try:
        content = (folder / ASIDE).read_bytes()
    except FileNotFoundError:
        return []
    reasons = _reasons(folder)
    found: dict[str, Aside] = {}
    for line in content.split(b"\n"):
        if line and (key := _key(line)) not in found:
            reason, at = reasons.get(key, ("", None))
            found[key] = Aside(key, line, read_operation(line), reason, at)
    return list(found.values())


def remove(folder: Path, keys: Collection[str]) -> None:
    """Take lines out, in one step: a crash leaves all of them or none. Raises `OSError`."""
    with _locked(folder):
        for name, keyed in ((ASIDE, _key), (REASONS, _noted)):
            path = folder / name
            if not path.exists():
                continue
            left = [line for line in path.read_bytes().split(b"\n") if line and keyed(line) not in keys]
            fresh = path.with_name(f".{name}.new")
            fresh.unlink(missing_ok=True)
            _append(fresh, b"".join(line + b"\n" for line in left))
            fresh.replace(path)


def drop(folder: Path, entries: Collection[Aside], reason: str, at: datetime) -> None:
    """Take lines out for good. That they were there, and why they were given up, stays; what they said does
    not. Raises `OSError`."""
    notes = [
        {
            "key": one.key,
            "at": at.isoformat(),
            "reason": reason,
            "put_aside_for": one.reason,
            "name": one.operation.name if one.operation else None,
            "call_id": one.operation.call_id if one.operation else None,
        }
        for one in entries
    ]
    with _locked(folder):
        _append(folder / DROPPED, b"".join(json.dumps(note).encode() + b"\n" for note in notes))
    remove(folder, [one.key for one in entries])


def _key(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()[:_KEY_LENGTH]


def _noted(line: bytes) -> str:
    try:
        return str(json.loads(line)["key"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _reasons(folder: Path) -> dict[str, tuple[str, datetime | None]]:
    found: dict[str, tuple[str, datetime | None]] = {}
    try:
        content = (folder / REASONS).read_bytes()
    except FileNotFoundError:
        return found
    for line in content.split(b"\n"):
        try:
            note = json.loads(line)
            found[str(note["key"])] = str(note["reason"]), datetime.fromisoformat(note["at"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
