"""Erasing a person: all that is on record of him goes in one transaction, and the chains go on holding.

What he said and who he was is destroyed in every event that holds it (`records.life.erased`), in the
complaints' states, in his calls, messages and wishes. What is left says that there was a complaint, of what
type, where, with whom and how long: reports count it as before. Numbers of complaints and calls stay.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from records import schema
from records.clock import Clock, as_utc
from records.complaints.complaint_rows import columns, event_columns, linked, read_events
from records.database.database import Database
from records.errors import RecordsError
from records.keeping.persons import Person, find
from records.keeping.plan import Plan, pieces
from records.keeping.removing import note
from records.life import projection
from records.life.erased import Erasure, erased_event, without
from records.life.sealing import Part
from records.text import clean

LONGEST_REASON = 300
"""An application's number and date, and by which law; never the person's name."""
DRAFT_REASON = "erased"
"""The reason with which a message that nobody has heard is closed."""


async def person(database: Database, e164: str, also: Iterable[str] = ()) -> Person:
    """What is on record of a number. Raises `RecordsError`."""
    return await database.run(lambda connection: find(connection, clean(e164), also), writing=False)


async def erase_person(
    database: Database,
    e164: str,
    *,
    also: Iterable[str] = (),
    by: str,
    reason: str,
    clock: Clock,
    leave_open: bool = False,
) -> tuple[Erasure, Plan] | None:
    """Erase all that is on record of a number; None when there is nothing to erase.

    Files are noted as removed; `records.keeping.removing` removes them. Raises `RecordsError` with nothing
    changed: a complaint of his is not closed (unless ``leave_open``: it and its call stay), or he is talking
    now.
    """
    erasure = request(by, reason, clock())
    wanted = tuple(also)

    def work(connection: Connection) -> Plan:
        found = find(connection, clean(e164), wanted)
        refuse(found, leave_open=leave_open)
        if not found.plan.empty:
            _carry_out(database, connection, found.plan, erasure)
        gone = delete(schema.callers).where(schema.callers.c.e164 == clean(e164))
        connection.execute(gone)
        return found.plan

    plan = await database.run(work, writing=True)
    return None if plan.empty else (erasure, plan)


async def erase_again(database: Database, erasure: Erasure, plan: Plan) -> bool:
    """Carry out an erasure that an older copy of the records does not know; False when it does.

    Complaints that this copy does not hold are passed over, those that are not closed in it go all the same:
    they were closed when the person was erased. Raises `RecordsError`.
    """

    def work(connection: Connection) -> bool:
        c = schema.erasures.c
        if connection.scalar(select(c.id).where(c.id == erasure.id)) is not None:
            return False
        _carry_out(database, connection, plan, erasure)
        return True

    return await database.run(work, writing=True)


def request(by: str, reason: str, at: datetime) -> Erasure:
    """A new erasure. Raises `RecordsError` for a reason that is empty or too long."""
    reason = " ".join(clean(reason).split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise RecordsError(
            f"give a reason of 1 to {LONGEST_REASON} characters, such as the application's number and day;"
            " not the person's name"
        )
    return Erasure(secrets.token_hex(8), reason, clean(by), as_utc(at))


def refuse(found: Person, *, leave_open: bool) -> None:
    """Raises `RecordsError` when the person cannot be erased now."""
    if found.talking:
        raise RecordsError(
            "a call of this number is going on, or its end is not on record yet; nothing was changed,"
            " try again when it is over"
        )
    if found.open and not leave_open:
        which = ", ".join(found.open[:5]) + (", and more" if len(found.open) > 5 else "")
        raise RecordsError(
            f"not closed yet: {which}; its officer needs the citizen to resolve it. Nothing was changed:"
            " close it first (the citizen may withdraw it: special close), or leave it: --leave-open"
        )


def _carry_out(database: Database, connection: Connection, plan: Plan, erasure: Erasure) -> None:
    """All of a plan, with its row in ``erasures``."""
    for number in sorted(plan.complaints):
        _erase_complaint(connection, number, plan.complaints[number], erasure)
    calls, callers = schema.calls.c, schema.callers.c
    for some in pieces(plan.calls):
        numbers = list(
            connection.scalars(
                select(calls.caller_e164)
                .where(calls.call_id.in_(some), calls.caller_e164.is_not(None))
                .distinct()
            )
        )
        connection.execute(delete(schema.callers).where(callers.e164.in_(numbers)))
        blank = update(schema.calls).where(calls.call_id.in_(some))
        connection.execute(blank.values(caller_raw="", caller_e164=None))
    _blank_left_behind(connection, plan, erasure)
    note(database, connection, plan.files, rule=f"erasure {erasure.id}", by=erasure.by, at=erasure.at)
    connection.execute(
        insert(schema.erasures).values(
            id=erasure.id, at=erasure.at, by=erasure.by, reason=erasure.reason, plan=plan.as_data()
        )
    )


def _erase_complaint(connection: Connection, number: str, parts: Sequence[Part], erasure: Erasure) -> None:
    c, e = schema.complaints.c, schema.complaint_events.c
    held = select(c.number).where(c.number == number).with_for_update()
    if connection.execute(held).one_or_none() is None:
        return
    events = read_events(connection, number)
    left = [without(event, parts) for event in events]
    blanked = [now for now, was in zip(left, events, strict=True) if now is not was]
    if not blanked:
        return
    (told,) = linked(number, [erased_event(projection.fold(events), blanked, parts, erasure)], events[-1])
    # The database lets an event be blanked only when one that says so is there.
    connection.execute(insert(schema.complaint_events), [event_columns(told)])
    for event in blanked:
        row = event_columns(event)
        own = update(schema.complaint_events).where(e.number == number, e.seq == event.seq)
        connection.execute(own.values(data=row["data"], personal=row["personal"]))
    state = columns(projection.fold([*left, told]), told.hash)
    connection.execute(update(schema.complaints).where(c.number == number).values(state))


def _blank_left_behind(connection: Connection, plan: Plan, erasure: Erasure) -> None:
    """Rows stay: a report of them that comes late, or once more, finds them and changes nothing."""
    d, b = schema.drafts.c, schema.callbacks.c
    for some in pieces(plan.drafts):
        unheard = update(schema.drafts).where(d.id.in_(some), d.closed_at.is_(None))
        connection.execute(
            unheard.values(closed_at=erasure.at, closed_by=erasure.by, reason_code=DRAFT_REASON)
        )
        connection.execute(update(schema.drafts).where(d.id.in_(some)).values(e164=None))
        noted = update(schema.drafts).where(d.id.in_(some), d.note.is_not(None))
        connection.execute(noted.values(note=""))
    for some in pieces(plan.callbacks):
        closed = func.coalesce(b.closed_at, erasure.at)
        connection.execute(update(schema.callbacks).where(b.id.in_(some)).values(e164="", closed_at=closed))
