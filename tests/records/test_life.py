"""The usual way of a complaint, and how it climbs: pure."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from records import (
    CLOCK,
    Ask,
    Attend,
    Escalate,
    Note,
    Propose,
    SendBack,
    SendUp,
)
from records.life.rules import legal_steps
from tests.records.life_refusals import IST, NOT_OURS, SPECIAL, refused
from tests.records.life_samples import (
    ADMINISTRATOR,
    CITIZEN,
    CONTEXT,
    LEVELS,
    OTHER,
    SITA,
    SUPERVISOR,
    Life,
    days,
    officer,
)
from tests.records.samples import NOON, complaint


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
    assert "end of 2026-08-07" in refused(life, Escalate(LEVELS[2]), CLOCK, last).reason.en
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
    assert "by hand only" in refused(life, Escalate(LEVELS[4]), CLOCK, days(99), way="manual").reason.en
    up = SendUp(LEVELS[4], "policy")
    assert refused(life, up, officer(3), way="automatic").code == "condition"
    assert "is the highest" in refused(life, up, officer(3), way="none").reason.en
    assert life.take(up, officer(3), way="manual").assigned == LEVELS[4]


def test_sent_up_by_hand_with_a_reason_from_the_list_and_sent_back() -> None:
    life = Life().raised(3)
    unknown = refused(life, SendUp(LEVELS[4], "because"), officer(3))
    assert (unknown.code, "policy" in unknown.reason.en) == ("input", True)
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
