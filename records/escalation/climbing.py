"""What an escalation writes, made for many complaints at once. Pure.

The event is the one of `records.life.rules` for the step ``escalate``, with ``since`` besides: the last
moment of the day that ended the old limit. The level's clock starts there, so that the moment of a sweep
gives no officer more time, and no note that is written meanwhile takes any. Only where the old limit did not
count when its day ended, because the citizen was to be asked or the limit was set later, it starts on the day
before it counted again (`Climber.over`). An officer whose limit passed before he was given the complaint has
not left it unattended.

Complaints that are at the same place in the directory, with the same officer and limit, take the same course:
it is decided, made into JSON and hashed once, and each adds its own number and the hash of its newest event.
Tests compare with `records.life.chain`.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from records.clock import INDIA, as_utc, indian_day, stamp
from records.life.complaint import AssignedTo
from records.life.projection import assignment_data
from records.life.states import ATTENDED, OPEN
from records.life.steps import CLOCK
from records.text import canonical_json

ESCALATED = "escalated"
MOST_KEPT = 20_000
"""Different courses remembered while a sweep runs: far more than a day has, and some tens of MB."""


class Climber(NamedTuple):
    """What a sweep reads of an overdue complaint. ``row`` is where SQLite keeps it, if it does."""

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
    resumed_at: datetime | None = None
    row: int | None = None

    @property
    def over(self) -> date:
        """The day with which the limit counts as over.

        Its last day; where the limit did not count at its end, the day before it did again: the next level
        is not given days that were over before it could have had the complaint.
        """
        if self.resumed_at is None:
            return self.due
        return max(self.due, indian_day(self.resumed_at) - timedelta(days=1))


@dataclass(frozen=True, eq=False)
class Up:
    """Where a complaint goes by itself. ``day`` ended the old limit; the new one counts from it."""

    assigned: AssignedTo
    day: date


Decide = Callable[[Climber], Up | None]
"""Where an overdue complaint goes from the level it is at; None: it stays. Pure, and the level must rise.

It is asked once for complaints that differ in nothing but their number and their events before."""


@dataclass(frozen=True, eq=False)
class Escalation:
    """What the events of equal escalations have in common, and what a complaint is after one.

    ``digest`` is the SHA-256 of what all of it says, ``begun`` the hash of an event as far as it is the same
    for all.
    """

    assigned: AssignedTo
    at: datetime
    data: dict[str, Any]
    status: str
    level_since: datetime
    digest: str
    begun: "hashlib._Hash"


@dataclass(frozen=True, eq=False)
class Course:
    """The levels that complaints go up at once; afterwards they are what the last escalation says.

    ``missed``: the officer who had it when the sweep began made no entry in time.
    """

    escalations: tuple[Escalation, ...]
    missed: bool


class Climbed(NamedTuple):
    """A complaint that goes up, with the hash of each new event."""

    before: Climber
    course: Course
    hashes: tuple[str, ...]


class Climbing:
    """Makes escalations at one moment. Not for several threads at once."""

    def __init__(self, decide: Decide, at: datetime) -> None:
        self._decide = decide
        self._at = as_utc(at)
        self.today = indian_day(at)
        self._courses: dict[tuple[object, ...], Course] = {}
        self._escalations: dict[str, Escalation] = {}

    def climb(self, before: Climber) -> Climbed | None:
        """All levels that a complaint goes up now; None when it stays where it is."""
        # Who was given it in this very moment had no day of his limit to attend to it.
        missed = before.attended_at is None or indian_day(before.attended_at) > before.due
        at = max(self._at, before.last_at)
        key = (before[_SAME], before.over, missed, at)
        course = self._courses.get(key)
        if course is None and (course := self._decided(before, at, key, missed=missed)) is None:
            return None
        seq, previous = before.last_seq, before.last_hash
        hashes = []
        for escalation in course.escalations:
            seq += 1
            hashed = escalation.begun.copy()
            hashed.update(f'{before.number}","previous_hash":"{previous}","seq":{seq}}}'.encode())
            previous = hashed.hexdigest()
            hashes.append(previous)
        return Climbed(before, course, tuple(hashes))

    def _decided(
        self, before: Climber, at: datetime, key: tuple[object, ...], *, missed: bool
    ) -> Course | None:
        state = before
        escalations: list[Escalation] = []
        while state.due < self.today and (up := self._decide(state)) is not None:
            assigned = up.assigned
            if assigned.level <= state.level:
                raise ValueError(f"level {assigned.level} is not above level {state.level}")
            escalation = self._escalation(up, state, at, missed=missed and not escalations)
            escalations.append(escalation)
            state = state._replace(
                level=assigned.level,
                post_id=assigned.post_id,
                department_code=assigned.department_code,
                edition=assigned.edition,
                due=assigned.due,
                status=escalation.status,
            )
        if not escalations:
            return None
        course = Course(tuple(escalations), missed)
        # One for whom no level was found is asked about again: whoever decides may count those.
        if state.due >= self.today:
            if len(self._courses) >= MOST_KEPT:
                self._courses.clear()
            self._courses[key] = course
        return course

    def _escalation(self, up: Up, state: Climber, at: datetime, *, missed: bool) -> Escalation:
        since = _last_moment(up.day)
        status = OPEN if state.status == ATTENDED else state.status
        data = {
            "assigned": assignment_data(up.assigned),
            "from_level": state.level,
            "from_post": state.post_id,
            "not_attended": missed,
            "role": CLOCK.role,
            "since": stamp(since),
            "status": status,
        }
        begun = begin(ESCALATED, CLOCK.username, at, data, up.assigned.edition)
        digest = begun.hexdigest()
        if digest not in self._escalations:
            if len(self._escalations) >= MOST_KEPT:
                self._escalations.clear()
            made = Escalation(up.assigned, at, data, status, since, digest, begun)
            self._escalations[digest] = made
        return self._escalations[digest]


def begin(kind: str, actor: str, at: datetime, data: Mapping[str, Any], edition: str) -> "hashlib._Hash":
    """The hash of an event as far as it is the same for all complaints; so far, its digest."""
    # Keys in their order: "number", "previous_hash" and "seq" come last and differ.
    said = (
        f'{{"actor":{canonical_json(actor)},"at":"{stamp(at)}","data":{canonical_json(data)},'
        f'"edition":{canonical_json(edition)},"kind":{canonical_json(kind)},"number":"'
    )
    return hashlib.sha256(said.encode())


# From the type to the state: what decides where a complaint goes and what its events say.
_SAME = slice(Climber._fields.index("type_code"), Climber._fields.index("status") + 1)


def _last_moment(day: date) -> datetime:
    return as_utc(datetime.combine(day + timedelta(days=1), time(), INDIA) - timedelta(microseconds=1))
