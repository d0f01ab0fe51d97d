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


def _first_days(complaint: Complaint, at: datetime, context: Context) -> Sentence | None:
    level = _level(complaint)
    if level != complaint.first_level:
        return Sentence(
            f"the type is changed by level {complaint.first_level}, and it is with level {level}",
            f"प्रारूप लेवल {complaint.first_level} बदलता है, और शिकायत अभी लेवल {level} पर है",
        )
    last = indian_day(complaint.registered_at) + timedelta(days=context.change_type_days)
    if indian_day(at) > last:
        return Sentence(f"the type could be changed until {last}", f"प्रारूप {last} तक ही बदला जा सकता था")
    return None


def _limit_over(complaint: Complaint, at: datetime, context: Context) -> Sentence | None:
    level, due = _level(complaint), complaint.assigned.due
    if context.way == "manual":
        return Sentence(
            f"level {level} is left by hand only", f"लेवल {level} से शिकायत केवल अधिकारी के भेजने पर आगे जाती है"
        )
    if indian_day(at) <= due:
        return Sentence(f"level {level} has until the end of {due}", f"लेवल {level} के पास {due} के अंत तक समय है")
    return None


def _by_hand(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    level = _level(complaint)
    if context.way == "automatic":
        return Sentence(
            f"level {level} is left when its limit ends, not by hand",
            f"लेवल {level} से शिकायत समय-सीमा निकलने पर अपने-आप आगे जाती है, भेजने से नहीं",
        )
    if context.way == "none":
        return Sentence(f"level {level} is the highest", f"लेवल {level} सबसे ऊपर है")
    return None


def _sent_up(complaint: Complaint, _at: datetime, _context: Context) -> Sentence | None:
    if complaint.sent_up_from is not None:
        return None
    return Sentence(
        "it was not sent up to this level by hand", "यह शिकायत इस लेवल पर किसी अधिकारी ने नहीं भेजी थी"
    )


def _close_level(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    level, levels = _level(complaint), [str(each) for each in sorted(context.close_levels)]
    if level in context.close_levels:
        return None
    return Sentence(
        f"a special close is proposed by level {' or '.join(levels)}, and it is with level {level}",
        f"विशेष क्लोज लेवल {' या '.join(levels)} प्रस्तावित करता है, और शिकायत अभी लेवल {level} पर है",
    )


def _resolved(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    """The citizen is asked about a resolution: its own, or that of the complaint it is linked to."""
    main = context.main
    if complaint.status in ASKING:
        return None
    if complaint.group_of is not None and main is not None and main.number == complaint.group_of:
        if main.status in ASKING or main.closure in {"satisfied", "low_quality"}:
            return None
        return Sentence(
            f"neither it nor complaint {main.number}, which it is linked to, has a resolution to ask about",
            f"न इसका कोई निराकरण है, न शिकायत {main.number} का, जिससे यह जुड़ी है; पूछने को कुछ नहीं है",
        )
    return Sentence(
        "there is no resolution to ask the citizen about", "अभी कोई निराकरण नहीं है जिसके बारे में नागरिक से पूछा जाए"
    )


def _not_linked(complaint: Complaint, _at: datetime, context: Context) -> Sentence | None:
    if complaint.group_of is not None:
        return Sentence(
            f"it is linked to complaint {complaint.group_of} already",
            f"यह पहले से शिकायत {complaint.group_of} से जुड़ी है",
        )
    if context.members:
        return Sentence(
            "other complaints are linked to it; link it the other way round",
            "दूसरी शिकायतें इससे जुड़ी हैं; उलटी ओर से जोड़ें",
        )
    return None


def _linked(complaint: Complaint, _at: datetime, _context: Context) -> Sentence | None:
    return Sentence("it is not linked", "यह किसी शिकायत से जुड़ी नहीं है") if complaint.group_of is None else None


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
