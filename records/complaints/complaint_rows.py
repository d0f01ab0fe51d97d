"""Complaints and their events as rows of the tables, and the queries that read them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from records import schema
from records.errors import TamperedError
from records.life import chain, projection, sealing
from records.life.chain import ComplaintEvent, NewEvent
from records.life.complaint import AssignedTo, Complaint

_ASSIGNED = tuple(field.name for field in fields(AssignedTo))
_OWN = tuple(field.name for field in fields(Complaint) if field.name != "assigned")
_EVENT = ("number", "seq", "kind", "actor", "at", "edition", "previous_hash", "hash", "personal")
"""Columns of events that are as the event has them; ``data`` holds what is chained."""


def linked(number: str, news: Iterable[NewEvent], last: ComplaintEvent | None = None) -> list[ComplaintEvent]:
    """New events joined to each other and to the last one stored."""
    events: list[ComplaintEvent] = []
    for new in news:
        last = chain.seal_and_link(number, last, new)
        events.append(last)
    return events


def columns(complaint: Complaint, last_hash: str) -> dict[str, Any]:
    """A complaint as a row; ``last_hash`` is that of its newest event."""
    assigned = complaint.assigned
    row = {name: getattr(complaint, name) for name in _OWN}
    row |= {name: getattr(assigned, name) for name in _ASSIGNED}
    row["last_hash"] = last_hash
    return row


def event_columns(event: ComplaintEvent) -> dict[str, Any]:
    """An event as a row."""
    return {"data": event.chained, **{name: getattr(event, name) for name in _EVENT}}


def complaint_of(row: Mapping[Any, Any]) -> Complaint:
    """The complaint of a row."""
    return Complaint(
        assigned=AssignedTo(**{name: row[name] for name in _ASSIGNED}), **{name: row[name] for name in _OWN}
    )


def event_of(row: Mapping[Any, Any]) -> ComplaintEvent:
    """The event of a row."""
    chained = row["data"]
    data = sealing.opened(chained, row["personal"])
    sealed = None if data is chained else chained
    return ComplaintEvent(data=data, sealed=sealed, **{name: row[name] for name in _EVENT})


def newest() -> Select[Any]:
    """All complaints, newest first."""
    c = schema.complaints.c
    return select(schema.complaints).order_by(c.registered_at.desc(), c.number.desc())


def of_phone(e164: str) -> Any:
    """The condition that a complaint was registered from or for a number."""
    c = schema.complaints.c
    return or_(c.caller_e164 == e164, c.citizen_e164 == e164)


def read_events(connection: Connection, number: str) -> list[ComplaintEvent]:
    """What happened to a complaint, in order."""
    c = schema.all_events.c
    query = select(schema.all_events).where(c.number == number).order_by(c.seq)
    return [event_of(row) for row in connection.execute(query).mappings()]


def append(
    connection: Connection, before: Complaint, last: ComplaintEvent, news: Iterable[NewEvent]
) -> Complaint:
    """Store what newly happened to a complaint, and the state that follows. The caller holds its row.

    Raises `TamperedError` when there is no such row.
    """
    events = linked(before.number, news, last)
    state = before
    for event in events:
        state = projection.after(state, event)
    old, new = columns(before, last.hash), columns(state, events[-1].hash)
    changed = {name: value for name, value in new.items() if value != old[name]}
    own = update(schema.complaints).where(schema.complaints.c.number == state.number)
    if connection.execute(own.values(changed)).rowcount != 1:
        raise TamperedError(f"complaint {state.number} is gone, and its events are there; restore a backup")
    connection.execute(insert(schema.complaint_events), [event_columns(event) for event in events])
    return state
