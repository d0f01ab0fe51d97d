"""What is on record of a person, who is known by his telephone number."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from records import schema
from records.calls.recordings import RECORDING
from records.clock import stamp
from records.complaints.complaint_rows import of_phone
from records.keeping.plan import File, Plan, pieces
from records.life.sealing import Part
from records.life.states import CLOSED


@dataclass(frozen=True)
class Person:
    """All that is on record of a number.

    ``plan`` is what an erasure takes away. ``open``: complaints of his that are not closed, which need him
    still; the plan leaves them and their calls. ``talking``: calls that last.
    """

    e164: str
    plan: Plan
    language: str | None
    open: tuple[str, ...]
    talking: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether anything at all is on record."""
        return bool(self.language or self.open or self.talking) or not self.plan.empty


def find(connection: Connection, e164: str, also: Iterable[str] = ()) -> Person:
    """What is on record of a number, and of the complaints ``also`` that are his though they do not have it.

    A complaint is his when it was registered for his number, or from it for nobody with another one. Where he
    only called for somebody else, his number goes and the other's complaint stays.
    """
    c = schema.complaints.c
    wanted = sorted(set(also))
    query = select(c.number, c.status, c.call_id, c.caller_e164, c.citizen_e164, c.erased_at).where(
        of_phone(e164) | c.number.in_(wanted)
    )
    rows = list(connection.execute(query.order_by(c.number)))
    complaints: dict[str, Sequence[Part]] = {}
    unclosed, kept, own_calls = [], set(), set()
    for row in rows:
        own = row.number in wanted or row.citizen_e164 == e164
        own = own or (row.citizen_e164 is None and row.caller_e164 == e164)
        if own and row.status != CLOSED:
            unclosed.append(row.number)
            kept.add(row.call_id)
            continue
        if own and row.call_id is not None:
            own_calls.add(row.call_id)
        if own and (row.erased_at is None or row.number in wanted):
            mine = row.caller_e164 in {None, e164} or row.number in wanted
            complaints[row.number] = ("caller", "citizen") if mine else ("citizen",)
        elif row.caller_e164 == e164:
            complaints[row.number] = ("caller",)
    calls = schema.calls.c
    talked = list(
        connection.execute(
            select(calls.call_id, calls.ended_at)
            .where(or_(calls.caller_e164 == e164, calls.withheld & calls.caller_raw.in_(_written(e164))))
            .order_by(calls.call_id)
        )
    )
    talking = tuple(row.call_id for row in talked if row.ended_at is None and row.call_id not in kept)
    over = [row.call_id for row in talked if row.ended_at is not None and row.call_id not in kept]
    drafts, callbacks = _left_behind(connection, e164, kept)
    files = _files(connection, sorted({*over, *own_calls} - kept))
    language = select(schema.callers.c.language).where(schema.callers.c.e164 == e164)
    return Person(
        e164,
        Plan(complaints, tuple(over), drafts, callbacks, files),
        connection.execute(language).scalar_one_or_none(),
        tuple(unclosed),
        talking,
    )


def _written(e164: str) -> list[str]:
    """The number as a trunk may have given it: all that is kept of one who withheld it."""
    national = e164.removeprefix("+91")
    before = ("", "0", "91", "091", "0091", "+91") if national != e164 else ("+", "00", "")
    digits = national.removeprefix("+")
    return [start + digits for start in before]


def _left_behind(
    connection: Connection, e164: str, kept: AbstractSet[str | None]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ids of his messages and of his wishes to be called back."""
    drafts, callbacks = (
        tuple(
            row.id
            for row in connection.execute(
                select(table.c.id, table.c.call_id).where(table.c.e164 == e164).order_by(table.c.id)
            )
            if row.call_id not in kept
        )
        for table in (schema.drafts, schema.callbacks)
    )
    return drafts, callbacks


def _files(connection: Connection, calls: Sequence[str]) -> tuple[File, ...]:
    """The recordings and spoken messages of calls, but for those that are on record as removed."""
    found: set[tuple[str, str, str, datetime]] = set()
    c, s, d, r = schema.calls.c, schema.call_steps.c, schema.drafts.c, schema.removals.c
    for some in pieces(calls):
        first = select(c.recording, c.call_id, c.started_at)
        first = first.where(c.call_id.in_(some), c.recording.is_not(None))
        found |= {("recording", *row) for row in connection.execute(first)}
        others = select(s.detail, s.call_id, s.at).where(s.call_id.in_(some), s.kind == RECORDING)
        for detail, call_id, at in connection.execute(others):
            found.add(("recording", str(detail.get("file", "")), call_id, at))
        spoken = select(d.recording, d.call_id, d.at).where(d.call_id.in_(some))
        found |= {("message", *row) for row in connection.execute(spoken)}
    gone: set[str] = set()
    for names in pieces(sorted({name for _, name, *_ in found})):
        gone |= set(connection.scalars(select(r.name).where(r.name.in_(names), r.kind != "log")))
    return tuple(
        File(kind, name, call_id, stamp(at))
        for kind, name, call_id, at in sorted(found)
        if name and name not in gone
    )
