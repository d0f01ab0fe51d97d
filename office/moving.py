"""Open complaints follow the directory: each goes to whom the edition in force names for its level.

The choice is recorded when an edition is published; moving may stop at any moment and is taken up again. It
is done complaint by complaint, each in one transaction, and what has been moved is not touched again:
whether a complaint is to be moved is seen from the complaint itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from mapper import DirectoryError, Edition
from mapper.changes.affected import OpenComplaint
from mapper.days import indian_day
from office import moves
from records import Complaint, Records, Wanted
from records.errors import IllegalStep, StaleError
from records.life.steps import Actor, Context, Reassign

PAGE = 500
"""Complaints read at a time, so that memory stays flat."""

TRIES = 5
"""How often a complaint is looked at anew because somebody else took a step at the same time."""


async def open_complaints(records: Records) -> AsyncIterator[Complaint]:
    """Every complaint that is not closed, newest first."""
    after: str | None = None
    while page := await records.complaints.search(Wanted(unclosed=True), PAGE, after):
        for complaint in page:
            yield complaint
        after = page[-1].number


def as_open(complaint: Complaint) -> OpenComplaint:
    """What the mapper must know of a complaint to tell whether an edition changes it."""
    return OpenComplaint(
        complaint.number,
        complaint.type_code,
        complaint.place_id,
        complaint.assigned.level,
        indian_day(complaint.level_since),
        complaint.assigned.post_id,
        complaint.assigned.due,
    )


async def move_open(
    records: Records,
    old: str,
    new: Edition,
    at: datetime,
    actor: Actor,
    told: Callable[[Counter[str]], None] = lambda done: None,
) -> Counter[str]:
    """Move what the edition `new` gives another officer or another day; the level's clock goes on.

    Gives how many were "moved", "kept" (nothing changes), "closed" (meanwhile) and left with "nobody" (the
    edition has no such type, place or level any more). May be called again at any time: it finds nothing to
    do where it has been. `old` names the edition before, for the reason in each complaint's history.
    """
    reason = f"the directory's edition {new.name} took the place of edition {old}"
    done: Counter[str] = Counter()
    async for complaint in open_complaints(records):
        done[await _move(records, complaint, new, at, actor, reason)] += 1
        if done.total() % PAGE == 0:
            told(done)
    return done


async def _move(
    records: Records, complaint: Complaint | None, new: Edition, at: datetime, actor: Actor, reason: str
) -> str:
    for _ in range(TRIES):
        if complaint is None or complaint.closed_at is not None:
            return "closed"
        try:
            assigned = moves.anew(new, complaint)
        except DirectoryError:
            return "nobody"
        now = complaint.assigned
        if (assigned.post_id, assigned.due) == (now.post_id, now.due):
            return "kept"
        try:
            await records.complaints.act(
                complaint.number,
                Reassign(assigned, reason),
                actor,
                at,
                context=Context(edition=new.name),
                expected_seq=complaint.last_seq,
            )
        except (StaleError, IllegalStep):
            complaint = await records.complaints.get(complaint.number)
            continue
        return "moved"
    return "busy"
