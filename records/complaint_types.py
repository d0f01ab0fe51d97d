"""A complaint: what is asked to be stored and what is stored."""

from dataclasses import dataclass
from datetime import date, datetime


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


@dataclass(frozen=True)
class Complaint:
    """A complaint as it stands: the fold of its events (`records.projection`).

    ``citizen_e164`` is the international form of ``citizen_phone``, None when it has none. ``status`` is
    "open" in this version. ``last_seq`` is the number of its newest event.
    """

    number: str
    status: str
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
