"""When the last backup was made, noted in the state directory for whoever watches."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from helpline.backup.workroom import settle

NOTE = "last-backup.json"
_MOST_BYTES = 65536


def note_backup(state: Path, file: Path, sha256: str, at: datetime) -> None:
    """Note a backup. Blocks. Raises `OSError`."""
    told = {"at": at.isoformat(timespec="seconds"), "file": str(file), "sha256": sha256}
    fresh = state / f".{NOTE}.{os.getpid()}"
    fresh.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    settle(fresh)
    fresh.replace(state / NOTE)


def last_backup(state: Path) -> datetime | None:
    """When the last one was made; None when none is known. Blocks."""
    try:
        with (state / NOTE).open("rb") as file:
            at = datetime.fromisoformat(json.loads(file.read(_MOST_BYTES))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return at if at.tzinfo else None


def overdue(state: Path, begun: datetime | None, days: float, now: datetime) -> timedelta | None:
    """How long ago the last backup was, or the book was begun without any, when that is more than ``days``.

    None: it is in time, nobody wants to know (``days`` 0), or there is no book.
    """
    since = last_backup(state) or begun
    if not days or since is None or now - since <= timedelta(days=days):
        return None
    return now - since
