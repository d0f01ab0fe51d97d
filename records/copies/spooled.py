"""Copying a spool: what happened in calls and is not in the database yet.

It is copied **before** the database. What stood in the spool then is in the copy of the spool, or was stored
before the database's snapshot, or both; what came later is in the copy only as far as the database had it. So
both together are what a power cut at that moment would have left: nothing that had happened is missing, and
doing again what was stored already changes nothing (`records.spool.operations`).
"""

from pathlib import Path

from records.spool.aside import ASIDE, DROPPED, REASONS
from records.spool.segments import lines, segments

_ASIDE = (ASIDE, REASONS, DROPPED)


def copy_spool(folder: Path, target: Path) -> int:
    """Copy what waits and what was put aside; how many operations wait. Blocks. Raises `OSError`.

    A segment that goes meanwhile is stored. What a crash cut off is left out: it was promised to nobody.
    """
    if not folder.is_dir():
        return 0
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = 0
    for segment in segments(folder):
        try:
            content = segment.read_bytes()
        except FileNotFoundError:
            continue
        # Blanks within: it was wiped while it was read, and all of it is stored.
        whole = [line for line in lines(content)[0] if b"\0" not in line]
        if whole:
            (target / segment.name).write_bytes(b"".join(line + b"\n" for line in whole))
            waiting += len(whole)
    for name in _ASIDE:
        if (folder / name).is_file():
            (target / name).write_bytes((folder / name).read_bytes())
    return waiting
