"""The draft that waits for publishing: made of the office's sheets, and what it says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from mapper.directory.edition_file import write_draft
from mapper.directory.manifest import unlisted
from mapper.directory.sealing import read_meta
from mapper.errors import DirectoryError
from mapper.sheets.importer import Sheets
from mapper.sheets.understood import Understood

DRAFT = "draft.sqlite"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `imported_at` is ISO 8601 in UTC; no two imports have the same `id`."""

    path: Path
    source: str
    imported_at: str
    understood: Understood
    id: str = ""


def make_draft(folder: Path, sheets: Sheets, source: Path, at: str) -> Draft:
    """Write the folder's draft, replacing an earlier one. Raises OSError. The caller holds the lock."""
    made = Draft(folder / DRAFT, str(source), at, sheets.understood, uuid4().hex)
    told = json.dumps(made.understood.as_dict(), ensure_ascii=False)
    meta = {"number": "0", "source": made.source, "imported_at": at, "understood": told, "draft": made.id}
    write_draft(sheets.tables, made.path, meta)
    return made


def read_draft(folder: Path) -> Draft | None:
    """The folder's draft, if there is one. Raises DirectoryError for a damaged one."""
    path = folder / DRAFT
    if not path.exists():
        return None
    meta = read_meta(path)
    known = Understood.of(json.loads(meta.get("understood", '{"sheets": [], "notes": []}')))
    return Draft(path, meta.get("source", ""), meta.get("imported_at", ""), known, meta.get("draft", ""))


def is_made_of(edition: Path, draft: Draft) -> bool:
    """Whether the edition in that file is the draft, published. A damaged edition speaks for no draft."""
    try:
        return draft.id != "" and read_meta(edition).get("draft") == draft.id
    except DirectoryError:
        return False


def lost_editions(folder: Path) -> list[str]:
    """Names of editions that were published and that no list names any more: the list is gone.

    A first publishing that was killed before it wrote the list has lost nothing: its draft is still there.
    """
    files = unlisted(folder)
    draft = read_draft(folder) if files else None
    lost = [path.name for path in files if draft is None or not is_made_of(path, draft)]
    # Looked at again: whoever publishes writes the list, and then takes the draft away.
    return lost if unlisted(folder) else []
