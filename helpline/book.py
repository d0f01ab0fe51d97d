"""Where this centre knows that it has a book of complaints: marks in several places, traces of service."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from helpline.app import App
from helpline.catchup import EVENTS_FILE
from helpline.mounts import unmounted
from records.book.marks import ENDING, Marks
from records.book.traces import Traces, beside, leftovers
from records.database.urls import address

NAME = f"records{ENDING}"
TRIAL_SECONDS = 86_400.0
"""Calls and recordings of the last day may come from trying an Asterisk before the service's first start."""

_TIME = re.compile(rb'"?(\d{9,11})\b')
_MOST_FILES = 10_000
"""Recordings looked at: a first start has none, and whoever has so many has old ones among them."""


def traces(app: App) -> Traces:
    """The marks and traces of a centre. Reads settings only; asking it reads files."""
    where = address(app.records_url)
    places = [
        beside(where) or app.state_dir / NAME,
        app.asterisk_runtime / NAME,
        app.directory / NAME,
    ]
    far = _far(app)
    # Written only where it outlives the rest: on the same disk it would say nothing more.
    written = app.settings.helpline.marks_dir != Path() or _other_disk(app.state_dir, far)
    marks = Marks([*places, far], []) if written else Marks(places, [far])
    return Traces(marks, lambda: [*leftovers(where), *_other_traces(app)])


def _far(app: App) -> Path:
    """Outside the state folder, by its path: another centre of this user has another mark."""
    folder = app.settings.helpline.marks_dir
    if folder == Path():
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        folder = Path(home) / "helpline181"
    known_by = hashlib.sha256(str(app.state_dir).encode()).hexdigest()[:16]
    return folder.absolute() / f"{known_by}{ENDING}"


def _other_disk(state: Path, far: Path) -> bool:
    return _device(state) != _device(far)


def _device(path: Path) -> int:
    for nearest in (path, *path.parents):
        try:
            return nearest.stat().st_dev
        except OSError:
            continue
    return 0


def _other_traces(app: App) -> Iterator[str]:
    """What only a service with a book leaves, or an Asterisk that has worked for more than a day."""
    if disk := unmounted(app.state_dir):
        yield f"{disk} is a disk in /etc/fstab and is not mounted"
    if any(app.spool.glob("*")):
        yield f"{app.spool} is the spool of an earlier service"
    before = time.time() - TRIAL_SECONDS
    events = app.asterisk_runtime / EVENTS_FILE
    if any(_first_time(file) < before for file in sorted(events.parent.glob(f"{events.name}*"))):
        yield f"{events} knows calls of more than a day ago"
    if _old_file(app.exchange.recordings_dir, before):
        yield f"{app.exchange.recordings_dir} has recordings of more than a day ago"


def _first_time(file: Path) -> float:
    """The time of the first event in a file of Asterisk; now when it has none."""
    try:
        with file.open("rb") as stream:
            found = _TIME.match(stream.readline(4096))
    except OSError:
        found = None
    return float(found[1]) if found else time.time()


def _old_file(folder: Path, before: float) -> bool:
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_MOST_FILES), entries, strict=False):
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before:
                    return True
    except OSError:
        pass
    return False
