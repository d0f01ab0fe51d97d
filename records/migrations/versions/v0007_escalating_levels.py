"""The index of overdue complaints tells their level: most wait at one where nothing moves them by itself."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0007"
down_revision = "0006"

ESCALATING = "status IN ('open', 'attended', 'department_proposed', 'close_proposed')"


def upgrade(op: Operations) -> None:
    where = sa.text(ESCALATING)
    op.drop_index("ix_complaints_escalating", "complaints")
    op.create_index(
        "ix_complaints_escalating",
        "complaints",
        ["due", "number", "level"],
        sqlite_where=where,
        postgresql_where=where,
    )
