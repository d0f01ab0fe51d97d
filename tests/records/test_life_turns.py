"""Types, departments, special closes, groups, wishes and reassigning: pure."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from records import (
    CLOCK,
    Actor,
    AnswerInformation,
    Ask,
    Attend,
    Context,
    DecideClose,
    DecideDemand,
    DecideDepartment,
    Escalate,
    Link,
    Propose,
    Reassign,
    Unlink,
)
from records.life.rules import legal_steps
from tests.records.life_refusals import IST, NOT_OURS, SPECIAL, WATER_TYPE, refused
from tests.records.life_samples import (
    ADMINISTRATOR,
    COLLECTOR,
    CONTEXT,
    ENGINEER,
    LEVELS,
    OTHER,
    SITA,
    SUPERVISOR,
    WATER,
    Life,
    days,
    moved,
    officer,
)
from tests.records.samples import NOON, complaint


def test_the_first_officer_changes_the_type_within_three_days() -> None:
    life = Life()
    life.take(Attend("देखा"), officer(1), days(1))
    changed = life.take(WATER_TYPE, officer(1), days(3))
    assert (changed.type_code, changed.type_changed) == ("PHE-01", True)
    assert (changed.assigned, changed.level_since, changed.registered_at) == (WATER, NOON, NOON)
    assert (changed.status, changed.attended_at) == ("open", None)


def test_type_stays_when_it_is_too_late_the_same_or_not_at_the_first_level() -> None:
    life = Life()
    last = datetime(2026, 8, 3, 23, 59, tzinfo=IST)
    late = refused(life, WATER_TYPE, officer(1), last + timedelta(minutes=1))
    assert (late.code, "2026-08-03" in late.reason.en) == ("condition", True)
    assert refused(life, replace(WATER_TYPE, type_code="REV-01"), officer(1), last).code == "input"
    risen = Life(complaint(assigned=moved(LEVELS[1], due=NOON.date()))).raised(2)
    assert "changed by level 1" in refused(risen, WATER_TYPE, officer(2), days(2)).reason.en
    assert life.take(WATER_TYPE, officer(1), last).type_changed


def test_out_of_department_moves_after_the_decision_and_only_the_total_clock_goes_on() -> None:
    life = Life()
    proposed = life.take(NOT_OURS, officer(1), days(2))
    assert proposed.status == "department_proposed"
    for actor in (officer(1), SITA, SUPERVISOR, OTHER):
        assert refused(life, DecideDepartment(accept=True, assigned=WATER), actor).code == "actor"
    accepted = life.take(DecideDepartment(accept=True, assigned=WATER), officer(3), days(4))
    assert (accepted.status, accepted.assigned, accepted.level_since) == ("open", WATER, days(4))
    assert accepted.registered_at == NOON
    assert life.events[-1].data["post"] == COLLECTOR
    assert life.take(Attend("देखा"), ENGINEER).status == "attended"


def test_what_moves_to_another_department_has_a_type_of_it() -> None:
    life = Life()
    life.take(NOT_OURS, officer(1))
    decided = DecideDepartment(True, WATER, "", "PHE-01", "हैंडपंप खराब", "Hand pump")
    moved_on = life.take(decided, officer(3))
    assert (moved_on.type_code, moved_on.type_en, moved_on.type_changed) == ("PHE-01", "Hand pump", False)
    assert life.events[-1].data["from_type"] == "REV-01"


def test_out_of_department_is_declined_with_a_reason_and_returns() -> None:
    life = Life()
    life.take(NOT_OURS, officer(1), days(2))
    assert refused(life, DecideDepartment(accept=False), officer(3)).code == "input"
    back = life.take(DecideDepartment(accept=False, reason="आपका ही है"), officer(3), days(3))
    assert (back.status, back.assigned, back.level_since) == ("attended", LEVELS[1], NOON)


def test_an_accepted_move_goes_to_another_officer() -> None:
    life = Life()
    life.take(NOT_OURS, officer(1))
    for assigned in (None, LEVELS[1]):
        assert refused(life, DecideDepartment(accept=True, assigned=assigned), officer(3)).code == "input"


def test_nobody_decides_when_the_directory_names_nobody() -> None:
    life = Life(context=Context())
    life.take(NOT_OURS, officer(1))
    assert refused(life, DecideDepartment(accept=True, assigned=WATER), officer(3)).code == "actor"


# ---- special close


def test_special_close_is_proposed_by_the_first_two_levels_and_decided_by_the_third() -> None:
    for level in (1, 2):
        life = Life().raised(level)
        assert life.take(SPECIAL, officer(level)).status == "close_proposed"
        assert refused(life, DecideClose(accept=True, reason="मान्य"), officer(level)).code == "actor"
        closed = life.take(DecideClose(accept=True, reason="मान्य"), officer(3))
        assert (closed.status, closed.closure) == ("closed", "special")
    life = Life().raised(3)
    assert "level 1 or 2" in refused(life, SPECIAL, officer(3)).reason.en


def test_special_close_is_rejected_with_a_reason_and_returns() -> None:
    life = Life()
    life.take(SPECIAL, officer(1), days(1))
    assert refused(life, DecideClose(accept=False, reason=" "), officer(3)).code == "input"
    back = life.take(DecideClose(accept=False, reason="अमान्य, कार्य करें"), officer(3))
    assert (back.status, back.closure, back.attended_at) == ("attended", None, days(1))


def test_nothing_is_specially_closed_before_the_citizen_was_told() -> None:
    life = Life()
    life.take(replace(SPECIAL, citizen_told=False), officer(1))
    assert "citizen" in refused(life, DecideClose(accept=True, reason="मान्य"), officer(3)).reason.en
    assert (
        life.take(DecideClose(accept=True, reason="मान्य", citizen_told=True), officer(3)).closure == "special"
    )


def test_who_cannot_be_reached_may_be_closed_specially_but_not_otherwise() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    life.take(Ask("unreachable"), SITA)
    assert legal_steps(life.now, officer(1), days(1), CONTEXT) == ("propose_close", "note")
    assert life.take(SPECIAL, officer(1)).status == "close_proposed"


# ---- groups


def test_linked_complaints_keep_their_own_life_and_are_asked_about_the_main_ones_resolution() -> None:
    main = replace(Life().now, number="10000024")
    life = Life()
    linked = life.take(Link(main.number, "duplicate"), SITA, days(1), main=main)
    assert (linked.group_of, linked.status, linked.assigned) == (main.number, "open", LEVELS[1])
    ask = Ask("satisfied")
    assert main.number in refused(life, ask, SITA, main=main).reason.en
    assert (
        refused(life, ask, SITA, main=replace(main, status="closed", closure="special")).code == "condition"
    )
    done = replace(main, status="closed", closure="satisfied")
    assert "ask" in legal_steps(life.now, SITA, days(1), replace(CONTEXT, main=done))
    up = life.take(Ask("not_satisfied", "", LEVELS[2]), SITA, main=done)
    assert (up.status, up.assigned, up.not_attended) == ("open", LEVELS[2], ())
    assert life.take(ask, SITA, main=done).closure == "satisfied"


def test_links_are_one_deep_never_to_itself_and_undone() -> None:
    life, main = Life(), replace(Life().now, number="10000024")
    for wrong, around in (
        (Link(life.now.number, "group"), {"main": life.now}),
        (Link("10000036", "group"), {"main": None}),
        (Link(main.number, "group"), {"main": replace(main, group_of="10000036")}),
        (Link(main.number, "twin"), {"main": main}),  # type: ignore[arg-type]
    ):
        assert refused(life, wrong, SITA, **around).code == "input"
    assert refused(life, Link(main.number, "group"), SITA, main=main, members=2).code == "condition"
    assert refused(life, Unlink(), SITA).code == "condition"
    life.take(Link(main.number, "group"), SITA, main=main)
    assert refused(life, Link(main.number, "group"), SITA, main=main).code == "condition"
    assert life.take(Unlink(), SUPERVISOR).group_of is None


# ---- demands, suggestions, information


@pytest.mark.parametrize("kind", ["demand", "suggestion"])
@pytest.mark.parametrize(("accept", "closure"), [(True, "accepted"), (False, "declined")])
def test_demands_and_suggestions_are_decided(kind: str, accept: bool, closure: str) -> None:
    life = Life(complaint(kind=kind))
    assert refused(life, Propose("किया"), officer(1)).code == "kind"
    life.take(Attend("देखा"), officer(1))
    decided = life.take(DecideDemand(accept=accept, reason="बजट में है"), officer(1))
    assert (decided.kind, decided.status, decided.closure) == (kind, "closed", closure)


@pytest.mark.parametrize("actor", [SITA, officer(1)])
def test_information_is_answered(actor: Actor) -> None:
    life = Life(complaint(kind="information"))
    assert refused(life, DecideDemand(accept=True, reason="ठीक"), officer(1)).code == "kind"
    assert life.take(AnswerInformation("तहसील में आवेदन करें"), actor).closure == "answered"


def test_a_complaint_is_neither_answered_nor_decided_like_a_wish() -> None:
    assert refused(Life(), AnswerInformation("हो गया"), officer(1)).code == "kind"
    assert refused(Life(), DecideDemand(accept=False, reason="नहीं"), officer(1)).code == "kind"


# ---- reassigning


def test_reassigning_keeps_the_clocks_and_asks_the_new_officer_for_an_entry() -> None:
    life = Life()
    life.take(Attend("देखा"), officer(1), days(1))
    new = moved(LEVELS[1], post_id="tehsildar:other", edition="2")
    moved_on = life.take(Reassign(new, "तहसील का विभाजन"), ADMINISTRATOR, days(2))
    assert (moved_on.status, moved_on.assigned, moved_on.level_since) == ("open", new, NOON)
    assert life.events[-1].edition == "2"
    same = life.take(Reassign(moved(new, edition="3"), "नया संस्करण"), SUPERVISOR, days(3))
    assert (same.assigned.edition, same.status) == ("3", "open")


def test_a_supervisor_reassigns_in_his_own_district_only() -> None:
    step = Reassign(WATER, "गलत अधिकारी")
    assert refused(Life(), step, replace(SUPERVISOR, district_code="04")).code == "actor"
    assert Life().take(step, replace(SUPERVISOR, district_code=None)).assigned == WATER


def test_a_linked_complaint_whose_citizen_is_not_reached_stays_with_its_officer() -> None:
    """It has no resolution of its own: its clock may not stand still for one that another complaint had."""
    main = replace(Life().now, number="10000024", status="proposed")
    life = Life()
    life.take(Link(main.number, "duplicate"), SITA, days(1), main=main)
    tried = life.take(Ask("unreachable"), SITA, days(2), main=main)
    assert (tried.status, tried.tries) == ("open", 1)
    life.take(Attend("देखा"), officer(1), days(3))
    assert life.take(Ask("unreachable"), SITA, days(4), main=main).status == "attended"
    assert life.take(Unlink(), SITA, days(5)).status == "attended"
    assert life.take(Escalate(LEVELS[2]), CLOCK, days(30)).assigned.level == 2


def test_a_code_is_taken_with_blanks_around_it() -> None:
    life = Life()
    life.take(replace(SPECIAL, reason_code=" policy "), officer(1))
    assert life.events[-1].data["reason_code"] == "policy"
