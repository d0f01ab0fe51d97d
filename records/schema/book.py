"""Which book the database is, and which numbers it does not hold."""

from sqlalchemy import BigInteger, Column, Table, Text

from records.schema.columns import Moment
from records.schema.metadata import metadata

# One row, made with the table: what tells this book from an empty or another one at the same address.
book = Table(
    "book",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("begun_at", Moment, nullable=False),
)

# Running numbers, first and last included, that an earlier copy of the book gave or that were left free.
number_gaps = Table(
    "number_gaps",
    metadata,
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)
