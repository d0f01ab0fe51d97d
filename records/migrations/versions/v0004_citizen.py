"""What the citizen's side keeps: language, rating, messages, callbacks; and what is caught up on later."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment, RowId

revision = "0004"
down_revision = "0003"


def upgrade(op: Operations) -> None:
    op.add_column("calls", sa.Column("rating", sa.Integer))
    op.create_table(
        "callers",
        sa.Column("e164", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("call_id", sa.Text, sa.ForeignKey("calls.call_id"), nullable=False),
        sa.Column("e164", sa.Text),
        sa.Column("district_code", sa.Text),
        sa.Column("recording", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.UniqueConstraint("call_id", "recording"),
    )
    op.create_table(
        "callbacks",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("call_id", sa.Text, sa.ForeignKey("calls.call_id"), nullable=False),
        sa.Column("e164", sa.Text, nullable=False),
        sa.Column("district_code", sa.Text),
        sa.Column("at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.UniqueConstraint("call_id"),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index("ix_drafts_open", "drafts", ["at"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_index(
        "ix_callbacks_open",
        "callbacks",
        ["e164"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "spooled_operations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "event_files",
        sa.Column("identity", sa.Text, primary_key=True),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
