"""Values the tests start from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from records import AssignedTo, CallStart, NewComplaint, NewUser, RecordsSettings

NOON = datetime(2026, 7, 31, 6, 30, 0, 123456, tzinfo=UTC)
"""Noon in India."""

QUICK = RecordsSettings(hash_memory_mib=8)
"""For tests that hash passwords: an eighth of the work."""


class FakeClock:
    """Shows `NOON` until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self.now += timedelta(**span)


def at(seconds: float) -> datetime:
    """That many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def call(call_id: str = "call-1", *, seconds: float = 0) -> CallStart:
    """A call of a citizen in Rajgarh."""
    return CallStart(call_id, "09812345610", "+919812345610", "181", "PJSIP/trunk-00000001", at(seconds))


ASSIGNED = AssignedTo(
    edition="1",
    rule="revenue L1: tehsildar of the tehsil",
    department_code="REV",
    department_hi="राजस्व विभाग",
    department_en="Revenue Department",
    level=1,
    level_label="L1",
    post_id="tehsildar:khilchipur",
    post_hi="तहसीलदार खिलचीपुर",
    post_en="Tehsildar Khilchipur",
    due=date(2026, 8, 7),
    drafted=True,
)


def complaint(**changes: object) -> NewComplaint:
    """A complaint about a land record, with some fields changed."""
    new = NewComplaint(
        call_id="call-1",
        caller_e164="+919812345610",
        citizen_name="रामलाल वर्मा",
        citizen_phone="98123 45610",
        district_code="39",
        place_id="village:480001",
        place_hi="खजूरी",
        place_en="Khajuri",
        type_code="REV-01",
        type_hi="नामांतरण नहीं हुआ",
        type_en="Mutation not done",
        description="दो महीने से नामांतरण नहीं हुआ।\nपटवारी नहीं मिलते।",
        assigned=ASSIGNED,
        registered_by="sita",
        registered_at=NOON,
    )
    return replace(new, **changes)  # type: ignore[arg-type]


def user(username: str = "sita", **changes: object) -> NewUser:
    """An executive of Rajgarh."""
    new = NewUser(username, "सीता", "Sita", "executive", "correct horse", "2001", "39")
    return replace(new, **changes)  # type: ignore[arg-type]
