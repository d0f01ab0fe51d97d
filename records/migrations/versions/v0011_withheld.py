"""Whether the caller of a call withheld his number. Of calls before this nobody knows: they stay."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0011"
down_revision = "0012"


def upgrade(op: Operations) -> None:
    op.add_column("calls", sa.Column("withheld", sa.Boolean, nullable=False, server_default=sa.false()))
