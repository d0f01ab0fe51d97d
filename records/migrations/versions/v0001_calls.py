"""Calls and their path through the menus."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment, RowId

revision = "0001"
down_revision = None


def upgrade(op: Operations) -> None:
    op.create_table(
        "calls",
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("caller_raw", sa.Text, nullable=False),
        sa.Column("caller_e164", sa.Text),
        sa.Column("dialled", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("district_code", sa.Text),
        sa.Column("queue", sa.Text),
        sa.Column("queue_at", Moment),
        sa.Column("queued_at", Moment),
        sa.Column("extension", sa.Text),
        sa.Column("answered_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("cause", sa.Integer),
        sa.Column("outcome", sa.Text),
        sa.Column("recording", sa.Text),
        sa.CheckConstraint("outcome IN ('answered', 'abandoned', 'refused', 'failed')", name="outcome"),
    )
    op.create_index("ix_calls_caller_e164", "calls", ["caller_e164"])
    op.create_index("ix_calls_started_at", "calls", ["started_at"])
    op.create_index("ix_calls_outcome_ended_at", "calls", ["outcome", "ended_at"])
    still_up = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_calls_active", "calls", ["started_at"], sqlite_where=still_up, postgresql_where=still_up
    )
    op.create_table(
        "call_steps",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("call_id", sa.Text, sa.ForeignKey("calls.call_id"), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("once", sa.Text),
        sa.UniqueConstraint("call_id", "kind", "once"),
    )
    op.create_index("ix_call_steps_call_id_at", "call_steps", ["call_id", "at"])
