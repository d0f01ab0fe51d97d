"""The life of a complaint as a table: for each step from which states, by whom, on what condition, to where.

`records.life.rules` reads it. What a step means for the fields of a complaint is in
`records.life.projection`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from records.life.complaint import Complaint
from records.life.conditions import (
    by_hand,
    close_level,
    first_days,
    limit_over,
    linked,
    not_linked,
    resolved,
    sent_up,
)
from records.life.states import (
    ASKING,
    ATTENDED,
    CLOSE_PROPOSED,
    CLOSED,
    COMPLAINT,
    DEPARTMENT_PROPOSED,
    ESCALATING,
    KINDS,
    OPEN,
    PROPOSED,
    STATUSES,
    UNREACHABLE,
    Closure,
    Kind,
    Status,
)
from records.life.steps import Actor, Context
from records.sentence import Sentence

STAYS: Final = "stays"
"""The state stays, except that ``open`` and ``attended`` follow whether the officer has made an entry."""
WITH_OFFICER: Final = "with-officer"
"""``attended`` when the officer who has it then has made an entry, else ``open``."""

Condition = Callable[[Complaint, datetime, Context], Sentence | None]
"""Why a step is not possible now, or None."""


@dataclass(frozen=True)
class Who:
    """Somebody who may take a step. ``said`` names him in a refusal."""

    said: Sentence
    fits: Callable[[Complaint, Actor, Context], bool]


@dataclass(frozen=True)
class Row:
    """One step of the life. ``to``: the next state for each outcome of the step ("" when it has but one)."""

    event: str
    states: tuple[Status, ...]
    who: tuple[Who, ...]
    to: Mapping[str, str]
    kinds: tuple[Kind, ...] = KINDS
    conditions: tuple[Condition, ...] = ()
    closures: Mapping[str, Closure] | None = None


def _holds(actor: Actor, post_id: str | None) -> bool:
    return actor.role == "officer" and post_id in actor.post_ids


def _role(role: str, en: str, hi: str) -> Who:
    return Who(Sentence(en, hi), lambda _complaint, actor, _context: actor.role == role)


def holds_it(complaint: Complaint, actor: Actor) -> bool:
    """Whether the actor is the officer whose level has the complaint: what he writes is his entry."""
    return _holds(actor, complaint.assigned.post_id)


def _leads_it(complaint: Complaint, actor: Actor, _context: Context) -> bool:
    return actor.role == "supervisor" and actor.district_code in {None, complaint.district_code}


LEVEL_OFFICER = Who(
    Sentence("the officer who has it", "वह अधिकारी, जिसके पास यह प्रकरण है"),
    lambda complaint, actor, _context: holds_it(complaint, actor),
)
DISTRICT_OFFICER = Who(
    Sentence("the district officer", "जिला अधिकारी"),
    lambda _complaint, actor, context: _holds(actor, context.district_post_id),
)
DECIDING_OFFICER = Who(
    Sentence("the officer who decides special closes", "विशेष क्लोज का निर्णय करने वाले अधिकारी"),
    lambda _complaint, actor, context: _holds(actor, context.decider_post_id),
)
DISTRICT_SUPERVISOR = Who(Sentence("a supervisor of its district", "उस जिले के पर्यवेक्षक"), _leads_it)
CLOCK_ONLY = _role("clock", "the clock", "समय-सीमा की घड़ी")
CITIZEN = _role("citizen", "the citizen", "नागरिक")
EXECUTIVE = _role("executive", "an executive", "कॉल सेंटर के कार्यकारी")
OFFICER = _role("officer", "an officer", "अधिकारी")
SUPERVISOR = _role("supervisor", "a supervisor", "पर्यवेक्षक")
ADMINISTRATOR = _role("administrator", "an administrator", "प्रशासक")
CENTRE = (EXECUTIVE, SUPERVISOR)


_ONE: Final = ""
_UNCLOSED: tuple[Status, ...] = tuple(status for status in STATUSES if status != CLOSED)
_WITH: tuple[Status, ...] = (OPEN, ATTENDED)
_WISHES: tuple[Kind, ...] = ("demand", "suggestion")
_ACCEPTED, _DECLINED = "accepted", "declined"

TABLE: Mapping[str, Row] = {
    "attend": Row("attended", _WITH, (LEVEL_OFFICER,), {_ONE: ATTENDED}),
    "propose": Row("resolution_proposed", _WITH, (LEVEL_OFFICER,), {_ONE: PROPOSED}, (COMPLAINT,)),
    "ask": Row(
        "citizen_asked",
        (*_WITH, *ASKING),
        (*CENTRE, CITIZEN),
        {
            "satisfied": CLOSED,
            "low_quality": CLOSED,
            "unreachable": UNREACHABLE,
            "not_satisfied": WITH_OFFICER,
        },
        (COMPLAINT,),
        (resolved,),
        {"satisfied": "satisfied", "low_quality": "low_quality"},
    ),
    "change_type": Row(
        "type_changed", _WITH, (LEVEL_OFFICER,), {_ONE: WITH_OFFICER}, (COMPLAINT,), (first_days,)
    ),
    "propose_department": Row("department_proposed", _WITH, (LEVEL_OFFICER,), {_ONE: DEPARTMENT_PROPOSED}),
    "decide_department": Row(
        "department_decided",
        (DEPARTMENT_PROPOSED,),
        (DISTRICT_OFFICER,),
        {_ACCEPTED: WITH_OFFICER, _DECLINED: WITH_OFFICER},
    ),
    "propose_close": Row(
        "close_proposed",
        (*_WITH, UNREACHABLE),
        (LEVEL_OFFICER,),
        {_ONE: CLOSE_PROPOSED},
        (COMPLAINT,),
        (close_level,),
    ),
    "decide_close": Row(
        "close_decided",
        (CLOSE_PROPOSED,),
        (DECIDING_OFFICER,),
        {_ACCEPTED: CLOSED, _DECLINED: WITH_OFFICER},
        (COMPLAINT,),
        closures={_ACCEPTED: "special"},
    ),
    "escalate": Row("escalated", ESCALATING, (CLOCK_ONLY,), {_ONE: STAYS}, conditions=(limit_over,)),
    "send_up": Row("sent_up", _WITH, (LEVEL_OFFICER,), {_ONE: WITH_OFFICER}, conditions=(by_hand,)),
    "send_back": Row("sent_back", _WITH, (LEVEL_OFFICER,), {_ONE: WITH_OFFICER}, conditions=(sent_up,)),
    "link": Row("linked", _UNCLOSED, CENTRE, {_ONE: STAYS}, conditions=(not_linked,)),
    "unlink": Row("unlinked", _UNCLOSED, CENTRE, {_ONE: STAYS}, conditions=(linked,)),
    "reassign": Row("reassigned", _UNCLOSED, (DISTRICT_SUPERVISOR, ADMINISTRATOR), {_ONE: STAYS}),
    "note": Row("noted", STATUSES, (EXECUTIVE, OFFICER, SUPERVISOR, ADMINISTRATOR, CITIZEN), {_ONE: STAYS}),
    "answer": Row(
        "answered",
        _WITH,
        (LEVEL_OFFICER, *CENTRE),
        {_ONE: CLOSED},
        ("information",),
        closures={_ONE: "answered"},
    ),
    "decide_demand": Row(
        "demand_decided",
        _WITH,
        (LEVEL_OFFICER,),
        {_ACCEPTED: CLOSED, _DECLINED: CLOSED},
        _WISHES,
        closures={_ACCEPTED: "accepted", _DECLINED: "declined"},
    ),
}
"""Every step by its name. Linked complaints keep their own state, clocks and consent: when the main one has a
resolution, their citizens may be asked about it too."""
