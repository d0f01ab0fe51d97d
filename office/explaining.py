"""Why a complaint went where it went, from the editions that its events name: the same answer for ever.

Editions never change, and neither do events; so what is explained today is what was true when it was decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from mapper import LevelExplained, Registration, explain_level
from mapper.days import indian_day
from office.editions import Editions
from records import AssignedTo, Complaint, ComplaintEvent
from records.life.projection import after

_RISES = {"escalated", "sent_up", "citizen_asked"}
"""Events by which a complaint goes a level up."""


@dataclass(frozen=True)
class Decision:
    """One time that an officer was named, for the type it had then. His limit counts from ``start``.

    ``explained`` are the rules of the edition, None when it knows no such level. ``agrees``: they give the
    officer and the day that were stored; else somebody decided by hand.
    """

    event: ComplaintEvent
    type_code: str
    type_hi: str
    type_en: str
    assigned: AssignedTo
    start: date
    explained: LevelExplained | None
    agrees: bool


def explained(events: Iterable[ComplaintEvent], editions: Editions) -> tuple[Decision, ...]:
    """Every time an officer was named, in order. Raises `DirectoryError` when an edition is missing."""
    decisions = []
    state: Complaint | None = None
    for event in events:
        before, state = state, after(state, event)
        if event.kind == "assigned" or "assigned" in event.data:
            decisions.append(_decision(event, before, state, editions))
    return tuple(decisions)


def _decision(
    event: ComplaintEvent, before: Complaint | None, state: Complaint, editions: Editions
) -> Decision:
    # A new type counts from the day on which the level got the complaint, even if the type begins higher up.
    since = before.level_since if before and event.kind == "type_changed" else state.level_since
    start = indian_day(since)
    registration = Registration(state.type_code, state.place_id, state.registered_at)
    edition = editions.named(state.assigned.edition)
    rose = before is not None and before.assigned.level < state.assigned.level
    found = explain_level(
        edition,
        registration,
        state.assigned.level,
        start,
        left=before.assigned.level if before and rose and event.kind in _RISES else None,
        # The clock moves what a day has ended for: it asks how the level is left on the next one.
        left_on=start + timedelta(days=1) if event.kind == "escalated" else None,
    )
    named = found.assignment if found else None
    decided = named is not None and (named.post.id, named.due)
    agrees = decided == (state.assigned.post_id, state.assigned.due)
    return Decision(
        event, state.type_code, state.type_hi, state.type_en, state.assigned, start, found, agrees
    )
