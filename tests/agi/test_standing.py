"""How a complaint stands, in prompts: each state, what was done last, who has it, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from agi.standing import standing
from ivr_prompts import load_catalogue
from ivr_prompts.speech import digit_groups
from records import Complaint, ComplaintEvent, numbers
from records.life.states import CLOSURES, STATUSES
from records.life.steps import Answer
from tests.agi.fake_records import ASSIGNED, complaint, event

NUMBER = numbers.number_for(numbers.FIRST)
BEGIN = ["status-of", *digit_groups(NUMBER)]
WITH = ["status-with", "level/l1", "designation/phe-l1"]
DUE = ["status-due", "number/7", "month/12"]
WRITTEN = ["status-on-registered", "number/23", "month/11"]
NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
LATER = {"assigned": {"level": 2}}


def told(stands: Complaint, *events: ComplaintEvent, now: datetime = NOW, language: str = "hi") -> list[str]:
    return standing(stands, events, now, language)


def happened(kind: str, day: int, **data: Any) -> ComplaintEvent:
    return event(NUMBER, kind, datetime(2026, 11, day, 6, 0, tzinfo=UTC), **data)


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ("open", ["status-state-open", *WRITTEN, *WITH, *DUE]),
        ("attended", ["status-state-attended", *WRITTEN, *WITH, *DUE]),
        ("department_proposed", ["status-state-department", *WRITTEN, *WITH, *DUE]),
        ("close_proposed", ["status-state-close", *WRITTEN, *WITH, *DUE]),
        ("proposed", ["status-state-proposed", *WRITTEN, *WITH]),
        ("unreachable", ["status-state-proposed", *WRITTEN, *WITH]),
        ("not thought of yet", ["status-state-attended", *WRITTEN, *WITH]),
    ],
)
def test_each_state(state: str, parts: list[str]) -> None:
    assert told(complaint(NUMBER, status=state)) == [*BEGIN, *parts, "status-done"]


@pytest.mark.parametrize(
    ("closure", "said"),
    [
        ("satisfied", "status-state-closed"),
        ("low_quality", "status-state-closed"),
        ("special", "status-closed-special"),
        ("answered", "status-closed-answered"),
        ("accepted", "status-closed-accepted"),
        ("declined", "status-closed-declined"),
    ],
)
def test_how_and_when_it_was_closed(closure: str, said: str) -> None:
    at = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    closed = complaint(NUMBER, status="closed", closure=closure, closed_at=at)
    parts = [said, "status-on-closed", "number/26", "month/11"]
    assert told(closed, happened("attended", 24)) == [*BEGIN, *parts, "status-done"]


@pytest.mark.parametrize(
    ("events", "lead", "day"),
    [
        ([happened("attended", 24)], "status-on-attended", 24),
        ([happened("attended", 24), happened("noted", 25)], "status-on-attended", 24),
        ([happened("attended", 24), happened("resolution_proposed", 25)], "status-on-proposed", 25),
        ([happened("attended", 24), happened("escalated", 26)], "status-on-sent-up", 26),
        ([happened("sent_up", 26)], "status-on-sent-up", 26),
        ([happened("sent_up", 25), happened("sent_back", 26)], "status-on-sent-back", 26),
        ([happened("citizen_asked", 26, result="unreachable")], "status-on-unreachable", 26),
        ([happened("citizen_asked", 26, result="not_satisfied")], "status-on-not-satisfied", 26),
        ([happened("citizen_asked", 26, result="not_satisfied", **LATER)], "status-on-sent-up", 26),
        ([happened("department_decided", 25, accept=True, **LATER)], "status-on-department", 25),
        ([happened("attended", 24), happened("department_decided", 25, accept=False)], None, 24),
        ([happened("linked", 24), happened("reassigned", 25)], "status-on-registered", 23),
    ],
)
def test_what_was_done_last(events: list[ComplaintEvent], lead: str | None, day: int) -> None:
    said = told(complaint(NUMBER, status="attended"), *events)
    place = said.index("status-state-attended")
    assert said[place + 1 : place + 4] == [lead or "status-on-attended", f"number/{day}", "month/11"]


def test_a_post_without_a_prompt_is_called_by_its_department() -> None:
    said = told(complaint(NUMBER, assigned=replace(ASSIGNED, post_id="NEW-POST@block-1", level=2)))
    place = said.index("status-with")
    assert said[place : place + 3] == ["status-with", "level/l2", "department/phe"]


def test_the_year_is_said_when_it_is_another() -> None:
    said = told(complaint(NUMBER, assigned=replace(ASSIGNED, due=date(2027, 1, 5))))
    place = said.index("status-due")
    assert said[place + 1 : place + 6] == ["number/5", "month/1", "number/2", "number/thousand", "number/27"]


@pytest.mark.parametrize(("day", "overdue"), [(26, True), (27, False)])
def test_a_last_day_gone_by_is_told(day: int, overdue: bool) -> None:
    said = told(complaint(NUMBER, assigned=replace(ASSIGNED, due=date(2026, 11, day))))
    assert ("status-overdue" in said) is overdue
    assert f"number/{day}" in said


@pytest.mark.parametrize("language", ["hi", "en", "mup"])
def test_there_is_audio_for_everything_that_can_be_said(language: str) -> None:
    catalogue = load_catalogue(language)
    answers = [happened("citizen_asked", 24, result=result) for result in get_args(Answer)]
    kinds = [
        happened(kind, 25, accept=True)
        for kind in ("attended", "escalated", "sent_back", "department_decided")
    ]
    for status in STATUSES:
        for closure in (None, *CLOSURES):
            closed_at = NOW - timedelta(days=1) if status == "closed" else None
            stands = complaint(NUMBER, status=status, closure=closure, closed_at=closed_at)
            for deed in (*answers, *kinds, happened("resolution_proposed", 25)):
                for key in told(stands, deed, language=language):
                    assert catalogue.audio(key).size, key
