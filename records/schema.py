"""The tables as this version of the program uses them. Migrations make them; a test compares."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from records.columns import Levels, Moment, RowId

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

calls = Table(
    "calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("caller_raw", Text, nullable=False),
    Column("caller_e164", Text, index=True),
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

users = Table(
    "users",
    metadata,
    Column("username", Text, primary_key=True),
    Column("display_name_hi", Text, nullable=False),
    Column("display_name_en", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("extension", Text),
    Column("district_code", Text),
    Column("created_at", Moment, nullable=False),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("username", Text, ForeignKey("users.username"), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
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

# Operations of the spool that are done already; a row lives until the spool has forgotten its operation.
spooled_operations = Table(
    "spooled_operations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

# How far Asterisk's own event files have been read.
event_files = Table(
    "event_files",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)
