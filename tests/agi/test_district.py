"""How a caller's district is found: told by his number, asked for, listed, or left open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from agi.conversations.district import district_of
from ivr_prompts import load_catalogue
from tests.agi.fake_asterisk import Caller
from tests.agi.house import CALL_ID, DISTRICTS, House, running

READ_BACK = ["you-chose", "digit/3", "digit/9", "district/rajgarh", "confirm-district"]
LANDLINE = "07372255255"
MOBILE = "09826012310"
CATALOGUE = load_catalogue()


@dataclass(frozen=True)
class Place:
    """A district with a division, as the table may have it."""

    code: str
    slug: str
    division: str = ""
    std_codes: tuple[str, ...] = ()
    has_centre: bool = False


class Table:
    """A small table of districts."""

    def __init__(self, *places: Place) -> None:
        self.places = places

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def by_code(self, code: str) -> Place | None:
        return next((place for place in self.places if place.code == code), None)


BHOPAL_DIVISION = Table(
    Place("04", "bhopal", "bhopal"),
    Place("07", "gwalior", "gwalior"),
    Place("39", "rajgarh", "bhopal", ("07372",), has_centre=True),
    Place("37", "sehore", "bhopal"),
)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        yield opened


@pytest.fixture
async def small_house() -> AsyncIterator[House]:
    async with running(House(districts=BHOPAL_DIVISION)) as opened:
        yield opened


async def district(house: House, *keys: str, number: str = MOBILE, **variables: str) -> Caller:
    return await house.done("district", *keys, number=number, **variables)


# ---- asked for


@pytest.mark.parametrize("answer", ["1", ""])
async def test_district_confirmed_by_key_or_by_silence(house: House, answer: str) -> None:
    caller = await district(house, "39", answer)
    assert caller.played == ["ask-district", *READ_BACK]
    assert caller.variables["H181_DISTRICT"] == "39"
    assert ("set_district", CALL_ID, "39") in house.calls.told
    assert house.calls.steps("key") == [
        {"prompt": "ask-district", "key": "39"},
        {"prompt": "confirm-district", "key": answer or None},
    ]
    assert house.calls.steps("district") == [{"district": "39", "preset": False}]


async def test_the_read_back_can_be_cut_short(house: House) -> None:
    caller = await district(house, "39", "digit/3:1")
    assert caller.played == ["ask-district", "you-chose", "digit/3"]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_change_asks_again(house: House) -> None:
    caller = await district(house, "04", "district/bhopal:2", "39", "1")
    assert caller.played == [
        "ask-district",
        *("you-chose", "digit/0", "digit/4", "district/bhopal"),
        "ask-district-again",
        *READ_BACK,
    ]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_another_key_at_the_confirmation_is_asked_about_once(house: House) -> None:
    caller = await district(house, "39", "7", "1")
    assert caller.played == ["ask-district", *READ_BACK, "confirm-district"]
    assert caller.variables["H181_DISTRICT"] == "39"


@pytest.mark.parametrize(
    ("keys", "played"),
    [
        ([""], []),
        (["1"], []),
        (["district/rajgarh:1"], []),
        (["2", "39", ""], ["ask-district-again", "district/rajgarh"]),
        (["7", ""], ["confirm-district"]),
    ],
)
async def test_of_the_own_district_only_the_name_is_said(
    house: House, keys: list[str], played: list[str]
) -> None:
    caller = await district(house, "39", *keys, H181_CENTRE_QUEUE="district-39")
    assert caller.played == ["ask-district", "district/rajgarh", *played]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_who_says_nothing_to_the_own_district_waits_for_a_moment_only(house: House) -> None:
    caller = await district(house, "39", "", H181_CENTRE_QUEUE="district-39")
    waits = [words[-1] for words in caller.commands if words[:3] == ["WAIT", "FOR", "DIGIT"]]
    assert waits[-1] == "1500"


async def test_an_own_code_in_doubt_is_read_back_whole() -> None:
    table = Table(*BHOPAL_DIVISION.places, Place("33", "dhar", "indore", has_centre=True))
    async with running(House(districts=table)) as house:
        caller = await district(house, "33", "", H181_CENTRE_QUEUE="district-33")
        whole = ["you-chose", "digit/3", "digit/3", "district/dhar", "confirm-district"]
        assert caller.played == ["ask-district", *whole]
        assert caller.variables["H181_DISTRICT"] == "33"


async def test_silence_after_another_key_is_consent_to_the_own_district_alone(house: House) -> None:
    caller = await district(house, "04", "7", "", "04", "7", "1", H181_CENTRE_QUEUE="district-39")
    read_back = ["you-chose", "digit/0", "digit/4", "district/bhopal", *["confirm-district"] * 2]
    assert caller.played == ["ask-district", *read_back, "ask-district-again", *read_back]
    assert caller.variables["H181_DISTRICT"] == "04"


@pytest.mark.parametrize("wrong", ["3", "*9", "99"])
async def test_wrong_code_is_told_and_asked_again(house: House, wrong: str) -> None:
    caller = await district(house, wrong, "39", "1")
    assert caller.played == ["ask-district", "wrong-code", "ask-district-again", *READ_BACK]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_no_key_asks_again_without_a_reproach(house: House) -> None:
    caller = await district(house, "", "39", "1")
    assert caller.played == ["ask-district", "ask-district-again", *READ_BACK]


async def test_the_right_code_can_be_pressed_while_the_mistake_is_told(house: House) -> None:
    caller = await district(house, "99", "wrong-code:3", "9", "1")
    assert caller.played == ["ask-district", "wrong-code", *READ_BACK]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_the_hash_key_ends_a_code(house: House) -> None:
    caller = await district(house, "99", "wrong-code:3", "#", "39", "1")
    assert caller.played == ["ask-district", "wrong-code", "wrong-code", "ask-district-last", *READ_BACK]


@pytest.mark.parametrize(
    ("keys", "played"),
    [
        (["", "", ""], ["ask-district", "ask-district-again", "ask-district-last"]),
        (
            ["99", "1", ""],
            ["ask-district", "wrong-code", "ask-district-again", "wrong-code", "ask-district-last"],
        ),
        (
            ["", "39", "2", "99"],
            ["ask-district", "ask-district-again", *READ_BACK, "ask-district-last", "wrong-code"],
        ),
    ],
)
async def test_after_three_tries_the_call_goes_on_without_a_district(
    house: House, keys: list[str], played: list[str]
) -> None:
    caller = await district(house, *keys)
    assert caller.played == played
    assert caller.variables["H181_DISTRICT"] == ""
    assert not any(words[0] == "HANGUP" for words in caller.commands)
    assert ("set_district", CALL_ID, None) in house.calls.told


async def test_zero_and_a_pause_lead_to_the_operator(house: House) -> None:
    caller = await district(house, "0")
    assert caller.played == ["ask-district"]
    assert caller.variables["H181_DISTRICT"] == ""


async def test_a_direct_number_is_not_asked(house: House) -> None:
    caller = await district(house, number=LANDLINE, H181_DISTRICT="39")
    assert caller.played == []
    assert caller.variables["H181_DISTRICT"] == "39"
    assert house.calls.steps("district") == [{"district": "39", "preset": True}]


async def test_a_preset_that_is_no_district_is_asked_for(house: House) -> None:
    caller = await district(house, "39", "1", H181_DISTRICT="xx")
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_every_prompt_of_a_district_exists(house: House) -> None:
    for each in DISTRICTS:
        caller = await district(house, each.code, "1")
        assert f"district/{each.slug}" in caller.played
    # The keys are there, and so are their sounds.
    assert {f"district/{each.slug}" for each in DISTRICTS} <= set(CATALOGUE.keys())


# ---- offered

OFFER = ["offer-district", "district/rajgarh", "offer-yes-no"]


async def test_a_landline_is_offered_its_district(house: House) -> None:
    caller = await district(house, "1", number=LANDLINE)
    assert caller.played == OFFER
    assert caller.variables["H181_DISTRICT"] == "39"
    assert house.calls.steps("offer") == [{"district": "39"}]
    assert house.calls.steps("key") == [{"prompt": "offer-yes-no", "key": "1"}]


async def test_the_offer_can_be_cut_short(house: House) -> None:
    caller = await district(house, "offer-district:1", number=LANDLINE)
    assert caller.played == ["offer-district"]
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_the_district_of_the_last_call_is_offered(house: House) -> None:
    house.calls.districts["+919826012310"] = "39"
    caller = await district(house, "1")
    assert caller.played == OFFER
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_a_number_that_may_be_a_mobile_is_known_better_by_its_last_call(house: House) -> None:
    house.calls.districts["+917372255255"] = "04"
    caller = await district(house, "1", number=LANDLINE)
    assert caller.variables["H181_DISTRICT"] == "04"
    house.calls.districts["+917552550000"] = "39"
    caller = await district(house, "1", number="07552550000")
    assert caller.variables["H181_DISTRICT"] == "04"


async def test_a_refused_offer_is_asked_for(house: House) -> None:
    caller = await district(house, "2", "04", "1", number=LANDLINE)
    assert caller.played[:4] == [*OFFER, "ask-district"]
    assert caller.variables["H181_DISTRICT"] == "04"


async def test_a_code_can_be_pressed_into_the_offer(house: House) -> None:
    caller = await district(house, "offer-district:3", "9", "", number=LANDLINE)
    assert caller.played == ["offer-district", *READ_BACK]
    assert caller.variables["H181_DISTRICT"] == "39"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (("", "", "", ""), "39"),
        (("*", "", "", ""), "39"),
        (("2", "", "", ""), ""),
        (("", "99", "", ""), ""),
        (("", "0"), ""),
    ],
)
async def test_an_offer_stands_for_who_presses_nothing(
    house: House, keys: tuple[str, ...], code: str
) -> None:
    caller = await district(house, *keys, number=LANDLINE)
    assert caller.variables["H181_DISTRICT"] == code


@pytest.mark.parametrize("number", ["", "anonymous", "0222345678", "02222345678", "1234"])
async def test_an_unknown_or_distant_number_is_offered_nothing(house: House, number: str) -> None:
    caller = await district(house, "", "", "", number=number)
    assert caller.played == ["ask-district", "ask-district-again", "ask-district-last"]
    assert caller.variables["H181_DISTRICT"] == ""


@pytest.mark.parametrize("slow", [False, True])
async def test_records_that_fail_or_are_slow_offer_nothing(house: House, slow: bool) -> None:
    house.calls.districts["+919826012310"] = "39"
    house.calls.broken = not slow
    if slow:
        house.calls.gate.clear()
    caller = Caller(["39", "1"])
    async with asyncio.timeout(5):
        await caller.step(house.server.address, "district", (CALL_ID, MOBILE, "181"))
    assert caller.played == ["ask-district", *READ_BACK]
    assert caller.variables["H181_DONE"] == "district"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+917372255255", "39"),
        ("+917372955255", None),
        ("+917552550000", "04"),
        ("+912222345678", None),
        ("+447372255255", None),
    ],
)
def test_std_codes(number: str, code: str | None) -> None:
    found = district_of(number, DISTRICTS)
    assert (found.code if found is not None else None) == code


# ---- listed

LISTED = [
    "list-intro",
    *("district/rajgarh", "code-is", "digit/3", "digit/9"),
    *("district/bhopal", "code-is", "digit/0", "digit/4"),
    *("district/sehore", "code-is", "digit/3", "digit/7"),
]


async def test_two_zeros_list_the_division_of_the_centre(small_house: House) -> None:
    caller = await district(small_house, "00", "04", "1", H181_CENTRE_QUEUE="district-39")
    assert caller.played[: len(LISTED) + 2] == ["ask-district", *LISTED, "ask-district"]
    assert caller.variables["H181_DISTRICT"] == "04"


async def test_the_list_is_of_the_division_offered(small_house: House) -> None:
    small_house.calls.districts["+919826012310"] = "04"
    caller = await district(small_house, "2", "00", "39", "1")
    first = caller.played.index("list-intro")
    assert caller.played[first + 1] == "district/bhopal"
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_a_code_can_be_pressed_into_the_list(small_house: House) -> None:
    caller = await district(small_house, "00", "code-is:3", "9", "1", H181_CENTRE_QUEUE="district-39")
    name = "district/rajgarh"
    assert caller.played == ["ask-district", "list-intro", name, "code-is", name]


async def test_who_asks_for_the_list_twice_gets_the_operator(small_house: House) -> None:
    caller = await district(small_house, "00", "00", H181_CENTRE_QUEUE="district-39")
    assert caller.played == ["ask-district", *LISTED, "ask-district"]
    assert caller.variables["H181_DISTRICT"] == ""


async def test_the_shipped_table_lists_the_division_of_a_landline(house: House) -> None:
    caller = await district(house, "2", "00", "37", "1", number=LANDLINE)
    listed = [key for key in caller.played if key.startswith("district/")]
    assert sorted(listed[1:-1]) == [
        f"district/{name}" for name in ("bhopal", "raisen", "rajgarh", "sehore", "vidisha")
    ]
    assert caller.variables["H181_DISTRICT"] == "37"


async def test_no_list_to_tell_leads_to_the_operator(small_house: House) -> None:
    caller = await district(small_house, "00")
    assert caller.played == ["ask-district"]
    assert caller.variables["H181_DISTRICT"] == ""


# ---- and when the line breaks


@pytest.mark.parametrize(
    "prompt", ["offer-district", "offer-yes-no", "ask-district", "list-intro", "code-is"]
)
async def test_a_hangup_in_any_prompt_is_on_record(small_house: House, prompt: str) -> None:
    small_house.calls.districts["+919826012310"] = "39"
    caller = Caller(["2", "00", "39", "1"])
    caller.hangup_at = f"h181/{prompt}"
    await small_house.play("district", caller)
    assert caller.played[-1] == prompt
    assert "H181_DONE" not in caller.variables
    assert str(small_house.calls.steps("prompt")[-1]["prompt"]).endswith(prompt)
    assert small_house.calls.steps("hangup") == [{"step": "district"}]


async def test_missing_prompts_do_not_drop_the_caller(house: House) -> None:
    caller = Caller(["1"])
    caller.missing = {"h181/offer-district", "h181/offer-yes-no"}
    await house.play("district", caller, LANDLINE)
    assert caller.variables["H181_DISTRICT"] == "39"
