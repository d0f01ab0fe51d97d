"""People who log in to the desk, and their sessions."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0003"
down_revision = "0002"


def upgrade(op: Operations) -> None:
    op.create_table(
        "users",
        sa.Column("username", sa.Text, primary_key=True),
        sa.Column("display_name_hi", sa.Text, nullable=False),
        sa.Column("display_name_en", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("extension", sa.Text),
        sa.Column("district_code", sa.Text),
        sa.Column("created_at", Moment, nullable=False),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("username", sa.Text, sa.ForeignKey("users.username"), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
    )
    op.create_index("ix_desk_sessions_username", "desk_sessions", ["username"])
    op.create_index("ix_desk_sessions_expires_at", "desk_sessions", ["expires_at"])
