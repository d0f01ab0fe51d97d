"""Who may do what in which state, written out by hand beside the table that the program reads."""

from dataclasses import replace

import pytest

from records import CLOCK, Actor, Complaint
from records.life.rules import legal_steps
from records.life.states import STATUSES
from tests.records.life_samples import (
    ADMINISTRATOR,
    CITIZEN,
    CONTEXT,
    OTHER,
    SITA,
    SUPERVISOR,
    Life,
    days,
    officer,
)
from tests.records.samples import NOON, complaint

ACTORS = {
    "holder": officer(1),
    "collector": officer(3),
    "other": OTHER,
    "executive": SITA,
    "supervisor": SUPERVISOR,
    "administrator": ADMINISTRATOR,
    "citizen": CITIZEN,
}
ANYBODY = {
    "collector": "note",
    "other": "note",
    "executive": "link note",
    "supervisor": "link reassign note",
    "administrator": "reassign note",
    "citizen": "note",
    "clock": "",
}
WITH_OFFICER = {**ANYBODY, "clock": "escalate"}
ASKED = {"executive": "ask link note", "supervisor": "ask link reassign note", "citizen": "ask note"}
WAITS = {**WITH_OFFICER, "holder": "note"}
COMPLAINT_STEPS = "attend propose change_type propose_department propose_close send_up note"
EXPECTED = {
    ("complaint", "open"): {**WITH_OFFICER, "holder": COMPLAINT_STEPS},
    ("complaint", "attended"): {**WITH_OFFICER, "holder": COMPLAINT_STEPS},
    ("complaint", "proposed"): {**ANYBODY, **ASKED, "holder": "note"},
    ("complaint", "unreachable"): {**ANYBODY, **ASKED, "holder": "propose_close note"},
    ("complaint", "department_proposed"): {**WAITS, "collector": "decide_department note"},
    ("complaint", "close_proposed"): {**WAITS, "collector": "decide_close note"},
    ("complaint", "closed"): {**dict.fromkeys(ACTORS, "note"), "clock": ""},
}
for kind, decide in (("demand", "decide_demand"), ("suggestion", "decide_demand"), ("information", "answer")):
    own = {**WITH_OFFICER, "holder": f"attend propose_department send_up {decide} note"}
    if kind == "information":
        own |= {"executive": "link answer note", "supervisor": "link reassign answer note"}
    EXPECTED[kind, "open"] = EXPECTED[kind, "attended"] = own
    EXPECTED[kind, "department_proposed"] = EXPECTED["complaint", "department_proposed"]
    EXPECTED[kind, "closed"] = EXPECTED["complaint", "closed"]


def standing(kind: str, status: str) -> Complaint:
    """A complaint of that kind in that state, on the day of its registration."""
    attended = None if status == "open" else NOON
    return replace(Life(complaint(kind=kind)).now, status=status, attended_at=attended)  # type: ignore[arg-type]


def steps_of(now: Complaint, who: str, **around: object) -> set[str]:
    """What somebody may do; the clock when the limit is over."""
    context = replace(CONTEXT, **around)  # type: ignore[arg-type]
    if who == "clock":
        return set(legal_steps(now, CLOCK, days(9), context))
    return set(legal_steps(now, ACTORS[who], NOON, context))


@pytest.mark.parametrize(("kind", "status"), sorted(EXPECTED))
def test_everybody_may_do_what_is_written_here_and_nothing_else(kind: str, status: str) -> None:
    told = {who: steps_of(standing(kind, status), who) for who in (*ACTORS, "clock")}
    assert told == {who: set(steps.split()) for who, steps in EXPECTED[kind, status].items()}


@pytest.mark.parametrize("status", sorted(set(STATUSES) - {"closed"}))
def test_a_linked_complaint_is_unlinked_instead_of_linked(status: str) -> None:
    now = replace(standing("complaint", status), group_of="10000024")
    for who in (*ACTORS, "clock"):
        steps = EXPECTED["complaint", status][who].split()
        assert steps_of(now, who) == {"unlink" if step == "link" else step for step in steps}


@pytest.mark.parametrize("status", ["open", "attended"])
def test_citizens_of_linked_complaints_are_asked_when_the_main_one_is_resolved(status: str) -> None:
    now = replace(standing("complaint", status), group_of="10000024")
    main = replace(now, number="10000024", group_of=None, status="proposed")
    asking = {who for who in ACTORS if "ask" in steps_of(now, who, main=main)}
    assert asking == {"executive", "supervisor", "citizen"}
    demand = replace(now, kind="demand")
    assert not any("ask" in steps_of(demand, who, main=main) for who in ACTORS)


@pytest.mark.parametrize("status", ["open", "attended"])
def test_what_was_sent_up_by_hand_is_sent_back_by_its_officer(status: str) -> None:
    now = replace(standing("complaint", status), sent_up_from=3)
    assert {who for who in ACTORS if "send_back" in steps_of(now, who)} == {"holder"}


def test_a_post_is_held_by_officers_only() -> None:
    posts = frozenset({Life().now.assigned.post_id})
    for role in ("executive", "supervisor", "administrator", "citizen", "clock"):
        actor = Actor("x", role, posts)
        assert "attend" not in legal_steps(Life().now, actor, NOON, CONTEXT)
