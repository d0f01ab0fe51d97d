"""How a complaint stands: found by telephone or number, guarded by the last four digits, said in parts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from agi.settings import AgiSettings
from ivr_prompts.speech import digit_groups
from records import numbers
from tests.agi.fake_asterisk import Caller
from tests.agi.fake_records import complaint, event
from tests.agi.house import House, running

NUMBER = numbers.number_for(numbers.FIRST)
OTHER = "9876543210"
DIGITS = digit_groups(NUMBER)
WITH = ["status-with", "level/l1", "designation/phe-l1"]
DUE = ["status-due", "number/7", "month/12"]
WRITTEN = ["status-on-registered", "number/23", "month/11"]
TOLD = ["status-of", *DIGITS, "status-state-open", *WRITTEN, *WITH, *DUE, "status-done"]
CHOICE = ["menu-repeat", "menu-operator"]
OFFERS = ["status-last-offer", "status-last-offer-again", "status-last-offer-last"]
PROOFS = ["status-ask-phone", "status-ask-phone-again", "status-ask-phone-last"]
QUESTIONS = ["status-ask-number", "status-ask-number-again", "status-ask-number-last"]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        opened.complaints.stored = [complaint(NUMBER)]
        yield opened


async def status(house: House, *keys: str, number: str = OTHER) -> Caller:
    caller = await house.done("status", *keys, number=number)
    assert caller.variables["H181_NEXT"] in {"end", "operator"}
    assert house.calls.steps("service")[-1] == {"service": "status", "next": caller.variables["H181_NEXT"]}
    return caller


@pytest.mark.parametrize("keys", [["1"], ["status-last-offer:1"], ["", "", ""]])
async def test_the_last_complaint_of_the_telephone_is_offered_first(house: House, keys: list[str]) -> None:
    caller = await status(house, *keys, number="9826012310")
    offered = OFFERS[: max(1, keys.count(""))]
    assert caller.played == [*offered, *TOLD, *CHOICE, "thanks"]
    assert caller.variables["H181_NEXT"] == "end"
    assert house.calls.steps("complaint-told") == [{"number": NUMBER, "status": "open"}]


@pytest.mark.parametrize(
    ("prompt", "following"),
    [
        ("status-last-offer", "operator"),
        ("status-with", "operator"),
        ("menu-repeat", "end"),
        ("thanks", "end"),
    ],
)
async def test_who_hangs_up_has_heard_it_or_not(house: House, prompt: str, following: str) -> None:
    caller = Caller([] if prompt == "status-last-offer" else ["1"], {"H181_NEXT": "end"})
    caller.hangup_at = f"h181/{prompt}"
    await house.play("status", caller)
    assert caller.played[-1] == prompt
    assert caller.variables == {"H181_NEXT": following}


async def test_another_complaint_can_be_asked_for_instead(house: House) -> None:
    other = numbers.number_for(numbers.FIRST + 1)
    house.complaints.stored.append(complaint(other, caller_e164=None, citizen_e164=None))
    caller = await status(house, "2", other, "2310", number="9826012310")
    assert caller.played[:4] == ["status-last-offer", "status-ask-number", "status-ask-phone", "status-of"]


async def test_a_wrong_key_at_the_offer(house: House) -> None:
    caller = await status(house, "5", "status-last-offer-again:1", number="9826012310")
    assert caller.played[:4] == ["status-last-offer", "wrong-key", "status-last-offer-again", "status-of"]


async def test_his_own_number_typed_on_his_own_telephone_needs_no_proof(house: House) -> None:
    caller = await status(house, "2", NUMBER, number="9826012310")
    assert "status-ask-phone" not in caller.played
    assert caller.variables["H181_NEXT"] == "end"


@pytest.mark.parametrize("number", [OTHER, "", "2001"])
async def test_from_another_telephone_the_last_four_digits_are_asked(house: House, number: str) -> None:
    caller = await status(house, NUMBER, "2310", number=number)
    assert caller.played == ["status-ask-number", "status-ask-phone", *TOLD, *CHOICE, "thanks"]


async def test_either_registered_telephone_will_do(house: House) -> None:
    phones = {"citizen_phone": "०७३७२-२५५०००", "citizen_e164": "+917372255000"}
    house.complaints.stored = [complaint(NUMBER, **phones)]
    for tail in ("5000", "2310"):
        assert (await status(house, NUMBER, tail)).variables["H181_NEXT"] == "end"


@pytest.mark.parametrize("wrong", [["0000", "1111", "231"], ["0000", "", "1111"], ["****", "2301", "2311"]])
async def test_three_wrong_guesses_lead_to_the_operator(house: House, wrong: list[str]) -> None:
    caller = await status(house, NUMBER, *wrong)
    assert "status-of" not in caller.played
    assert [key for key in caller.played if key in PROOFS] == PROOFS
    assert caller.played.count("status-phone-wrong") == len([guess for guess in wrong if guess])
    assert caller.variables["H181_NEXT"] == "operator"
    assert not house.calls.steps("complaint-told")


async def test_the_right_digits_after_a_slip(house: House) -> None:
    caller = await status(house, NUMBER, "0000", "2310")
    assert caller.played[:5] == [
        *(
            "status-ask-number",
            "status-ask-phone",
            "status-phone-wrong",
            "status-ask-phone-again",
            "status-of",
        )
    ]


async def test_a_complaint_without_a_telephone_is_told_by_a_person(house: House) -> None:
    house.complaints.stored = [complaint(NUMBER, caller_e164=None, citizen_e164=None, citizen_phone="12")]
    caller = await status(house, NUMBER)
    assert caller.played == ["status-ask-number"]
    assert caller.variables["H181_NEXT"] == "operator"


@pytest.mark.parametrize("place", range(len(NUMBER)))
async def test_every_mistyped_digit_is_caught_at_once(house: House, place: int) -> None:
    slip = NUMBER[:place] + str((int(NUMBER[place]) + 1) % 10) + NUMBER[place + 1 :]
    caller = await status(house, slip, NUMBER, "2310")
    assert caller.played[:3] == ["status-ask-number", "status-number-wrong", "status-ask-number-again"]
    assert caller.variables["H181_NEXT"] == "end"


async def test_the_right_number_can_be_pressed_while_the_mistake_is_told(house: House) -> None:
    keys = [f"status-number-wrong:{NUMBER[0]}", NUMBER[1:]]
    caller = await status(house, "123", *keys, "2310")
    assert caller.played[:3] == ["status-ask-number", "status-number-wrong", "status-ask-phone"]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["", "", ""], [None] * 3),
        (["12", "", "**"], ["status-number-wrong", None, "status-number-wrong"]),
        ([numbers.number_for(numbers.FIRST + 5)] * 3, ["status-none"] * 3),
    ],
)
async def test_three_tries_with_three_wordings_then_a_person(
    house: House, keys: list[str], told: list[str | None]
) -> None:
    caller = await status(house, *keys)
    heard = [key for pair in zip(QUESTIONS, told, strict=True) for key in pair if key]
    assert caller.played == heard
    assert caller.variables["H181_NEXT"] == "operator"


@pytest.mark.parametrize("keys", [["0"], [NUMBER, "0"], [NUMBER, "2310", "status-of:0"]])
async def test_the_operator_can_be_had_at_every_question(house: House, keys: list[str]) -> None:
    assert (await status(house, *keys)).variables["H181_NEXT"] == "operator"


async def test_the_operator_can_be_had_at_the_offer(house: House) -> None:
    assert (await status(house, "0", number="9826012310")).variables["H181_NEXT"] == "operator"


async def test_it_is_said_again_when_asked(house: House) -> None:
    caller = await status(house, "1", "*", "digit/1:*", "menu-repeat:0", number="9826012310")
    assert caller.played.count("status-of") == 3
    assert caller.variables["H181_NEXT"] == "operator"


async def test_wrong_keys_at_the_end_lead_to_a_person(house: House) -> None:
    caller = await status(house, "1", "5", "6", "7", number="9826012310")
    assert caller.played.count("wrong-key") == 3
    assert caller.variables["H181_NEXT"] == "operator"


async def test_what_was_done_is_told(house: House) -> None:
    house.complaints.happened = [event(NUMBER, "attended", datetime(2026, 11, 24, tzinfo=UTC))]
    house.complaints.stored = [complaint(NUMBER, status="attended")]
    caller = await status(house, "1", number="9826012310")
    place = caller.played.index("status-state-attended")
    assert caller.played[place + 1 : place + 4] == ["status-on-attended", "number/24", "month/11"]


async def test_all_else_is_told_when_what_was_done_cannot_be_read(house: House) -> None:
    house.complaints.forgetful = True
    caller = await status(house, "1", number="9826012310")
    assert caller.played == ["status-last-offer", *TOLD, *CHOICE, "thanks"]


@pytest.mark.parametrize("keys", [["12"], [NUMBER, "0000"], [NUMBER, "2310", "*"]])
async def test_after_a_while_a_person_takes_over(keys: list[str]) -> None:
    async with running(House(AgiSettings(port=0, menu_seconds=0.000001))) as house:
        house.complaints.stored = [complaint(NUMBER)]
        caller = await status(house, *keys)
    assert caller.variables["H181_NEXT"] == "operator"


async def test_records_that_fail_lead_to_a_person(house: House) -> None:
    house.complaints.broken = True
    caller = await status(house, NUMBER, number="9826012310")
    assert caller.played == ["status-ask-number"]
    assert caller.variables["H181_NEXT"] == "operator"


WAY_THERE = {
    "status-last-offer": ["1"],
    "status-ask-number": ["2"],
    "status-number-wrong": ["2", "12"],
    "status-ask-number-again": ["2", ""],
    "status-ask-number-last": ["2", "", ""],
    "status-none": ["2", numbers.number_for(numbers.FIRST + 5)],
    "wrong-key": ["7"],
    **{key: ["1"] for key in [*TOLD, *CHOICE, "thanks"]},
}


@pytest.mark.parametrize("prompt", WAY_THERE)
async def test_a_hangup_in_any_prompt_is_on_record(house: House, prompt: str) -> None:
    caller = Caller(WAY_THERE[prompt])
    caller.hangup_at = f"h181/{prompt}"
    await house.play("status", caller, "9826012310")
    assert caller.played[-1] == prompt
    assert "H181_DONE" not in caller.variables
    heard = str(house.calls.steps("prompt")[-1]["prompt"]).split()
    assert heard == caller.played[-len(heard) :]
    assert house.calls.steps("hangup") == [{"step": "status"}]


@pytest.mark.parametrize("prompt", ["status-ask-phone", "status-phone-wrong"])
async def test_a_hangup_while_proving_is_on_record(house: House, prompt: str) -> None:
    caller = Caller([NUMBER, "0000"])
    caller.hangup_at = f"h181/{prompt}"
    await house.play("status", caller, OTHER)
    assert house.calls.steps("prompt")[-1] == {"prompt": prompt}
    assert house.calls.steps("hangup") == [{"step": "status"}]
