"""Keys that arrive twice: one press at the border of two questions, two inside one answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from agi.keys import Keys
from agi.settings import AgiSettings
from records import numbers
from tests.agi.fake_asterisk import Caller
from tests.agi.house import House, running

OWN = {"H181_CENTRE_QUEUE": "district-39"}
DHAR = ["you-chose", "digit/1", "digit/1", "district/dhar", "confirm-district"]
RAJGARH = ["you-chose", "digit/3", "digit/9", "district/rajgarh", "confirm-district"]
SHIVPURI = ["you-chose", "digit/3", "digit/3", "district/shivpuri", "confirm-district"]


class Clock:
    """The time of the day, which a test sets."""

    def __init__(self) -> None:
        self.now = 1_796_000_000.0

    def __call__(self) -> float:
        return self.now


class Slow(Caller):
    """Presses each key a while after what was there before: "1+2.5" 2.5 s after it, "1" at once.

    One entry for each time that the service waits, also at a question for a code.
    """

    def __init__(self, clock: Clock, *keys: str, **variables: str) -> None:
        super().__init__(keys, variables)
        self.clock = clock

    def _typed(self) -> str:
        if self.keys and len(self.keys[0].partition("+")[0]) > 1:
            first, self.keys[0] = self.keys[0][0], self.keys[0][1:]
            self.clock.now += 0.1
            return first
        return self._key()

    def _key(self) -> str:
        key, _, later = super()._key().partition("+")
        self.clock.now += float(later or 0.1)
        return key


@pytest.fixture
async def house() -> AsyncIterator[House]:
    settings = AgiSettings(port=0, record_seconds=2, lookup_seconds=0.2, complaint_wait_seconds=0.3)
    async with running(House(settings)) as opened:
        opened.centre.clock = Clock()
        yield opened


async def played(house: House, script: str, *keys: str, **variables: str) -> Caller:
    clock = house.centre.clock
    assert isinstance(clock, Clock)
    caller = Slow(clock, *keys, **variables)
    await house.play(script, caller)
    assert not caller.keys, f"keys that nobody waited for: {caller.keys}"
    assert caller.variables["H181_DONE"] == script
    return caller


def just_pressed(house: House, key: str) -> dict[str, str]:
    return {"H181_PRESSED": key, "H181_PRESSED_AT": str(round(house.centre.clock() * 1000))}


# ---- the rule itself


def test_the_same_key_soon_is_the_same_press_and_later_a_new_one() -> None:
    clock = Clock()
    keys = Keys(2.0, clock)
    assert not keys.again("1")
    clock.now += 1.9
    assert keys.again("1")
    # Counted from the press: who keeps pressing is heard.
    clock.now += 0.2
    assert not keys.again("1")
    assert not keys.again("2")
    assert not keys.again("1")


@pytest.mark.parametrize(
    ("key", "at", "again"),
    [
        ("1", "1796000000000", True),
        ("1", "1795999997999", False),
        ("2", "1796000000000", False),
        ("1", "", False),
        ("1", "x", False),
        ("1", "9" * 30, False),
        ("PJSIP/2001", "", False),
        # A clock that was set back.
        ("1", "1796000009000", False),
    ],
)
def test_what_the_step_before_left_is_believed_only_when_it_is_a_press(
    key: str, at: str, again: bool
) -> None:
    assert Keys(2.0, Clock(), key, at).again("1") is again


def test_the_next_step_knows_the_last_press() -> None:
    clock = Clock()
    keys = Keys(2.0, clock)
    assert keys.left() == {}
    keys.press("*")
    assert Keys(2.0, clock, *keys.left().values()).again("*")


# ---- at the border of two questions


async def test_the_menus_key_once_more_is_no_answer_to_the_offer(house: House) -> None:
    house.calls.districts = {"+919826012310": "04"}
    caller = await played(house, "district", "1", "", "39", "1+3", **just_pressed(house, "1"), **OWN)
    assert caller.played == [
        *("offer-district", "district/bhopal", "offer-yes-no"),
        *("ask-district", "district/rajgarh"),
    ]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_who_pressed_the_menus_key_twice_is_asked_and_not_reproached(house: House) -> None:
    caller = await played(house, "district", "1", "39", "", **just_pressed(house, "1"), **OWN)
    assert caller.played == ["ask-district", *RAJGARH]
    assert house.calls.steps("key")[0] == {"prompt": "ask-district", "key": "1", "repeated": True}


async def test_pressed_once_more_after_a_while_it_is_no_wrong_code(house: House) -> None:
    caller = await played(house, "district", "1+2.5", "", "39", "", **just_pressed(house, "1"), **OWN)
    assert caller.played == ["ask-district", "ask-district-again", "district/rajgarh"]
    waits = [words[3] for words in caller.commands if words[:2] == ["WAIT", "FOR"]]
    assert waits[1] == "3500", "half of key_seconds, and not a long silence"


async def test_a_language_key_that_comes_twice_does_not_lead_back(house: House) -> None:
    caller = await played(house, "welcome", "greeting:8", "emergency-hint:8", "1")
    assert caller.variables["CHANNEL(language)"] == "en"
    assert caller.variables["H181_NEXT"] == "district"


@pytest.mark.parametrize("key", ["2", "3"])
async def test_the_key_that_opened_the_waiting_menu_is_no_choice_in_it(house: House, key: str) -> None:
    caller = await played(house, "waiting", key, "1", **just_pressed(house, key))
    assert caller.variables["H181_NEXT"] == "stay"


async def test_the_menus_2_is_not_another_complaint(house: House) -> None:
    caller = await played(house, "status", "2", "", "", "", **just_pressed(house, "2"))
    assert caller.played[:1] == ["status-ask-number"]


# ---- inside one answer


async def test_honest_double_digits_are_all_counted(house: House) -> None:
    caller = await played(house, "district", "11", "1+3", **OWN)
    assert caller.played == ["ask-district", *DHAR]
    assert caller.variables["H181_DISTRICT"] == "11"


@pytest.mark.parametrize("code", ["13", "11"])
async def test_a_code_typed_ahead_keeps_its_first_key(house: House, code: str) -> None:
    # The second 1 comes more than two seconds after the menu's, and less after the one that was passed over.
    keys = ("1", code[1] + "+1.95", "", "1+3")
    caller = await played(house, "district", *keys, **just_pressed(house, "1"), **OWN)
    assert caller.variables["H181_DISTRICT"] == code


async def test_a_complaint_number_may_begin_with_the_key_before_it(house: House) -> None:
    number = numbers.number_for(numbers.FIRST)
    keys = (number[0], number[1], number[2:])
    caller = await played(house, "status", *keys, **just_pressed(house, "1"))
    assert caller.played[:2] == ["status-ask-number", "status-none"]


# ---- districts that are not taken by silence


async def test_one_key_twice_is_taken_by_silence_where_it_is_the_own_district_alone(house: House) -> None:
    caller = await played(house, "district", "11", "", H181_CENTRE_QUEUE="district-11")
    assert caller.variables["H181_DISTRICT"] == "11"
    caller = await played(house, "district", "11", "", "", "", "", **OWN)
    assert caller.played == [
        *("ask-district", *DHAR, "confirm-district"),
        *("ask-district-again", "ask-district-last"),
    ]
    assert caller.variables["H181_DISTRICT"] == ""


@pytest.mark.parametrize("second", ["digit/3:9", "9+4"])
async def test_one_key_twice_may_be_the_first_of_another_code(house: House, second: str) -> None:
    caller = await played(house, "district", "33", second, "", **OWN)
    assert caller.played[-5:] == RAJGARH
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_the_second_key_of_31_is_no_yes_to_33(house: House) -> None:
    caller = await played(house, "district", "33", "digit/3:1", "", "", "", "", **OWN)
    assert "district/sheopur" in caller.played
    assert caller.variables["H181_DISTRICT"] == ""


async def test_one_key_twice_is_confirmed_by_a_yes_that_comes_later(house: House) -> None:
    caller = await played(house, "district", "33", "1+2.5", **OWN)
    assert caller.played == ["ask-district", *SHIVPURI]
    assert caller.variables["H181_DISTRICT"] == "33"


# ---- no key of a code is a call for help


async def test_a_code_sent_twice_over_the_greeting_is_no_call_for_help(house: House) -> None:
    caller = await played(house, "welcome", "emergency-hint:3", "3", "9", "greeting-notice:9")
    assert caller.variables["H181_NEXT"] == "district"
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_the_second_key_found_late_after_the_menu_is_understood(house: House) -> None:
    caller = await played(house, "district", "9+2.5", "", "", **just_pressed(house, "3"), **OWN)
    assert caller.played == ["ask-district", *RAJGARH]
    assert caller.variables["H181_DISTRICT"] == "39"
