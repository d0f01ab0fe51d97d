"""A folder beside the place where something is to be, in which it is made ready: nobody sees it half done.

Its maker holds a lock on it that ends with the process. One that a kill left behind is removed by the next
backup or restore at the same place.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = ".helpline-unfinished-"


@contextlib.contextmanager
def workroom(beside: Path) -> Iterator[Path]:
    """An empty folder in ``beside``, its owner's alone; gone at the end with all that is still in it.

    Raises `OSError`.
    """
    clear(beside)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=beside))
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def clear(beside: Path) -> int:
    """Remove what killed processes left; how many folders. Raises `OSError`."""
    removed = 0
    for left in beside.glob(f"{_PREFIX}*"):
        try:
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
            removed += 1
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
    return removed


def is_workroom(path: Path) -> bool:
    """Whether a folder is one of these."""
    return path.name.startswith(_PREFIX)


def settle(path: Path) -> None:
    """Have a file, or a folder's names, on the disk. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_tree(folder: Path) -> None:
    """Have everything below a folder on the disk. Raises `OSError`."""
    for path, _, files in os.walk(folder):
        for name in files:
            settle(Path(path, name))
        settle(Path(path))
