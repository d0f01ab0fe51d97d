"""Which book this is, and which complaint numbers it does not hold though they were given.

A database of the version before becomes a book of its own here, with what is in it.
"""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic.operations import Operations

from records.schema.columns import Moment

revision = "0012"
down_revision = "0017"


def upgrade(op: Operations) -> None:
    book = op.create_table(
        "book",
        sa.Column("identity", sa.Text, primary_key=True),
        sa.Column("begun_at", Moment, nullable=False),
    )
    op.create_table(
        "number_gaps",
        sa.Column("first", sa.BigInteger, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.bulk_insert(book, [{"identity": str(uuid.uuid4()), "begun_at": datetime.now(UTC)}])
