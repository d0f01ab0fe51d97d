"""What is refused in any state, and what must hold of the table itself: pure."""

from dataclasses import replace
from datetime import timedelta

import pytest

from records import (
    CLOCK,
    Actor,
    Ask,
    Attend,
    Context,
    Note,
    Propose,
    Reassign,
    SendUp,
    Step,
)
from records.life.rules import SKEW, TABLE, apply, legal_steps, told_state
from records.life.states import CLOSURES, STATUSES, Told
from records.life.steps import Answer
from records.life.texts import LONGEST_TEXT
from tests.records.life_refusals import NOT_OURS, SPECIAL, WATER_TYPE, refused
from tests.records.life_samples import (
    ADMINISTRATOR,
    LEVELS,
    SITA,
    WATER,
    Life,
    days,
    officer,
)
from tests.records.samples import NOON


@pytest.mark.parametrize(
    ("step", "actor"),
    [
        (Attend(" \n"), officer(1)),
        (Propose(""), officer(1)),
        (Attend("\u200b\u2060\ufeff"), officer(1)),
        (Propose("।…"), officer(1)),
        (replace(NOT_OURS, reason="\u2800"), officer(1)),
        (replace(SPECIAL, reason_code="\u200b"), officer(1)),
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
    assert (back.code, "clock" in back.reason.en) == ("moment", True)


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
def test_callers_are_told_of_each_state(status: str) -> None:
    assert told_state(status) in Told.__args__  # type: ignore[attr-defined]
    assert (told_state(status) == "closed") == (status == "closed")


def test_a_state_of_a_later_version_is_told_as_being_worked_on() -> None:
    assert told_state("archived") == "attended"
