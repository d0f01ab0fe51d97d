"""Erasures as a complaint's chain has them: the event that names what was destroyed, and reading it. Pure.

``person_erased`` says ``erasure`` (its id), ``why``, ``parts`` and, by seq, ``events``: of each event that
lost something its ``parts`` and, when it was stored by a version that kept nothing apart, ``content``, the
hash of what is left of it. Its own hash is that of before and stays, so that the chain and exported hashes
hold; ``content`` keeps what is left from being changed unseen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from records.life.chain import ComplaintEvent, NewEvent, event_hash
from records.life.complaint import Complaint
from records.life.projection import ERASED
from records.life.sealing import PARTS, SEALED, Part, blank, opened


@dataclass(frozen=True)
class Erased:
    """What an event has lost. ``content`` is None when its own hash still vouches for what is left."""

    parts: frozenset[str]
    content: str | None


@dataclass(frozen=True)
class Erasure:
    """Why something is destroyed. ``id`` is the same for all complaints of one request."""

    id: str
    reason: str
    by: str
    at: datetime


def erasures(events: Iterable[ComplaintEvent]) -> dict[int, Erased]:
    """By seq, what the erasures among a complaint's events say was destroyed.

    One that says it in another way than the program does says nothing.
    """
    found: dict[int, Erased] = {}
    for event in events:
        named = event.data.get("events") if event.kind == ERASED else None
        for key, told in named.items() if isinstance(named, Mapping) else ():
            if not (str(key).isdecimal() and isinstance(told, Mapping) and int(key) < event.seq):
                continue
            before = found.get(int(key), Erased(frozenset(), None))
            parts = frozenset(part for part in told.get("parts", ()) if part in PARTS)
            found[int(key)] = Erased(before.parts | parts, told.get("content", before.content))
    return found


def content_hash(event: ComplaintEvent) -> str | None:
    """The hash an event would have if it were stored as it is now; None: it is no JSON of the program's."""
    new = NewEvent(event.kind, event.actor, event.at, event.chained, event.edition)
    try:
        return event_hash(event.number, event.seq, new, event.previous_hash)
    except ValueError:
        return None


def without(event: ComplaintEvent, parts: Sequence[Part]) -> ComplaintEvent:
    """The event with nothing left of some parts; the same object when it said nothing of them."""
    if event.sealed is not None:
        left = {part: said for part, said in (event.personal or {}).items() if part not in parts} or None
        if left == (event.personal or None):
            return event
        return replace(event, personal=left, data=opened(event.sealed, left))
    if event.kind == ERASED:
        return event
    names = [name for part in parts for name in PARTS[part] if event.data.get(name)]
    return replace(event, data={**event.data, **blank(names)}) if names else event


def erased_event(
    complaint: Complaint, blanked: Sequence[ComplaintEvent], parts: Sequence[Part], erasure: Erasure
) -> NewEvent:
    """The event that names what was destroyed. ``blanked``: the events that lost something, as they are."""
    events: dict[str, Any] = {}
    for event in blanked:
        lost = parts if event.sealed is None else [part for part in parts if part in event.sealed[SEALED]]
        events[str(event.seq)] = {"parts": list(lost)}
        if event.sealed is None:
            events[str(event.seq)]["content"] = content_hash(event)
    data = {
        "erasure": erasure.id,
        "why": erasure.reason,
        "parts": list(parts),
        "events": events,
        "status": complaint.status,
    }
    return NewEvent(ERASED, erasure.by, max(erasure.at, complaint.last_at), data)
