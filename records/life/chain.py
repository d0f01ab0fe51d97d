"""The hash chain of a complaint's events: a change made behind the program's back shows.

Each event carries the SHA-256 of its own canonical JSON, and that of the event before it. Somebody who owns
the database can recompute a whole chain; an archive of the newest hashes kept elsewhere then disagrees. What
an event says of a person lies apart and can be destroyed without breaking the chain (`records.life.sealing`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from records.clock import stamp
from records.life.sealing import seal
from records.text import canonical_json

START = "0" * 64
"""What the first event of a complaint has for the hash of the one before."""


@dataclass(frozen=True)
class NewEvent:
    """Something about to be recorded. ``edition``: the directory edition it was decided by, if any."""

    kind: str
    actor: str
    at: datetime
    data: Mapping[str, Any]
    edition: str | None = None


@dataclass(frozen=True)
class ComplaintEvent:
    """Something that happened to a complaint. ``seq`` counts from 1 for each complaint without gaps.

    ``data`` is all that it says. ``sealed`` is what of it the hash is made over when its personal parts lie
    apart, in ``personal`` (`records.life.sealing`); None: the hash is made over ``data``.
    """

    number: str
    seq: int
    kind: str
    actor: str
    at: datetime
    edition: str | None
    data: Mapping[str, Any]
    previous_hash: str
    hash: str
    sealed: Mapping[str, Any] | None = None
    personal: Mapping[str, Any] | None = None

    @property
    def chained(self) -> Mapping[str, Any]:
        """What of it the hash is made over."""
        return self.data if self.sealed is None else self.sealed


def link(number: str, after: ComplaintEvent | None, new: NewEvent) -> ComplaintEvent:
    """The next event of a complaint, joined to the one before."""
    seq = 1 if after is None else after.seq + 1
    previous = START if after is None else after.hash
    own = event_hash(number, seq, new, previous)
    return ComplaintEvent(number, seq, new.kind, new.actor, new.at, new.edition, new.data, previous, own)


def seal_and_link(number: str, after: ComplaintEvent | None, new: NewEvent) -> ComplaintEvent:
    """`link`, with what the event says of a person kept apart."""
    chained, personal = seal(new.data)
    if personal is None:
        return link(number, after, new)
    return replace(
        link(number, after, replace(new, data=chained)), data=new.data, sealed=chained, personal=personal
    )


def event_hash(number: str, seq: int, event: NewEvent, previous_hash: str) -> str:
    """SHA-256, in hex, over the canonical JSON of everything an event says and the hash before it."""
    said = {
        "number": number,
        "seq": seq,
        "kind": event.kind,
        "actor": event.actor,
        "at": stamp(event.at),
        "edition": event.edition,
        "data": event.data,
        "previous_hash": previous_hash,
    }
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()
