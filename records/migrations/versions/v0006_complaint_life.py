"""What a complaint's life adds to its state, and how messages of callers were dealt with.

Until now a complaint only had its registration and its assignment, so that what the events come to can be
said here without reading them. SQLite cannot add a column without a default, so there the table is made anew
under the same name (see 0005).
"""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Levels, Moment

revision = "0006"
down_revision = "0005"

KEPT = (
    "number, status, call_id, caller_e164, citizen_name, citizen_phone, citizen_e164, district_code,"
    " place_id, place_hi, place_en, type_code, type_hi, type_en, description, registered_by, registered_at,"
    " edition, rule, department_code, department_hi, department_en, level, level_label, post_id, post_hi,"
    " post_en, due, drafted, last_seq"
)
NEWEST_EVENT = "FROM complaint_events e WHERE e.number = {0}.number AND e.seq = {0}.last_seq"
FILLED = {
    "last_hash": f"COALESCE((SELECT e.hash {NEWEST_EVENT}), '')",
    "last_at": f"COALESCE((SELECT e.at {NEWEST_EVENT}), registered_at)",
    "kind": "'complaint'",
    "level_since": "registered_at",
    "first_level": "level",
    "closure": "NULL",
    "closed_at": "NULL",
    "attended_at": "NULL",
    "not_attended": "''",
    "proposed_action": "''",
    "tries": "0",
    "type_changed": "FALSE",
    "sent_up_from": "NULL",
    "citizen_told": "FALSE",
    "group_of": "NULL",
}


def new_columns() -> list[sa.Column[object]]:
    """The new columns; fresh ones each time, for a column belongs to one table."""
    return [
        sa.Column("last_hash", sa.Text, nullable=False),
        sa.Column("last_at", Moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("level_since", Moment, nullable=False),
        sa.Column("first_level", sa.Integer, nullable=False),
        sa.Column("closure", sa.Text),
        sa.Column("closed_at", Moment),
        sa.Column("attended_at", Moment),
        sa.Column("not_attended", Levels, nullable=False),
        sa.Column("proposed_action", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("type_changed", sa.Boolean, nullable=False),
        sa.Column("sent_up_from", sa.Integer),
        sa.Column("citizen_told", sa.Boolean, nullable=False),
        sa.Column("group_of", sa.Text),
    ]


def upgrade(op: Operations) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(op)
    else:
        _added(op)
    escalating = sa.text("status IN ('open', 'attended', 'department_proposed', 'close_proposed')")
    grouped = sa.text("group_of IS NOT NULL")
    for name, columns, where in (
        ("escalating", ["due", "number"], escalating),
        ("post_id_status", ["post_id", "status"], None),
        ("district_code_registered_at", ["district_code", "registered_at"], None),
        ("group_of", ["group_of"], grouped),
    ):
        op.create_index(
            f"ix_complaints_{name}", "complaints", columns, sqlite_where=where, postgresql_where=where
        )
    for column in (
        sa.Column("number", sa.Text),
        sa.Column("reason_code", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("closed_by", sa.Text),
    ):
        op.add_column("drafts", column)


def _added(op: Operations) -> None:
    columns = new_columns()
    for column in columns:
        must = not column.nullable
        column.nullable = True
        op.add_column("complaints", column)
        column.nullable = not must
    filled = ", ".join(f"{name} = {value.format('complaints')}" for name, value in FILLED.items())
    op.execute(f"UPDATE complaints SET {filled}")  # noqa: S608
    for column in columns:
        if not column.nullable:
            op.alter_column("complaints", column.name, nullable=False)


def _made_anew(op: Operations) -> None:
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE complaints_before AS SELECT * FROM complaints")
    op.execute("CREATE UNIQUE INDEX ix_complaints_before ON complaints_before (number)")
    op.drop_table("complaints")
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
        *new_columns(),
    )
    names, values = ", ".join(FILLED), ", ".join(value.format("b") for value in FILLED.values())
    op.execute(
        f"INSERT INTO complaints ({KEPT}, {names}) SELECT {KEPT}, {values} FROM complaints_before b"  # noqa: S608
    )
    op.drop_table("complaints_before")
    for column in ("call_id", "caller_e164", "citizen_e164", "registered_at"):
        op.create_index(f"ix_complaints_{column}", "complaints", [column])
