"""Which book a database is, how far its numbers went, and going on above those that an older copy lacks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from records import schema
from records.errors import RecordsError
from records.numbers import FIRST


@dataclass(frozen=True)
class Book:
    """A database that holds a book. ``highest``: the last running number it knows to be given."""

    identity: str
    begun_at: datetime
    highest: int


@dataclass(frozen=True)
class Gap:
    """Running numbers, both ends included, that the book does not hold and never gives.

    They were given before it was put back as an older copy or begun anew, or were left free for safety.
    """

    first: int
    last: int
    at: datetime
    reason: str


def read_book(connection: Connection) -> Book:
    """The book of a database that is up to date. Raises `RecordsError` when somebody took its name away."""
    row = connection.execute(select(schema.book)).first()
    if row is None:
        raise RecordsError("the database has no identity, its table `book` is empty; restore a backup")
    value = connection.execute(_HIGHEST).scalar()
    return Book(row.identity, row.begun_at, value if isinstance(value, int) else FIRST - 1)


def read_gaps(connection: Connection) -> list[Gap]:
    """The numbers the book does not hold, in order."""
    rows = connection.execute(select(schema.number_gaps).order_by(schema.number_gaps.c.first))
    return [Gap(row.first, row.last, row.at, row.reason) for row in rows]


def hold_numbers(connection: Connection) -> int:
    """The last running number given. Until the transaction ends nobody else gives one: none is left out."""
    c = schema.sequences.c
    query = select(c.value).where(c.name == "complaint").with_for_update()
    return int(connection.execute(query).scalar_one())


def go_on_above(connection: Connection, last: int, at: datetime, reason: str) -> Gap | None:
    """Let the next complaint have the number after ``last``; None when numbers are that far already."""
    held = hold_numbers(connection)
    if held >= last:
        return None
    gap = Gap(held + 1, last, at, reason)
    connection.execute(
        insert(schema.number_gaps).values(first=gap.first, last=gap.last, at=gap.at, reason=gap.reason)
    )
    c = schema.sequences.c
    connection.execute(update(schema.sequences).where(c.name == "complaint").values(value=last))
    return gap


_HIGHEST = select(schema.sequences.c.value).where(schema.sequences.c.name == "complaint")
