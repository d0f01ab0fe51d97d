"""Rows of alarms, written inside a transaction that somebody else began and ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from records import schema
from records.clock import as_utc
from records.database.database import Database
from records.text import NO_DETAIL, JsonScalar, clean

LONGEST_KIND = 64
LONGEST_SUBJECT = 120
LONGEST_VALUE = 300
MOST_VALUES = 16
"""An alarm is a line on a page. What is longer is cut, what is more is left out: strangers may have a hand in
it."""
MOST_STANDING = 40
"""Standing alarms of one kind. A guesser with a thousand addresses is one trouble, not a thousand lines: the
subjects beyond this are counted together under `OTHERS`."""
OTHERS = "*"
REMIND = timedelta(hours=4)
"""A state that lasts is told again so long after somebody acknowledged it: half a shift."""


AGAIN = timedelta(hours=1)
"""What was over for less than this and is back is the same alarm: a disk at its limit, a line that flaps."""


@dataclass(frozen=True)
class Alarmed:
    """That there is cause for alarm. ``lasts``: it is a state, which ends by itself; else a thing that
    happened. ``once``: told again with the same, before another one, it is
    the same report."""

    kind: str
    subject: str
    at: datetime
    data: Mapping[str, JsonScalar]
    lasts: bool = False
    once: str | None = None


def alarmed(
    kind: str,
    subject: str,
    at: datetime,
    data: Mapping[str, JsonScalar] = NO_DETAIL,
    *,
    lasts: bool = False,
    once: str | None = None,
) -> Alarmed:
    """Checked and cut to what is stored. Raises `ValueError`: no kind, or a naive datetime."""
    kind = short(kind, LONGEST_KIND)
    if not kind:
        raise ValueError("an alarm needs a kind")
    told = {short(key, LONGEST_KIND): _value(value) for key, value in list(data.items())[:MOST_VALUES]}
    return Alarmed(kind, short(subject, LONGEST_SUBJECT), as_utc(at), told, lasts, once)


def short(text: str, most: int) -> str:
    """On one line, without what a database cannot store, cut with a mark."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _value(value: JsonScalar) -> JsonScalar:
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return short(value, LONGEST_VALUE)


def store_alarm(database: Database, connection: Connection, told: Alarmed) -> None:
    """Count the standing alarm of that kind and subject up, or begin one."""
    table, c = schema.alarms, schema.alarms.c
    if told.once is not None:
        known = select(c.number).where(c.kind == told.kind, c.once == told.once).limit(1)
        if connection.execute(known).first() is not None:
            return
    subject = _subject(connection, told)
    same = (c.kind == told.kind) & (c.subject == subject)
    # How long a state lasts is told by its two moments; how often it was looked at means nothing.
    again = c.count if told.lasts else c.count + 1
    counted = {"count": again, "last_at": told.at, "data": dict(told.data), "once": told.once}
    if told.lasts:
        seen = same & c.over_at.is_(None) & (c.acknowledged_at > told.at - REMIND)
        if connection.execute(update(table).where(seen).values(counted)).rowcount:
            return
        if _came_again(connection, told, subject):
            return
    row: dict[str, Any] = {
        "kind": told.kind, "subject": subject, "data": dict(told.data), "count": 1, "once": told.once,
        "first_at": told.at, "last_at": told.at,
    }  # fmt: skip
    made = sqlite.insert(table) if database.is_sqlite else postgresql.insert(table)
    connection.execute(
        made.values(row).on_conflict_do_update(
            index_elements=[c.kind, c.subject],
            index_where=c.over_at.is_(None) & c.acknowledged_at.is_(None),
            set_=counted,
        )
    )


def _came_again(connection: Connection, told: Alarmed, subject: str) -> bool:
    """What comes and goes is one alarm, counted each time it comes; who has seen it is not told anew."""
    table, c = schema.alarms, schema.alarms.c
    newest = select(func.max(c.number)).where(c.kind == told.kind, c.subject == subject).scalar_subquery()
    lately = (c.number == newest) & (c.over_at > told.at - AGAIN)
    lately &= c.acknowledged_at.is_(None) | (c.acknowledged_at > told.at - REMIND)
    back = {"over_at": None, "count": c.count + 1, "last_at": told.at, "data": dict(told.data)}
    return bool(connection.execute(update(table).where(lately).values(back)).rowcount)


def _subject(connection: Connection, told: Alarmed) -> str:
    """The alarm's own, or `OTHERS` when too many of its kind stand already and it is not among them."""
    c = schema.alarms.c
    standing = (c.kind == told.kind) & c.over_at.is_(None) & c.acknowledged_at.is_(None)
    own = select(c.number).where(standing, c.subject == told.subject)
    if connection.execute(own).first() is not None:
        return told.subject
    count = connection.scalar(select(func.count()).select_from(schema.alarms).where(standing)) or 0
    return told.subject if count < MOST_STANDING else OTHERS
