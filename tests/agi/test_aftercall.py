"""The number after the conversation, and the caller's opinion; both are his to leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.agi.fake_asterisk import Caller
from tests.agi.house import House, running

NUMBER = ["digit/1", "digit/0", "digit/0", "digit/0", "digit/0", "digit/0", "digit/1", "digit/5"]
ONCE = ["complaint-number-is", *NUMBER]
TWICE = [*ONCE, "complaint-number-again", *NUMBER]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        opened.complaints.numbers = ["10000015"]
        yield opened


def scores(house: House) -> list[object]:
    return [what[2] for what in house.calls.told if what[0] == "rate"]


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
async def test_the_number_twice_and_a_score(house: House, score: int) -> None:
    caller = await house.done("aftercall", str(score))
    assert caller.played == [*TWICE, "rate-ask", "rate-thanks", "thanks"]
    assert scores(house) == [score]


async def test_a_number_that_is_saved_late_comes_after_the_score(house: House) -> None:
    house.complaints.after = 1000
    caller = Caller(["4"])
    rated = asyncio.Event()
    answer = caller.answer

    def watched(words: list[str]) -> bytes:
        if words[2:3] == ["h181/rate-thanks"]:
            house.complaints.after = 0
            rated.set()
        return answer(words)

    caller.answer = watched  # type: ignore[method-assign]
    await house.play("aftercall", caller)
    assert rated.is_set()
    assert caller.played == ["rate-ask", "rate-thanks", *TWICE, "thanks"]


async def test_a_score_can_be_given_into_the_question(house: House) -> None:
    caller = await house.done("aftercall", "rate-ask:4")
    assert caller.played[-3:] == ["rate-ask", "rate-thanks", "thanks"]
    assert scores(house) == [4]


@pytest.mark.parametrize("keys", [["", ""], ["7", ""], ["0", "*"], ["", "9"]])
async def test_nobody_has_to_give_a_score(house: House, keys: list[str]) -> None:
    caller = await house.done("aftercall", *keys)
    assert caller.played == [*TWICE, "rate-ask", "rate-ask-again", "thanks"]
    assert scores(house) == []


async def test_a_score_after_a_wrong_key(house: House) -> None:
    caller = await house.done("aftercall", "8", "5")
    assert scores(house) == [5]
    assert caller.played.count("rate-ask-again") == 1


async def test_the_hash_key_goes_on_from_everything(house: House) -> None:
    caller = await house.done("aftercall", "digit/1:#", "#")
    assert caller.played == ["complaint-number-is", "digit/1", "rate-ask", "thanks"]


async def test_the_second_reading_can_be_left_too(house: House) -> None:
    caller = await house.done("aftercall", "complaint-number-again:#", "3")
    assert caller.played == [*ONCE, "complaint-number-again", "rate-ask", "rate-thanks", "thanks"]


async def test_no_other_key_costs_the_number(house: House) -> None:
    caller = await house.done("aftercall")
    assert ["STREAM", "FILE", "h181/digit/5", "#"] in caller.commands
    assert not [words for words in caller.commands if words[2:3] == ["h181/digit/5"] and words[3] != "#"]


@pytest.mark.parametrize("prompt", [*TWICE, "rate-ask", "rate-thanks", "thanks"])
async def test_a_hangup_in_any_prompt_is_on_record(house: House, prompt: str) -> None:
    caller = Caller(["2"])
    caller.hangup_at = f"h181/{prompt}"
    await house.play("aftercall", caller)
    assert "H181_DONE" not in caller.variables
    assert str(house.calls.steps("prompt")[-1]["prompt"]).split()[-1] == prompt
    assert house.calls.steps("hangup") == [{"step": "aftercall"}]
    assert scores(house) == ([2] if prompt in {"rate-thanks", "thanks"} else [])
