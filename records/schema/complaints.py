"""Complaints, their events and their numbers."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from records.schema.columns import Levels, Moment, RowId
from records.schema.metadata import metadata

# Written out, not bound: a partial index serves only a query that says the same. Without a type: SQLAlchemy
# would compare a Boolean with 1 on SQLite.
ESCALATING: ColumnElement[bool] = literal_column(
    "status IN ('open', 'attended', 'department_proposed', 'close_proposed')"
)
GROUPED: ColumnElement[bool] = literal_column("group_of IS NOT NULL")

complaints = Table(
    "complaints",
    metadata,
    Column("number", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("call_id", Text, ForeignKey("calls.call_id"), index=True),
    Column("caller_e164", Text, index=True),
    Column("citizen_name", Text, nullable=False),
    Column("citizen_phone", Text, nullable=False),
    Column("citizen_e164", Text, index=True),
    Column("district_code", Text, nullable=False),
    Column("place_id", Text, nullable=False),
    Column("place_hi", Text, nullable=False),
    Column("place_en", Text, nullable=False),
    Column("type_code", Text, nullable=False),
    Column("type_hi", Text, nullable=False),
    Column("type_en", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("registered_at", Moment, nullable=False, index=True),
    Column("edition", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    Column("department_hi", Text, nullable=False),
    Column("department_en", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_label", Text, nullable=False),
    Column("post_id", Text, nullable=False),
    Column("post_hi", Text, nullable=False),
    Column("post_en", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("drafted", Boolean, nullable=False),
    Column("last_seq", Integer, nullable=False),
    # The hash of the newest event: the next one is joined to it without looking for that event.
    Column("last_hash", Text, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level_since", Moment, nullable=False),
    Column("first_level", Integer, nullable=False),
    Column("closure", Text),
    Column("closed_at", Moment),
    Column("attended_at", Moment),
    Column("not_attended", Levels, nullable=False),
    Column("proposed_action", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("type_changed", Boolean, nullable=False),
    Column("sent_up_from", Integer),
    Column("citizen_told", Boolean, nullable=False),
    Column("group_of", Text),
    Column("resumed_at", Moment),
    # Since when what it said of the citizen is destroyed, at his request.
    Column("erased_at", Moment),
    # With the level: most of what is overdue waits at one that is left by hand.
    Index(
        "ix_complaints_escalating",
        "due",
        "number",
        "level",
        sqlite_where=ESCALATING,
        postgresql_where=ESCALATING,
    ),
    Index("ix_complaints_post_id_status", "post_id", "status"),
    Index("ix_complaints_district_code_registered_at", "district_code", "registered_at"),
    Index("ix_complaints_group_of", "group_of", sqlite_where=GROUPED, postgresql_where=GROUPED),
)

complaint_events = Table(
    "complaint_events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("number", Text, ForeignKey("complaints.number"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("edition", Text),
    Column("data", JSON, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # What it says of a person, each part with its key; NULL: nothing, or destroyed (`records.life.sealing`).
    Column("personal", JSON(none_as_null=True)),
    UniqueConstraint("number", "seq"),
)

registrations = Table(
    "registrations",
    metadata,
    Column("key", Text, primary_key=True),
    Column("number", Text, ForeignKey("complaints.number"), nullable=False),
)

sequences = Table(
    "sequences",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
