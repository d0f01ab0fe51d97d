"""What escalations of a sweep have in common is stored once; a complaint's own row holds its hashes.

Escalations stored before stay where they are, among the other events. The new tables too can only be
appended to.
"""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment, RowId

revision = "0008"
down_revision = "0007"

KEYS = {"escalations": ("id", "digest"), "complaint_escalations": ("number, seq",)}


def upgrade(op: Operations) -> None:
    op.create_table(
        "escalations",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("department_code", sa.Text, nullable=False),
        sa.Column("department_hi", sa.Text, nullable=False),
        sa.Column("department_en", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("level_label", sa.Text, nullable=False),
        sa.Column("post_id", sa.Text, nullable=False),
        sa.Column("post_hi", sa.Text, nullable=False),
        sa.Column("post_en", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("drafted", sa.Boolean, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("level_since", Moment, nullable=False),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "complaint_escalations",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("escalation", sa.BigInteger, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", "seq"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(op)
    else:
        _guard_postgresql(op)


def _guard_sqlite(op: Operations) -> None:
    for table, keys in KEYS.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} can only be appended to'); END"
        same = " OR ".join(
            "(" + " AND ".join(f"{name} = NEW.{name}" for name in key.split(", ")) + ")" for key in keys
        )
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE removes the row in its way without asking the delete trigger.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _guard_postgresql(op: Operations) -> None:
    op.execute(
        """CREATE FUNCTION escalations_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% can only be appended to', TG_TABLE_NAME; END $$"""
    )
    for table in KEYS:
        refuse = "EXECUTE FUNCTION escalations_refuse()"
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
        )
