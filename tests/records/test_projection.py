"""The fold of events, the hash chain, and canonical JSON: pure."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import AssignedTo, ComplaintEvent, NewComplaint, TamperedError
from records.life.chain import START, link
from records.life.projection import assignment, fold, registration
from records.text import canonical_json, clean
from tests.records.life_samples import is_whole
from tests.records.samples import ASSIGNED, NOON, at, complaint

MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
SCALARS = st.none() | st.booleans() | st.integers() | st.text()
EVENT_FIELDS = ["number", "seq", "kind", "actor", "at", "edition", "data", "hash"]
ASSIGNMENTS = st.builds(AssignedTo, level=st.integers(1, 5), due=st.dates(min_value=date(1, 1, 1)))
COMPLAINTS = st.builds(NewComplaint, assigned=ASSIGNMENTS, registered_at=MOMENTS)


def events_of(new: NewComplaint, number: str = "10000012") -> list[ComplaintEvent]:
    """The linked events of a registration."""
    events: list[ComplaintEvent] = []
    for event in registration(new):
        events.append(link(number, events[-1] if events else None, event))
    return events


@given(COMPLAINTS)
def test_fold_gives_back_what_was_registered(new: NewComplaint) -> None:
    state = fold(events_of(new))
    for field in fields(NewComplaint):
        given_value, kept = getattr(new, field.name), getattr(state, field.name)
        if isinstance(given_value, str):
            assert kept == clean(given_value)
        elif field.name == "assigned":
            assert (kept.level, kept.due) == (given_value.level, given_value.due)
        else:
            assert kept == given_value
    assert (state.number, state.last_seq, state.status) == ("10000012", 2, "open")


@given(COMPLAINTS)
def test_chain_of_any_complaint_holds_and_is_the_same_each_time(new: NewComplaint) -> None:
    events = events_of(new)
    assert is_whole(events)
    assert events == events_of(new)
    assert events[0].previous_hash == START


@given(COMPLAINTS, st.sampled_from(EVENT_FIELDS), st.integers(0, 1))
def test_any_change_breaks_the_chain(new: NewComplaint, name: str, which: int) -> None:
    events = events_of(new)
    changed = {
        "number": "10000023",
        "seq": 9,
        "kind": "other",
        "actor": new.registered_by + "x",
        "at": NOON if new.registered_at != NOON else at(1),
        "edition": "another",
        "data": {**events[which].data, "more": 1},
        "hash": START,
    }
    if name == "edition" and events[which].edition == "another":
        return
    events[which] = replace(events[which], **{name: changed[name]})  # type: ignore[arg-type]
    assert not is_whole(events)


def test_a_missing_event_breaks_the_chain() -> None:
    registered, assigned = events_of(complaint())
    again = link("10000012", assigned, assignment(ASSIGNED, actor="clock", at=at(60)))
    assert is_whole([registered, assigned, again])
    assert not is_whole([registered, again])
    assert not is_whole([assigned, again])


def test_assigning_again_changes_the_assignment_and_the_clock_of_its_level_only() -> None:
    events = events_of(complaint())
    before = fold(events)
    higher = replace(ASSIGNED, level=2, level_label="L2", edition="2", due=date(2026, 8, 14))
    events.append(link("10000012", events[-1], assignment(higher, actor="clock", at=at(60))))
    assert fold(events) == replace(before, assigned=higher, last_seq=3, last_at=at(60), level_since=at(60))


def test_events_that_cannot_follow_are_refused() -> None:
    registered, assigned = events_of(complaint())
    for wrong in (
        [],
        [registered],
        [assigned],
        [assigned, registered],
        [registered, assigned, assigned],
        [registered, registered, assigned],
        [registered, replace(assigned, kind="unheard-of")],
    ):
        with pytest.raises(TamperedError):
            fold(wrong)


def test_hash_is_over_a_text_that_is_written_down() -> None:
    """A change here makes every stored chain look tampered with."""
    registered, assigned = events_of(complaint())
    assert registered.hash == "641e32f7a48ffc93b66530dc73c621acbca1142c2bd9c38de6318e4b75387aa5"
    assert assigned.hash == "478a2ec73b5d94cc94f75299c3b23573e7bc28002b58da2d1479f1469e4127dc"


@given(st.recursive(SCALARS, lambda inner: st.dictionaries(st.text(), inner), max_leaves=8))
def test_canonical_json_does_not_depend_on_order(value: object) -> None:
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert canonical_json(value) == canonical_json(turned)


def test_canonical_json_has_no_infinity() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("inf"))
