"""The rules of a complaint's life, one by one: pure."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from records import (
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
    IllegalStep,
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
from records.life import SKEW, TABLE, apply, legal_steps, told_state
from records.life_inputs import LONGEST_TEXT
from records.life_states import CLOSURES, STATUSES
from records.life_steps import Answer
from tests.records.life_samples import (
    ADMINISTRATOR,
    CITIZEN,
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

IST = timezone(timedelta(hours=5, minutes=30))
WATER_TYPE = ChangeType("PHE-01", "हैंडपंप खराब", "Hand pump", WATER, "पानी की शिकायत है")
NOT_OURS = ProposeDepartment("नल-जल योजना का मामला", "PHE")
SPECIAL = ProposeClose("policy", "न्यायालय में लंबित", citizen_told=True)


def refused(
    life: Life, step: Step, actor: Actor, at: datetime | None = None, **around: object
) -> IllegalStep:
    """The refusal of a step, which must change nothing."""
    before = life.now
    with pytest.raises(IllegalStep) as caught:
        life.take(step, actor, at, **around)
    assert life.now is before
    assert caught.value.number == before.number
    assert "\n" not in str(caught.value)
    return caught.value


# ---- the usual way


def test_attended_resolved_and_closed_with_the_citizens_consent() -> None:
    life = Life()
    attended = life.take(Attend("मौके पर गए"), officer(1), days(1))
    assert (attended.status, attended.attended_at) == ("attended", days(1))
    assert life.take(Attend("फिर गए"), officer(1), days(2)).attended_at == days(1)
    proposed = life.take(Propose("नामांतरण किया"), officer(1), days(3))
    assert (proposed.status, proposed.proposed_action) == ("proposed", "नामांतरण किया")
    closed = life.take(Ask("satisfied"), SITA, days(4))
    assert (closed.status, closed.closure, closed.closed_at) == ("closed", "satisfied", days(4))
    assert closed.registered_at == NOON


def test_a_proposal_without_an_entry_before_is_the_entry() -> None:
    assert Life().take(Propose("किया"), officer(1), days(1)).attended_at == days(1)


def test_closed_at_low_quality() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    assert life.take(Ask("low_quality", "आधा काम"), SITA).closure == "low_quality"


def test_nothing_but_notes_is_possible_when_closed() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    closed = life.take(Ask("satisfied"), SITA, days(1))
    for actor in (SITA, officer(1), SUPERVISOR, ADMINISTRATOR, CLOCK, CITIZEN):
        assert set(legal_steps(closed, actor, days(99), CONTEXT)) <= {"note"}
    noted = life.take(Note("फिर फोन आया"), SITA, days(5))
    assert (noted.status, noted.closed_at) == ("closed", days(1))


def test_not_satisfied_comes_back_one_level_up_with_a_clock_of_its_own() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1), days(1))
    back = life.take(Ask("not_satisfied", "काम नहीं हुआ", LEVELS[2]), SITA, days(2))
    assert (back.status, back.assigned, back.level_since) == ("open", LEVELS[2], days(2))
    assert (back.attended_at, back.proposed_action, back.not_attended) == (None, "", ())
    assert back.registered_at == NOON


@pytest.mark.parametrize("assigned", [None, LEVELS[4]])
def test_not_satisfied_at_the_top_stays_there(assigned: Any) -> None:
    life = Life(complaint(assigned=LEVELS[4]))
    life.take(Propose("किया"), officer(4), days(1))
    back = life.take(Ask("not_satisfied", "", assigned), SITA, days(2))
    assert (back.status, back.assigned, back.level_since) == ("attended", LEVELS[4], NOON)


def test_not_satisfied_never_goes_down() -> None:
    life = Life(complaint(assigned=LEVELS[2]))
    life.take(Propose("किया"), officer(2))
    assert refused(life, Ask("not_satisfied", "", LEVELS[1]), SITA).code == "input"


def test_unreachable_is_tried_again_and_is_never_consent() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    for tries in (1, 2, 3):
        tried = life.take(Ask("unreachable"), SITA)
        assert (tried.status, tried.tries, tried.closure) == ("unreachable", tries, None)
    assert refused(life, Escalate(LEVELS[2]), CLOCK, days(99)).code == "status"
    assert life.take(Ask("satisfied"), SITA).tries == 3


def test_tries_are_counted_for_each_resolution() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    life.take(Ask("unreachable"), SITA)
    life.take(Ask("not_satisfied", "", LEVELS[2]), SITA)
    assert life.take(Propose("अब किया"), officer(2)).tries == 0


def test_the_citizen_may_answer_himself_and_then_was_reached() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    assert refused(life, Ask("unreachable"), CITIZEN).code == "input"
    assert life.take(Ask("satisfied"), CITIZEN).closure == "satisfied"


# ---- escalation and what was not attended


def test_limit_ends_with_its_last_day_in_india() -> None:
    life = Life()
    due = LEVELS[1].due
    last = datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=IST)
    assert "end of 2026-08-07" in refused(life, Escalate(LEVELS[2]), CLOCK, last).reason
    up = life.take(Escalate(LEVELS[2]), CLOCK, last + timedelta(seconds=1))
    assert (up.assigned, up.level_since) == (LEVELS[2], last + timedelta(seconds=1))


def test_a_level_without_an_entry_was_not_attended() -> None:
    life = Life()
    life.take(Note("नागरिक ने पूछा"), SITA, days(1))
    life.take(Note("देखा"), OTHER, days(1))
    life.take(Note("याद दिलाया"), SUPERVISOR, days(1))
    assert life.now.status == "open"
    assert life.raised(2).now.not_attended == (1,)
    life.take(Attend("देखा"), officer(2))
    assert life.raised(4).now.not_attended == (1, 3)


def test_a_note_of_its_own_officer_is_an_entry() -> None:
    life = Life()
    noted = life.take(Note("कल जाऊँगा"), officer(1), days(1))
    assert (noted.status, noted.attended_at) == ("attended", days(1))
    assert life.raised(2).now.not_attended == ()


def test_an_officer_of_the_next_level_does_not_attend_for_this_one() -> None:
    assert refused(Life(), Attend("देखा"), officer(2)).code == "actor"


def test_only_the_clock_escalates_and_only_up() -> None:
    life = Life(complaint(assigned=LEVELS[2]))
    for actor in (SITA, officer(2), SUPERVISOR, ADMINISTRATOR):
        assert refused(life, Escalate(LEVELS[3]), actor, days(99)).code == "actor"
    for level in (1, 2):
        assert refused(life, Escalate(LEVELS[level]), CLOCK, days(99)).code == "input"


def test_a_second_clock_finds_it_done() -> None:
    life = Life().raised(2)
    assert refused(life, Escalate(LEVELS[2]), CLOCK).code == "condition"


def test_a_proposal_that_waits_for_a_decision_does_not_stop_the_clock() -> None:
    for step in (NOT_OURS, SPECIAL):
        life = Life()
        life.take(step, officer(1), days(1))
        waiting = life.now.status
        up = life.raised(2).now
        assert (up.status, up.assigned, up.attended_at, up.not_attended) == (waiting, LEVELS[2], None, ())


def test_levels_left_by_hand_are_not_left_by_the_clock_and_the_other_way() -> None:
    life = Life().raised(3)
    assert "by hand only" in refused(life, Escalate(LEVELS[4]), CLOCK, days(99), way="manual").reason
    up = SendUp(LEVELS[4], "policy")
    assert refused(life, up, officer(3), way="automatic").code == "condition"
    assert "is the highest" in refused(life, up, officer(3), way="none").reason
    assert life.take(up, officer(3), way="manual").assigned == LEVELS[4]


def test_sent_up_by_hand_with_a_reason_from_the_list_and_sent_back() -> None:
    life = Life().raised(3)
    unknown = refused(life, SendUp(LEVELS[4], "because"), officer(3))
    assert (unknown.code, "policy" in unknown.reason) == ("input", True)
    up = life.take(SendUp(LEVELS[4], "policy", "नीति का विषय"), officer(3), days(30))
    assert (up.status, up.sent_up_from, up.level_since) == ("open", 3, days(30))
    assert up.not_attended == (1, 2)
    assert refused(life, SendBack(LEVELS[2], "जिला करे"), officer(4)).code == "input"
    back = life.take(SendBack(LEVELS[3], "जिला करे"), officer(4), days(31))
    assert (back.status, back.assigned, back.sent_up_from) == ("open", LEVELS[3], None)
    assert back.level_since == days(31)


def test_what_was_not_sent_up_by_hand_is_not_sent_back() -> None:
    life = Life().raised(4)
    assert refused(life, SendBack(LEVELS[3], "जिला करे"), officer(4)).code == "condition"


# ---- type and department


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
    assert (late.code, "2026-08-03" in late.reason) == ("condition", True)
    assert refused(life, replace(WATER_TYPE, type_code="REV-01"), officer(1), last).code == "input"
    risen = Life(complaint(assigned=moved(LEVELS[1], due=NOON.date()))).raised(2)
    assert "changed by level 1" in refused(risen, WATER_TYPE, officer(2), days(2)).reason
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
    assert "level 1 or 2" in refused(life, SPECIAL, officer(3)).reason


def test_special_close_is_rejected_with_a_reason_and_returns() -> None:
    life = Life()
    life.take(SPECIAL, officer(1), days(1))
    assert refused(life, DecideClose(accept=False, reason=" "), officer(3)).code == "input"
    back = life.take(DecideClose(accept=False, reason="अमान्य, कार्य करें"), officer(3))
    assert (back.status, back.closure, back.attended_at) == ("attended", None, days(1))


def test_nothing_is_specially_closed_before_the_citizen_was_told() -> None:
    life = Life()
    life.take(replace(SPECIAL, citizen_told=False), officer(1))
    assert "citizen" in refused(life, DecideClose(accept=True, reason="मान्य"), officer(3)).reason
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
    assert main.number in refused(life, ask, SITA, main=main).reason
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


# ---- what is refused in any state


@pytest.mark.parametrize(
    ("step", "actor"),
    [
        (Attend(" \n"), officer(1)),
        (Propose(""), officer(1)),
        (Attend("क" * (LONGEST_TEXT + 1)), officer(1)),
        (replace(WATER_TYPE, reason=""), officer(1)),
        (replace(NOT_OURS, reason=""), officer(1)),
        (replace(NOT_OURS, department=" "), officer(1)),
        (replace(SPECIAL, note=""), officer(1)),
        (replace(SPECIAL, reason_code="whatever"), officer(1)),
        (replace(SPECIAL, reason_code=""), officer(1)),
        (SendUp(LEVELS[2], ""), officer(1)),
        (SendUp(LEVELS[1], "policy"), officer(1)),
        (Note(""), SITA),
        (Reassign(WATER, ""), ADMINISTRATOR),
    ],
)
def test_what_is_said_has_to_do(step: Step, actor: Actor) -> None:
    wrong = refused(Life(), step, actor)
    assert wrong.code == "input"
    assert wrong.step in wrong.legal


def test_an_unknown_answer_is_refused() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    assert refused(life, Ask("yes"), SITA).code == "input"  # type: ignore[arg-type]


def test_any_reason_is_taken_where_no_list_is_given() -> None:
    assert Life(context=Context()).take(SPECIAL, officer(1)).status == "close_proposed"


def test_text_is_kept_without_its_blank_edges_and_what_no_database_holds() -> None:
    life = Life()
    life.take(Attend("  देखा\x00\n"), officer(1))
    assert life.events[-1].data["note"] == "देखा\N{REPLACEMENT CHARACTER}"


def test_a_moment_a_little_before_the_last_event_counts_as_that_one() -> None:
    life = Life()
    life.take(Attend("देखा"), officer(1), days(1))
    assert life.take(Note("पूछा"), SITA, days(1) - SKEW).last_at == days(1)


def test_a_clock_that_went_back_is_refused() -> None:
    life = Life()
    life.take(Attend("देखा"), officer(1), days(1))
    back = refused(life, Note("पूछा"), SITA, days(1) - SKEW - timedelta(seconds=1))
    assert (back.code, "clock" in back.reason) == ("moment", True)


def test_naive_moments_are_refused() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        apply(Life().now, Note("पूछा"), SITA, naive)
    with pytest.raises(ValueError, match="time zone"):
        legal_steps(Life().now, SITA, naive)


def test_a_refusal_says_why_and_what_is_possible_in_one_line() -> None:
    life = Life()
    life.take(Propose("किया"), officer(1))
    wrong = refused(life, Attend("देखा"), officer(1))
    assert str(wrong) == (
        "complaint 10000012: attend is refused, it is proposed, and this is for: open, attended;"
        " possible now: note"
    )
    assert (wrong.step, wrong.code, wrong.legal) == ("attend", "status", ("note",))
    assert "possible now: nothing" in str(refused(life, Attend("देखा"), CLOCK))


# ---- the table itself


def test_every_state_is_reached_and_left_in_the_table() -> None:
    reached = {state for row in TABLE.values() for state in row.to.values()}
    assert set(STATUSES) - {"open"} <= reached
    assert {state for name, row in TABLE.items() if name != "note" for state in row.states} == set(
        STATUSES
    ) - {"closed"}
    closures = {closure for row in TABLE.values() for closure in (row.closures or {}).values()}
    assert closures == set(CLOSURES)


def test_what_closes_says_how() -> None:
    for row in TABLE.values():
        assert {which for which, to in row.to.items() if to == "closed"} == set(row.closures or {})


def test_every_step_is_in_the_table_and_every_answer_leads_somewhere() -> None:
    assert {step.name for step in Step.__subclasses__()} == set(TABLE)
    assert set(TABLE["ask"].to) == set(Answer.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", STATUSES)
def test_callers_are_told_one_of_four_states(status: str) -> None:
    assert told_state(status) in {"open", "attended", "proposed", "closed"}
    assert (told_state(status) == "closed") == (status == "closed")


def test_a_state_of_a_later_version_is_told_as_being_worked_on() -> None:
    assert told_state("archived") == "attended"
