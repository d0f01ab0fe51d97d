"""The folder of editions: one draft at most, editions that never change, a manifest of their hashes.

draft.sqlite         what `import` made and `publish` takes
edition-1.sqlite     read-only, never written again
manifest.json        number, file, SHA-256, time and source of each; written by rename
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from mapper.check import check_edition
from mapper.cross_check import Tables
from mapper.days import indian_day
from mapper.errors import DirectoryError, Problem
from mapper.importer import read_folder, write_draft
from mapper.loader import MANIFEST, load_edition

Clock = Callable[[], datetime]

DRAFT = "draft.sqlite"


def utc_now() -> datetime:
    return datetime.now(UTC)


def shipped_source() -> Path:
    """The sheets of Rajgarh that come with the product."""
    return Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that waits for publishing. `imported_at` is ISO 8601 in UTC."""

    path: Path
    source: str
    imported_at: str


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """A published edition as the manifest tells it."""

    number: int
    file: str
    sha256: str
    published_at: str
    source: str


class DirectoryStore:
    """The directory's folder. Safe for several processes: writers take a lock, readers see whole files.

    Every method raises DirectoryError for what the administrator can mend, a folder that cannot be written
    included.
    """

    def __init__(self, folder: Path, *, clock: Clock = utc_now) -> None:
        self.folder = folder
        self._clock = clock

    def import_csv(self, source: Path) -> Draft:
        """Read the sheets of `source` into the draft, replacing an earlier one.

        With any problem in any sheet nothing is written and an earlier draft stays as it was.
        """
        tables = read_folder(source)
        with self._locked():
            return self._write_draft(tables, source)

    def draft(self) -> Draft | None:
        """The draft that waits, if any."""
        path = self.folder / DRAFT
        if not path.exists():
            return None
        meta = _meta(path)
        return Draft(path, meta.get("source", ""), meta.get("imported_at", ""))

    def check(self, draft: Draft) -> list[Problem]:
        """What speaks against publishing; errors first, then what is to be confirmed."""
        return check_edition(load_edition(draft.path), indian_day(self._clock()))

    def publish(self, draft: Draft) -> int:
        """Make the draft the next edition and return its number. The draft is used up.

        Raises DirectoryError with the errors of `check` when there are any.
        """
        with self._locked():
            return self._publish(draft)

    def editions(self) -> list[EditionEntry]:
        """All published editions, the oldest first."""
        path = self.folder / MANIFEST
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return [EditionEntry(**entry) for entry in content["editions"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            remedy = "put it back from a backup, or move it away and publish again"
            raise DirectoryError(Problem(str(path), 0, "", f"cannot be used ({error})", remedy)) from error

    def current(self) -> Path | None:
        """The file of the edition in force (the latest), if any. Loading checks it."""
        entries = self.editions()
        return self.folder / entries[-1].file if entries else None

    def ensure(self, source: Path | None = None) -> Path:
        """The edition in force; without any, the first is made from `source` (the shipped sheets)."""
        path = self.current()
        if path is not None:
            return path
        tables = read_folder(source or shipped_source())
        with self._locked():
            path = self.current()  # another process may have been first
            if path is not None:
                return path
            number = self._publish(self._write_draft(tables, source or shipped_source()))
            return self.folder / _file(number)

    def _write_draft(self, tables: Tables, source: Path) -> Draft:
        at = self._clock().isoformat(timespec="seconds")
        write_draft(tables, self.folder / DRAFT, {"number": "0", "source": str(source), "imported_at": at})
        return Draft(self.folder / DRAFT, str(source), at)

    def _publish(self, draft: Draft) -> int:
        if errors := [problem for problem in self.check(draft) if problem.severity == "error"]:
            raise DirectoryError(errors)
        entries = self.editions()
        taken = [entry.number for entry in entries]
        taken += [
            int(path.stem[8:]) for path in self.folder.glob("edition-*.sqlite") if path.stem[8:].isdecimal()
        ]
        number = max(taken, default=0) + 1
        making = self.folder / f".edition-{number}.making"
        try:
            shutil.copyfile(draft.path, making)
            at = self._clock().isoformat(timespec="seconds")
            _stamp(making, number, at)
            digest = _settle(making)
            making.rename(self.folder / _file(number))
        finally:
            making.unlink(missing_ok=True)
        self._write_manifest([*entries, EditionEntry(number, _file(number), digest, at, draft.source)])
        draft.path.unlink(missing_ok=True)
        return number

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder for writing; a system's refusal becomes a DirectoryError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except (OSError, sqlite3.OperationalError) as error:
            remedy = "check the folder's permissions and the free space"
            raise DirectoryError(
                Problem(str(self.folder), 0, "", f"cannot be written ({error})", remedy)
            ) from error

    def _write_manifest(self, entries: list[EditionEntry]) -> None:
        content = {"editions": [asdict(entry) for entry in entries]}
        making = self.folder / f".{MANIFEST}.making"
        try:
            with making.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            making.rename(self.folder / MANIFEST)
        finally:
            making.unlink(missing_ok=True)


def _file(number: int) -> str:
    return f"edition-{number}.sqlite"


def _meta(path: Path) -> dict[str, str]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return dict(connection.execute("select key, value from meta"))
    except sqlite3.Error as error:
        problem = Problem(str(path), 0, "", f"the draft is damaged ({error})", "import the sheets again")
        raise DirectoryError(problem) from error


def _stamp(path: Path, number: int, at: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [("number", str(number)), ("published_at", at)]
        connection.executemany("insert or replace into meta (key, value) values (?, ?)", rows)


def _settle(path: Path) -> str:
    """Make the file read-only and durable; its SHA-256."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.chmod(0o444)
    return digest
