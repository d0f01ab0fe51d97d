"""Whether a disk that should be mounted is: an empty folder in its place looks like a new machine."""

import re
from pathlib import Path

FSTAB = Path("/etc/fstab")
MOUNTED = Path("/proc/self/mountinfo")

_POINT = 1
_MOUNTED_POINT = 4
_ESCAPED = re.compile(r"\\([0-7]{3})")


def unmounted(folder: Path, *, fstab: Path = FSTAB, mounted: Path = MOUNTED) -> Path | None:
    """The mount point at or above ``folder`` that /etc/fstab names and where nothing is mounted. Blocks."""
    named = _points(fstab, _POINT)
    there = _points(mounted, _MOUNTED_POINT)
    return next((point for point in (folder, *folder.parents) if point in named and point not in there), None)


def _points(file: Path, column: int) -> set[Path]:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    rows = [line.split() for line in lines if not line.lstrip().startswith("#")]
    points = (row[column] for row in rows if len(row) > column)
    return {Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), point)) for point in points}
