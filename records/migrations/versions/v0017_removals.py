"""What was removed, when and by which rule; and which daily work was done on which day."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment, RowId

revision = "0017"
down_revision = "0016"


def upgrade(op: Operations) -> None:
    op.create_table(
        "removals",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("gone_at", Moment),
        sa.UniqueConstraint("kind", "name", "made_at"),
    )
    op.create_index(
        "ix_removals_pending",
        "removals",
        ["id"],
        sqlite_where=sa.text("gone_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_table(
        "daily_work",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
