"""What an escalation writes, made for many complaints at once. Pure.

The event is the one of `records.life` for the step ``escalate``, with ``since`` besides: the last moment of
the day that ended the old limit. The level's clock starts there, so that neither this centre's downtime nor
the moment of its sweep gives an officer more time. An officer whose limit passed before he was given the
complaint has not left it unattended.

What equal events have in common is made into JSON and hashed once; a test compares with `records.chain`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from records.clock import INDIA, as_utc, indian_day, stamp
from records.complaint_types import AssignedTo
from records.life_states import ATTENDED, OPEN
from records.life_steps import CLOCK
from records.projection import assignment_data
from records.text import canonical_json

ESCALATED = "escalated"
MOST_KEPT = 20_000
"""Different events remembered while a sweep runs: far more than a day has, and some tens of MB."""


class Climber(NamedTuple):
    """What a sweep reads of an overdue complaint."""

    number: str
    type_code: str
    place_id: str
    level: int
    post_id: str
    department_code: str
    edition: str
    due: date
    status: str
    attended_at: datetime | None
    not_attended: tuple[int, ...]
    last_seq: int
    last_hash: str
    last_at: datetime


@dataclass(frozen=True, eq=False)
class Up:
    """Where a complaint goes by itself. ``day`` ended the old limit; the new one counts from it.

    Equal ones had better be the same object: what is written is made once for each.
    """

    assigned: AssignedTo
    day: date


Decide = Callable[[Climber], Up | None]
"""Where an overdue complaint goes from the level it is at; None: it stays. Pure, and the level must rise."""


class Event(NamedTuple):
    """A row of an escalation; ``data`` is canonical JSON."""

    number: str
    seq: int
    at: datetime
    edition: str
    data: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Climbed:
    """A complaint that goes up: its events and what it is afterwards."""

    before: Climber
    after: Climber
    level_since: datetime
    ups: tuple[Up, ...]
    events: tuple[Event, ...]


class _Mould(NamedTuple):
    """What equal escalations have in common; ``up`` keeps the key of the mould its own."""

    up: Up
    data: str
    begun: Any
    level_since: datetime


class Climbing:
    """Makes escalations at one moment."""

    def __init__(self, decide: Decide, at: datetime) -> None:
        self._decide = decide
        self._at = as_utc(at)
        self.today = indian_day(at)
        self._moulds: dict[tuple[object, ...], _Mould] = {}

    def climb(self, before: Climber) -> Climbed | None:
        """All levels that a complaint goes up now; None when it stays where it is."""
        state = before
        ups: list[Up] = []
        events: list[Event] = []
        at = max(self._at, before.last_at)
        since = at
        while state.due < self.today and (up := self._decide(state)) is not None:
            assigned = up.assigned
            if assigned.level <= state.level:
                raise ValueError(f"level {assigned.level} is not above level {state.level}")
            # Who was given it in this very moment had no day of his limit to attend to it.
            missed = not ups and (state.attended_at is None or indian_day(state.attended_at) > state.due)
            status = OPEN if state.status == ATTENDED else state.status
            mould = self._mould(up, state, at, status, missed=missed)
            seq = state.last_seq + 1
            hashed = mould.begun.copy()
            hashed.update(f'{state.number}","previous_hash":"{state.last_hash}","seq":{seq}}}'.encode())
            own = hashed.hexdigest()
            events.append(Event(state.number, seq, at, assigned.edition, mould.data, state.last_hash, own))
            ups.append(up)
            since = mould.level_since
            state = state._replace(
                level=assigned.level,
                post_id=assigned.post_id,
                department_code=assigned.department_code,
                edition=assigned.edition,
                due=assigned.due,
                status=status,
                attended_at=None,
                not_attended=(*state.not_attended, state.level) if missed else state.not_attended,
                last_seq=seq,
                last_hash=own,
                last_at=at,
            )
        return Climbed(before, state, since, tuple(ups), tuple(events)) if ups else None

    def _mould(self, up: Up, state: Climber, at: datetime, status: str, *, missed: bool) -> _Mould:
        key = (id(up), state.level, state.post_id, status, missed, at)
        mould = self._moulds.get(key)
        if mould is None:
            if len(self._moulds) >= MOST_KEPT:
                self._moulds.clear()
            since = _last_moment(up.day)
            data = canonical_json(
                {
                    "assigned": assignment_data(up.assigned),
                    "from_level": state.level,
                    "from_post": state.post_id,
                    "not_attended": missed,
                    "role": CLOCK.role,
                    "since": stamp(since),
                    "status": status,
                }
            )
            # Keys in their order: "number", "previous_hash" and "seq" come last and differ.
            said = (
                f'{{"actor":{canonical_json(CLOCK.username)},"at":"{stamp(at)}","data":{data},'
                f'"edition":{canonical_json(up.assigned.edition)},"kind":"{ESCALATED}","number":"'
            )
            mould = self._moulds[key] = _Mould(up, data, hashlib.sha256(said.encode()), since)
        return mould


def _last_moment(day: date) -> datetime:
    return as_utc(datetime.combine(day + timedelta(days=1), time(), INDIA) - timedelta(microseconds=1))
