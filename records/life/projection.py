"""The state of a complaint as a pure fold of its events, and the events that make a registration.

The table ``complaints`` is only a copy of what this fold gives, kept for searching. The fold knows no rules
of the office: an event says which state followed (``status``) and who had the complaint then (``assigned``),
so that rules can change without changing what once happened.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from records.errors import TamperedError
from records.life.chain import ComplaintEvent, NewEvent
from records.life.complaint import AssignedTo, Complaint, NewComplaint
from records.life.sealing import PARTS, Part, blank
from records.life.states import CLOSED, COMPLAINT, ESCALATING, OPEN
from records.phone import parse
from records.text import clean

REGISTERED = "registered"
ASSIGNED = "assigned"
ERASED = "person_erased"
"""What was said of a person was destroyed: ``parts`` (`records.life.sealing`) in the ``events`` it names."""

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
"""What ``registered`` holds as its data, and ``kind`` unless it is a complaint; actor and moment say who and
when."""

Changes = dict[str, Any]


def registration(new: NewComplaint) -> list[NewEvent]:
    """The events of a new complaint. Text is cleaned of what a database cannot hold."""
    told = {name: _cleaned(getattr(new, name)) for name in _TOLD if name != "citizen_e164"}
    told["citizen_e164"] = parse(new.citizen_phone).e164
    if new.kind != COMPLAINT:
        told["kind"] = new.kind
    actor = clean(new.registered_by)
    return [
        NewEvent(REGISTERED, actor, new.registered_at, told),
        assignment(new.assigned, actor=actor, at=new.registered_at),
    ]


def assignment(assigned: AssignedTo, *, actor: str, at: datetime) -> NewEvent:
    """The event that gives a complaint to a post."""
    data = assignment_data(assigned)
    return NewEvent(ASSIGNED, actor, at, data, data.pop("edition"))


def assignment_data(assigned: AssignedTo) -> dict[str, Any]:
    """An assignment as events hold it, its edition included."""
    data = {name: _cleaned(getattr(assigned, name)) for name in _ASSIGNED}
    data["due"] = assigned.due.isoformat()
    return data


def fold(events: Iterable[ComplaintEvent]) -> Complaint:
    """What all events of one complaint, in order, come to.

    Raises `TamperedError` when they do not begin with a registration and an assignment, or hold a kind of
    event this version does not know.
    """
    state: Complaint | None = None
    for event in events:
        state = after(state, event)
    if state is None or state.assigned is _NOBODY:
        raise TamperedError("a complaint lacks its registration or its assignment; restore a backup")
    return state


def after(state: Complaint | None, event: ComplaintEvent) -> Complaint:
    """The state after one more event; ``state`` is None before the first. Raises `TamperedError`."""
    if event.kind == REGISTERED and state is None:
        return _registered(event)
    if state is None or event.seq != state.last_seq + 1 or event.kind not in _HANDLERS:
        raise TamperedError(f"complaint {event.number}: event {event.seq} ({event.kind}) cannot follow here")
    if (state.assigned is _NOBODY) != (event.kind == ASSIGNED and event.seq == 2):
        raise TamperedError(f"complaint {event.number}: event {event.seq} ({event.kind}) cannot follow here")
    try:
        changes = _common(state, event) | _HANDLERS[event.kind](state, event)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise TamperedError(
            f"complaint {event.number}: event {event.seq} ({event.kind}) lacks what it must say"
        ) from None
    return replace(state, **changes)


def attended_after(state: Complaint, data: Mapping[str, Any], at: datetime) -> datetime | None:
    """When the officer who has the complaint after an event made his first entry, or None.

    ``post`` of the data is the post whose officer acted. Whoever newly has it has made none.
    """
    told = data.get("assigned")
    if told and (told["post_id"], told["level"]) != (state.assigned.post_id, state.assigned.level):
        return None
    if state.attended_at is None and data.get("post") == state.assigned.post_id:
        return at
    return state.attended_at


def _registered(event: ComplaintEvent) -> Complaint:
    try:
        told = {name: event.data[name] for name in _TOLD}
    except KeyError:
        raise TamperedError(f"complaint {event.number}: its registration lacks what it must say") from None
    return Complaint(
        number=event.number,
        status=OPEN,
        assigned=_NOBODY,
        registered_by=event.actor,
        registered_at=event.at,
        last_seq=event.seq,
        level_since=event.at,
        last_at=event.at,
        first_level=0,
        kind=event.data.get("kind", COMPLAINT),
        **told,
    )


def _common(state: Complaint, event: ComplaintEvent) -> Changes:
    """What every event of the life changes: the state, the officer, his clock and his first entry."""
    changes: Changes = {"last_seq": event.seq, "last_at": event.at}
    if event.kind == ASSIGNED:
        return changes
    data = event.data
    changes["status"] = data["status"]
    changes["attended_at"] = attended_after(state, data, event.at)
    if "closure" in data:
        changes["closure"] = data["closure"]
    if data["status"] == CLOSED and state.status != CLOSED:
        changes["closed_at"] = event.at
    if "assigned" in data:
        changes |= _moved(state, event, data["assigned"])
    changes["resumed_at"] = _resumed(state, event, changes)
    return changes


def _resumed(state: Complaint, event: ComplaintEvent, changes: Changes) -> datetime | None:
    """Since when the limit counts that the complaint has now, if it has not done so since it began."""
    assigned, status = changes.get("assigned", state.assigned), changes.get("status", state.status)
    if assigned.level != state.assigned.level:
        return None
    anew = state.status not in ESCALATING or assigned.due != state.assigned.due
    return event.at if anew and status in ESCALATING else state.resumed_at


def _moved(state: Complaint, event: ComplaintEvent, told: Mapping[str, Any]) -> Changes:
    changes: Changes = {"assigned": _to(told)}
    if changes["assigned"].level != state.assigned.level:
        changes |= {"level_since": event.at, "sent_up_from": None}
    return changes


def _assigned(state: Complaint, event: ComplaintEvent) -> Changes:
    told = {**event.data, "edition": event.edition or ""}
    if state.assigned is _NOBODY:
        return {"assigned": _to(told), "first_level": told["level"], "level_since": event.at}
    changes = _moved(state, event, told)
    return {
        **changes,
        "attended_at": attended_after(state, {"assigned": told}, event.at),
        "resumed_at": _resumed(state, event, changes),
    }


def _asked(state: Complaint, event: ComplaintEvent) -> Changes:
    if event.data["result"] == "unreachable":
        return {"tries": state.tries + 1}
    return {"proposed_action": ""} if event.data["result"] == "not_satisfied" else {}


def _type_changed(_state: Complaint, event: ComplaintEvent) -> Changes:
    told = {name: event.data[name] for name in _TYPE}
    return {**told, "type_changed": True, "first_level": event.data["assigned"]["level"]}


def _department_decided(_state: Complaint, event: ComplaintEvent) -> Changes:
    if not event.data["accept"]:
        return {}
    told = {name: event.data[name] for name in _TYPE if name in event.data}
    return {
        **told,
        "first_level": event.data["assigned"]["level"],
        "level_since": event.at,
        "sent_up_from": None,
    }


def _escalated(state: Complaint, event: ComplaintEvent) -> Changes:
    changes: Changes = {}
    if event.data["not_attended"]:
        changes["not_attended"] = (*state.not_attended, event.data["from_level"])
    if "since" in event.data:
        changes["level_since"] = datetime.fromisoformat(event.data["since"])
    return changes


def _erased(state: Complaint, event: ComplaintEvent) -> Changes:
    """As the events before it are, once they are blank: `records.keeping.erasing` does both at once."""
    parts: Iterable[Part] = event.data["parts"]
    changes: Changes = blank(name for part in parts for name in PARTS[part] if hasattr(state, name))
    if "citizen" in parts:
        changes |= {"proposed_action": "", "erased_at": event.at}
    return changes


def _cleaned(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _to(told: Mapping[str, Any]) -> AssignedTo:
    values = {name: told[name] for name in _ASSIGNED}
    values["due"] = date.fromisoformat(values["due"])
    return AssignedTo(**values)


_ASSIGNED = tuple(field.name for field in fields(AssignedTo))
_TYPE = ("type_code", "type_hi", "type_en")
_NOBODY = AssignedTo("", "", "", "", "", 0, "", "", "", "", date.min, drafted=False)
_HANDLERS: dict[str, Callable[[Complaint, ComplaintEvent], Changes]] = {
    ASSIGNED: _assigned,
    "attended": lambda _state, _event: {},
    "resolution_proposed": lambda _state, event: {"proposed_action": event.data["note"], "tries": 0},
    "citizen_asked": _asked,
    "type_changed": _type_changed,
    "department_proposed": lambda _state, _event: {},
    "department_decided": _department_decided,
    "close_proposed": lambda _state, event: {"citizen_told": event.data["citizen_told"]},
    "close_decided": lambda _state, event: {"citizen_told": event.data["citizen_told"]},
    "escalated": _escalated,
    "sent_up": lambda _state, event: {"sent_up_from": event.data["from_level"]},
    "sent_back": lambda _state, _event: {},
    "linked": lambda _state, event: {"group_of": event.data["main"]},
    "unlinked": lambda _state, _event: {"group_of": None},
    "reassigned": lambda _state, _event: {},
    "noted": lambda _state, _event: {},
    "answered": lambda _state, _event: {},
    "demand_decided": lambda _state, _event: {},
    ERASED: _erased,
}
