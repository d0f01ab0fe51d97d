"""The tables as this version of the program uses them. Migrations make them; a test compares."""

from records.schema.alarms import alarms
from records.schema.book import book, number_gaps
from records.schema.calls import call_steps, callbacks, callers, calls, drafts
from records.schema.complaints import (
    ESCALATING,
    GROUPED,
    complaint_events,
    complaints,
    registrations,
    sequences,
)
from records.schema.desk import desk_sessions, event_files, spooled_operations, users
from records.schema.escalations import all_events, complaint_escalations, escalations
from records.schema.keeping import daily_work, erasures, removals
from records.schema.metadata import metadata
from records.schema.ways import way_tries

__all__ = [
    "ESCALATING",
    "GROUPED",
    "alarms",
    "all_events",
    "book",
    "call_steps",
    "callbacks",
    "callers",
    "calls",
    "complaint_escalations",
    "complaint_events",
    "complaints",
    "daily_work",
    "desk_sessions",
    "drafts",
    "erasures",
    "escalations",
    "event_files",
    "metadata",
    "number_gaps",
    "registrations",
    "removals",
    "sequences",
    "spooled_operations",
    "users",
    "way_tries",
]
