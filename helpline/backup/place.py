"""The empty place a centre is restored into: looked at before, and filled in one step."""

import os
import shutil
from pathlib import Path

from helpline.backup.manifest import DATABASE, ERASURES, FOLDERS, SECRETS
from helpline.backup.workroom import clear, is_workroom, settle
from helpline.errors import HelplineError
from records.database.urls import Address

RESTORED = "restored"
"""Below the state directory: what the archive says of itself, its list of recordings, its configuration."""
_OURS = frozenset({DATABASE, ERASURES, SECRETS, RESTORED, *FOLDERS})
_NOBODYS = frozenset({"lost+found"})
_SQLITE = ("", "-wal", "-shm", "-journal")


def need_empty_folder(state: Path) -> Path:
    """The folder in which the centre is to be built. Blocks. Raises `HelplineError` and `OSError`.

    What a restore that was killed had moved into a state directory that is a disk of its own, database last,
    is removed.
    """
    if not os.path.lexists(state):
        if not state.parent.is_dir():
            raise HelplineError(f"{state.parent} is not there; make it, or mount its disk")
        return state.parent
    if not state.is_dir() or state.is_symlink():
        raise HelplineError(f"{state} is no folder; name one that is empty or not there: --into")
    there = {path.name for path in state.iterdir()} - _NOBODYS
    unfinished = {name for name in there if is_workroom(Path(name))}
    left = there - unfinished
    if unfinished and left <= _OURS - {DATABASE}:
        if clear(state) < len(unfinished):
            raise HelplineError(f"another restore into {state} is going on; wait for it")
        for name in left:
            path = state / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        left = set()
    if left:
        some = ", ".join(sorted(left)[:3])
        raise HelplineError(
            f"{state} is not empty ({some}), and nothing is ever restored over a centre: stop the service,"
            " move it away and keep it, and name it with --old; or name another place with --into"
        )
    return state if os.path.ismount(state) or not os.access(state.parent, os.W_OK) else state.parent


def need_no_database(where: Address, state: Path) -> None:
    """Raise `HelplineError` when a file of a SQLite database, or what one left, is in its way. Blocks."""
    if (file := where.sqlite_file) is None or file.parent == state:
        return
    for ending in _SQLITE:
        if os.path.lexists(f"{file}{ending}"):
            raise HelplineError(
                f"{file}{ending} is there already; move it away and keep it, or set another records.url"
            )
    if not file.parent.is_dir():
        raise HelplineError(f"{file.parent} is not there; make it, or mount its disk")


def place_database(built: Path, where: Address, room: Path) -> None:
    """Put the database where the settings want it, when that is not in the state directory. Blocks."""
    if (file := where.sqlite_file) is None:
        return
    near = file.with_name(f".{file.name}.{room.name}")
    try:
        shutil.copyfile(built, near)
        near.chmod(0o600)
        settle(near)
        os.link(near, file)
        settle(file.parent)
    except FileExistsError:
        raise HelplineError(f"{file} was made by another program meanwhile; stop that one first") from None
    finally:
        near.unlink(missing_ok=True)
    built.unlink()


def place_folder(built: Path, state: Path) -> None:
    """Give a folder that is ready its name. Blocks.

    Into a disk of its own its parts are moved one by one, the database last: until it is there, no service
    takes the place for a centre.
    """
    if built.parent.parent != state:
        # Over an empty folder as well, in one step.
        built.rename(state)
        settle(state.parent)
        return
    for name in sorted((path.name for path in built.iterdir()), key=lambda name: name == DATABASE):
        (built / name).rename(state / name)
    settle(state)
