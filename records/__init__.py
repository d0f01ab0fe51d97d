"""What happened: calls, complaints and their events, messages, users. Imports nothing of the other rooms.

`open_records` gives a `Records` with the books `alarms`, `calls`, `complaints`, `drafts`, `callbacks` and
`users`. Everything is async, all moments are aware UTC, and every failure a person can mend is a
`RecordsError` whose text is one line.
"""

from records.alarms.book import Alarm, AlarmBook, NoAlarmError
from records.calls.call_state import Call, CallStart, CallStep, Outcome
from records.calls.log import CallLog
from records.calls.requests import Callback, CallbackBook, Draft, DraftBook
from records.clock import Clock, utc_now
from records.complaints.book import ComplaintBook
from records.complaints.query import Wanted
from records.database.urls import sqlite_url
from records.errors import (
    IllegalStep,
    LostError,
    NumberError,
    RecordsError,
    StaleError,
    TamperedError,
    UnavailableError,
    UserError,
)
from records.life.chain import ComplaintEvent
from records.life.complaint import AssignedTo, Complaint, NewComplaint
from records.life.steps import (
    CLOCK,
    Actor,
    AnswerInformation,
    Ask,
    Attend,
    ChangeType,
    Context,
    DecideClose,
    DecideDemand,
    DecideDepartment,
    Escalate,
    Link,
    Note,
    Propose,
    ProposeClose,
    ProposeDepartment,
    Reassign,
    SendBack,
    SendUp,
    Step,
    Unlink,
)
from records.opening import Records, open_records
from records.settings import RecordsSettings
from records.spool.operations import apply
from records.spool.replay import Replayed, replay
from records.spool.spool import Operation, Spool, SpoolError
from records.text import JsonScalar
from records.users.users import NewUser, Role, Session, User, UserBook

__all__ = [
    "CLOCK",
    "Actor",
    "Alarm",
    "AlarmBook",
    "AnswerInformation",
    "Ask",
    "AssignedTo",
    "Attend",
    "Call",
    "CallLog",
    "CallStart",
    "CallStep",
    "Callback",
    "CallbackBook",
    "ChangeType",
    "Clock",
    "Complaint",
    "ComplaintBook",
    "ComplaintEvent",
    "Context",
    "DecideClose",
    "DecideDemand",
    "DecideDepartment",
    "Draft",
    "DraftBook",
    "Escalate",
    "IllegalStep",
    "JsonScalar",
    "Link",
    "LostError",
    "NewComplaint",
    "NewUser",
    "NoAlarmError",
    "Note",
    "NumberError",
    "Operation",
    "Outcome",
    "Propose",
    "ProposeClose",
    "ProposeDepartment",
    "Reassign",
    "Records",
    "RecordsError",
    "RecordsSettings",
    "Replayed",
    "Role",
    "SendBack",
    "SendUp",
    "Session",
    "Spool",
    "SpoolError",
    "StaleError",
    "Step",
    "TamperedError",
    "UnavailableError",
    "Unlink",
    "User",
    "UserBook",
    "UserError",
    "Wanted",
    "apply",
    "open_records",
    "replay",
    "sqlite_url",
    "utc_now",
]
