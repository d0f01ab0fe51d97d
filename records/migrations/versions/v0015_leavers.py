"""People who may no longer log in: for a while, or for good. Their names stay in what they wrote."""

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0015"
down_revision = "0013"


def upgrade(op: Operations) -> None:
    op.add_column("users", sa.Column("disabled_at", Moment))
    op.add_column("users", sa.Column("removed_at", Moment))
