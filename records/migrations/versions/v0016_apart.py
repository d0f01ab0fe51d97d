"""What an event says of a person lies apart, and can be destroyed when the chain has an event that says so.

The database goes on refusing every other change of an event, and such a one before its erasure is stored.
"""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0016"
down_revision = "0010"

REFUSAL = "complaint_events can only be appended to"
KEPT = ("id", "number", "seq", "kind", "actor", "at", "edition", "previous_hash", "hash")


def upgrade(op: Operations) -> None:
    op.add_column("complaint_events", sa.Column("personal", sa.JSON))
    op.add_column("complaints", sa.Column("erased_at", Moment))
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(op)
    else:
        _guard_postgresql(op)


def _guard_sqlite(op: Operations) -> None:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)
    named = """EXISTS (SELECT 1 FROM complaint_events AS told WHERE told.number = OLD.number
        AND told.kind = 'person_erased' AND told.seq > OLD.seq
        AND json_type(told.data, '$.events."' || OLD.seq || '"') = 'object')"""
    op.execute("DROP TRIGGER complaint_events_no_update")
    op.execute(
        f"""CREATE TRIGGER complaint_events_no_update BEFORE UPDATE ON complaint_events
        WHEN NOT ({same} AND {named}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
    )


def _guard_postgresql(op: Operations) -> None:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in KEPT)
    op.execute(
        f"""CREATE OR REPLACE FUNCTION complaint_events_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {same} AND EXISTS (SELECT 1 FROM complaint_events AS told WHERE told.number = OLD.number
                    AND told.kind = 'person_erased' AND told.seq > OLD.seq
                    AND json_typeof(told.data->'events'->(OLD.seq::text)) = 'object')
                THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION '{REFUSAL}';
        END $$"""  # noqa: S608
    )
