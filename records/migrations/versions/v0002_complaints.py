"""Complaints, their append-only events, and the running number.

The database itself refuses to change or remove an event. Who may drop triggers can still do it; the hash
chain (`records.life.chain`) shows that afterwards.
"""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment, RowId

revision = "0002"
down_revision = "0001"

REFUSAL = "complaint_events can only be appended to"

SQLITE_GUARDS = (
    f"""CREATE TRIGGER complaint_events_no_update BEFORE UPDATE ON complaint_events
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER complaint_events_no_delete BEFORE DELETE ON complaint_events
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # INSERT OR REPLACE removes the row in its way without asking the delete trigger.
    """CREATE TRIGGER complaint_events_no_replace BEFORE INSERT ON complaint_events
        WHEN EXISTS (SELECT 1 FROM complaint_events
                     WHERE (number = NEW.number AND seq = NEW.seq) OR id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'complaint_events can only be appended to'); END""",
)
POSTGRESQL_GUARDS = (
    f"""CREATE FUNCTION complaint_events_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER complaint_events_no_change BEFORE UPDATE OR DELETE ON complaint_events
        FOR EACH ROW EXECUTE FUNCTION complaint_events_refuse()""",
    """CREATE TRIGGER complaint_events_no_truncate BEFORE TRUNCATE ON complaint_events
        FOR EACH STATEMENT EXECUTE FUNCTION complaint_events_refuse()""",
)


def upgrade(op: Operations) -> None:
    op.create_table(
        "complaints",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, sa.ForeignKey("calls.call_id")),
        sa.Column("caller_e164", sa.Text),
        sa.Column("citizen_name", sa.Text, nullable=False),
        sa.Column("citizen_phone", sa.Text, nullable=False),
        sa.Column("citizen_e164", sa.Text),
        sa.Column("district_code", sa.Text, nullable=False),
        sa.Column("place_id", sa.Text, nullable=False),
        sa.Column("place_hi", sa.Text, nullable=False),
        sa.Column("place_en", sa.Text, nullable=False),
        sa.Column("type_code", sa.Text, nullable=False),
        sa.Column("type_hi", sa.Text, nullable=False),
        sa.Column("type_en", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_at", Moment, nullable=False),
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
        sa.Column("last_seq", sa.Integer, nullable=False),
    )
    for column in ("call_id", "caller_e164", "citizen_e164", "registered_at"):
        op.create_index(f"ix_complaints_{column}", "complaints", [column])
    op.create_table(
        "complaint_events",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("number", sa.Text, sa.ForeignKey("complaints.number"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("edition", sa.Text),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.UniqueConstraint("number", "seq"),
    )
    op.create_table(
        "registrations",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, sa.ForeignKey("complaints.number"), nullable=False),
    )
    sequences = op.create_table(
        "sequences",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(sequences, [{"name": "complaint", "value": 1_000_000}])
    dialect = op.get_bind().dialect.name
    for statement in SQLITE_GUARDS if dialect == "sqlite" else POSTGRESQL_GUARDS:
        op.execute(statement)
