"""People of the desk, and what is read and done in the background."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Table,
    Text,
)

from records.schema.columns import Moment
from records.schema.metadata import metadata

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
    Column("disabled_at", Moment),
    Column("removed_at", Moment),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("username", Text, ForeignKey("users.username"), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
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
