"""What is wrong with what the events of sweeps share: the rows of ``escalations``. Blocking, read only.

The hashes of events vouch for what they say. The other columns say the same once more, for the sweep that
stores the row, and must not come to differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from records import schema
from records.audit.examining import Finding
from records.clock import stamp
from records.escalation.climbing import begin
from records.life.complaint import AssignedTo
from records.life.projection import assignment_data

_AT_ONCE = 200
_MOST = 1000
"""Rows that are gone and told one by one."""
_ASSIGNED = tuple(field.name for field in fields(AssignedTo))
_FAULTS = (ValueError, TypeError, LookupError, AttributeError)
"""What a value does that the program never writes."""


def shared_findings(connection: Connection) -> list[Finding]:
    """Everything wrong with the rows that escalations share: changed, unreadable, or gone."""
    return [*_changed(connection), *_gone(connection)]


def _changed(connection: Connection) -> Iterator[Finding]:
    c = schema.escalations.c
    after = 0
    while ids := connection.scalars(select(c.id).where(c.id > after).order_by(c.id).limit(_AT_ONCE)).all():
        for key in ids:
            try:
                row = connection.execute(select(schema.escalations).where(c.id == key)).mappings().one()
                wrong = ", ".join(_wrong(row))
            except _FAULTS:
                yield Finding(
                    "", None, "unreadable", f"row {key} of escalations holds values of a wrong kind"
                )
                continue
            if wrong:
                told = f"row {key} of escalations, which complaints share, was changed: {wrong}"
                yield Finding("", None, "changed", told)
        after = ids[-1]


def _wrong(row: Mapping[Any, Any]) -> Iterator[str]:
    """The columns that are not what the digest, or else the event's data, says."""
    said = begin(row["kind"], row["actor"], row["at"], row["data"], row["edition"])
    if said.hexdigest() != row["digest"]:
        yield "digest, or what its events say"
        return
    data = row["data"]
    stored = assignment_data(AssignedTo(**{name: row[name] for name in _ASSIGNED}))
    yield from (name for name, value in stored.items() if value != data["assigned"].get(name))
    if row["status"] != data["status"]:
        yield "status"
    since: datetime = row["level_since"]
    if stamp(since) != data["since"]:
        yield "level_since"


def _gone(connection: Connection) -> Iterator[Finding]:
    """Rows that events name and that are not there: what those events said is lost, their hashes are left."""
    own, shared = schema.complaint_escalations.c, schema.escalations.c
    there = select(shared.id).where(shared.id == own.escalation)
    lost = (
        select(own.escalation, func.count(), func.min(own.number))
        .where(~there.exists())
        .group_by(own.escalation)
        .limit(_MOST)
    )
    for key, count, number in connection.execute(lost):
        events = "1 event says" if count == 1 else f"{count} events say"
        told = f"row {key} of escalations is gone: {events} nothing without it, first of complaint {number}"
        yield Finding("", None, "missing", f"{told}; restore a backup")
