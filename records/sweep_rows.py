"""A batch of the escalation sweep in the database: reading what is overdue, storing what went up.

Both databases get the same rows, each the way it takes many at once: SQLite one prepared statement and a list
of rows, PostgreSQL arrays. Blocking: `records.database.Database.run` runs it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import NullType

from records import schema
from records.climbing import ESCALATED, Climbed, Climber, Event
from records.clock import stamp
from records.complaint_types import AssignedTo
from records.life_steps import CLOCK


class ChangedError(Exception):
    """Somebody else changed a complaint of the batch since it was read; nothing of it may be stored."""


class Cursor(NamedTuple):
    """Where a walk through overdue complaints stands: behind this one."""

    due: date
    number: str


# As the driver gives them: converting each value by its column's type takes longer than reading it.
_READ = tuple(type_coerce(schema.complaints.c[name], NullType()).label(name) for name in Climber._fields)
_TO = (
    "edition",
    "rule",
    "department_code",
    "department_hi",
    "department_en",
    "level",
    "level_label",
    "post_id",
    "post_hi",
    "post_en",
    "due",
    "drafted",
)
_to = attrgetter(*_TO)
_STATE = ("status", "not_attended", "last_seq", "last_hash", "last_at", "level_since")
_EVENT = ("number", "seq", "kind", "actor", "at", "edition", "data", "previous_hash", "hash")

_SET = "UPDATE complaints SET attended_at = NULL, sent_up_from = NULL, "
_INTO = f"INSERT INTO complaint_events ({', '.join(_EVENT)}) "
_BY_CLOCK = f"'{ESCALATED}', '{CLOCK.username}'"

_SQLITE_MOVE = (
    _SET + ", ".join(f"{name} = ?" for name in (*_TO, *_STATE)) + " WHERE number = ? AND last_seq = ?"
)
_SQLITE_EVENT = _INTO + f"VALUES (?, ?, {_BY_CLOCK}, ?, ?, ?, ?, ?)"
_TYPES = {
    "level": "int",
    "due": "date",
    "drafted": "boolean",
    "last_seq": "int",
    "last_at": "timestamptz",
    "level_since": "timestamptz",
}


def _arrays(columns: Sequence[tuple[str, str]], name: str) -> str:
    """``unnest($1::text[], ...) AS name (column, ...)`` for columns with their types."""
    arrays = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(columns, 1))
    return f"unnest({arrays}) AS {name} ({', '.join(column for column, _ in columns)})"


# A whole row for each complaint. What rows share could be sent once and joined; but the planner, who guesses
# ten elements for an array, compared every complaint with every target then.
_MOVED = [("number", "text"), ("read_seq", "int")]
_MOVED += [(name, _TYPES.get(name, "text")) for name in (*_TO, *_STATE)]
_POSTGRESQL_MOVE = (
    _SET.replace("complaints", "complaints AS c")
    + ", ".join(f"{name} = m.{name}" for name in (*_TO, *_STATE))
    + f" FROM {_arrays(_MOVED, 'm')} WHERE c.number = m.number AND c.last_seq = m.read_seq"
)
_HAPPENED = [(name, {"seq": "int", "at": "timestamptz"}.get(name, "text")) for name in Event._fields]
_POSTGRESQL_EVENT = (
    _INTO  # noqa: S608 - names of columns
    + f"SELECT h.number, h.seq, {_BY_CLOCK}, h.at, h.edition, h.data::json, h.previous_hash, h.hash"
    + f" FROM {_arrays(_HAPPENED, 'h')}"
)


def read_batch(
    connection: Connection, on: date, level: int | None, after: Cursor | None, limit: int
) -> list[Climber]:
    """Complaints whose limit is over on a day in India and runs against their officer, longest overdue first.

    ``level``: only those at that one. What is compared is written out: PostgreSQL plans a statement that it
    has seen several times without looking at the values, and then reads everything for each batch.
    """
    c = schema.complaints.c

    def value(of: ColumnElement[Any], said: object) -> BindParameter[Any]:
        return bindparam(None, said, of.type, literal_execute=True)

    conditions: list[ColumnElement[bool]] = [schema.ESCALATING, c.due < value(c.due, on)]
    if level is not None:
        conditions.append(c.level == value(c.level, level))
    if after is not None:
        behind = tuple_(value(c.due, after.due), value(c.number, after.number))
        conditions.append(tuple_(c.due, c.number) > behind)
    ordered = select(*_READ).where(*conditions).order_by(c.due, c.number)
    query = ordered.limit(bindparam(None, limit, Integer(), literal_execute=True))
    rows: Iterable[Any] = connection.execute(query)
    if connection.dialect.name == "sqlite":
        return [_from_sqlite(Climber(*row)) for row in rows]
    return [row._replace(not_attended=_numbers(row.not_attended)) for row in (Climber(*row) for row in rows)]


def unchanged(connection: Connection, batch: Sequence[Climbed]) -> list[Climbed]:
    """Those that still are what was read. Until the transaction ends nobody else can change them."""
    c = schema.complaints.c
    numbers = sorted(one.before.number for one in batch)
    query = select(c.number, c.last_seq).where(c.number.in_(numbers)).order_by(c.number).with_for_update()
    now = {row.number: row.last_seq for row in connection.execute(query)}
    return [one for one in batch if now.get(one.before.number) == one.before.last_seq]


def store(connection: Connection, batch: Sequence[Climbed]) -> None:
    """Store all of a batch. Raises `ChangedError`, and then the transaction must not be committed."""
    if not batch:
        return
    # In the order of their numbers, as everybody takes them, so that no two wait for each other.
    batch = sorted(batch, key=lambda one: one.before.number)
    if connection.dialect.name == "sqlite":
        targets = {
            key: _to_sqlite(up.assigned)
            for key, up in {id(one.ups[-1]): one.ups[-1] for one in batch}.items()
        }
        moves: Any = [
            (*targets[id(one.ups[-1])], *_state_sqlite(one), one.before.number, one.before.last_seq)
            for one in batch
        ]
        _all_moved(connection.exec_driver_sql(_SQLITE_MOVE, moves).rowcount, batch)
        events: Any = [
            event._replace(at=_stamped(event.at))  # type: ignore[arg-type]
            for one in batch
            for event in one.events
        ]
        connection.exec_driver_sql(_SQLITE_EVENT, events)
    else:
        moved = connection.exec_driver_sql(_POSTGRESQL_MOVE, _move_arrays(batch))
        _all_moved(moved.rowcount, batch)
        connection.exec_driver_sql(_POSTGRESQL_EVENT, _event_arrays(batch))


def _all_moved(count: int, batch: Sequence[Climbed]) -> None:
    if count != len(batch):
        raise ChangedError


def _from_sqlite(row: Any) -> Climber:
    return row._replace(  # type: ignore[no-any-return]
        due=_day(row.due),
        attended_at=row.attended_at and datetime.fromisoformat(row.attended_at),
        not_attended=_numbers(row.not_attended),
        last_at=datetime.fromisoformat(row.last_at),
    )


@lru_cache
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache
def _numbers(text: Any) -> tuple[int, ...]:
    return tuple(int(level) for level in text.split(",") if level)


_stamped = lru_cache(stamp)


def _to_sqlite(to: AssignedTo) -> tuple[Any, ...]:
    values = list(_to(to))
    values[-2] = to.due.isoformat()
    return tuple(values)


def _state_sqlite(one: Climbed) -> tuple[Any, ...]:
    after = one.after
    return (
        after.status,
        _levels(after.not_attended),
        after.last_seq,
        after.last_hash,
        _stamped(after.last_at),
        _stamped(one.level_since),
    )


@lru_cache
def _levels(levels: tuple[int, ...]) -> str:
    return ",".join(map(str, levels))


def _move_arrays(batch: Sequence[Climbed]) -> tuple[list[Any], ...]:
    targets = {id(one.ups[-1]): _to(one.ups[-1].assigned) for one in batch}
    rows = []
    for one in batch:
        after = one.after
        state = (after.status, _levels(after.not_attended), after.last_seq, after.last_hash, after.last_at)
        target = targets[id(one.ups[-1])]
        rows.append((one.before.number, one.before.last_seq, *target, *state, one.level_since))
    return _columns(rows)


def _event_arrays(batch: Sequence[Climbed]) -> tuple[list[Any], ...]:
    return _columns([event for one in batch for event in one.events])


def _columns(rows: Sequence[Sequence[Any]]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))
