"""The state of a complaint as a pure fold of its events, and the events that make a registration.

The table ``complaints`` is only a copy of what this fold gives, kept for searching.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from records.chain import ComplaintEvent, NewEvent
from records.complaint_types import AssignedTo, Complaint, NewComplaint
from records.errors import TamperedError
from records.phone import parse
from records.text import clean

REGISTERED = "registered"
ASSIGNED = "assigned"
OPEN = "open"

_TOLD = (
    "call_id",
    "caller_e164",
    "citizen_name",
    "citizen_phone",
    "citizen_e164",
    "district_code",
    "place_id",
    "place_hi",
    "place_en",
    "type_code",
    "type_hi",
    "type_en",
    "description",
)
"""What ``registered`` holds as its data; actor and moment say who and when."""


def registration(new: NewComplaint) -> list[NewEvent]:
    """The events of a new complaint. Text is cleaned of what a database cannot hold."""
    told = {name: _cleaned(getattr(new, name)) for name in _TOLD if name != "citizen_e164"}
    told["citizen_e164"] = parse(new.citizen_phone).e164
    actor = clean(new.registered_by)
    return [
        NewEvent(REGISTERED, actor, new.registered_at, told),
        assignment(new.assigned, actor=actor, at=new.registered_at),
    ]


def assignment(assigned: AssignedTo, *, actor: str, at: datetime) -> NewEvent:
    """The event that gives a complaint to a post."""
    data = {name: _cleaned(value) for name, value in asdict(assigned).items() if name != "edition"}
    data["due"] = assigned.due.isoformat()
    return NewEvent(ASSIGNED, actor, at, data, clean(assigned.edition))


def fold(events: Iterable[ComplaintEvent]) -> Complaint:
    """What all events of one complaint, in order, come to.

    Raises `TamperedError` when they do not begin with a registration and an assignment, or hold a kind of
    event this version does not know.
    """
    state: Complaint | None = None
    for event in events:
        if event.kind == REGISTERED and state is None:
            state = _registered(event)
        elif state is not None and event.kind in _HANDLERS and event.seq == state.last_seq + 1:
            state = replace(_HANDLERS[event.kind](state, event), last_seq=event.seq)
        else:
            raise TamperedError(
                f"complaint {event.number}: event {event.seq} ({event.kind}) cannot follow here"
            )
    if state is None or state.assigned is _NOBODY:
        raise TamperedError("a complaint lacks its registration or its assignment; restore a backup")
    return state


def _registered(event: ComplaintEvent) -> Complaint:
    told = {name: event.data[name] for name in _TOLD}
    return Complaint(
        number=event.number,
        status=OPEN,
        assigned=_NOBODY,
        registered_by=event.actor,
        registered_at=event.at,
        last_seq=event.seq,
        **told,
    )


def _assigned(state: Complaint, event: ComplaintEvent) -> Complaint:
    said: Mapping[str, Any] = {**event.data, "edition": event.edition or ""}
    values = {field.name: said[field.name] for field in fields(AssignedTo)}
    values["due"] = date.fromisoformat(values["due"])
    return replace(state, assigned=AssignedTo(**values))


def _cleaned(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


_NOBODY = AssignedTo("", "", "", "", "", 0, "", "", "", "", date.min, drafted=False)
_HANDLERS: dict[str, Callable[[Complaint, ComplaintEvent], Complaint]] = {ASSIGNED: _assigned}
