"""Calls may end as served: the caller got what he called for without an executive.

SQLite cannot change a CHECK, so the table is made anew. Its rows go away and come back under the same name:
only so, inside a transaction, does SQLite find at the commit that every row that refers to a call still does.
"""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0005"
down_revision = "0004"

OUTCOMES = "outcome IN ('answered', 'served', 'abandoned', 'refused', 'failed')"


def upgrade(op: Operations) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE calls DROP CONSTRAINT ck_calls_outcome")
        op.execute(f"ALTER TABLE calls ADD CONSTRAINT ck_calls_outcome CHECK ({OUTCOMES})")
        return
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE calls_before AS SELECT * FROM calls")
    op.drop_table("calls")
    made = op.create_table(
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
        sa.Column("rating", sa.Integer),
        sa.CheckConstraint(OUTCOMES, name="outcome"),
    )
    names = [column.name for column in made.columns]
    before = sa.table("calls_before", *(sa.column(name) for name in names))
    op.execute(sa.insert(made).from_select(names, sa.select(*before.columns)))
    op.drop_table("calls_before")
    op.create_index("ix_calls_caller_e164", "calls", ["caller_e164"])
    op.create_index("ix_calls_started_at", "calls", ["started_at"])
    op.create_index("ix_calls_outcome_ended_at", "calls", ["outcome", "ended_at"])
    op.create_index("ix_calls_active", "calls", ["started_at"], sqlite_where=sa.text("ended_at IS NULL"))
