"""Traces of a person's number in files that the records do not hold: Asterisk's logs, and what was put aside.

Digits are overwritten where they stand, by as many X, so that whoever writes to the file or reads on in it
from where he was (`records.missed_calls.catchup`) is not disturbed. Compressed logs are left to retention,
and told.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_WINDOW = 1 << 20
_LONGEST_FORM = 20
_INDIA = "+91"


@dataclass(frozen=True)
class Trace:
    """A file that names the number so many times. ``identity``: SHA-256 of its first line before and after,
    when that line is changed (by it `records.missed_calls.catchup` knows a file)."""

    file: Path
    times: int
    identity: tuple[str, str] | None = None


def forms(e164: str) -> "re.Pattern[bytes]":
    """The number as trunks, people and Asterisk write it: with or without country code, as digits alone."""
    digits = e164.removeprefix(_INDIA) if e164.startswith(_INDIA) else e164.removeprefix("+")
    before = rb"(?<!\d)(?:\+|00|0)?(?:91|0)?" if e164.startswith(_INDIA) else rb"(?<!\d)(?:\+|00)?"
    return re.compile(before + b"(" + digits.encode() + rb")(?!\d)")


def files(folders: Iterable[Path]) -> Iterator[Path]:
    """The regular files below folders that are not compressed, in order."""
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file() and not path.is_symlink() and path.suffix != ".gz":
                yield path


def compressed(folders: Iterable[Path]) -> int:
    """How many compressed files lie below folders."""
    return sum(1 for folder in folders if folder.is_dir() for _ in folder.rglob("*.gz"))


def find(e164: str, paths: Iterable[Path]) -> list[Trace]:
    """The files that name a number. Blocking. Raises `OSError`."""
    return [found for path in paths if (found := _search(path, forms(e164), change=False))]


def overwrite(e164: str, paths: Iterable[Path]) -> list[Trace]:
    """Overwrite the number in all files; those that named it. Doing it again changes nothing. Blocking.

    Raises `OSError` for a file that cannot be written.
    """
    return [found for path in paths if (found := _search(path, forms(e164), change=True))]


def _search(path: Path, pattern: "re.Pattern[bytes]", *, change: bool) -> Trace | None:
    handle = os.open(path, (os.O_RDWR if change else os.O_RDONLY) | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        size = os.fstat(handle).st_size
        first = _first_line(handle)
        times, at = 0, 0
        while at < size:
            # What may go on beyond the window is looked at with the next one.
            window = os.pread(handle, _WINDOW + 2 * _LONGEST_FORM, max(0, at - _LONGEST_FORM))
            begin = max(0, at - _LONGEST_FORM)
            for found in pattern.finditer(window):
                place = begin + found.start(1)
                if at <= place < at + _WINDOW:
                    times += 1
                    if change:
                        os.pwrite(handle, b"X" * len(found[1]), place)
            at += _WINDOW
        if change and times:
            os.fsync(handle)
        now = _first_line(handle)
    finally:
        os.close(handle)
    if not times:
        return None
    return Trace(path, times, (_hash(first), _hash(now)) if first != now else None)


def _first_line(handle: int) -> bytes:
    start = os.pread(handle, 1 << 16, 0)
    return start[: start.find(b"\n") + 1]


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
