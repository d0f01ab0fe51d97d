"""A complaint: what is asked to be stored and what is stored."""

from dataclasses import dataclass
from datetime import date, datetime

from records.life.states import COMPLAINT, Closure, Kind, Status


@dataclass(frozen=True)
class AssignedTo:
    """Who must act by when, and which rule of which directory edition says so.

    ``due`` is the last day, in India. ``drafted``: the rule waits for the department's confirmation.
    """

    edition: str
    rule: str
    department_code: str
    department_hi: str
    department_en: str
    level: int
    level_label: str
    post_id: str
    post_hi: str
    post_en: str
    due: date
    drafted: bool


@dataclass(frozen=True)
class NewComplaint:
    """What the executive saves. ``citizen_phone`` is kept as typed; ``registered_by`` is a username."""

    call_id: str | None
    caller_e164: str | None
    citizen_name: str
    citizen_phone: str
    district_code: str
    place_id: str
    place_hi: str
    place_en: str
    type_code: str
    type_hi: str
    type_en: str
    description: str
    assigned: AssignedTo
    registered_by: str
    registered_at: datetime
    kind: Kind = COMPLAINT


@dataclass(frozen=True)
class Complaint:
    """A complaint as it stands: the fold of its events (`records.life.projection`).

    ``citizen_e164`` is the international form of ``citizen_phone``, None when it has none.

    Two clocks run: the total one since ``registered_at``, which nothing starts again, and the level's since
    ``level_since``. ``resumed_at``: since when the level's limit has counted again, after the clock stood
    while the citizen was to be asked, or after the same level was set another one; None: since it began.

    ``attended_at`` is the first entry by the officer who has it now; ``not_attended`` are the levels that the
    clock took it from without one. ``first_level`` is where it began in its department, ``sent_up_from`` the
    level that sent it here by hand. ``tries``: how often the citizen was not reached about this resolution.
    ``citizen_told``: he knows of the special close that is proposed. ``group_of`` is the main complaint it is
    linked to.

    ``erased_at``: since when all it said of the citizen is destroyed, at his request (`records.book.traces`).

    ``last_seq`` is the number of its newest event, ``last_at`` that event's moment.
    """

    number: str
    status: Status
    call_id: str | None
    caller_e164: str | None
    citizen_name: str
    citizen_phone: str
    citizen_e164: str | None
    district_code: str
    place_id: str
    place_hi: str
    place_en: str
    type_code: str
    type_hi: str
    type_en: str
    description: str
    assigned: AssignedTo
    registered_by: str
    registered_at: datetime
    last_seq: int
    level_since: datetime
    last_at: datetime
    first_level: int
    kind: Kind = COMPLAINT
    closure: Closure | None = None
    closed_at: datetime | None = None
    attended_at: datetime | None = None
    not_attended: tuple[int, ...] = ()
    proposed_action: str = ""
    tries: int = 0
    type_changed: bool = False
    sent_up_from: int | None = None
    citizen_told: bool = False
    group_of: str | None = None
    resumed_at: datetime | None = None
    erased_at: datetime | None = None
