"""Alarms: what somebody must look at, how often it happened, and who has seen it."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment, RowId

revision = "0010"
down_revision = "0009"

STANDING = "over_at IS NULL AND acknowledged_at IS NULL"


def upgrade(op: Operations) -> None:
    op.create_table(
        "alarms",
        sa.Column("number", RowId, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("first_at", Moment, nullable=False),
        sa.Column("last_at", Moment, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("once", sa.Text),
        sa.Column("over_at", Moment),
        sa.Column("acknowledged_at", Moment),
        sa.Column("acknowledged_by", sa.Text),
    )
    op.create_index(
        "ix_alarms_standing",
        "alarms",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text(STANDING),
        postgresql_where=sa.text(STANDING),
    )
    op.create_index("ix_alarms_last_at", "alarms", ["last_at"])
