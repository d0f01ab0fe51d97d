"""Queries for complaints: by what people look for, and those whose limit is over."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from records import schema
from records.complaints.complaint_rows import newest, of_phone
from records.life.states import CLOSED
from records.text import LOOKS_LIKE, as_seen, clean


@dataclass(frozen=True)
class Wanted:
    """What to look for; None does not matter, and all that is given must fit.

    ``overdue_on``: the limit was over on that day, and its officer had to act. ``phone`` is E.164, of caller
    or citizen. ``text`` is part of the number, of the citizen's name, or of the description, type or place.
    ``unclosed``: in any state but closed. ``by_due``: the earliest last day first, closed ones at the end,
    instead of the newest first; such a list has no next page.
    """

    status: str | None = None
    kind: str | None = None
    post_id: str | None = None
    district: str | None = None
    department: str | None = None
    overdue_on: date | None = None
    phone: str | None = None
    text: str | None = None
    group_of: str | None = None
    unclosed: bool = False
    by_due: bool = False


_SEARCHED = ("number", "citizen_name", "description", "type_hi", "type_en", "place_hi", "place_en")


def query(wanted: Wanted, limit: int, after: str | None) -> Select[Any]:
    """Newest first, behind the complaint numbered ``after``."""
    c = schema.complaints.c
    equal = {
        "status": wanted.status,
        "kind": wanted.kind,
        "post_id": wanted.post_id,
        "district_code": wanted.district,
        "department_code": wanted.department,
        "group_of": wanted.group_of,
    }
    found = newest().where(*(c[name] == clean(value) for name, value in equal.items() if value is not None))
    if wanted.unclosed:
        found = found.where(c.status != CLOSED)
    if wanted.overdue_on is not None:
        found = found.where(schema.ESCALATING, c.due < wanted.overdue_on)
    if wanted.phone is not None:
        found = found.where(of_phone(clean(wanted.phone)))
    for word in as_seen(clean(wanted.text or "")).split():
        found = found.where(or_(*(_as_seen(c[name]).icontains(word, autoescape=True) for name in _SEARCHED)))
    if after is not None:
        seen = schema.complaints.alias("seen")
        place = select(seen.c.registered_at, seen.c.number).where(seen.c.number == clean(after))
        found = found.where(tuple_(c.registered_at, c.number) < place.scalar_subquery())
    if wanted.by_due:
        found = found.order_by(None).order_by(c.status == CLOSED, c.due, c.number)
    return found.limit(limit)


def _as_seen(column: ColumnElement[Any]) -> ColumnElement[str]:
    """As `records.text.as_seen` has it, done by the database."""
    seen: ColumnElement[Any] = column
    for written, like in LOOKS_LIKE:
        seen = func.replace(seen, written, like)
    return seen
