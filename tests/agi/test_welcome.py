"""The greeting, the way out for an emergency, languages and the menu."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from agi.settings import AgiSettings
from dialplan.menu import Service
from ivr_prompts import load_catalogue
from tests.agi.fake_asterisk import Caller
from tests.agi.house import CALL_ID, MENU, House, running

GREETING = ["emergency-hint", "greeting"]
MENU_ONCE = [*(service.prompt for service in MENU.services), "menu-operator", "menu-repeat"]
BEGINNING = [*GREETING, "language-hint"]
WHOLE = [*BEGINNING, *MENU_ONCE]
KNOWN = ["emergency-hint", "greeting-known", *WHOLE[2:]]
NUMBER = "+919826012310"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        yield opened


def left(caller: Caller) -> tuple[str | None, str | None]:
    return caller.variables.get("H181_SERVICE"), caller.variables.get("H181_NEXT")


@pytest.mark.parametrize("service", MENU.services, ids=lambda service: service.id)
async def test_each_service_has_its_key(house: House, service: Service) -> None:
    caller = await house.done("welcome", service.key)
    assert caller.played == WHOLE
    assert left(caller) == (service.id, service.target)
    assert house.calls.steps("service") == [{"service": service.id, "next": service.target}]
    assert house.calls.told[0] == ("start", CALL_ID, "09826012310", NUMBER, "181")


@pytest.mark.parametrize("prompt", ["language-hint", *MENU_ONCE])
async def test_a_choice_can_be_made_while_the_menu_is_said(house: House, prompt: str) -> None:
    caller = await house.done("welcome", f"{prompt}:2")
    assert caller.played == WHOLE[: WHOLE.index(prompt) + 1]
    assert left(caller) == ("status", "status")
    assert {"prompt": prompt, "key": "2"} in house.calls.steps("key")


@pytest.mark.parametrize("prompt", [*WHOLE, "", "menu-again", "menu-last", "wrong-key"])
async def test_the_emergency_key_is_heard_at_any_moment(house: House, prompt: str) -> None:
    keys = {"menu-again": [""], "menu-last": ["", ""], "wrong-key": ["7"]}.get(prompt, [])
    caller = await house.done("welcome", *keys, f"{prompt}:9" if prompt else "9")
    assert caller.played[-1] == (prompt or WHOLE[-1])
    assert left(caller) == ("complaint", "emergency")
    assert house.calls.steps("key")[-1]["key"] == "9"
    assert house.calls.steps("service") == [{"service": "complaint", "next": "emergency"}]


async def test_no_other_key_skips_the_recording_notice(house: House) -> None:
    caller = await house.done("welcome", "1")
    for prompt in GREETING:
        # 3 may begin Rajgarh's code.
        assert ["STREAM", "FILE", f"h181/{prompt}", "983"] in caller.commands


@pytest.mark.parametrize("prompt", GREETING)
async def test_a_code_typed_too_early_is_no_call_for_help(house: House, prompt: str) -> None:
    caller = await house.done("welcome", f"{prompt}:3", "9")
    assert caller.played == [*GREETING[: GREETING.index(prompt) + 1], "greeting-notice"]
    assert left(caller) == ("complaint", "district")
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_a_code_typed_slowly_over_the_greeting_is_no_call_for_help(house: House) -> None:
    caller = await house.done("welcome", "greeting:3", "", "emergency-hint:9")
    assert caller.played == [*GREETING, "emergency-hint", "emergency-hint", "greeting-notice"]
    assert left(caller) == ("complaint", "district")
    assert caller.variables["H181_DISTRICT"] == "39"


@pytest.mark.parametrize("second", ["", "1"])
async def test_who_typed_no_code_hears_the_beginning_again(house: House, second: str) -> None:
    caller = await house.done("welcome", "greeting:3", second, "2")
    assert caller.played == [*GREETING, *WHOLE]
    assert left(caller) == ("status", "status")
    assert ["STREAM", "FILE", "h181/emergency-hint", "98"] in caller.commands


async def test_the_way_out_is_open_after_a_code_as_well(house: House) -> None:
    caller = await house.done("welcome", "emergency-hint:3", "9", "greeting-notice:9")
    assert left(caller) == ("complaint", "emergency")


async def test_a_code_is_understood_where_its_first_key_is_no_service(house: House) -> None:
    services = tuple(service for service in MENU.services if service.key != "3")
    house.centre.menu = replace(MENU, services=services)
    caller = await house.done("welcome", "3", "9")
    assert left(caller) == ("complaint", "district")
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_who_presses_nothing_reaches_a_person(house: House) -> None:
    caller = await house.done("welcome")
    assert caller.played == [*WHOLE, "menu-again", *MENU_ONCE, "menu-last", *MENU_ONCE]
    assert left(caller) == ("complaint", "operator")
    assert not any(words[0] == "HANGUP" for words in caller.commands)


@pytest.mark.parametrize(("preset", "following"), [("39", "district"), ("xx", "operator"), ("", "operator")])
async def test_who_presses_nothing_after_a_direct_number_stays_in_his_district(
    house: House, preset: str, following: str
) -> None:
    caller = await house.done("welcome", H181_DISTRICT=preset)
    assert left(caller) == ("complaint", following)


async def test_wrong_keys_are_told_and_asked_again(house: House) -> None:
    caller = await house.done("welcome", "7", "#", "5")
    again, last = ["wrong-key", "menu-again", *MENU_ONCE], ["wrong-key", "menu-last", *MENU_ONCE]
    assert caller.played == [*WHOLE, *again, *last]
    assert left(caller) == ("complaint", "operator")


async def test_the_right_key_can_be_pressed_while_the_mistake_is_told(house: House) -> None:
    caller = await house.done("welcome", "7", "wrong-key:3")
    assert caller.played == [*WHOLE, "wrong-key"]
    assert left(caller) == ("demand", "district")


async def test_the_operator_has_a_key(house: House) -> None:
    assert left(await house.done("welcome", "menu-complaint:0")) == ("complaint", "operator")


async def test_the_menu_is_said_again_as_often_as_asked(house: House) -> None:
    caller = await house.done("welcome", "*", "menu-status:*", "*", "*", "4")
    assert caller.played == [*WHOLE, "menu-complaint", "menu-status", *MENU_ONCE * 3]
    assert left(caller) == ("information", "queue:information")


async def test_english_is_said_from_the_beginning_and_remembered(house: House) -> None:
    caller = await house.done("welcome", "language-hint:8", "1")
    assert caller.played == [*BEGINNING, *WHOLE]
    assert caller.variables["CHANNEL(language)"] == "en"
    assert ("set_language", NUMBER, "en") in house.calls.told
    assert house.calls.steps("language") == [{"language": "en"}]


@pytest.mark.parametrize("prompt", ["emergency-hint", "greeting", "menu-status", ""])
async def test_english_can_be_had_at_any_moment(house: House, prompt: str) -> None:
    caller = await house.done("welcome", f"{prompt}:8" if prompt else "8", "1")
    assert caller.played[-len(WHOLE) :] == WHOLE
    assert caller.variables["CHANNEL(language)"] == "en"


async def test_the_language_of_the_last_call_is_spoken(house: House) -> None:
    house.calls.languages[NUMBER] = "en"
    caller = await house.done("welcome", "1")
    assert caller.commands[0] == ["SET", "VARIABLE", "CHANNEL(language)", "en"]
    assert caller.played == KNOWN


async def test_who_has_called_before_is_greeted_in_few_words(house: House) -> None:
    house.calls.districts[NUMBER] = "39"
    assert (await house.done("welcome", "1")).played == KNOWN


async def test_who_calls_for_the_first_time_is_greeted_in_full(house: House) -> None:
    house.calls.districts["+919826012399"] = "39"
    assert (await house.done("welcome", "1")).played == WHOLE


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("key", ["greeting", "greeting-known", "greeting-notice"])
def test_every_greeting_says_that_the_call_is_recorded(language: str, key: str) -> None:
    text = load_catalogue(language)[key].text
    said = {"greeting-notice": "रिकॉर्ड होगी"}.get(key, "रिकॉर्ड की जाएगी")
    assert (said if language == "hi" else "will be recorded") in text


async def test_the_same_key_leads_back_to_hindi(house: House) -> None:
    house.calls.languages[NUMBER] = "en"
    caller = await house.done("welcome", "greeting-known:8", "1")
    assert caller.variables["CHANNEL(language)"] == "hi"
    assert ("set_language", NUMBER, "hi") in house.calls.told


async def test_languages_cannot_be_changed_for_ever(house: House) -> None:
    keys = ["emergency-hint:8", "greeting:8", "language-hint:8", "8", "1"]
    caller = await house.done("welcome", *keys)
    assert caller.variables["CHANNEL(language)"] == "en"
    assert caller.played[-len(MENU_ONCE) - 2 : -len(MENU_ONCE)] == ["wrong-key", "menu-again"]
    assert caller.played.count("language-hint") == 1, "a key that changes nothing any more is not offered"


@pytest.mark.parametrize("known", [None, "hi", "xx", ""])
async def test_a_language_that_the_menu_lacks_is_not_spoken(house: House, known: str | None) -> None:
    if known is not None:
        house.calls.languages[NUMBER] = known
    caller = await house.done("welcome", "1")
    assert "CHANNEL(language)" not in caller.variables


async def test_no_other_language_is_offered_where_there_is_none(house: House) -> None:
    house.centre.menu = replace(MENU, language_keys={})
    caller = await house.done("welcome", "8", "1")
    assert caller.played[: len(WHOLE) - 1] == [*GREETING, *MENU_ONCE]
    assert "language-hint" not in caller.played


async def test_a_withheld_number_is_greeted_too(house: House) -> None:
    caller = await house.done("welcome", "language-hint:8", "1", number="")
    assert left(caller) == ("complaint", "district")
    assert not [what for what in house.calls.told if what[0] == "set_language"]


@pytest.mark.parametrize("broken", [False, True])
async def test_records_that_fail_or_hang_do_not_keep_the_caller(
    house: House, broken: bool, caplog: pytest.LogCaptureFixture
) -> None:
    house.calls.languages[NUMBER] = "en"
    house.calls.broken = broken
    if not broken:
        house.calls.gate.clear()
    caller = Caller(["1"])
    await caller.step(house.server.address, "welcome", (CALL_ID, "09826012310", "181"))
    assert left(caller) == ("complaint", "district")
    assert f"event=record-unreadable call={CALL_ID} what=language" in caplog.text
    house.calls.gate.set()


async def test_after_a_while_no_further_round_begins() -> None:
    async with running(House(AgiSettings(port=0, menu_seconds=0.000001))) as house:
        caller = await house.done("welcome", "*")
    assert caller.played == WHOLE
    assert left(caller) == ("complaint", "operator")


@pytest.mark.parametrize("prompt", [*WHOLE, "menu-again", "wrong-key", "menu-last"])
async def test_a_hangup_in_any_prompt_is_on_record(house: House, prompt: str) -> None:
    caller = Caller({"menu-again": [""], "wrong-key": ["7"], "menu-last": ["", ""]}.get(prompt, []))
    caller.hangup_at = f"h181/{prompt}"
    await house.play("welcome", caller)
    assert caller.played[-1] == prompt
    assert "H181_DONE" not in caller.variables
    assert "H181_NEXT" not in caller.variables
    heard = str(house.calls.steps("prompt")[-1]["prompt"]).split()
    assert heard == caller.played[-len(heard) :]
    assert house.calls.steps("hangup") == [{"step": "welcome"}]


async def test_who_knows_the_code_of_a_centre_presses_it_at_the_menu(house: House) -> None:
    caller = await house.done("welcome", "3", "9")
    assert caller.variables["H181_DISTRICT"] == "39"
    assert left(caller) == ("complaint", "district")


@pytest.mark.parametrize("second", ["", "1"])
async def test_the_first_key_of_a_code_alone_is_a_choice(house: House, second: str) -> None:
    caller = await house.done("welcome", "3", second)
    assert "H181_DISTRICT" not in caller.variables
    assert left(caller) == ("demand", "district")
