"""Asterisk's own file of channel events: its lines, and which of them belong together. Pure: bytes in.

The columns are those of dialplan/cel_custom.conf: time, event, call id (account code), unique id, linked id,
channel, caller, dialled, context, application, its data, name of a user's event, extra (JSON). All channels
of a call share the linked id; only the caller's own has the call id, from shortly after its first event on.

What strangers chose (numbers, names, what they dialled) stands in these lines. cel_custom.conf takes control
characters out and quotes every field; files of earlier versions may hold line breaks inside a field. Whoever
wrote them had each of his quotes doubled, so that no line of his making is one of thirteen quoted fields: any
other is put aside.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""No centre is older: an earlier time is that of a machine that had lost its clock."""
AHEAD = timedelta(days=1)
"""A later time than that, seen from the reader's clock, is no time of an event that happened."""

_COLUMNS = 13
_HIGHEST_CAUSE = 999
_FIELD = r'"[^"]*+(?:""[^"]*+)*+"'
_LINE = re.compile(rf"{_FIELD}(?:,{_FIELD}){{{_COLUMNS - 1}}}")
_FIELDS = re.compile(_FIELD)
_TIME = re.compile(r"(\d{1,11})(?:\.(\d{1,9}))?", re.ASCII)
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_CHANNEL_ID = re.compile(r"[\w.:;@/-]{1,160}", re.ASCII)
_CALL_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class CelEvent:
    """One line. ``start`` is where it begins in the file, in bytes; ``said`` what a user's event carries.

    ``source``, of a hang-up: whose channel, or the dialplan, began it; "" the exchange itself, None not told.
    """

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
    source: str | None = None


@dataclass(frozen=True)
class OddLine:
    """A line that is no event: where it begins in the file, its bytes, and what is wrong with it."""

    start: int
    line: bytes
    reason: str


@dataclass(frozen=True)
class CelRead:
    """Whole lines of a piece of a file: their events, where the last one ends, lines that are no events."""

    events: list[CelEvent]
    end: int
    odd: list[OddLine] = field(default_factory=list)

    @property
    def unreadable(self) -> int:
        """How many lines are no events."""
        return len(self.odd)


@dataclass
class CelGroup:
    """The events of one linked id. ``over``: Asterisk has let go of it.

    ``cut``: Asterisk itself ended meanwhile: its last sign of life, and the first one after its next start.
    """

    linked_id: str
    events: list[CelEvent] = field(default_factory=list)
    over: bool = False
    cut: tuple[datetime, datetime] | None = None


def read_cel(content: bytes, start: int = 0, latest: datetime | None = None) -> CelRead:
    """Read the whole lines of a piece of the file that begins at byte ``start``; a half last line is left.

    ``latest``: a later time is not believed; None: any is.
    """
    events: list[CelEvent] = []
    odd: list[OddLine] = []
    position = start
    whole = content[: content.rfind(b"\n") + 1]
    for line in whole.split(b"\n")[:-1]:
        try:
            events.append(_event(line.decode(errors="replace"), position, latest))
        except ValueError as error:
            if line.strip():
                odd.append(OddLine(position, line, str(error)))
        position += len(line) + 1
    return CelRead(events, start + len(whole), odd)


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
    alive: datetime | None = None
    for event in events:
        if event.kind == "CHAN_START":
            its_second, its_number = _named(event.unique_id)
            if its_number <= number and its_second > second + 1:
                for group in found.values():
                    if not group.over and alive is not None:
                        group.cut = alive, event.at
                    group.over = True
                number = -1
            if its_number > number:
                number, second = its_number, its_second
        group = found.setdefault(event.linked_id, CelGroup(event.linked_id))
        home = named.setdefault(event.call_id, group) if event.call_id else group
        home.events.append(event)
        if event.kind == "LINKEDID_END":
            group.over = True
        alive = event.at
    return [group for group in found.values() if group.events]


def _event(line: str, start: int, latest: datetime | None) -> CelEvent:
    """Raises `ValueError` with what is wrong with it."""
    if not _LINE.fullmatch(line):
        raise ValueError(f"not {_COLUMNS} quoted fields")
    row = [found[1:-1].replace('""', '"') for found in _FIELDS.findall(line)]
    at = _moment(row[0], latest)
    if not _KIND.fullmatch(row[11] or row[1]):
        raise ValueError("no name of an event")
    if row[2] and not _CALL_ID.fullmatch(row[2]):
        raise ValueError("an account code that is no id of a call")
    if not (_CHANNEL_ID.fullmatch(row[3]) and _CHANNEL_ID.fullmatch(row[4])):
        raise ValueError("no id of a channel")
    extra = _extra(row[12])
    cause, source = extra.get("hangupcause"), extra.get("hangupsource")
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
        cause=cause if isinstance(cause, int) and 0 <= cause <= _HIGHEST_CAUSE else None,
        source=source if isinstance(source, str) else None,
    )


def _moment(text: str, latest: datetime | None) -> datetime:
    told = _TIME.fullmatch(text)
    if told is None:
        raise ValueError("no time")
    try:
        at = datetime.fromtimestamp(int(told[1]), UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError("no time") from None
    at += timedelta(microseconds=int((told[2] or "")[:6].ljust(6, "0")))
    if at < EARLIEST or (latest is not None and at > latest):
        raise ValueError("a time that cannot be right")
    return at


def _extra(text: str) -> dict[str, object]:
    try:
        extra = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        extra = None
    if isinstance(extra, dict):
        return extra
    raise ValueError("particulars that are no JSON object")


def _named(unique_id: str) -> tuple[int, int]:
    """``system-SECOND.NUMBER``, the system's name only if it has one."""
    head, _, number = unique_id.rpartition(".")
    second = head.rpartition("-")[2]
    return (int(second), int(number)) if second.isdecimal() and number.isdecimal() else (0, -1)
