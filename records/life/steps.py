"""The steps of a complaint's life, who takes them, and what has to be known to judge them. Only data."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar, Literal

from records.life.complaint import AssignedTo, Complaint

ActorRole = Literal["executive", "officer", "supervisor", "administrator", "clock", "citizen"]
Answer = Literal["satisfied", "low_quality", "not_satisfied", "unreachable"]
LinkHow = Literal["duplicate", "group"]
Way = Literal["automatic", "manual", "none"]


@dataclass(frozen=True)
class Actor:
    """Who acts: a user in a role, an officer with the posts he holds now, the clock, or the citizen.

    ``district_code``: a supervisor with one reassigns only complaints of that district.
    """

    username: str
    role: ActorRole
    post_ids: frozenset[str] = frozenset()
    district_code: str | None = None


CLOCK = Actor("clock", "clock")
"""The escalation clock."""


@dataclass(frozen=True)
class Context:
    """What the directory says about a complaint at the moment of a step.

    ``district_post_id`` decides out-of-department proposals and ``decider_post_id`` special closes; None:
    nobody can. ``reasons``: the codes allowed for this step; None: any. ``way``: how the present level is
    left; None: not checked. ``close_levels``: who may propose a special close. ``change_type_days`` are
    counted in India, the day of registration not counted. ``edition``: which edition says all this.
    ``main`` and ``members`` are of the complaint's group; `ComplaintBook.act` looks them up itself.
    """

    district_post_id: str | None = None
    decider_post_id: str | None = None
    reasons: AbstractSet[str] | None = None
    way: Way | None = None
    close_levels: AbstractSet[int] = frozenset({1, 2})
    change_type_days: int = 3
    edition: str | None = None
    main: Complaint | None = None
    members: int = 0


@dataclass(frozen=True)
class Step:
    """One step. ``name`` is what people and programs call it."""

    name: ClassVar[str]


@dataclass(frozen=True)
class Attend(Step):
    """The officer writes what he has done so far."""

    name: ClassVar[str] = "attend"
    note: str


@dataclass(frozen=True)
class Propose(Step):
    """The officer has resolved it (निराकरण): ``note`` says what was done."""

    name: ClassVar[str] = "propose"
    note: str


@dataclass(frozen=True)
class Ask(Step):
    """The citizen was asked. ``assigned``: the officer one level up, for "not_satisfied"; None: it stays."""

    name: ClassVar[str] = "ask"
    result: Answer
    note: str = ""
    assigned: AssignedTo | None = None


@dataclass(frozen=True)
class ChangeType(Step):
    """The first officer says it is of another type, with the officer and limit that follow."""

    name: ClassVar[str] = "change_type"
    type_code: str
    type_hi: str
    type_en: str
    assigned: AssignedTo
    reason: str


@dataclass(frozen=True)
class ProposeDepartment(Step):
    """The officer, after talking to the citizen, says it is another department's (कार्यक्षेत्र से बाहर)."""

    name: ClassVar[str] = "propose_department"
    reason: str
    department: str


@dataclass(frozen=True)
class DecideDepartment(Step):
    """The district officer decides. ``assigned`` is where an accepted one goes, ``type_*`` the type it has
    there ("": it keeps its type); ``reason`` is told on."""

    name: ClassVar[str] = "decide_department"
    accept: bool
    assigned: AssignedTo | None = None
    reason: str = ""
    type_code: str = ""
    type_hi: str = ""
    type_en: str = ""


@dataclass(frozen=True)
class ProposeClose(Step):
    """A special close (स्पेशल क्लोज) is proposed. ``citizen_told``: the citizen was told of it already."""

    name: ClassVar[str] = "propose_close"
    reason_code: str
    note: str
    citizen_told: bool = False


@dataclass(frozen=True)
class DecideClose(Step):
    """मान्य or अमान्य. Accepted only when the citizen was told, now or with the proposal."""

    name: ClassVar[str] = "decide_close"
    accept: bool
    reason: str
    citizen_told: bool = False


@dataclass(frozen=True)
class Escalate(Step):
    """The level's limit is over: the clock moves it to the next level."""

    name: ClassVar[str] = "escalate"
    assigned: AssignedTo


@dataclass(frozen=True)
class SendUp(Step):
    """The officer sends it to the next level by hand, with a reason from the list."""

    name: ClassVar[str] = "send_up"
    assigned: AssignedTo
    reason_code: str
    note: str = ""


@dataclass(frozen=True)
class SendBack(Step):
    """The officer returns what was sent up to him by hand."""

    name: ClassVar[str] = "send_back"
    assigned: AssignedTo
    reason: str


@dataclass(frozen=True)
class Link(Step):
    """It is the same matter as the complaint ``main``, or of the same group."""

    name: ClassVar[str] = "link"
    main: str
    how: LinkHow


@dataclass(frozen=True)
class Unlink(Step):
    """It was linked by mistake."""

    name: ClassVar[str] = "unlink"


@dataclass(frozen=True)
class Reassign(Step):
    """Another post has it now, because the directory changed or it was with the wrong one."""

    name: ClassVar[str] = "reassign"
    assigned: AssignedTo
    reason: str


@dataclass(frozen=True)
class Note(Step):
    """Something to remember. Written by the level's officer it is an entry of his."""

    name: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class AnswerInformation(Step):
    """An information request is answered, which closes it."""

    name: ClassVar[str] = "answer"
    text: str


@dataclass(frozen=True)
class DecideDemand(Step):
    """A demand or suggestion is accepted or declined, which closes it."""

    name: ClassVar[str] = "decide_demand"
    accept: bool
    reason: str
