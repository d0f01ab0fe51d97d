"""The folder of editions: one draft at most, editions that never change, a manifest of their hashes.

draft.sqlite         what `import` made and `publish` takes
edition-1.sqlite     read-only, never written again
manifest.json        number, file, SHA-256, time, source and publisher of each; written by rename
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mapper.checks.check import check_edition
from mapper.days import indian_day
from mapper.decision.edition import Edition
from mapper.directory.drafts import Draft, is_made_of, lost_editions, make_draft, read_draft
from mapper.directory.loader import MANIFEST, load_edition
from mapper.directory.manifest import EditionEntry, OpenComplaints, read_manifest, write_manifest
from mapper.directory.sealing import fault_of, file_name, seal, settle
from mapper.errors import DirectoryError, Problem
from mapper.settings import SHIPPED, MapperSettings
from mapper.sheets.grid import Progress, no_progress
from mapper.sheets.importer import read_sheets

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def shipped_source() -> Path:
    """The sheets of Rajgarh that come with the product."""
    return SHIPPED


class DirectoryStore:
    """The directory's folder. Safe for several processes: writers take a lock, readers see whole files.

    Every method raises DirectoryError for what the administrator can mend, a folder that cannot be written
    included.
    """

    def __init__(
        self, folder: Path, *, clock: Clock = utc_now, settings: MapperSettings | None = None
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._settings = settings or MapperSettings()

    def import_sheets(self, source: Path, progress: Progress = no_progress) -> Draft:
        """Read the sheets of `source` (a folder of CSV files or of workbooks, or one workbook) into the
        draft, replacing an earlier one.

        With any problem in any sheet nothing is written and an earlier draft stays as it was.
        """
        sheets = read_sheets(source, self._settings, progress)
        progress("writing the draft", 0, 0)
        with self._locked():
            return make_draft(self.folder, sheets, source, self._now())

    def draft(self) -> Draft | None:
        """The draft that waits, if any.

        One that is in force already does not wait: its publishing was killed before it took the draft away.
        """
        draft, path = read_draft(self.folder), self.current()
        return None if draft is None or (path is not None and is_made_of(path, draft)) else draft

    def check(self, draft: Draft) -> list[Problem]:
        """What speaks against publishing; errors first, then what is to be confirmed."""
        found = check_edition(load_edition(draft.path), indian_day(self._clock()), self._settings)
        return [*found, *_claims(draft)]

    def publish(self, draft: Draft, *, by: str = "", open_complaints: OpenComplaints = "") -> int:
        """Make the draft the next edition and return its number. The draft is used up.

        Raises DirectoryError with the errors of `check` when there are any, and when it is not the draft that
        waits: somebody else published or replaced it.
        """
        with self._locked():
            self.need_settled()
            self._need_waiting(draft)
            return self._publish(draft, by, open_complaints)

    def return_to(self, number: int, *, by: str = "", open_complaints: OpenComplaints = "") -> int:
        """Put edition `number` in force again, as a new edition with the same content; the new number.

        Numbers only go up, so an assignment always names the edition that made it.
        """
        with self._locked():
            self.need_settled()
            entries = self.editions()
            entry = self.entry(number)
            kept, force = entry.returned_to or number, entries[-1]
            if kept == (force.returned_to or force.number):
                same = "" if force.number == number else f": edition {force.number} has the same content"
                what = f"edition {number} is in force already{same}"
                raise self._refused(what, "there is nothing to return to")
            load_edition(self.folder / entry.file)
            made = EditionEntry(
                0, "", "", "", entry.source, by, returned_to=kept, open_complaints=open_complaints
            )
            return self._add(self.folder / entry.file, made)

    def need_settled(self) -> None:
        """Raise DirectoryError while open complaints are still to be moved to the edition in force."""
        entries = self.editions()
        if entries and entries[-1].moving:
            what = f"open complaints are still being moved to edition {entries[-1].number}"
            raise self._refused(what, "run `helpline directory move-open` first")

    def need_list(self) -> None:
        """Raise DirectoryError when the list of editions is gone: their files are there without it."""
        if lost := lost_editions(self.folder):
            what = f"{MANIFEST}, the list of editions, is gone; {', '.join(lost)} is there without it"
            remedy = "put it back from a backup; if there is none, import and publish the sheets again"
            raise self._refused(what, remedy)

    def moved(self, number: int) -> None:
        """Note that the open complaints were all moved to edition `number`."""
        with self._locked():
            at = self._now()
            entries = [
                replace(entry, moved_at=at) if entry.number == number else entry for entry in self.editions()
            ]
            write_manifest(self.folder, entries)

    def editions(self) -> list[EditionEntry]:
        """All published editions, the oldest first."""
        return read_manifest(self.folder)

    def faults(self) -> dict[int, str]:
        """Editions whose file is "missing" or "changed", by number; every file is read whole."""
        found = {one.number: fault_of(self.folder / one.file, one.sha256) for one in self.editions()}
        return {number: fault for number, fault in found.items() if fault}

    def entry(self, number: int) -> EditionEntry:
        """The entry of an edition. Raises DirectoryError when there is none of that number."""
        for entry in self.editions():
            if entry.number == number:
                return entry
        raise self._refused(f"there is no edition {number}", _SEE_EDITIONS)

    def edition(self, number: int | None = None) -> Edition:
        """An edition in memory, by default the one in force."""
        if number is not None:
            return load_edition(self.folder / self.entry(number).file)
        path = self.current()
        if path is None:
            self.need_list()
            raise self._refused("no edition is published", _SEE_EDITIONS)
        return load_edition(path)

    def current(self) -> Path | None:
        """The file of the edition in force (the latest), if any. Loading checks it."""
        entries = self.editions()
        return self.folder / entries[-1].file if entries else None

    def ensure(self, source: Path | None = None) -> Path:
        """The edition in force; where none was ever published, one of `source` (the shipped sheets)."""
        path = self.current()
        if path is not None:
            return path
        sheets = read_sheets(source or shipped_source(), self._settings)
        with self._locked():
            path = self.current()  # another process may have been first
            if path is not None:
                return path
            self.need_list()
            draft = make_draft(self.folder, sheets, source or shipped_source(), self._now())
            number = self._publish(draft, "", "")
            return self.folder / file_name(number)

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def _need_waiting(self, draft: Draft) -> None:
        waiting = self.draft()
        if waiting is None:
            what, remedy = (
                "there is no draft any more",
                "see `helpline directory editions`: who published it?",
            )
            raise self._refused(what, remedy)
        if waiting.id != draft.id:
            what = f"the draft was replaced meanwhile, from {waiting.source}"
            raise self._refused(what, "see what it changes (`helpline directory diff`), then publish it")

    def _publish(self, draft: Draft, by: str, open_complaints: OpenComplaints) -> int:
        if errors := [problem for problem in self.check(draft) if problem.severity == "error"]:
            raise DirectoryError(errors)
        made = EditionEntry(0, "", "", "", draft.source, by, open_complaints=open_complaints)
        number = self._add(draft.path, made)
        draft.path.unlink(missing_ok=True)
        return number

    def _add(self, file: Path, made: EditionEntry) -> int:
        """Add a copy of `file` as the next edition. It is in force once the manifest names it."""
        entries = self.editions()
        taken = [entry.number for entry in entries]
        taken += [
            int(path.stem[8:]) for path in self.folder.glob("edition-*.sqlite") if path.stem[8:].isdecimal()
        ]
        number = max(taken, default=0) + 1
        making = self.folder / f".edition-{number}.making"
        making.unlink(missing_ok=True)
        at = self._now()
        try:
            shutil.copyfile(file, making)
            digest = seal(making, number, at)
            making.rename(self.folder / file_name(number))
            settle(self.folder)
        finally:
            making.unlink(missing_ok=True)
        entry = replace(made, number=number, file=file_name(number), sha256=digest, published_at=at)
        write_manifest(self.folder, [*entries, entry])
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
            raise self._refused(f"cannot be written ({error})", remedy) from error

    def _refused(self, what: str, remedy: str) -> DirectoryError:
        return DirectoryError(Problem(str(self.folder), 0, "", what, remedy))


_SEE_EDITIONS = "see `helpline directory editions`; `import` and `publish` make one"


def _claims(draft: Draft) -> Iterator[Problem]:
    for sheet in draft.understood.sheets:
        if claimed := sheet.did.get("claimed", 0):
            what = f"two units claim {claimed} places: one here, another in a column of places.csv"
            remedy = "the one here goes first; take the other out of places.csv"
            yield Problem("jurisdictions.csv", 0, "unit_id", what, remedy, "warning")
