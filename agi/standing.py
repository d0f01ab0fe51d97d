"""How a complaint stands, as prompts: its state, what was done last, who has it, until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Final

from agi.dialogue import prompt
from ivr_prompts.numbers import department_key, designation_key
from ivr_prompts.speech import date_keys, digit_groups
from records import AssignedTo, Complaint, ComplaintEvent
from records.clock import indian_day
from records.life.states import CLOSED, ESCALATING, Told, told_state

_STATES: Final[Mapping[Told, str]] = {
    "open": prompt("status-state-open"),
    "attended": prompt("status-state-attended"),
    "proposed": prompt("status-state-proposed"),
    "department": prompt("status-state-department"),
    "close": prompt("status-state-close"),
    "closed": prompt("status-state-closed"),
}
_CLOSED: Final = {
    "special": prompt("status-closed-special"),
    "answered": prompt("status-closed-answered"),
    "accepted": prompt("status-closed-accepted"),
    "declined": prompt("status-closed-declined"),
}
_ON_CLOSED, _ON_REGISTERED = prompt("status-on-closed"), prompt("status-on-registered")
_ON_SENT_UP = prompt("status-on-sent-up")


def standing(
    complaint: Complaint, events: Iterable[ComplaintEvent], now: datetime, language: str
) -> list[str]:
    """What a citizen is told of his complaint.

    ``events``: the complaint's own, in order; without any, the day of its registration is told instead of
    what was done last. ``now`` decides, in Indian days, whether the last day has gone by and whether a date
    needs its year.
    """
    today = indian_day(now)

    def on(lead: str, day: date) -> list[str]:
        return [lead, *date_keys(day, language, year=day.year != today.year)]

    closed = complaint.status == CLOSED
    state = _CLOSED.get(complaint.closure or "") if closed else None
    lead, at = _deed(complaint, events)
    parts = [
        prompt("status-of"),
        *digit_groups(complaint.number),
        state or _STATES[told_state(complaint.status)],
        *on(lead, indian_day(at)),
    ]
    if not closed:
        parts += _officer(complaint.assigned)
    if complaint.status in ESCALATING:
        parts += on(prompt("status-due"), complaint.assigned.due)
        if today > complaint.assigned.due:
            parts.append(prompt("status-overdue"))
    return [*parts, prompt("status-done")]


def _officer(assigned: AssignedTo) -> list[str]:
    """Level and officer; a post without a prompt is called by its department."""
    name = designation_key(assigned.post_id) or department_key(assigned.department_code)
    return [prompt("status-with"), prompt(f"level/l{assigned.level}"), *([name] if name else [])]


# ---- what was done last


def _deed(complaint: Complaint, events: Iterable[ComplaintEvent]) -> tuple[str, datetime]:
    """The words before the day of the newest thing done that a citizen cares for, and its moment."""
    if complaint.closed_at is not None:
        return _ON_CLOSED, complaint.closed_at
    deed = _ON_REGISTERED, complaint.registered_at
    for event in events:
        lead = _DEEDS[event.kind](event) if event.kind in _DEEDS else None
        if lead is not None:
            deed = lead, event.at
    return deed


def _asked(event: ComplaintEvent) -> str | None:
    if event.data.get("result") == "unreachable":
        return prompt("status-on-unreachable")
    if event.data.get("result") != "not_satisfied":
        return None
    return _ON_SENT_UP if "assigned" in event.data else prompt("status-on-not-satisfied")


def _department(event: ComplaintEvent) -> str | None:
    return prompt("status-on-department") if event.data.get("accept") else None


_DEEDS: Final[Mapping[str, Callable[[ComplaintEvent], str | None]]] = {
    "attended": lambda _event: prompt("status-on-attended"),
    "resolution_proposed": lambda _event: prompt("status-on-proposed"),
    "citizen_asked": _asked,
    "department_decided": _department,
    "escalated": lambda _event: _ON_SENT_UP,
    "sent_up": lambda _event: _ON_SENT_UP,
    "sent_back": lambda _event: prompt("status-on-sent-back"),
}
