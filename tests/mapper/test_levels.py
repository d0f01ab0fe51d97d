"""The chain from level to level: always up, never in a circle, by itself or by hand by the rules in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import (
    Edition,
    NoOfficer,
    Registration,
    UnknownPlace,
    UnknownType,
    assign_level,
    decider,
    explain,
    next_level,
)
from mapper.model.office_model import CalendarRule, EscalationRule

from .conftest import NOW

TODAY = date(2026, 11, 23)
VILLAGE = "village:479643"


def climb(edition: Edition, type_code: str, place_id: str, on: date = TODAY) -> list[tuple[int, str]]:
    """All levels above 0, with how each is reached."""
    steps: list[tuple[int, str]] = []
    found = next_level(edition, type_code, place_id, 0, on)
    while found.level is not None:
        steps.append((found.level, found.way))
        found = next_level(edition, type_code, place_id, found.level, on)
    return steps


def test_the_shipped_chain(edition: Edition) -> None:
    assert climb(edition, "REVENUE-01", VILLAGE)[1:] == [
        (2, "automatic"),
        (3, "automatic"),
        (4, "manual"),
        (5, "manual"),
    ]
    top = next_level(edition, "REVENUE-01", VILLAGE, 5, TODAY)
    assert (top.level, top.way) == (None, "none")


def test_level_three_was_left_by_itself_until_december_2022(edition: Edition) -> None:
    before = next_level(edition, "REVENUE-01", VILLAGE, 3, date(2022, 11, 30))
    after = next_level(edition, "REVENUE-01", VILLAGE, 3, date(2022, 12, 1))
    assert (before.level, before.way, before.drafted) == (4, "automatic", True)
    assert (after.level, after.way, after.drafted) == (4, "manual", False)
    assert "*/leaving L3 since 2022-12-01" in after.rule


def test_a_type_that_starts_at_the_district_jumps_and_must_be_sent_by_hand(edition: Edition) -> None:
    """HOME-11 has no level 2 and 3; beyond them lies a step that is taken by hand only."""
    found = next_level(edition, "HOME-11", VILLAGE, 1, TODAY)
    assert (found.level, found.way) == (4, "manual")


def test_every_chain_goes_up_and_ends_at_other_officers(edition: Edition) -> None:
    territories = {place.territory.id: place for place in edition.places.values()}
    seen = set()
    for place in territories.values():
        if not edition.kinds[place.kind].selectable:
            continue
        for code in edition.types:
            levels = [level for level, _ in climb(edition, code, place.id)]
            assert levels[0] == 1
            assert levels == sorted(set(levels))
            question = Registration(code, place.id, NOW)
            posts = [assign_level(edition, question, level, TODAY).post.id for level in levels]
            assert len(posts) == len(set(posts)), (code, place.id)
            seen.add(tuple(levels))
    assert len(seen) > 1


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_next_level_never_loops_whatever_the_rules(edition: Edition, data: st.DataObject) -> None:
    """Rules taken out and escalation rules thrown in at random: each step leads up, until the chain ends."""
    responsibilities = data.draw(st.lists(st.sampled_from(edition.responsibilities), max_size=60))
    rule = st.builds(
        EscalationRule,
        st.sampled_from(["*", "REVENUE", "REVENUE-01", "HOME"]),
        st.integers(0, 7),
        st.sampled_from(["automatic", "manual"]),
        st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        st.booleans(),
    )
    some = replace(
        edition,
        responsibilities=tuple(responsibilities),
        escalations=tuple(data.draw(st.lists(rule, max_size=8))),
    )
    level = data.draw(st.integers(-1, 9))
    on = data.draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    for code in data.draw(st.lists(st.sampled_from(["REVENUE-01", "HOME-11", "HOME-01"]), min_size=1)):
        at, steps = level, 0
        while (found := next_level(some, code, VILLAGE, at, on)).level is not None:
            assert found.level > at
            assert found.way in {"automatic", "manual"}
            assert assign_level(some, Registration(code, VILLAGE, NOW), found.level, on).level == found.level
            at, steps = found.level, steps + 1
            assert steps <= len(edition.levels)
        assert found.way == "none"


def test_the_rule_of_the_type_goes_before_the_department_s_and_that_before_all(edition: Edition) -> None:
    rules = [
        EscalationRule("REVENUE-01", 1, "manual", None, drafted=False),
        EscalationRule("REVENUE", 1, "automatic", date(2026, 1, 1), drafted=False),
        EscalationRule("REVENUE", 1, "manual", None, drafted=False),
        EscalationRule("*", 1, "automatic", None, drafted=False),
    ]
    ways = []
    for first in range(5):
        some = replace(edition, escalations=tuple(reversed(rules[first:])))
        ways.append(next_level(some, "REVENUE-01", VILLAGE, 1, TODAY).way)
    assert ways == ["manual", "automatic", "manual", "automatic", "automatic"]


def test_a_level_s_own_limit_counts_from_its_own_start(edition: Edition) -> None:
    question = Registration("WCD-01", "village:478700", NOW)
    found = assign_level(edition, question, 4, date(2027, 1, 10))
    assert (found.level, found.due) == (4, date(2027, 1, 20))
    with pytest.raises(NoOfficer, match="no level 2 officer for HOME-11"):
        assign_level(edition, Registration("HOME-11", VILLAGE, NOW), 2, TODAY)
    with pytest.raises(NoOfficer, match="no level 9 officer"):
        assign_level(edition, question, 9, TODAY)


def test_unknown_codes(edition: Edition) -> None:
    with pytest.raises(UnknownType):
        next_level(edition, "NONE", VILLAGE, 1, TODAY)
    with pytest.raises(UnknownPlace):
        decider(edition, "REVENUE-01", "village:0", TODAY)


def test_the_marked_level_decides_else_the_next_above(edition: Edition) -> None:
    revenue = decider(edition, "REVENUE-01", VILLAGE, TODAY)
    assert revenue is not None
    assert revenue.level == 3
    police = decider(edition, "HOME-11", VILLAGE, TODAY)
    assert police is not None
    assert police.level == 4
    unmarked = replace(edition, levels=tuple(replace(level, decides=False) for level in edition.levels))
    without = decider(unmarked, "REVENUE-01", VILLAGE, TODAY)
    assert without is not None
    assert without.post == revenue.post
    low = replace(edition, responsibilities=tuple(r for r in edition.responsibilities if r.level < 3))
    assert decider(low, "REVENUE-01", VILLAGE, TODAY) is None


def test_a_calendar_of_a_department_holds_from_its_day(edition: Edition) -> None:
    weekend = frozenset({5, 6})
    rules = (
        CalendarRule("*", "calendar", weekend, None, drafted=False),
        CalendarRule("REVENUE", "working", weekend, date(2026, 12, 1), drafted=True),
    )
    some = replace(edition, calendars=rules)
    question = Registration("REVENUE-01", "tehsil:3566", NOW)
    before = assign_level(some, question, 1, date(2026, 11, 30))
    after = assign_level(some, question, 1, date(2026, 12, 1))
    other = assign_level(some, Registration("WCD-02", "tehsil:3566", NOW), 1, date(2026, 12, 1))
    assert before.due == date(2026, 12, 7)
    assert after.due == date(2026, 12, 10)
    assert "7 working days" in after.rule
    assert "calendar" in after.rule.partition("to be confirmed")[2]
    assert other.due == date(2026, 12, 16)
    tried = {t.rule: t.outcome for t in explain(some, question).levels[0].tried}
    assert tried["REVENUE/working days since 2026-12-01"].startswith("not in force")
    assert tried["*/calendar days"] == "won"


def test_the_explanation_tells_why_a_level_is_reached_by_hand(edition: Edition) -> None:
    step = explain(edition, Registration("REVENUE-01", VILLAGE, NOW)).levels[3]
    assert step.escalation == "manual"
    tried = {t.rule: (t.text, t.outcome) for t in step.tried if "leaving" in t.rule}
    assert tried["*/leaving L3 since 2022-12-01"] == ("level 3 is left by hand", "won")
    assert tried["*/leaving L3"][1].startswith("not needed")
