"""Calls that the service missed, wholly or in part, merged into the records from Asterisk's own event file.

How far a file was read is stored in the transaction that stores the last of what was read. A file is known by
its first line: renamed or copied it is the same, truncated and begun again it is another. A call is merged
when Asterisk has let go of it; until then reading begins again at its first event, and merging what is merged
already changes nothing. A half-written last line waits for the next time.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.alarms.alarm_rows import alarmed
from records.calls.call_rows import call_of, store
from records.calls.call_state import (
    Call,
    CallStart,
    guessed_end,
    with_cut_end,
    with_moment,
    with_proven_end,
    with_start,
)
from records.calls.crowd import read_capped
from records.calls.facts import (
    Fact,
    Report,
    answered,
    capped,
    drafted,
    emergency_failed,
    ended,
    queued,
    recorded,
    stepped,
    was_cut,
    way_tried,
    wished,
)
from records.calls.message_file import is_recorded, is_silent, message_seconds
from records.calls.recordings import MISSING, Begun
from records.calls.ways import read_try
from records.clock import as_utc, stamp
from records.missed_calls.cel import AHEAD, CelGroup, CelRead, OddLine, groups, read_cel
from records.missed_calls.cel_facts import CallFacts, facts
from records.missed_calls.cut_short import last_sign, last_sound
from records.opening import Records
from records.phone import parse
from records.spool import aside as shelf
from records.spool.aside import LINES_LIMIT_BYTES
from records.text import clean

WINDOW_BYTES = 16 << 20
"""Read at a time: the events of some thousand calls."""
STALE = timedelta(hours=6)
"""A call without any event for so long is not waited for: no conversation lasts that long in silence."""

SETTLING = timedelta(seconds=3)
"""A call that ended less than this ago may still be on its way from the service, which knows more of it."""

_LOG = logging.getLogger(__name__)
_LONGEST_LINE = 64 << 10
# Asterisk writes to a file that was renamed until it is told to open a new one.
_ROTATING = timedelta(seconds=60)
# The dialplan's own limit (extensions.d/fallback.conf): less is a cough, or a handset put down.
_SHORTEST_MESSAGE = 1.0
# A talk of less may have no sound yet.
_SHORTEST_TALK = timedelta(seconds=2)
# Recordings are kept for longer: of an older call a missing file is no news, and may be meant so.
_RECENT = timedelta(days=2)
# More would keep other writers waiting.
_AT_ONCE = 10
_ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class CaughtUp:
    """``calls``: merged, not known in full before. ``unreadable``: lines that are no events.

    ``settling``: calls that ended a moment ago, left for the next time.
    """

    calls: int = 0
    unreadable: int = 0
    settling: int = 0


async def catch_up(
    records: Records,
    path: Path,
    *,
    merged: set[str] | None = None,
    recordings: Path | None = None,
    aside: Path | None = None,
) -> CaughtUp:
    """Merge what the event file at ``path``, and older ones beside it (``path`` with anything after), tell.

    ``recordings`` is the folder in which spoken messages lie, None when they are elsewhere: how long one
    is, and whether there is a voice in it at all, its file tells best. ``aside`` is the folder in which
    lines that are no events are kept (`records.spool.aside`), None to only count them. ``merged`` remembers,
    for as long as the caller keeps it, calls that are not worth merging again. Files that are missing are no
    events. Raises `RecordsError` when the database fails, `OSError` when a file cannot be read; what was
    merged before stays merged.
    """
    merged = set() if merged is None else merged
    calls = unreadable = settling = 0
    for file, modified in await asyncio.to_thread(_files, path):
        window = WINDOW_BYTES
        growing = file == path or records.clock() - modified < _ROTATING
        while True:
            done = await _merge_window(records, file, window, merged, recordings, aside, growing=growing)
            calls += done.calls
            unreadable += done.unreadable
            settling += done.settling
            if not done.full:
                break
            if not done.moved:
                window *= 2
    if unreadable:
        _LOG.warning("event=events-unreadable file=%s lines=%d", path, unreadable)
    return CaughtUp(calls, unreadable, settling)


async def is_read(records: Records, file: Path) -> bool:
    """Whether all that an event file holds is in the records, so that it may be removed.

    Raises `RecordsError`, and `OSError` when it cannot be read.
    """
    identity = await asyncio.to_thread(_identity, file)
    size = await asyncio.to_thread(lambda: file.stat().st_size)
    if identity is None:
        return size == 0
    query = select(schema.event_files.c.offset).where(schema.event_files.c.identity == identity)
    async with records.database.read() as connection:
        offset = (await connection.execute(query)).scalar_one_or_none() or 0
    return offset >= size


@dataclass(frozen=True)
class _Window:
    calls: int = 0
    unreadable: int = 0
    moved: bool = False
    full: bool = False
    settling: int = 0


async def _merge_window(
    records: Records,
    file: Path,
    window: int,
    merged: set[str],
    recordings: Path | None,
    aside: Path | None,
    *,
    growing: bool,
) -> _Window:
    identity = await asyncio.to_thread(_identity, file)
    if identity is None:
        return _Window()
    query = select(schema.event_files.c.offset).where(schema.event_files.c.identity == identity)
    async with records.database.read() as connection:
        offset = (await connection.execute(query)).scalar_one_or_none() or 0
    now = records.clock()
    read, found = await asyncio.to_thread(_read, file, offset, window, now)
    full = read.end - offset > window - _LONGEST_LINE
    ready, onward, settling = [], read.end, 0
    for group in found:
        age = now - group.events[-1].at
        fresh = group.over and timedelta(0) <= age < SETTLING
        settling += fresh
        waits = fresh or (not group.over and age < STALE)
        if waits and (growing or full):
            onward = min(onward, group.events[0].start)
        elif group.linked_id not in merged:
            ready.append(group)
    said = [fact for group in ready for fact in facts(group)]
    told = await _news(records, await asyncio.to_thread(_on_disk, said, recordings, now))
    moved = onward != offset
    # Those behind are read again with the calls between which they stand.
    odd = [one for one in read.odd if one.start < onward]
    if odd and aside is not None:
        await asyncio.to_thread(_put_aside, aside, file, odd, now)
    for first in range(0, len(told), _AT_ONCE):
        async with records.database.write() as connection:
            for fact in told[first : first + _AT_ONCE]:
                await _merge(records, connection, fact)
            if first + _AT_ONCE >= len(told):
                await _remember(records, connection, identity, onward)
    if moved and not told:
        async with records.database.write() as connection:
            await _remember(records, connection, identity, onward)
    # Whoever lies before the offset is not read again.
    merged.difference_update([group.linked_id for group in found if group.events[-1].start < onward])
    done = merged | {group.linked_id for group in ready}
    again = [group for group in found if group.over and group.events[-1].start >= onward]
    merged.update(group.linked_id for group in again if group.linked_id in done)
    return _Window(len(told), len(odd), moved, full, settling)


def _on_disk(told: list[CallFacts], folder: Path | None, now: datetime) -> list[CallFacts]:
    """With the recordings that are there, and messages by the length of their files.

    Messages in which there is no word are left out. Where there is no folder to look into, all is believed.
    """
    if folder is None or not folder.is_dir():
        return told
    looked = [_with_talks(_with_messages(fact, folder), folder, now) for fact in told]
    return [last_sign(fact, last_sound(folder, _sounds(fact))) if fact.cut else fact for fact in looked]


def _sounds(fact: CallFacts) -> list[str]:
    files = [fact.recording, *(one.file for one in fact.recordings), *(one.said for one in fact.messages)]
    return [file for file in files if file is not None]


def _with_messages(fact: CallFacts, folder: Path) -> CallFacts:
    found, missing = [], []
    for message in fact.messages:
        length = message_seconds(folder, message.said) if is_recorded(folder, message.said) else None
        if length is None:
            missing.append(message.said)
        elif length >= _SHORTEST_MESSAGE and not is_silent(folder / message.said):
            found.append(replace(message, seconds=round(length, 1)))
    return replace(fact, messages=tuple(found), missing=(*fact.missing, *missing))


def _with_talks(fact: CallFacts, folder: Path, now: datetime) -> CallFacts:
    """The first file that is there is the call's recording. Asterisk writes it until the call is over."""
    if fact.recording is None or fact.end is None:
        return fact
    first = Begun(fact.answers[0].said, fact.answers[0].at, fact.recording)
    there: list[Begun] = []
    missing: list[Begun] = []
    for one in (first, *fact.recordings):
        (there if is_recorded(folder, one.file) else missing).append(one)
    # Of a moment's talk there may be nothing, and of an old one the file may have been removed by its age.
    untold = now - fact.end.at > _RECENT
    lost = [one.file for one in missing if not untold and fact.end.at - one.at >= _SHORTEST_TALK]
    return replace(
        fact,
        recording=there[0].file if there else None,
        recordings=tuple(there[1:]),
        missing=(*fact.missing, *lost),
    )


async def _news(records: Records, told: list[CallFacts]) -> list[CallFacts]:
    """Without the calls that the records know in full: nearly all, while the service runs."""
    news = []
    for first in range(0, len(told), _ASKED_AT_ONCE):
        some = told[first : first + _ASKED_AT_ONCE]
        ids = [clean(fact.call_id) for fact in some]
        async with records.database.read() as connection:
            rows = await connection.execute(select(schema.calls).where(schema.calls.c.call_id.in_(ids)))
            known = {call.call_id: call for call in map(call_of, rows.mappings())}
        news += [fact for fact in some if not _known(known.get(clean(fact.call_id)), fact)]
    return news


def _known(call: Call | None, fact: CallFacts) -> bool:
    if call is None or fact.end is None or fact.messages or fact.callbacks or fact.steps:
        return False
    if fact.recordings or fact.missing:
        return False
    if fact.tries or fact.unreached or fact.cut or fact.capped:
        return False
    # That a complaint's status was told, only the service knows.
    told = call.outcome in {fact.end.outcome, "served"}
    ended = told and (call.cause is not None or fact.end.cause is None)
    queued = not fact.queues or call.queue == fact.queues[-1].said
    answered = not fact.answers or call.extension is not None
    placed = fact.district is None or call.district_code is not None
    recorded = fact.recording is None or call.recording is not None
    return call.announced and ended and queued and answered and placed and recorded


async def _remember(records: Records, connection: AsyncConnection, identity: str, offset: int) -> None:
    """Two services that read one file never set each other back."""
    c, now = schema.event_files.c, records.clock()
    row = records.database.insert_or_ignore(schema.event_files)
    await connection.execute(row.values(identity=identity, offset=offset, at=now))
    forward = update(schema.event_files).where(c.identity == identity, c.offset < offset)
    await connection.execute(forward.values(offset=offset, at=now))


async def _merge(records: Records, connection: AsyncConnection, fact: CallFacts) -> None:
    call_id = clean(fact.call_id)
    e164 = parse(fact.caller).e164 if fact.usable else None
    begun = Report(call_id, as_utc(fact.first), lambda call: _begun(call, fact, e164))
    known = (await connection.run_sync(lambda one: store(records.database, one, [begun])))[call_id]
    fact = last_sign(fact, [known.ended_at])
    told: list[Fact] = [queued(call_id, queue.said, queue.at) for queue in fact.queues]
    told += [answered(call_id, answer.said, answer.at) for answer in fact.answers]
    told += [recorded(call_id, one.extension, one.file, one.at) for one in fact.recordings]
    for kind, moment in fact.steps:
        told.append(stepped(call_id, moment.at, kind, {"said": moment.said}, once=stamp(moment.at)))
    for file in fact.missing:
        at = fact.end.at if fact.end is not None else fact.first
        told.append(stepped(call_id, at, MISSING, {"file": file}, once=file))
        told.append(alarmed("recording_missing", call_id, at, {"file": file}, once=file))
        _LOG.error("event=recording-missing call=%s file=%r", call_id, file)
    told += [way_tried(call_id, one.said, one.at) for one in fact.tries if read_try(one.said)]
    told += [emergency_failed(call_id, one.said, one.at) for one in fact.unreached]
    told += [capped(call_id, one.said, one.at) for one in fact.capped if read_capped(one.said)]
    if fact.cut is not None:
        told.append(was_cut(call_id, fact.cut.said, fact.cut.at))
    for message in fact.messages:
        seconds = round(message.seconds, 1)
        told.append(drafted(call_id, e164, fact.district, message.said, seconds, message.at))
    for wish in fact.callbacks if e164 else ():
        told.append(wished(call_id, e164 or "", wish.said or fact.district, wish.at))
    if fact.end is not None:
        end = fact.end
        merge = with_cut_end if end.cause is None else with_proven_end
        moved = end.latest is not None and known.ended_at != end.at
        if guessed_end(known) and (moved or known.outcome != end.outcome):
            steps = schema.call_steps.c
            guess = delete(schema.call_steps).where(steps.call_id == call_id, steps.kind == "hangup")
            await connection.execute(guess)
        told.append(ended(call_id, end.at, end.cause, end.outcome, fact.recording, merge))
    await connection.run_sync(lambda one: store(records.database, one, told))


def _begun(call: Call, fact: CallFacts, e164: str | None) -> Call:
    if call.district_code is None and fact.district:
        call = replace(call, district_code=clean(fact.district))
    if fact.started_at is None:
        return with_moment(call, fact.first)
    start = CallStart(
        call.call_id, clean(fact.caller), e164, clean(fact.dialled), clean(fact.channel), fact.started_at,
        fact.withheld,
    )  # fmt: skip
    return with_start(call, start)


async def file_was_changed(records: Records, before: str, now: str) -> None:
    """The first line of a file, by which it is known, was overwritten: it goes on being read where it was."""
    c = schema.event_files.c
    async with records.database.write() as connection:
        known = update(schema.event_files).where(c.identity == before)
        await connection.execute(known.values(identity=now, at=records.clock()))


def _files(path: Path) -> list[tuple[Path, datetime]]:
    """The file and those it was renamed to, the oldest first, each with when it was last written."""
    found = [one for one in path.parent.glob(f"{path.name}*") if one.is_file() and one.suffix != ".gz"]
    dated = [(one, datetime.fromtimestamp(one.stat().st_mtime, UTC)) for one in found]
    return sorted(dated, key=lambda one: (one[0] == path, one[1]))


def _identity(file: Path) -> str | None:
    """The hash of the first line; None while there is none."""
    with file.open("rb") as opened:
        first = opened.readline(_LONGEST_LINE)
    return hashlib.sha256(first).hexdigest() if first.endswith(b"\n") else None


def _put_aside(folder: Path, file: Path, odd: list[OddLine], now: datetime) -> None:
    """Keep them with why, as many as there is room for. Raises `OSError`: then they are read again."""
    for reason in sorted({one.reason for one in odd}):
        lines = [one.line[:_LONGEST_LINE] for one in odd if one.reason == reason]
        kept = shelf.put(folder, lines, f"{file.name}: {reason}", now, limit=LINES_LIMIT_BYTES)
        if kept < len(lines):
            _LOG.error("event=events-not-kept folder=%s lines=%d", folder, len(lines) - kept)


def _read(file: Path, offset: int, window: int, now: datetime) -> tuple[CelRead, list[CelGroup]]:
    with file.open("rb") as opened:
        opened.seek(offset)
        read = read_cel(opened.read(window), offset, now + AHEAD)
    return read, groups(read.events)
