"""Since when the limit of a complaint's level has counted again, after the clock stood or the limit changed.

Said for what is there by its events. What this version cannot read in them is left as if the clock had never
stood; `helpline records verify` tells of such complaints anyway.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0009"
down_revision = "0008"

RUNNING = {"open", "attended", "department_proposed", "close_proposed"}
RESUMING = ("citizen_asked", "close_proposed", "type_changed", "reassigned", "department_decided", "assigned")
"""Kinds of events after which a limit may count again, or another one count."""

_AT_ONCE = 500
_own = sa.table(
    "complaint_events", sa.column("number"), sa.column("seq"), sa.column("kind"), sa.column("at", Moment),
    sa.column("data", sa.JSON),
)  # fmt: skip
_swept = sa.table("complaint_escalations", sa.column("number"), sa.column("seq"), sa.column("escalation"))
_shared = sa.table(
    "escalations", sa.column("id"), sa.column("kind"), sa.column("at", Moment), sa.column("data", sa.JSON)
)
_complaints = sa.table("complaints", sa.column("number"), sa.column("resumed_at", Moment))


def upgrade(op: Operations) -> None:
    op.add_column("complaints", sa.Column("resumed_at", Moment))
    connection = op.get_bind()
    changed = sa.update(_complaints).where(_complaints.c.number == sa.bindparam("one"))
    for numbers in _pages(connection):
        found = [{"one": number, "resumed_at": moment} for number, moment in _resumed(connection, numbers)]
        if found:
            connection.execute(changed.values(resumed_at=sa.bindparam("resumed_at")), found)


def _pages(connection: sa.Connection) -> Iterator[list[str]]:
    # The second event of a complaint, its first assignment, begins its limit.
    resuming = _own.c.kind.in_(RESUMING) & (_own.c.seq > 2)
    after = ""
    while True:
        query = sa.select(_own.c.number).where(resuming, _own.c.number > after).distinct()
        numbers = list(connection.scalars(query.order_by(_own.c.number).limit(_AT_ONCE)))
        if not numbers:
            return
        yield numbers
        after = numbers[-1]


def _resumed(connection: sa.Connection, numbers: list[str]) -> Iterator[tuple[str, datetime]]:
    own = sa.select(_own.c.number, _own.c.seq, _own.c.kind, _own.c.at, _own.c.data)
    swept = sa.select(_swept.c.number, _swept.c.seq, _shared.c.kind, _shared.c.at, _shared.c.data)
    rows = [
        *connection.execute(own.where(_own.c.number.in_(numbers))),
        *connection.execute(swept.where(_swept.c.number.in_(numbers), _shared.c.id == _swept.c.escalation)),
    ]
    rows.sort(key=lambda row: (row.number, row.seq))
    for number, events in groupby(rows, key=lambda row: str(row.number)):
        try:
            moment = _of(events)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        if moment is not None:
            yield number, moment


def _of(events: Iterable[Any]) -> datetime | None:
    """The moment, of all events of one complaint in order."""
    status, level, due, resumed = "open", None, None, None
    for event in events:
        now = event.data.get("status", status)
        told = event.data if event.kind == "assigned" else event.data.get("assigned")
        to_level, to_due = (told["level"], told["due"]) if told else (level, due)
        if to_level != level:
            resumed = None
        elif now in RUNNING and (status not in RUNNING or to_due != due):
            resumed = event.at
        status, level, due = now, to_level, to_due
    return resumed
