"""What is kept no longer: erasures on a person's request, and files that were removed."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from records.schema.columns import Moment, RowId
from records.schema.metadata import metadata

# ``plan`` names what was erased by number, call and file, and says nothing of the person.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("plan", JSON, nullable=False),
)

# A row is stored before its file is removed; ``gone_at`` once it is.
removals = Table(
    "removals",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    # The same name may come again: that of a log that is turned over each month.
    Column("made_at", Moment, nullable=False),
    Column("call_id", Text),
    Column("rule", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("gone_at", Moment),
    UniqueConstraint("kind", "name", "made_at"),
    Index(
        "ix_removals_pending",
        "id",
        sqlite_where=text("gone_at IS NULL"),
        postgresql_where=text("gone_at IS NULL"),
    ),
)

# Whoever stores the day's row does the day's work.
daily_work = Table(
    "daily_work",
    metadata,
    Column("name", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", Moment, nullable=False),
)
