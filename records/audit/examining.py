"""What is wrong with one complaint's row and events, in words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from records.complaints.complaint_rows import complaint_of
from records.errors import TamperedError
from records.life.chain import START, ComplaintEvent
from records.life.complaint import Complaint
from records.life.erased import Erased, content_hash, erasures
from records.life.projection import fold
from records.life.sealing import broken, is_blank

FindingKind = Literal[
    "changed", "missing", "extra", "order", "state", "deleted", "unknown", "unreadable", "head", "erased"
]


@dataclass(frozen=True)
class Finding:
    """Something that only a change by hand can have done.

    ==============  ===============================================================================
    ``changed``     an event says something else than when it was stored
    ``missing``     an event between two others, or the newest, is gone
    ``extra``       there is one event more than the complaint has had
    ``order``       an event does not follow from the one before: moved, or that one was replaced
    ``state``       the stored state is not what the events come to
    ``deleted``     a number was given out and its complaint is gone
    ``unknown``     a complaint or event has a number that was never given out
    ``unreadable``  a row holds what the program never writes
    ``head``        an event is not the one whose hash was exported (`records.audit.heads`)
    ``erased``      what an event said of a person is gone without an erasure on record, or there after one
    ==============  ===============================================================================

    ``seq`` is the number of the event, None for the complaint itself. ``text`` is one line.
    """

    number: str
    seq: int | None
    kind: FindingKind
    text: str


def examine(
    number: str, row: Mapping[Any, Any] | None, events: Sequence[ComplaintEvent]
) -> Iterator[Finding]:
    """Everything wrong with a complaint whose number was given out. ``events`` are in the order of seq."""
    if row is None:
        left = f"; {len(events)} of its events are still there" if events else ""
        yield Finding(number, None, "deleted", f"complaint {number} is gone{left}; restore a backup")
        return
    whole = True
    for finding in examine_chain(number, events):
        whole = False
        yield finding
    for finding in _newest(number, row, events):
        whole = False
        yield finding
    if whole:
        yield from _state(number, complaint_of(row), events)


def examine_chain(number: str, events: Sequence[ComplaintEvent]) -> Iterator[Finding]:
    """Everything by which events, in the order of seq, do not follow from one another."""
    expected, previous = 1, START
    erased = erasures(events)
    for event in events:
        if event.seq < expected:
            yield Finding(number, event.seq, "extra", f"complaint {number}: there are two events {event.seq}")
            continue
        for seq in range(expected, min(event.seq, expected + 10)):
            yield Finding(number, seq, "missing", f"complaint {number}: event {seq} is gone")
        if wrong := _said(event, erased.get(event.seq)):
            yield wrong
        elif event.previous_hash != previous and event.seq == expected:
            yield Finding(
                number,
                event.seq,
                "order",
                f"complaint {number}: event {event.seq} does not follow the one before; one was replaced",
            )
        expected, previous = event.seq + 1, event.hash


def _said(event: ComplaintEvent, erased: Erased | None) -> Finding | None:
    """Whether an event says what it said when it was stored, but for what was destroyed on record."""
    number, seq = event.number, event.seq
    changed = Finding(number, seq, "changed", f"complaint {number}: event {seq} was changed")
    content = content_hash(event)
    parts = erased.parts if erased else frozenset()
    if content != event.hash and (erased is None or erased.content is None or content != erased.content):
        return changed
    if event.sealed is None:
        there = [part for part in sorted(parts) if not is_blank(event.data, part)]
        return _not_erased(event, there[0]) if there else None
    for part, gone in broken(event.sealed, event.personal):
        if not gone:
            return changed
        if part not in parts:
            told = f"complaint {number}: what event {seq} said of the {part} is gone, and no erasure names it"
            return Finding(number, seq, "erased", told)
    there = sorted(parts & set(event.personal or ()))
    return _not_erased(event, there[0]) if there else None


def _not_erased(event: ComplaintEvent, part: str) -> Finding:
    told = f"event {event.seq} says again what it said of the {part} before that was erased"
    return Finding(event.number, event.seq, "erased", f"complaint {event.number}: {told}")


def _newest(number: str, row: Mapping[Any, Any], events: Sequence[ComplaintEvent]) -> Iterator[Finding]:
    last = events[-1].seq if events else 0
    if last < row["last_seq"]:
        first, end = last + 1, row["last_seq"]
        which = f"event {end} is gone" if first == end else f"events {first} to {end} are gone"
        gone = f"complaint {number}: {which}, the newest"
        yield Finding(number, last + 1, "missing", gone)
    elif last > row["last_seq"]:
        yield Finding(
            number, last, "extra", f"complaint {number}: event {last} was added, its state does not know it"
        )
    elif events and events[-1].hash != row["last_hash"]:
        yield Finding(
            number, None, "state", f"complaint {number}: its state names another newest event than is there"
        )


def _state(number: str, stored: Complaint, events: Sequence[ComplaintEvent]) -> Iterator[Finding]:
    try:
        told = fold(events)
    except TamperedError as error:
        yield Finding(number, None, "order", str(error))
        return
    differs = [name for name, value in vars(stored).items() if value != getattr(told, name)]
    if differs:
        yield Finding(
            number,
            None,
            "state",
            f"complaint {number}: its stored state is not what its events come to: {', '.join(differs)}",
        )
