"""What of a centre goes into its archive besides the records, file by file."""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dialplan.check import CONF_DIR
from helpline.app import App
from helpline.backup.manifest import ERASURES, RECORDINGS, SECRETS, is_fit
from helpline.errors import HelplineError
from helpline.keeping import erasure_list
from records.copies.spooled import copy_spool

SETTLED_SECONDS = 600.0
"""A recording that nobody wrote to for so long is over: a younger one may be written while it is read."""
_EDITION = re.compile(r"edition-\d+\.sqlite")
_PASSWORD = re.compile(r"""(://[^:@/\s"']*:)[^@\s"']*@""")
_PROMPTS = Path(__file__).resolve().parents[2] / "ivr_prompts"


@dataclass
class Gathered:
    """Files by their names in the archive, in its order. ``waiting``: operations of the spool's copy.

    ``recordings`` and ``recording_bytes``: what the recordings folder holds. ``left_out``: names that an
    archive cannot have.
    """

    files: dict[str, Path] = field(default_factory=dict)
    waiting: int = 0
    recordings: int = 0
    recording_bytes: int = 0
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, file: Path) -> None:
        """Take a file; one whose name does not fit is told."""
        if is_fit(name):
            self.files[name] = file
        else:
            self.left_out.append(name)


def gather_spool(app: App, room: Path) -> Gathered:
    """The spool as it is now, copied into ``room``: to be done before the database. Blocks."""
    found = Gathered()
    for folder, name in ((app.spool, "spool"), (app.desk_spool, "spool/desk")):
        found.waiting += copy_spool(folder, room / name)
    for file in _files(room / "spool"):
        found.add(file.relative_to(room).as_posix(), file)
    return found


def gather(app: App, room: Path, found: Gathered, *, secrets: bool, recordings: bool) -> None:
    """All the rest. What may change while it is read is copied into ``room``. Blocks.

    Raises `OSError`.
    """
    if secrets and app.secrets_file.is_file():
        found.add(SECRETS, _kept(app.secrets_file, room / SECRETS))
    if erasure_list(app).is_file():
        found.add(ERASURES, _kept(erasure_list(app), room / ERASURES))
    _directory(app, room, found)
    _configuration(app, room, found, secrets=secrets)
    _recordings(app, room, found, included=recordings)


def _directory(app: App, room: Path, found: Gathered) -> None:
    """The list of editions before the editions: one published meanwhile is one too many, never missing."""
    for file in _files(app.directory):
        name, fixed = file.name, _EDITION.fullmatch(file.name) is not None
        hidden = name.startswith(".") or name.endswith((".mark", ".lock"))
        if file.parent == app.directory and not hidden and not fixed:
            found.add(f"directory/{name}", _kept(file, room / "directory" / name))
    for file in sorted(app.directory.glob("edition-*.sqlite")):
        if _EDITION.fullmatch(file.name) and file.is_file():
            found.add(f"directory/{file.name}", file)


def _configuration(app: App, room: Path, found: Gathered, *, secrets: bool) -> None:
    below = room / "configuration"
    if app.settings_file.is_file():
        kept = _kept(app.settings_file, below / "helpline.toml")
        if not secrets:
            kept.write_bytes(_PASSWORD.sub(r"\1PASSWORD@", kept.read_text("utf-8")).encode())
        found.add("configuration/helpline.toml", kept)
    hours = app.settings.asterisk.hours_file
    if hours != Path() and hours.is_file():
        found.add("configuration/hours.toml", _kept(hours, below / "hours.toml"))
    edited = [*CONF_DIR.glob("*.conf"), *_files(CONF_DIR / "extensions.d"), *_files(CONF_DIR / "data")]
    edited += [*_PROMPTS.glob("*.toml"), *_files(_PROMPTS / "recorded")]
    root = CONF_DIR.parent
    for file in sorted(edited):
        name = file.relative_to(root)
        found.add(f"configuration/{name.as_posix()}", _kept(file, below / name))


def _recordings(app: App, room: Path, found: Gathered, *, included: bool) -> None:
    folder, now = app.exchange.recordings_dir, time.time()
    with (room / RECORDINGS).open("w", encoding="utf-8") as listed:
        for file in _files(folder):
            try:
                stat = file.stat()
            except FileNotFoundError:
                continue
            name = file.relative_to(folder).as_posix()
            if not is_fit(f"recordings/{name}"):
                found.left_out.append(f"recordings/{name}")
                continue
            line = {"name": name, "size": stat.st_size, "changed": int(stat.st_mtime)}
            listed.write(json.dumps(line, ensure_ascii=False) + "\n")
            found.recordings += 1
            found.recording_bytes += stat.st_size
            if included:
                young = now - stat.st_mtime < SETTLED_SECONDS
                found.add(f"recordings/{name}", _kept(file, room / "recordings" / name) if young else file)
    found.add(RECORDINGS, room / RECORDINGS)


def _files(folder: Path) -> Iterator[Path]:
    """Plain files below a folder, in order; links are not followed."""
    for path, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            file = Path(path, name)
            if file.is_file() and not file.is_symlink():
                yield file


def _kept(file: Path, copy: Path) -> Path:
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copyfile(file, copy)
    except PermissionError as error:
        raise HelplineError(f"{file} cannot be read ({error.strerror}); let this user read it") from None
    return copy
