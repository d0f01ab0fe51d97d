"""Events of escalation sweeps: what thousands of them say is stored once, and so is what follows of it.

A sweep writes the same long text, with other hashes, for every complaint that an officer loses to the same
one. Hashes are made over the whole event, as if it stood in ``complaint_events``; only its storage is shared.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    PrimaryKeyConstraint,
    Subquery,
    Table,
    Text,
    UniqueConstraint,
    cast,
    literal,
    null,
    select,
    union_all,
)

from records.schema.columns import Moment, RowId
from records.schema.complaints import complaint_events
from records.schema.metadata import metadata

# All that an event says but for number, seq and hashes; and, from "edition" on, what a complaint is then.
escalations = Table(
    "escalations",
    metadata,
    Column("id", RowId, primary_key=True),
    # SHA-256 of what it says: whoever sweeps again, or at the same time, uses the same row.
    Column("digest", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", JSON, nullable=False),
    Column("edition", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    Column("department_hi", Text, nullable=False),
    Column("department_en", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_label", Text, nullable=False),
    Column("post_id", Text, nullable=False),
    Column("post_hi", Text, nullable=False),
    Column("post_en", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("drafted", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("level_since", Moment, nullable=False),
    UniqueConstraint("digest"),
)

# Without foreign keys: looking up complaint and escalation for each row takes a third of storing it. The
# sweep changes the complaint and makes the escalation itself, neither can be removed, `records verify` looks.
complaint_escalations = Table(
    "complaint_escalations",
    metadata,
    Column("number", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("escalation", BigInteger, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("number", "seq"),
    sqlite_with_rowid=False,
)


def _all_events() -> Subquery:
    single, shared, own = complaint_events.c, escalations.c, complaint_escalations.c
    names = ("number", "seq", "kind", "actor", "at", "edition", "data", "previous_hash", "hash")
    made = {"id": literal(0, RowId), **{name: shared[name] for name in ("kind", "actor", "at", "edition")}}
    made |= {"data": shared.data, **{name: own[name] for name in ("number", "seq", "previous_hash", "hash")}}
    joined = complaint_escalations.join(escalations, shared.id == own.escalation)
    nothing = cast(null(), JSON).label("personal")
    both = union_all(
        select(*(single[name] for name in ("id", *names, "personal"))),
        select(*(made[name].label(name) for name in ("id", *names)), nothing).select_from(joined),
    )
    return both.subquery("all_events")


all_events = _all_events()
"""Every event of every complaint, from both places, with the columns of ``complaint_events``."""
