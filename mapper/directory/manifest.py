"""The list of published editions, beside their files: read whole, written by rename."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from mapper.directory.loader import MANIFEST
from mapper.directory.sealing import settle
from mapper.errors import DirectoryError, Problem

OpenComplaints = Literal["", "move", "leave"]
"""What shall become of complaints that were open when an edition came into force; empty: nobody was asked."""


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """A published edition as the manifest tells it. Times are ISO 8601 in UTC.

    `by` is who published it; `returned_to` the earlier edition whose content it has again (0: its own);
    `moved_at` when the last open complaint was moved (empty: not all yet, or none shall be).
    """

    number: int
    file: str
    sha256: str
    published_at: str
    source: str
    by: str = ""
    returned_to: int = 0
    open_complaints: OpenComplaints = ""
    moved_at: str = ""

    @property
    def moving(self) -> bool:
        """Whether open complaints are still to be moved to this edition."""
        return self.open_complaints == "move" and not self.moved_at


def read_manifest(folder: Path) -> list[EditionEntry]:
    """All published editions, the oldest first. Raises DirectoryError for a manifest that cannot be used."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [EditionEntry(**entry) for entry in content["editions"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "put it back from a backup, or move it away and publish again"
        raise DirectoryError(Problem(str(path), 0, "", f"cannot be used ({error})", remedy)) from error


def unlisted(folder: Path) -> list[Path]:
    """Files of editions where there is no list of them at all, in the order of their names."""
    return [] if (folder / MANIFEST).exists() else sorted(folder.glob("edition-*.sqlite"))


def write_manifest(folder: Path, entries: Sequence[EditionEntry]) -> None:
    """Write the list, durably. Raises OSError. The caller holds the folder's lock."""
    content = {"editions": [asdict(entry) for entry in entries]}
    making = folder / f".{MANIFEST}.making"
    try:
        with making.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        making.rename(folder / MANIFEST)
        settle(folder)
    finally:
        making.unlink(missing_ok=True)
