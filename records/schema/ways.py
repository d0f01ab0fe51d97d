"""When the ways out of the house were tried with a real call."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from records.schema.columns import Moment
from records.schema.metadata import metadata

way_tries = Table(
    "way_tries",
    metadata,
    # "" for a try that was no citizen's call.
    Column("call_id", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("code", Integer),
    Column("seconds", Integer, nullable=False),
    PrimaryKeyConstraint("call_id", "way", "at"),
    Index("ix_way_tries_way_at", "way", "at"),
)
