"""The menu of a queue: who presses nothing keeps his place, who cannot be called may speak."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.agi.fake_asterisk import Caller
from tests.agi.house import CALL_ID, House, running


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        yield opened


async def waiting(house: House, *keys: str, number: str = "09826012310", **variables: str) -> Caller:
    return await house.done("waiting", *keys, number=number, **variables)


@pytest.mark.parametrize(
    ("keys", "following"),
    [
        (("",), "stay"),
        (("1",), "stay"),
        (("waiting-menu:1",), "stay"),
        (("2",), "message"),
        (("waiting-menu:2",), "message"),
    ],
)
async def test_choice(house: House, keys: tuple[str, ...], following: str) -> None:
    caller = await waiting(house, *keys)
    assert caller.played == ["waiting-menu"]
    assert caller.variables["H181_NEXT"] == following
    assert house.callbacks.told == []
    assert house.calls.steps("waiting") == [{"next": following}]


async def test_the_menu_waits_for_a_key(house: House) -> None:
    caller = await waiting(house, "2")
    assert ["WAIT", "FOR", "DIGIT", "5000"] in caller.commands


@pytest.mark.parametrize(("district", "kept"), [("39", "39"), ("", None)])
async def test_a_callback_is_noted(house: House, district: str, kept: str | None) -> None:
    caller = await waiting(house, "3", H181_DISTRICT=district)
    assert caller.played == ["waiting-menu", "callback-noted"]
    assert caller.variables["H181_NEXT"] == "callback"
    assert house.callbacks.told == [(CALL_ID, "+919826012310", kept)]


@pytest.mark.parametrize("number", ["", "anonymous", "1234", "0000000000"])
async def test_who_cannot_be_called_is_asked_for_a_message(house: House, number: str) -> None:
    caller = await waiting(house, "3", number=number)
    assert caller.played == ["waiting-menu"]
    assert caller.variables["H181_NEXT"] == "message"
    assert house.callbacks.told == []


@pytest.mark.parametrize(
    ("keys", "following"),
    [
        (("7", "3"), "callback"),
        (("0", ""), "stay"),
        (("7", "8", "2"), "message"),
        (("7", "8", "#"), "stay"),
    ],
)
async def test_a_wrong_key_is_told_and_asked_again(
    house: House, keys: tuple[str, ...], following: str
) -> None:
    caller = await waiting(house, *keys)
    assert caller.played[:3] == ["waiting-menu", "wrong-key", "waiting-menu-again"]
    assert ("waiting-menu-last" in caller.played) is (len(keys) == 3)
    assert caller.variables["H181_NEXT"] == following


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("1", ["queue-next"]),
        ("2", ["queue-ahead-one"]),
        ("3", ["queue-ahead-before", "number/2", "queue-ahead-after"]),
        ("102", ["queue-ahead-before", "number/1", "number/hundred", "number/1", "queue-ahead-after"]),
        ("99999", []),
        ("0", []),
        ("", []),
        ("x", []),
        ("-3", []),
    ],
)
async def test_the_place_in_the_queue_is_told(house: House, position: str, said: list[str]) -> None:
    caller = await waiting(house, "", H181_POSITION=position)
    assert caller.played == [*said, "waiting-menu"]
    assert len(house.calls.steps("prompt")) == (2 if said else 1)


@pytest.mark.parametrize(
    ("prompt", "following"),
    [
        ("queue-next", "stay"),
        ("waiting-menu", "stay"),
        ("wrong-key", "stay"),
        ("waiting-menu-again", "stay"),
        ("callback-noted", "callback"),
    ],
)
async def test_a_hangup_in_any_prompt_is_on_record(house: House, prompt: str, following: str) -> None:
    caller = Caller(["7", "3"], {"H181_POSITION": "1"})
    caller.hangup_at = f"h181/{prompt}"
    await house.play("waiting", caller)
    assert caller.played[-1] == prompt
    assert caller.variables["H181_NEXT"] == following
    assert len(house.callbacks.told) == (following == "callback")
    assert "H181_DONE" not in caller.variables
    assert house.calls.steps("hangup") == [{"step": "waiting"}]


async def test_without_a_book_of_callbacks_a_message_is_asked_for(house: House) -> None:
    house.centre.callbacks = None
    caller = await waiting(house, "3")
    assert caller.variables["H181_NEXT"] == "message"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [("1", ["number/1", "minute-word"]), ("60", ["number/1", "hour-word"]), ("0", []), ("", []), ("x", [])],
)
async def test_the_time_until_his_turn_is_said_where_it_is_known(
    house: House, minutes: str, said: list[str]
) -> None:
    caller = await waiting(house, "", H181_POSITION="2", H181_MINUTES=minutes)
    time = ["queue-wait-about", *said] if said else []
    assert caller.played == ["queue-ahead-one", *time, "waiting-menu"]
