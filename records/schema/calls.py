"""Calls, their path through the menus, and what callers leave behind: language, messages, callbacks."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from records.schema.columns import Moment, RowId
from records.schema.metadata import metadata

calls = Table(
    "calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("caller_raw", Text, nullable=False),
    Column("caller_e164", Text, index=True),
    # He wishes his number not to be shown: caller_raw has it; caller_e164, by which it is used, by a setting.
    Column("withheld", Boolean, nullable=False, server_default=false()),
    Column("dialled", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("started_at", Moment, nullable=False, index=True),
    # False while only later events of the call are known, not its start.
    Column("announced", Boolean, nullable=False),
    Column("district_code", Text),
    Column("queue", Text),
    Column("queue_at", Moment),
    Column("queued_at", Moment),
    Column("extension", Text),
    Column("answered_at", Moment),
    Column("ended_at", Moment),
    Column("cause", Integer),
    Column("outcome", Text),
    Column("recording", Text),
    Column("rating", Integer),
    CheckConstraint("outcome IN ('answered', 'served', 'abandoned', 'refused', 'failed')", name="outcome"),
    Index(
        "ix_calls_active",
        "started_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_calls_outcome_ended_at", "outcome", "ended_at"),
)

call_steps = Table(
    "call_steps",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("call_id", Text, ForeignKey("calls.call_id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    # What makes a repeated report of the same fact the same step; NULL for steps that may repeat.
    Column("once", Text),
    UniqueConstraint("call_id", "kind", "once"),
    Index("ix_call_steps_call_id_at", "call_id", "at"),
)

callers = Table(
    "callers",
    metadata,
    Column("e164", Text, primary_key=True),
    Column("language", Text, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("call_id", Text, ForeignKey("calls.call_id"), nullable=False),
    Column("e164", Text),
    Column("district_code", Text),
    Column("recording", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    # What was done with it: the complaint that came of it, or why none did.
    Column("number", Text),
    Column("reason_code", Text),
    Column("note", Text),
    Column("closed_by", Text),
    UniqueConstraint("call_id", "recording"),
    Index(
        "ix_drafts_open",
        "at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("call_id", Text, ForeignKey("calls.call_id"), nullable=False),
    Column("e164", Text, nullable=False),
    Column("district_code", Text),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("call_id"),
    # A number waits for one call at a time, however often it asked.
    Index(
        "ix_callbacks_open",
        "e164",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)
