"""Asterisk's own file of channel events: its lines, and which of them belong together. Pure: bytes in.

The columns are those of dialplan/cel_custom.conf: time, event, call id (account code), unique id, linked id,
channel, caller, dialled, context, application, its data, name of a user's event, extra (JSON). All channels
of a call share the linked id; only the caller's own has the call id, from shortly after its first event on.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_COLUMNS = 13


@dataclass(frozen=True)
class CelEvent:
    """One line. ``start`` is where it begins in the file, in bytes; ``said`` what a user's event carries."""

    start: int
    at: datetime
    kind: str
    call_id: str
    unique_id: str
    linked_id: str
    channel: str
    caller: str
    dialled: str
    application: str
    data: str
    said: str
    bridge: str
    cause: int | None


@dataclass(frozen=True)
class CelRead:
    """Whole lines of a piece of a file: their events, where the last one ends, lines that are no events."""

    events: list[CelEvent]
    end: int
    unreadable: int


@dataclass
class CelGroup:
    """The events of one linked id. ``over``: Asterisk has let go of it; ``cut``: Asterisk itself ended."""

    linked_id: str
    events: list[CelEvent] = field(default_factory=list)
    over: bool = False
    cut: bool = False


def read_cel(content: bytes, start: int = 0) -> CelRead:
    """Read the whole lines of a piece of the file that begins at byte ``start``; a half last line is left."""
    events: list[CelEvent] = []
    unreadable, position = 0, start
    whole = content[: content.rfind(b"\n") + 1]
    for line in whole.split(b"\n")[:-1]:
        event = _event(line.decode(errors="replace"), position)
        position += len(line) + 1
        if event is not None:
            events.append(event)
        elif line.strip():
            unreadable += 1
    return CelRead(events, start + len(whole), unreadable)


def groups(events: Iterable[CelEvent]) -> list[CelGroup]:
    """The events by linked id, in the order of their first.

    Events named after a call stay where its name was first heard: a channel whose place a caller takes by a
    transfer shows it for a moment, linked to a call between executives.

    Asterisk names channels by second and number, and numbers from 0 at each start: a later channel with a
    lower number shows that Asterisk was started again, and everything open before it is over. Threads race
    within a second.
    """
    found: dict[str, CelGroup] = {}
    named: dict[str, CelGroup] = {}
    number, second = -1, 0
    for event in events:
        if event.kind == "CHAN_START":
            its_second, its_number = _named(event.unique_id)
            if its_number <= number and its_second > second + 1:
                for group in found.values():
                    group.cut = group.cut or not group.over
                    group.over = True
                number = -1
            if its_number > number:
                number, second = its_number, its_second
        group = found.setdefault(event.linked_id, CelGroup(event.linked_id))
        home = named.setdefault(event.call_id, group) if event.call_id else group
        home.events.append(event)
        if event.kind == "LINKEDID_END":
            group.over = True
    return [group for group in found.values() if group.events]


def _event(line: str, start: int) -> CelEvent | None:
    try:
        row = next(csv.reader([line], strict=True))
        if len(row) != _COLUMNS or not row[4]:
            return None
        extra = json.loads(row[12]) if row[12] else {}
        if not isinstance(extra, dict):
            return None
        at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(row[0].partition(".")[0]))
        at += timedelta(microseconds=int(row[0].partition(".")[2][:6].ljust(6, "0")))
        cause = extra.get("hangupcause")
    except (ValueError, OverflowError, StopIteration, csv.Error):
        return None
    return CelEvent(
        start=start,
        at=at,
        kind=row[11] or row[1],
        call_id=row[2],
        unique_id=row[3],
        linked_id=row[4],
        channel=row[5],
        caller=row[6],
        dialled=row[7],
        application=row[9],
        data=row[10],
        said=str(extra.get("extra", "")),
        bridge=str(extra.get("bridge_id", "")),
        cause=cause if isinstance(cause, int) else None,
    )


def _named(unique_id: str) -> tuple[int, int]:
    """``system-SECOND.NUMBER``, the system's name only if it has one."""
    head, _, number = unique_id.rpartition(".")
    second = head.rpartition("-")[2]
    return (int(second), int(number)) if second.isdecimal() and number.isdecimal() else (0, -1)
