"""The state folder: its owner's alone, with everything in it, and never used by two services at a time.

What lies there is what citizens said, and passwords. The folder is closed to others at every start, also one
that an earlier version or a copy left open; files below it follow.
"""

import contextlib
import fcntl
import logging
import os
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from helpline.errors import HelplineError
from mapper.days import IST

OTHERS = 0o077
"""The bits of everybody but the owner; the umask of every command."""

log = logging.getLogger("helpline.state")


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """Have every file and folder made meanwhile, also by child processes, for its owner alone."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make(folder: Path) -> None:
    """Make the folder, or close one that others may look into. Blocks.

    Raises `HelplineError` when it cannot be written, or is everybody's, such as /tmp.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & stat.S_ISVTX:
            raise HelplineError(f"{folder} is everybody's; set [helpline] state_dir to a folder of its own")
        if mode & OTHERS:
            folder.chmod(mode & ~OTHERS)
            log.warning("event=state-folder-closed folder=%s mode=%o", folder, mode)
        probe = folder / ".writable"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise HelplineError(
            f"{folder} cannot be written ({error.strerror}); set [helpline] state_dir to one you may write"
        ) from None


def close_to_others(folder: Path) -> int:
    """Take away what others may do with the files below; how many could be. Blocks, long for many files.

    Links are not followed, and what belongs to somebody else is left alone.
    """
    closed = 0
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with contextlib.suppress(OSError):
                one = os.path.join(path, name)
                mode = os.lstat(one).st_mode
                if mode & OTHERS and not stat.S_ISLNK(mode):
                    os.chmod(one, stat.S_IMODE(mode) & ~OTHERS)
                    closed += 1
    if closed:
        log.warning("event=state-files-closed folder=%s files=%d", folder, closed)
    return closed


@contextlib.contextmanager
def locked(folder: Path, parts: Sequence[str]) -> Iterator[None]:
    """Hold the folder for these parts of the service as long as the context lasts. Blocks for a moment.

    The kernel lets go of it when the process ends, however it ends. Raises `HelplineError` that says which
    process has it and since when.
    """
    with contextlib.ExitStack() as stack:
        for part in parts:
            stack.enter_context(_held(folder, part))
        yield


@contextlib.contextmanager
def _held(folder: Path, part: str) -> Iterator[None]:
    file = folder / f".{part}.lock"
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise HelplineError(f"{file} cannot be written ({error.strerror}); let this user do it") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            by = os.pread(handle, 200, 0).decode(errors="replace").strip() or "another process"
            raise HelplineError(
                f"{folder} is in use: {part} runs already ({by}); stop that one first, or set another"
                " [helpline] state_dir"
            ) from None
        since = datetime.now(IST).isoformat(timespec="seconds")
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"pid {os.getpid()} since {since}\n".encode(), 0)
        yield
    finally:
        # The file stays: taking it away would let two processes hold two files of one name.
        os.close(handle)
