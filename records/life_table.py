"""The life of a complaint as a table: for each step from which states, by whom, on what condition, to where.

`records.life` reads it. What a step means for the fields of a complaint is in `records.projection`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from records.clock import indian_day
from records.complaint_types import Complaint
from records.life_states import (
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
from records.life_steps import Actor, Context

STAYS: Final = "stays"
"""The state stays, except that ``open`` and ``attended`` follow whether the officer has made an entry."""
WITH_OFFICER: Final = "with-officer"
"""``attended`` when the officer who has it then has made an entry, else ``open``."""

Condition = Callable[[Complaint, datetime, Context], str | None]
"""Why a step is not possible now, or None."""


@dataclass(frozen=True)
class Who:
    """Somebody who may take a step. ``said`` names him in a refusal."""

    said: str
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


def _role(role: str, said: str) -> Who:
    return Who(said, lambda _complaint, actor, _context: actor.role == role)


def holds_it(complaint: Complaint, actor: Actor) -> bool:
    """Whether the actor is the officer whose level has the complaint: what he writes is his entry."""
    return _holds(actor, complaint.assigned.post_id)


def _leads_it(complaint: Complaint, actor: Actor, _context: Context) -> bool:
    return actor.role == "supervisor" and actor.district_code in {None, complaint.district_code}


LEVEL_OFFICER = Who("the officer who has it", lambda complaint, actor, _context: holds_it(complaint, actor))
DISTRICT_OFFICER = Who(
    "the district officer", lambda _complaint, actor, context: _holds(actor, context.district_post_id)
)
DECIDING_OFFICER = Who(
    "the officer who decides special closes",
    lambda _complaint, actor, context: _holds(actor, context.decider_post_id),
)
DISTRICT_SUPERVISOR = Who("a supervisor of its district", _leads_it)
CLOCK_ONLY = _role("clock", "the clock")
CITIZEN = _role("citizen", "the citizen")
EXECUTIVE = _role("executive", "an executive")
OFFICER = _role("officer", "an officer")
SUPERVISOR = _role("supervisor", "a supervisor")
ADMINISTRATOR = _role("administrator", "an administrator")
CENTRE = (EXECUTIVE, SUPERVISOR)


def _first_days(complaint: Complaint, at: datetime, context: Context) -> str | None:
    if complaint.assigned.level != complaint.first_level:
        return (
            f"the type is changed by level {complaint.first_level}, and it is with level {_level(complaint)}"
        )
    last = indian_day(complaint.registered_at) + timedelta(days=context.change_type_days)
    if indian_day(at) > last:
        return f"the type could be changed until {last}"
    return None


def _limit_over(complaint: Complaint, at: datetime, context: Context) -> str | None:
    if context.way == "manual":
        return f"level {_level(complaint)} is left by hand only"
    if indian_day(at) <= complaint.assigned.due:
        return f"level {_level(complaint)} has until the end of {complaint.assigned.due}"
    return None


def _by_hand(complaint: Complaint, _at: datetime, context: Context) -> str | None:
    if context.way == "automatic":
        return f"level {_level(complaint)} is left when its limit ends, not by hand"
    if context.way == "none":
        return f"level {_level(complaint)} is the highest"
    return None


def _sent_up(complaint: Complaint, _at: datetime, _context: Context) -> str | None:
    return "it was not sent up to this level by hand" if complaint.sent_up_from is None else None


def _close_level(complaint: Complaint, _at: datetime, context: Context) -> str | None:
    if complaint.assigned.level in context.close_levels:
        return None
    levels = " or ".join(str(level) for level in sorted(context.close_levels))
    return f"a special close is proposed by level {levels}, and it is with level {_level(complaint)}"


def _resolved(complaint: Complaint, _at: datetime, context: Context) -> str | None:
    """The citizen is asked about a resolution: its own, or that of the complaint it is linked to."""
    main = context.main
    if complaint.status in ASKING:
        return None
    if complaint.group_of is not None and main is not None and main.number == complaint.group_of:
        if main.status in ASKING or main.closure in {"satisfied", "low_quality"}:
            return None
        return f"neither it nor complaint {main.number}, which it is linked to, has a resolution to ask about"
    return "there is no resolution to ask the citizen about"


def _not_linked(complaint: Complaint, _at: datetime, context: Context) -> str | None:
    if complaint.group_of is not None:
        return f"it is linked to complaint {complaint.group_of} already"
    if context.members:
        return "other complaints are linked to it; link it the other way round"
    return None


def _linked(complaint: Complaint, _at: datetime, _context: Context) -> str | None:
    return "it is not linked" if complaint.group_of is None else None


def _level(complaint: Complaint) -> int:
    return complaint.assigned.level


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
        (_resolved,),
        {"satisfied": "satisfied", "low_quality": "low_quality"},
    ),
    "change_type": Row(
        "type_changed", _WITH, (LEVEL_OFFICER,), {_ONE: WITH_OFFICER}, (COMPLAINT,), (_first_days,)
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
        (_close_level,),
    ),
    "decide_close": Row(
        "close_decided",
        (CLOSE_PROPOSED,),
        (DECIDING_OFFICER,),
        {_ACCEPTED: CLOSED, _DECLINED: WITH_OFFICER},
        (COMPLAINT,),
        closures={_ACCEPTED: "special"},
    ),
    "escalate": Row("escalated", ESCALATING, (CLOCK_ONLY,), {_ONE: STAYS}, conditions=(_limit_over,)),
    "send_up": Row("sent_up", _WITH, (LEVEL_OFFICER,), {_ONE: WITH_OFFICER}, conditions=(_by_hand,)),
    "send_back": Row("sent_back", _WITH, (LEVEL_OFFICER,), {_ONE: WITH_OFFICER}, conditions=(_sent_up,)),
    "link": Row("linked", _UNCLOSED, CENTRE, {_ONE: STAYS}, conditions=(_not_linked,)),
    "unlink": Row("unlinked", _UNCLOSED, CENTRE, {_ONE: STAYS}, conditions=(_linked,)),
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
