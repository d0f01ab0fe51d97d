"""Every type at every place has one officer, the sourced one where there is a source; rules go in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mapper import Edition, NoOfficer, Registration, UnknownPlace, UnknownType, assign, explain
from mapper.days import DayRule
from mapper.model.rule_model import Level, Responsibility, TimeLimit

from .conftest import NOW


def test_every_type_at_every_place_has_exactly_one_first_officer(edition: Edition) -> None:
    places = [place for place in edition.places.values() if edition.kinds[place.kind].selectable]
    assert len(places) == 2403
    assert len(edition.types) == 160
    levels: Counter[int] = Counter()
    wrong = []
    for place in places:
        for code in edition.types:
            found = assign(edition, Registration(code, place.id, NOW))
            levels[found.level] += 1
            if found.post.id not in edition.posts or found.type.code != code or found.place is not place:
                wrong.append((code, place.id))
    assert levels == {1: 2403 * 160}
    assert not wrong


def test_the_chain_climbs_to_other_posts(edition: Edition) -> None:
    territories = {place.territory.id: place for place in edition.places.values()}
    for place in territories.values():
        if not edition.kinds[place.kind].selectable:
            continue
        for code in edition.types:
            steps = [s for s in explain(edition, Registration(code, place.id, NOW)).levels if s.assignment]
            posts = [step.assignment.post.id for step in steps if step.assignment]
            assert len(posts) == len(set(posts)), (code, place.id, posts)
            assert steps[0].level == 1
            assert len(steps) >= 3, (code, place.id)


@pytest.mark.parametrize(
    ("type_code", "place_id", "post", "due"),
    [
        # Revenue: the tehsildar of the tehsil.
        ("REVENUE-01", "village:479643", "तहसीलदार / नायब तहसीलदार, ब्यावरा", date(2026, 11, 30)),
        # Social justice: the CEO of the block in villages, the CMO of the urban body in towns.
        ("SOCJUS-01", "village:479643", "मुख्य कार्यपालन अधिकारी, जनपद पंचायत, ब्यावरा", date(2026, 11, 30)),
        ("SOCJUS-01", "ulb:250934", "मुख्य नगर पालिका अधिकारी, ब्यावरा", date(2026, 11, 30)),
        # A village inside an urban body is urban.
        ("UDH-06", "village:480298", "मुख्य नगर पालिका अधिकारी, कुरावर", date(2026, 11, 30)),
        ("UDH-06", "village:479643", "मुख्य कार्यपालन अधिकारी, जनपद पंचायत, ब्यावरा", date(2026, 11, 30)),
        # Women and child development: 15 days.
        ("WCD-01", "village:478700", "बाल विकास परियोजना अधिकारी, जीरापुर", date(2026, 12, 8)),
        # A type that starts at the district.
        ("HOME-11", "village:478700", "पुलिस अधीक्षक / अतिरिक्त पुलिस अधीक्षक, राजगढ़", date(2026, 11, 30)),
        # A habitation without tehsil of its own, and a village whose tehsil nobody knows.
        ("REVENUE-01", "hab:pmgsy-342999", "तहसीलदार / नायब तहसीलदार, राजगढ़", date(2026, 11, 30)),
        ("REVENUE-01", "village:937873", "तहसीलदार / नायब तहसीलदार, ब्यावरा", date(2026, 11, 30)),
        # A complaint that names the district only goes to its headquarters.
        ("REVENUE-01", "district:422", "तहसीलदार / नायब तहसीलदार, राजगढ़", date(2026, 11, 30)),
        # Stand-ins tell what they stand for.
        ("HOME-01", "village:479643", "थाना प्रभारी, तहसील ब्यावरा", date(2026, 11, 30)),
    ],
)
def test_known_officers(edition: Edition, type_code: str, place_id: str, post: str, due: date) -> None:
    found = assign(edition, Registration(type_code, place_id, NOW))
    assert (found.post.name_hi, found.due) == (post, due)


def test_wcd_has_ten_days_at_level_four(edition: Edition) -> None:
    steps = explain(edition, Registration("WCD-01", "village:478700", NOW)).levels
    dues = [step.assignment.due for step in steps[:4] if step.assignment]
    assert dues == [date(2026, 12, 8), date(2026, 12, 15), date(2026, 12, 22), date(2027, 1, 1)]


def test_revenue_level_four_is_the_divisional_commissioner(edition: Edition) -> None:
    step = explain(edition, Registration("REVENUE-01", "village:479643", NOW)).levels[3]
    assert step.assignment is not None
    assert step.assignment.post.name_en == "Divisional Commissioner, Bhopal"
    assert step.escalation == "manual"


def test_the_day_of_registration_is_that_of_india(edition: Edition) -> None:
    late = datetime(2026, 11, 23, 18, 29, 59, tzinfo=UTC)
    after_midnight = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert assign(edition, Registration("REVENUE-01", "tehsil:3566", late)).due == date(2026, 11, 30)
    assert assign(edition, Registration("REVENUE-01", "tehsil:3566", after_midnight)).due == date(2026, 12, 1)


def test_working_policy_leaves_out_weekends_and_holidays(edition: Edition) -> None:
    rule = replace(edition.day_rule, policy="working")
    working = replace(edition, day_rule=rule, calendars=())
    # From Friday 22 January 2027: 25, 27, 28, 29 January, 1, 2, 3 February; the 26th is Republic Day.
    friday = datetime(2027, 1, 22, 6, 0, tzinfo=UTC)
    found = assign(working, Registration("REVENUE-01", "tehsil:3566", friday))
    assert found.due == date(2027, 2, 3)
    assert "7 working days" in found.rule
    beyond = assign(working, Registration("REVENUE-01", "tehsil:3566", datetime(2028, 3, 1, tzinfo=UTC)))
    assert "holidays of 2028 not in the directory" in beyond.rule
    assert beyond.drafted


def test_drafted_marks_reach_the_assignment(edition: Edition) -> None:
    found = assign(edition, Registration("HOME-01", "village:937873", NOW))
    assert found.drafted
    assert found.post.drafted
    assert "to be confirmed" in found.rule
    assert "no police_station known for the place: by its tehsil" in found.rule
    assert "edition 1" in found.rule
    tehsil_of_2011 = assign(edition, Registration("REVENUE-01", "village:479643", NOW))
    assert "tehsil of the place" in tehsil_of_2011.rule


def test_nothing_drafted_says_nothing_of_confirmation(edition: Edition) -> None:
    sure = replace(
        edition,
        types={"T": replace(edition.types["REVENUE-01"], code="T", drafted=False)},
        posts={key: replace(post, drafted=False) for key, post in edition.posts.items()},
        responsibilities=tuple(replace(rule, drafted=False) for rule in edition.responsibilities),
        limits=tuple(replace(limit, drafted=False) for limit in edition.limits),
    )
    found = assign(sure, Registration("T", "village:478700", NOW))
    assert not found.drafted
    assert "confirmed" not in found.rule


def test_the_same_question_has_the_same_answer(edition: Edition) -> None:
    question = Registration("ENERGY-03", "ulb:250934", NOW)
    assert assign(edition, question) == assign(edition, question)


def test_unknown_type_and_place(edition: Edition) -> None:
    with pytest.raises(UnknownType, match="NONE-01"):
        assign(edition, Registration("NONE-01", "tehsil:3566", NOW))
    with pytest.raises(UnknownPlace, match="village:0"):
        assign(edition, Registration("REVENUE-01", "village:0", NOW))


def test_a_type_without_first_level_is_refused(edition: Edition) -> None:
    without = replace(
        edition, responsibilities=tuple(rule for rule in edition.responsibilities if rule.level > 1)
    )
    with pytest.raises(NoOfficer, match="REVENUE-01"):
        assign(without, Registration("REVENUE-01", "tehsil:3566", NOW))
    unlimited = replace(edition, limits=())
    with pytest.raises(NoOfficer, match="REVENUE-01"):
        assign(unlimited, Registration("REVENUE-01", "tehsil:3566", NOW))


def test_a_rule_for_a_kind_of_unit_that_does_not_exist_finds_nobody(edition: Edition) -> None:
    rule = Responsibility("REVENUE-01", 1, "any", "circle", "REVENUE-L1", None, drafted=False)
    some = replace(edition, responsibilities=(rule, *edition.responsibilities))
    with pytest.raises(NoOfficer, match="REVENUE-01"):
        assign(some, Registration("REVENUE-01", "tehsil:3566", NOW))
    tried = explain(some, Registration("REVENUE-01", "tehsil:3566", NOW)).levels[0].tried
    assert tried[0].outcome == "won, but the place has no circle"


def _rule(subject: str, area: str, code: str, since: date | None = None, level: int = 1) -> Responsibility:
    return Responsibility(subject, level, area, "tehsil", code, since, drafted=False)


def test_rules_are_tried_from_the_narrowest_to_the_widest(edition: Edition) -> None:
    """Type before department before all; the area's own before everywhere; the newest in force first."""
    rules = [
        _rule("*", "any", "RELIG-L1"),
        _rule("REVENUE", "any", "REVENUE-L1"),
        _rule("REVENUE", "rural", "ELECTION-L1"),
        _rule("REVENUE-01", "any", "HOME-L1"),
        _rule("REVENUE-01", "rural", "SDO-REVENUE"),
        _rule("REVENUE-01", "rural", "REVENUE-L1", date(2026, 1, 1)),
        _rule("REVENUE-01", "rural", "RELIG-L1", date(2030, 1, 1)),
    ]
    day = date(2026, 11, 23)
    expected = ["REVENUE-L1", "SDO-REVENUE", "HOME-L1", "ELECTION-L1", "REVENUE-L1", "RELIG-L1"]
    order = [rules[5], rules[4], rules[3], rules[2], rules[1], rules[0]]
    for left_out in range(len(order)):
        some = replace(edition, responsibilities=tuple(r for r in rules if r not in order[:left_out]))
        found = assign(some, Registration("REVENUE-01", "village:479643", NOW))
        assert found.post.designation_code == expected[left_out]
    explained = explain(
        replace(edition, responsibilities=tuple(rules)), Registration("REVENUE-01", "village:479643", NOW)
    )
    tried = [t for t in explained.levels[0].tried if "limit" not in t.text]
    assert [t.outcome.split(":")[0] for t in tried[:3]] == [f"not in force on {day}", "won", "not needed"]
    assert "since 2030-01-01" in tried[0].rule


def test_limits_are_tried_from_the_narrowest_to_the_widest(edition: Edition) -> None:
    limits = [
        TimeLimit("REVENUE-01", 1, 1, None, drafted=False),
        TimeLimit("REVENUE-01", None, 2, None, drafted=False),
        TimeLimit("REVENUE", 1, 3, None, drafted=False),
        TimeLimit("REVENUE", None, 4, None, drafted=False),
        TimeLimit("*", 1, 5, None, drafted=False),
        TimeLimit("*", None, 6, None, drafted=False),
    ]
    for first in range(len(limits)):
        some = replace(edition, limits=tuple(reversed(limits[first:])))
        found = assign(some, Registration("REVENUE-01", "tehsil:3566", NOW))
        assert found.due == date(2026, 11, 23 + first + 1)


def test_levels_are_a_list_of_any_length(edition: Edition) -> None:
    extra = Level(6, "L6", "लेवल 6", "Level 6", "manual", drafted=True)
    more = replace(
        edition,
        levels=(*edition.levels, extra),
        responsibilities=(*edition.responsibilities, _rule("*", "any", "REVENUE-L1", level=6)),
    )
    steps = explain(more, Registration("HOME-01", "tehsil:3566", NOW)).levels
    assert [step.label for step in steps] == ["L1", "L2", "L3", "L4", "L5", "L6"]


def test_explanation_names_what_lost_and_why(edition: Edition) -> None:
    explained = explain(edition, Registration("HOME-11", "village:479643", NOW))
    first = explained.levels[0]
    assert [(t.rule, t.outcome.split(":")[0]) for t in first.tried[:2]] == [
        ("HOME-11/L1", "won"),
        ("HOME/L1", "not needed"),
    ]
    assert [step.label for step in explained.levels if step.assignment is None] == ["L2", "L3"]
    assert explained.levels[1].tried[0].text == "the level is left out for this type"


def test_assigning_is_fast(edition: Edition) -> None:
    """A bound ten times what a slow machine needs: it fails when a look-up becomes a search."""
    import time

    questions = [Registration(code, "village:479643", NOW) for code in edition.types] * 20
    started = time.perf_counter()
    for question in questions:
        assign(edition, question)
    assert (time.perf_counter() - started) / len(questions) < 200e-6


def test_calendar_rule_of_the_shipped_directory(edition: Edition) -> None:
    rule = edition.day_rule
    assert isinstance(rule, DayRule)
    assert rule.policy == "calendar"
    assert set(rule.weekend) == {5, 6}
    assert rule.known_until == date(2027, 12, 31)
    assert len(edition.holidays) == 53


def test_a_mistyped_type_is_told_with_those_like_it(edition: Edition) -> None:
    with pytest.raises(UnknownType, match="did you mean REVENUE-01"):
        assign(edition, Registration("revenue-1", "village:478700", datetime(2026, 11, 23, tzinfo=UTC)))
