"""What a sweep of escalations reads: overdue complaints, batch by batch, each in short. Blocking."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    literal_column,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import NullType

from records import schema
from records.escalation.climbing import Climbed, Climber


class Cursor(NamedTuple):
    """Where a walk through overdue complaints stands: behind this one."""

    due: date
    number: str


# As the driver gives them: converting each value by its column's type takes longer than reading it.
_READ = tuple(
    type_coerce(schema.complaints.c[name], NullType()).label(name)
    for name in Climber._fields
    if name != "row"
)
_ROW: ColumnElement[int] = literal_column("complaints.rowid")


def read_batch(
    connection: Connection, on: date, levels: Collection[int] | None, after: Cursor | None, limit: int
) -> list[Climber]:
    """Complaints whose limit is over on a day in India and runs against their officer, longest overdue first.

    ``levels``: only those at these. What is compared is written out: PostgreSQL plans a statement that it
    has seen several times without looking at the values, and then reads everything for each batch.
    """
    c = schema.complaints.c

    def value(of: ColumnElement[Any], said: object) -> BindParameter[Any]:
        return bindparam(None, said, of.type, literal_execute=True)

    conditions: list[ColumnElement[bool]] = [schema.ESCALATING, c.due < value(c.due, on)]
    if levels is not None:
        conditions.append(c.level.in_([value(c.level, level) for level in sorted(levels)]))
        # For PostgreSQL, which would look at each complaint for the list, and looks at the index for these.
        conditions += [c.level >= value(c.level, min(levels)), c.level <= value(c.level, max(levels))]
    if after is not None:
        behind = tuple_(value(c.due, after.due), value(c.number, after.number))
        conditions.append(tuple_(c.due, c.number) > behind)
    sqlite = connection.dialect.name == "sqlite"
    ordered = select(*_READ, *([_ROW] if sqlite else [])).where(*conditions).order_by(c.due, c.number)
    query = ordered.limit(bindparam(None, limit, Integer(), literal_execute=True))
    with connection.execute(query) as result:
        # Past the rows of SQLAlchemy, of which nothing is wanted.
        rows = result.cursor.fetchall() if result.cursor is not None else ()
    return _from_sqlite(rows) if sqlite else _from_postgresql(rows)


def unchanged(connection: Connection, batch: Sequence[Climbed]) -> list[Climbed]:
    """Those that still are what was read. Until the transaction ends nobody else can change them."""
    c = schema.complaints.c
    numbers = sorted(one.before.number for one in batch)
    query = select(c.number, c.last_seq).where(c.number.in_(numbers)).order_by(c.number).with_for_update()
    now = {row.number: row.last_seq for row in connection.execute(query)}
    return [one for one in batch if now.get(one.before.number) == one.before.last_seq]


# Written out: this is done for every complaint, and anything shorter takes several times as long.
def _from_sqlite(rows: Iterable[Any]) -> list[Climber]:
    # fmt: off
    return [
        Climber(
            number, kind, place, level, post, department, edition, _day(due), status,
            entry and _moment(entry), _levels(left), seq, last, _moment(at), anew and _moment(anew), row,
        )
        for number, kind, place, level, post, department, edition, due, status,
            entry, left, seq, last, at, anew, row in rows
    ]
    # fmt: on


def _from_postgresql(rows: Iterable[Any]) -> list[Climber]:
    # fmt: off
    return [
        Climber(
            number, kind, place, level, post, department, edition, due, status,
            entry, _levels(left), seq, last, at, anew,
        )
        for number, kind, place, level, post, department, edition, due, status,
            entry, left, seq, last, at, anew in rows
    ]
    # fmt: on


_moment = datetime.fromisoformat


@lru_cache
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache
def _levels(text: str) -> tuple[int, ...]:
    return tuple(int(level) for level in text.split(",") if level)
