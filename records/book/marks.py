"""Marks: small files that know that there was a book, which one it was, and how far its numbers went.

They lie beside the book and in other places that are not lost with it. A mark is a line of JSON, filled up
with blanks to a fixed length and written over in place, so that traces it costs no wait for the disk: with
every group of complaints its highest number is raised after the commit and before anybody is told a number.
A process that is killed loses nothing by that. A power cut may take what the disk had not written yet, so
who goes on from a mark alone leaves `MARGIN` numbers free.
"""

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

MARGIN = 100
"""Numbers left free above a mark's highest: more than a centre gives in the seconds a disk takes to write."""
ENDING = ".mark"

_FORMAT = "helpline book 1"
_ROOM = 512
_MOST_BYTES = 8192
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mark:
    """What is known of a book. ``highest``: the last running number given (`records.numbers`).

    ``book`` names the database as it may be printed, ``begun`` is the moment of its first start.
    """

    identity: str
    highest: int
    book: str
    begun: str


@dataclass(frozen=True)
class Found:
    """A mark and where it lies; ``mark`` is None when the file cannot be read as one."""

    file: Path
    mark: Mark | None


class Marks:
    """All marks of one book. ``places`` are written and read; ``elsewhere`` too, but no
    mark is made there.

    Blocks; safe from any thread and for several processes. A place that cannot be written is logged once and
    keeps nobody from his number.
    """

    def __init__(self, places: Sequence[Path], elsewhere: Sequence[Path] = ()) -> None:
        self.places = tuple(dict.fromkeys(places))
        self._elsewhere = tuple(file for file in elsewhere if file not in self.places)
        self._told: set[Path] = set()

    def found(self) -> list[Found]:
        """The marks that are there."""
        every = (*self.places, *self._elsewhere)
        return [Found(file, _read(file)) for file in every if os.path.lexists(file)]

    def write(self, mark: Mark) -> None:
        """Have this mark everywhere, on the disk. A higher number of the same book stays."""
        for file in (*self.places, *filter(os.path.lexists, self._elsewhere)):
            with self._telling(file):
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(file, mark)

    def raise_to(self, identity: str, highest: int) -> None:
        """Note that numbers up to ``highest`` were given, in those marks of the book that are there."""
        for file in (*self.places, *self._elsewhere):
            with self._telling(file):
                try:
                    handle = _open(file, os.O_RDWR)
                except FileNotFoundError:
                    continue
                with _held(handle):
                    known = _parsed(os.pread(handle, _MOST_BYTES, 0))
                    if known is not None and known.identity == identity and known.highest < highest:
                        _overwrite(handle, replace(known, highest=highest))

    @contextlib.contextmanager
    def _telling(self, file: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if file not in self._told:
                self._told.add(file)
                _LOG.warning("event=book-mark-not-written file=%s reason=%r", file, error.strerror)
        else:
            self._told.discard(file)


def _open(file: Path, flags: int) -> int:
    return os.open(file, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


@contextlib.contextmanager
def _held(handle: int) -> Iterator[None]:
    """With the file's lock, for others who raise the same mark; closes it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read(file: Path) -> Mark | None:
    try:
        handle = _open(file, os.O_RDONLY)
        with _held(handle):
            return _parsed(os.pread(handle, _MOST_BYTES, 0))
    except OSError:
        return None


def _parsed(content: bytes) -> Mark | None:
    try:
        told = json.loads(content)
        if told.pop("format") != _FORMAT:
            return None
        mark = Mark(**told)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    texts = (mark.identity, mark.book, mark.begun)
    if type(mark.highest) is not int or not all(isinstance(text, str) for text in texts):
        return None
    return mark


def _write(file: Path, mark: Mark) -> None:
    handle = _open(file, os.O_RDWR | os.O_CREAT)
    with _held(handle):
        known = _parsed(os.pread(handle, _MOST_BYTES, 0))
        if known is not None and known.identity == mark.identity and known.highest > mark.highest:
            mark = replace(mark, highest=known.highest)
        if known != mark:
            os.fchmod(handle, 0o600)
            _overwrite(handle, mark)
            os.fsync(handle)
            _settle(file.parent)


def _overwrite(handle: int, mark: Mark) -> None:
    line = json.dumps({"format": _FORMAT, **asdict(mark)}, ensure_ascii=False).encode()
    length = -(-(len(line) + 1) // _ROOM) * _ROOM
    os.pwrite(handle, line.ljust(length - 1) + b"\n", 0)
    if os.fstat(handle).st_size != length:
        os.ftruncate(handle, length)


def _settle(folder: Path) -> None:
    """Have a new file's name on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
