"""When the ways out of the house were tried with a real call, and how each try ended."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0013"
down_revision = "0011"


def upgrade(op: Operations) -> None:
    op.create_table(
        "way_tries",
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "way", "at"),
    )
    op.create_index("ix_way_tries_way_at", "way_tries", ["way", "at"])
