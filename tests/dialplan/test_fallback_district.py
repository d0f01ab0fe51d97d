"""Without the AGI service: the code typed over the greeting, and the district that a landline tells."""

import pytest

from dialplan.binary import AsteriskBinary
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import ended, heard, no_channels, often
from tests.dialplan.sip_phone import Call, Phone, telephone
from tests.dialplan.test_citizen_ways import events

pytestmark = pytest.mark.call

KEPT = 320
OFFER = ["offer-district", "district/rajgarh", "offer-yes-no"]


async def test_the_code_is_understood_at_the_menu(centre: PrivateCentre, citizen: Phone) -> None:
    call = await citizen.call("181")
    await call.hears(centre.prompts["language-hint"][:KEPT])
    await call.press("39")
    await call.hears(centre.prompts["connecting"])
    assert heard(centre, call) == ["emergency-hint", "greeting", "connecting"]
    await call.hang_up()
    await no_channels(centre)


async def test_the_code_typed_over_the_first_words_is_understood(
    centre: PrivateCentre, citizen: Phone
) -> None:
    hint = centre.lengthen("emergency-hint")
    call = await citizen.call("181")
    await call.hears(hint[:KEPT])
    await call.press("39")
    await call.hears(centre.prompts["connecting"])
    assert heard(centre, call)[-2:] == ["greeting-notice", "connecting"]
    assert hint not in call.heard
    await call.hang_up()
    await no_channels(centre)
    assert await events(centre, "H181_DISTRICT") == ["39"]


async def test_who_types_the_code_over_the_notice_of_recording_hears_it_whole(
    centre: PrivateCentre, citizen: Phone
) -> None:
    greeting = centre.lengthen("greeting")
    call = await citizen.call("181")
    await call.hears(centre.prompts["greeting"])
    await call.press("39")
    await call.hears(centre.prompts["connecting"])
    assert greeting not in call.heard
    assert heard(centre, call) == ["emergency-hint", "greeting", "greeting-notice", "connecting"]
    await call.hang_up()
    await no_channels(centre)


async def test_the_second_key_of_a_code_found_late_is_no_call_for_help(
    centre: PrivateCentre, citizen: Phone
) -> None:
    hint = centre.lengthen("emergency-hint")
    call = await citizen.call("181")
    await call.hears(hint[:KEPT])
    await call.press("3")
    # It begins again when no second key came in time.
    await often(call, hint[:KEPT], bytes(call.heard).count(hint[:KEPT]) + 2)
    await call.press("9")
    await call.hears(centre.prompts["connecting"])
    assert "emergency-connecting" not in heard(centre, call)
    await call.hang_up()
    await no_channels(centre)
    assert await events(centre, "H181_DISTRICT") == ["39"]


async def test_the_emergency_key_is_heard_after_the_code_as_well(
    centre: PrivateCentre, citizen: Phone
) -> None:
    hint, notice = centre.lengthen("emergency-hint"), centre.lengthen("greeting-notice", 40)
    call = await citizen.call("181")
    await call.hears(hint[:KEPT])
    await call.press("39")
    # Six of its eight seconds: no key of the code can be meant any more.
    await call.hears(notice[: len(notice) * 3 // 4], 15)
    await call.press("9")
    await call.hears(centre.prompts["emergency-connecting"])
    await call.hang_up()
    await no_channels(centre)


async def test_the_codes_last_key_once_more_is_no_call_for_help(
    centre: PrivateCentre, citizen: Phone
) -> None:
    hint, notice = centre.lengthen("emergency-hint"), centre.lengthen("greeting-notice")
    call = await citizen.call("181")
    await call.hears(hint[:KEPT])
    await call.press("39")
    await call.hears(notice[:KEPT])
    await call.press("9")
    await call.hears(centre.prompts["connecting"], 15)
    assert "emergency-connecting" not in heard(centre, call)
    await call.hang_up()
    await no_channels(centre)


async def test_a_wrong_key_at_the_district_read_back_is_no_consent(
    centre: PrivateCentre, citizen: Phone
) -> None:
    call = await asks_for_the_district(centre, citizen)
    await call.hears(centre.prompts["ask-district"])
    # The code typed twice: its first key answers nothing.
    await call.press("393")
    await call.hears(centre.prompts["confirm-district"])
    await call.press("2")
    await call.hears(centre.prompts["ask-district-again"])
    assert "connecting" not in heard(centre, call)
    await call.hang_up()
    await no_channels(centre)


# ---- the offer


async def asks_for_the_district(centre: PrivateCentre, phone: Phone) -> Call:
    """Call, and press 1 as soon as the menu begins."""
    call = await phone.call("181")
    await call.hears(centre.prompts["language-hint"][:KEPT])
    await call.press("1")
    return call


@pytest.mark.parametrize("number", ["07372255255", "7372255255", "+917372255255", "00917372255255"])
async def test_a_landline_is_offered_its_district(centre: PrivateCentre, number: str) -> None:
    async with telephone(number, "127.0.0.2", centre.server) as landline:
        offer = centre.lengthen("offer-yes-no")
        call = await asks_for_the_district(centre, landline)
        # Long enough for a second press to be no first one that arrives twice.
        await call.hears(offer)
        await call.press("1")
        await call.hears(centre.prompts["connecting"])
        said = heard(centre, call)
        assert said[:5] == ["emergency-hint", "greeting", *OFFER]
        assert (said[-1], "ask-district" in said) == ("connecting", False)
        await call.hang_up()
        await no_channels(centre)
    assert await events(centre, "H181_DISTRICT") == ["39"]


@pytest.mark.parametrize(
    "number", ["9876543210", "07372955255", "0222345678", "+447372255255", "007372255255", "181", "anonymous"]
)
async def test_who_does_not_call_from_a_landline_of_the_state_is_asked(
    centre: PrivateCentre, number: str
) -> None:
    async with telephone(number, "127.0.0.2", centre.server) as phone:
        call = await asks_for_the_district(centre, phone)
        await call.hears(centre.prompts["ask-district"])
        assert heard(centre, call) == ["emergency-hint", "greeting", "ask-district"]
        await call.hang_up()
        await no_channels(centre)


async def test_an_offer_is_refused_typed_over_or_stands_for_who_presses_nothing(
    binary: AsteriskBinary,
) -> None:
    async with (
        private_asterisk(binary=binary) as centre,
        telephone("07372255255", "127.0.0.2", centre.server) as landline,
    ):
        call = await asks_for_the_district(centre, landline)
        await call.hears(centre.prompts["offer-yes-no"])
        await call.press("2")
        await call.hears(centre.prompts["ask-district"])
        await call.press("04")
        await call.hears(centre.prompts["district/bhopal"])
        await call.hang_up()

        call = await asks_for_the_district(centre, landline)
        await call.hears(centre.prompts["offer-yes-no"])
        await call.press("04")
        await call.hears(centre.prompts["district/bhopal"])
        assert "ask-district" not in heard(centre, call)
        await call.hang_up()
        await no_channels(centre)

        call = await asks_for_the_district(centre, landline)
        await call.hears(centre.prompts["offer-yes-no"])
        await call.press("2")
        await ended(call, 40)
        assert "connecting" not in heard(centre, call), "who refused it is not taken there"

        call = await asks_for_the_district(centre, landline)
        await call.hears(centre.prompts["connecting"], 40)
        assert heard(centre, call)[2:] == [
            *OFFER, "ask-district", "ask-district-again", "ask-district-last", "connecting",
        ]  # fmt: skip
        await call.hang_up()
        await no_channels(centre)
        assert await events(centre, "H181_DISTRICT") == ["", "39"]
