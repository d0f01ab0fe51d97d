"""Files that are removed: noted first, with the rule and the moment, then removed, then marked as gone.

Whoever is killed in between leaves notes of files that may still be there: the next one removes them.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from records import schema
from records.clock import Clock
from records.database.database import Database
from records.keeping.plan import File, pieces

_AT_ONCE = 200
"""Files removed between two notes: some milliseconds of disk."""

Locate = Callable[[str, str], Path | None]
"""Where the file of a kind and a name is; None: nowhere it may be removed from."""


@dataclass(frozen=True)
class Removal:
    """A file that was removed, or is about to be. ``rule``: "retention recordings_days=365", "erasure ID"."""

    kind: str
    name: str
    call_id: str | None
    rule: str
    by: str
    at: datetime

    @property
    def days(self) -> int | None:
        """After how many days retention removed it; None: it was an erasure."""
        number = self.rule.rpartition("=")[2]
        return int(number) if self.rule.startswith("retention ") and number.isdecimal() else None


def note(
    database: Database, connection: Connection, files: Iterable[File], *, rule: str, by: str, at: datetime
) -> int:
    """Note files that are to be removed; how many were not noted before."""
    rows = [
        {
            "kind": file.kind,
            "name": file.name,
            "made_at": datetime.fromisoformat(file.made_at),
            "call_id": file.call_id or None,
            "rule": rule,
            "by": by,
            "at": at,
        }
        for file in files
    ]
    noted = 0
    for row in rows:
        statement = database.insert_or_ignore(schema.removals).values(row)
        noted += connection.execute(statement).rowcount
    return noted


async def remove_noted(database: Database, locate: Locate, clock: Clock) -> int:
    """Remove all files that are noted and not gone; how many there were.

    One that cannot be removed is tried again by the next call. Raises `RecordsError`, and `OSError` for the
    first file that cannot be removed, when all others are.
    """
    r = schema.removals.c
    done, after, trouble = 0, 0, None
    while True:
        query = select(r.id, r.kind, r.name).where(r.gone_at.is_(None), r.id > after).order_by(r.id)
        async with database.read() as connection:
            rows = (await connection.execute(query.limit(_AT_ONCE))).all()
        if not rows:
            break
        after = rows[-1].id
        gone: list[int] = []
        for row in rows:
            try:
                await asyncio.to_thread(_unlink, locate(row.kind, row.name))
            except OSError as error:
                trouble = trouble or error
            else:
                gone.append(row.id)
        async with database.write() as connection:
            marked = update(schema.removals).where(r.id.in_(gone), r.gone_at.is_(None))
            await connection.execute(marked.values(gone_at=clock()))
        done += len(gone)
    if trouble is not None:
        raise trouble
    return done


async def removed(database: Database, names: Sequence[str]) -> Mapping[str, Removal]:
    """Those of the recordings and messages, by name, that were removed on purpose."""
    r = schema.removals.c
    found: dict[str, Removal] = {}
    for some in pieces(names):
        query = select(r.kind, r.name, r.call_id, r.rule, r.by, r.at).where(r.name.in_(some), r.kind != "log")
        async with database.read() as connection:
            found |= {row.name: Removal(*row) for row in await connection.execute(query)}
    return found


def in_folder(folder: Path, name: str) -> Path | None:
    """The file of a name in a folder; None for a name that leads elsewhere."""
    return folder / name if name and Path(name).name == name else None


def _unlink(path: Path | None) -> None:
    if path is not None:
        path.unlink(missing_ok=True)
