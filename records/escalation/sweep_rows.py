"""What a sweep of escalations stores: rows made beforehand, and the few statements that take many at once.

A complaint's row names the row of ``escalations`` that says where it goes; the database itself puts the two
together. SQLite gets a list of values in one statement, because each statement that is executed lets other
threads of the program in, PostgreSQL gets arrays.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, select

from records import schema
from records.escalation.climbing import ESCALATED, Climbed, Escalation
from records.life.complaint import AssignedTo
from records.life.steps import CLOCK

_AT_ONCE = 500
"""Rows of one statement on SQLite; fewer are filled up with rows that fit nothing."""

_FOLLOWS = (*AssignedTo.__dataclass_fields__, "status", "level_since")
_MOVED = ("number", "read_seq", "seq", "hash", "not_attended", "escalation")
_HAPPENED = ("number", "seq", "escalation", "previous_hash", "hash")
_SET = ", ".join(
    [
        *("attended_at = NULL", "sent_up_from = NULL", "resumed_at = NULL", "last_at = e.at"),
        *("last_seq = m.seq", "last_hash = m.hash", "not_attended = m.not_attended"),
        *(f"{name} = e.{name}" for name in _FOLLOWS),
    ]
)
_INTO = f"INSERT INTO complaint_escalations ({', '.join(_HAPPENED)}) "


class ChangedError(Exception):
    """Somebody else changed a complaint of the batch since it was read; nothing of it may be stored."""


class Rows(NamedTuple):
    """A batch as its statements take it: what each execution of them is given."""

    complaints: int
    move: str
    moves: Sequence[tuple[Any, ...]]
    happen: str
    events: Sequence[tuple[Any, ...]]


def remember(
    connection: Connection, escalations: Collection[Escalation], insert_or_ignore: Insert
) -> dict[str, int]:
    """Store what is not there yet; the ids of all, by digest.

    In a transaction of its own: whoever stores the same at this moment would have to wait for the whole
    batch, and could wait for us. One that no complaint comes to use does no harm.
    """
    digests = sorted(one.digest for one in escalations)
    known = _ids(connection, digests)
    missing = sorted((one for one in escalations if one.digest not in known), key=lambda one: one.digest)
    if missing:
        connection.execute(insert_or_ignore, [_columns(one) for one in missing])
        known = _ids(connection, digests)
    return known


def rows(batch: Sequence[Climbed], ids: Mapping[str, int], *, sqlite: bool) -> Rows:
    """A batch as the database takes it; ``ids`` are those of its escalations."""
    moves: list[Any] = []
    events: list[Any] = []
    # In the order of their numbers, as everybody takes them, so that no two wait for each other.
    for before, course, hashes in sorted(batch, key=_number):
        number, seq, previous = before.number, before.last_seq, before.last_hash
        for escalation, own in zip(course.escalations, hashes, strict=True):
            seq += 1
            key = ids[escalation.digest]
            events += (number, seq, key, previous, own)
            previous = own
        left = (*before.not_attended, before.level) if course.missed else before.not_attended
        moves += (number, before.last_seq, seq, previous, _levels(left), key)
        if sqlite:
            moves.append(before.row)
    if sqlite:
        moved, happened = _chunks(moves, len(_MOVED) + 1), _chunks(events, len(_HAPPENED))
        return Rows(len(batch), _SQLITE_MOVE, moved, _SQLITE_EVENT, happened)
    moved, happened = _arrays(moves, len(_MOVED)), _arrays(events, len(_HAPPENED))
    return Rows(len(batch), _POSTGRESQL_MOVE, moved, _POSTGRESQL_EVENT, happened)


def store(connection: Connection, made: Rows) -> None:
    """Store all of a batch. Raises `ChangedError`, and then the transaction must not be committed."""
    moved = sum(connection.exec_driver_sql(made.move, some).rowcount for some in made.moves)
    if moved != made.complaints:
        raise ChangedError
    for some in made.events:
        connection.exec_driver_sql(made.happen, some)


def _ids(connection: Connection, digests: Sequence[str]) -> dict[str, int]:
    c = schema.escalations.c
    found = connection.execute(select(c.digest, c.id).where(c.digest.in_(digests)))
    return {row.digest: row.id for row in found}


def _columns(one: Escalation) -> dict[str, Any]:
    own = {name: getattr(one, name) for name in ("digest", "at", "data", "status", "level_since")}
    return {"kind": ESCALATED, "actor": CLOCK.username, **own, **vars(one.assigned)}


@lru_cache
def _levels(levels: tuple[int, ...]) -> str:
    return ",".join(map(str, levels))


def _number(one: Climbed) -> str:
    return one.before.number


def _chunks(flat: Sequence[Any], width: int) -> list[tuple[Any, ...]]:
    size = _AT_ONCE * width
    chunks = [tuple(flat[first : first + size]) for first in range(0, len(flat), size)]
    if chunks:
        chunks[-1] += (None,) * (size - len(chunks[-1]))
    return chunks


def _arrays(flat: Sequence[Any], width: int) -> list[tuple[Any, ...]]:
    return [tuple(flat[column::width] for column in range(width))] if flat else []


def _values(names: Sequence[str]) -> str:
    """``SELECT column1 AS name, ... FROM (VALUES (?, ...), ...)``, as SQLite names them."""
    said = ", ".join(f"column{n} AS {name}" for n, name in enumerate(names, 1))
    row = f"({', '.join('?' for _ in names)})"
    return f"SELECT {said} FROM (VALUES {', '.join([row] * _AT_ONCE)})"  # noqa: S608 - names of columns


def _unnested(names: Sequence[str]) -> str:
    """``unnest($1::text[], ...) AS m (name, ...)``."""
    kinds = {"read_seq": "int", "seq": "int", "escalation": "bigint"}
    arrays = ", ".join(f"${n}::{kinds.get(name, 'text')}[]" for n, name in enumerate(names, 1))
    return f"unnest({arrays}) AS m ({', '.join(names)})"


_WHERE = "e.id = m.escalation AND c.number = m.number AND c.last_seq = m.read_seq"
# SQLite takes tables in the order of a CROSS JOIN: it knows nothing of how many values there are.
_SQLITE_MOVE = (
    f"UPDATE complaints AS c SET {_SET} FROM ({_values((*_MOVED, 'row'))}) AS m"  # noqa: S608
    f" CROSS JOIN escalations AS e WHERE {_WHERE} AND c.rowid = m.row"
)
_SQLITE_EVENT = f"{_INTO}{_values(_HAPPENED)} WHERE column1 IS NOT NULL"
_POSTGRESQL_MOVE = (
    f"UPDATE complaints AS c SET {_SET} FROM {_unnested(_MOVED)}, escalations AS e WHERE {_WHERE}"  # noqa: S608
)
_POSTGRESQL_EVENT = f"{_INTO}SELECT * FROM {_unnested(_HAPPENED)}"  # noqa: S608
