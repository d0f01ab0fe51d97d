"""Files in the recordings folder whose days are over, recordings and spoken messages: found and noted.

A recording or message is as old as its call. One that belongs to a complaint that is not closed stays, and so
does a message that nobody has dealt with. What lies in the recordings folder and is on no record is told and
left alone. `records.keeping.removing` removes what was noted.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, delete, select

from records import schema
from records.calls.recordings import RECORDING
from records.clock import indian_day, stamp
from records.database.database import Database
from records.keeping.plan import File, pieces
from records.keeping.removing import note
from records.keeping.settings import RetentionSettings
from records.life.states import CLOSED

SETTLED = timedelta(days=1)
"""Younger files are not called strays: their call may not be on record yet."""
BY = "retention"
MOST_STRAYS = 1000


@dataclass
class Due:
    """What is over at a moment. ``kept``: why files that are over stay, and how many; ``strays``: names in
    the recordings folder that are on no record. ``more``: one run does not take all that is over."""

    files: list[tuple[File, str]] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    strays: list[str] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class _OnRecord:
    kind: str
    call_id: str
    at: datetime
    held: str
    """Why it stays although its days are over; "" when nothing keeps it."""


async def due(database: Database, settings: RetentionSettings, recordings: Path, now: datetime) -> Due:
    """What is over. Reads the folders and asks for their files' calls, some hundred at a time.

    Raises `RecordsError`, and `OSError` when a folder that exists cannot be read.
    """
    found = Due()
    limits = {
        "recording": (settings.recordings_days, "recordings_days"),
        "message": (settings.messages_days, "messages_days"),
    }
    for names in pieces(await asyncio.to_thread(_names, recordings, now - SETTLED)):
        known = await database.run(partial(_on_record, names=names), writing=False)
        for name in names:
            told = known.get(name)
            if told is None:
                if len(found.strays) < MOST_STRAYS:
                    found.strays.append(name)
                continue
            days, setting = limits[told.kind]
            if not days or told.at >= now - timedelta(days=days):
                continue
            if told.held:
                found.kept[told.held] += 1
            else:
                file = File(told.kind, name, told.call_id, stamp(told.at))
                found.files.append((file, f"{setting}={days}"))
    return found


def bound(found: Due, most: int) -> Due:
    """The oldest of what is over, as many as one run takes."""
    found.files.sort(key=lambda one: one[0].made_at)
    found.more = len(found.files) > most
    del found.files[most:]
    return found


async def note_due(database: Database, found: Due, at: datetime) -> None:
    """Note all that is over; nothing is removed yet. Raises `RecordsError`."""
    for some in pieces(found.files):

        def work(connection: Connection, some: Sequence[tuple[File, str]] = some) -> None:
            for file, rule in some:
                note(database, connection, [file], rule=f"retention {rule}", by=BY, at=at)

        await database.run(work, writing=True)


async def take_the_day(database: Database, at: datetime) -> bool:
    """Whether the day's retention is the caller's to do: once a day in India, however many clocks run."""
    row = database.insert_or_ignore(schema.daily_work)
    values = {"name": BY, "day": indian_day(at), "at": at}
    return await database.run(lambda one: one.execute(row.values(values)).rowcount == 1, writing=True)


async def give_the_day_back(database: Database, at: datetime) -> None:
    """The day's work failed: whoever looks next does it."""
    c = schema.daily_work.c
    mine = delete(schema.daily_work).where(c.name == BY, c.day == indian_day(at))
    await database.run(lambda one: one.execute(mine), writing=True)


def _names(folder: Path, before: datetime) -> list[str]:
    """The files of a folder that were last written before a moment, in order."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.is_file(follow_symlinks=False) and _written(entry) < before
        )


def _written(entry: "os.DirEntry[str]") -> datetime:
    return datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)


def _on_record(connection: Connection, names: Sequence[str]) -> Mapping[str, _OnRecord]:
    """By name, what is known of files in the recordings folder."""
    found = {told[0]: told for told in _of_calls(connection, names)}
    open_calls = _open(connection, sorted({call_id for _, _, call_id, *_ in found.values()}))
    result: dict[str, _OnRecord] = {}
    for name, kind, call_id, at, waits, number in found.values():
        held = "belongs to a complaint that is not closed" if call_id in open_calls or number else ""
        result[name] = _OnRecord(kind, call_id, at, "waits for somebody to hear it" if waits else held)
    return result


def _of_calls(
    connection: Connection, names: Sequence[str]
) -> Iterator[tuple[str, str, str, datetime, bool, bool]]:
    c, s, d, m = schema.calls.c, schema.call_steps.c, schema.drafts.c, schema.complaints.c
    first = select(c.recording, c.call_id, c.started_at).where(c.recording.in_(names))
    for name, call_id, at in connection.execute(first):
        yield name, "recording", call_id, at, False, False
    others = select(s.once, s.call_id, s.at).where(s.kind == RECORDING, s.once.in_(names))
    for name, call_id, at in connection.execute(others):
        yield name, "recording", call_id, at, False, False
    unclosed = select(m.number).where(m.number == d.number, m.status != CLOSED).exists()
    spoken = select(d.recording, d.call_id, d.at, d.closed_at.is_(None), unclosed)
    for name, call_id, at, waits, number in connection.execute(spoken.where(d.recording.in_(names))):
        yield name, "message", call_id, at, bool(waits), bool(number)


def _open(connection: Connection, calls: Sequence[str]) -> set[str]:
    """Those of the calls in which a complaint was registered that is not closed."""
    m = schema.complaints.c
    found: set[str] = set()
    for some in pieces(calls):
        query = select(m.call_id).where(m.call_id.in_(some), m.status != CLOSED)
        found |= {call_id for call_id in connection.scalars(query) if call_id is not None}
    return found
