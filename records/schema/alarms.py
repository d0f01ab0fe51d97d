"""What somebody must look at: faults of the machine, and what went wrong with a call."""

from sqlalchemy import JSON, BigInteger, Column, Index, Table, Text, text

from records.schema.columns import Moment, RowId
from records.schema.metadata import metadata

STANDING = "over_at IS NULL AND acknowledged_at IS NULL"

alarms = Table(
    "alarms",
    metadata,
    Column("number", RowId, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("count", BigInteger, nullable=False),
    # The operation that was counted last: told again, it is not counted again.
    Column("once", Text),
    Column("over_at", Moment),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", Text),
    Index(
        "ix_alarms_standing",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text(STANDING),
        postgresql_where=text(STANDING),
    ),
    Index("ix_alarms_last_at", "last_at"),
)
