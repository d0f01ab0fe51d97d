"""People and posts of the tests of a complaint's life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from records import (
    CLOCK,
    Actor,
    AssignedTo,
    Complaint,
    ComplaintEvent,
    Context,
    Escalate,
    NewComplaint,
    Step,
)
from records.audit.examining import examine_chain
from records.complaints.complaint_rows import linked
from records.life.projection import after, fold, registration
from records.life.rules import apply
from tests.records.samples import ASSIGNED, NOON, complaint

NUMBER = "10000012"
COLLECTOR = "collector:rajgarh"
LEVELS = {
    1: ASSIGNED,
    2: replace(
        ASSIGNED, level=2, level_label="L2", post_id="sdm:khilchipur", post_en="SDM", due=date(2026, 8, 14)
    ),
    3: replace(
        ASSIGNED, level=3, level_label="L3", post_id=COLLECTOR, post_en="Collector", due=date(2026, 8, 21)
    ),
    4: replace(
        ASSIGNED, level=4, level_label="L4", post_id="commissioner", post_en="HoD", due=date(2026, 8, 28)
    ),
}
WATER = replace(
    ASSIGNED, department_code="PHE", post_id="engineer:khilchipur", rule="PHE L1", due=date(2026, 8, 10)
)
CONTEXT = Context(district_post_id=COLLECTOR, decider_post_id=COLLECTOR, reasons=frozenset({"policy"}))
SITA = Actor("sita", "executive")
SUPERVISOR = Actor("lead", "supervisor", district_code="39")
ADMINISTRATOR = Actor("admin", "administrator")
CITIZEN = Actor("citizen", "citizen")


def officer(level: int) -> Actor:
    """Who holds the post of a level of `LEVELS`."""
    return Actor(f"officer{level}", "officer", frozenset({LEVELS[level].post_id}))


ENGINEER = Actor("engineer", "officer", frozenset({WATER.post_id}))
OTHER = Actor("other", "officer", frozenset({"somebody:else"}))


def days(count: float) -> datetime:
    """That many days after `NOON`, the moment of registration."""
    return NOON + timedelta(days=count)


def is_whole(events: Sequence[ComplaintEvent]) -> bool:
    """Whether events follow from one another."""
    return not list(examine_chain(events[0].number, events))


class Life:
    """A complaint with its events, kept in memory."""

    def __init__(self, new: NewComplaint | None = None, context: Context = CONTEXT) -> None:
        self.events: list[ComplaintEvent] = linked(NUMBER, registration(new or complaint()))
        self.now: Complaint = fold(self.events)
        self.context = context

    def take(self, step: Step, actor: Actor, at: datetime | None = None, **around: object) -> Complaint:
        """Take a step, at the moment of the last event unless told; what the complaint is then."""
        context = replace(self.context, **around)  # type: ignore[arg-type]
        for new in apply(self.now, step, actor, at or self.now.last_at, context):
            self.events += linked(NUMBER, [new], self.events[-1])
            self.now = after(self.now, self.events[-1])
        assert fold(self.events) == self.now
        return self.now

    def raised(self, to: int) -> "Life":
        """Escalated, level by level, each on the day after its last."""
        for level in range(self.now.assigned.level + 1, to + 1):
            due = datetime.combine(self.now.assigned.due, NOON.timetz()) + timedelta(days=1)
            self.take(Escalate(LEVELS[level]), CLOCK, due)
        return self


def moved(assigned: AssignedTo, **changes: object) -> AssignedTo:
    """An assignment with some fields changed."""
    return replace(assigned, **changes)  # type: ignore[arg-type]
