"""An executive asks a colleague while the citizen is on hold, and leaves the two to each other or comes back.

Whatever becomes of it, the citizen ends as after every conversation ("thanks" is the last he hears), or is
back in the queue.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.dialplan.asterisk_fixture import PrivateCentre
from tests.dialplan.conversation import LIMIT, dial_and_wait, ended, heard, no_channels, rings
from tests.dialplan.passing import hold, join, pass_on, take_back
from tests.dialplan.sip_phone import SILENCE, Call, Phone, telephone
from tests.dialplan.test_citizen_ways import calls_rajgarh

pytestmark = pytest.mark.call

VOICE = bytes(range(0x20, 0x60)) + bytes(range(0xA0, 0x100))


@pytest.fixture
async def colleague(centre: PrivateCentre) -> AsyncIterator[Phone]:
    """Extension 2002, registered, not logged in; rings until told otherwise."""
    async with telephone("2002", "127.0.0.1", centre.server) as phone:
        await phone.register(centre.secrets.endpoint_passwords["2002"])
        phone.pick_up_by_itself = False
        yield phone


@pytest.fixture
async def talk(centre: PrivateCentre, citizen: Phone, executive: Phone) -> tuple[Call, Call]:
    """The citizen's call and the executive's end of it, on hold."""
    await dial_and_wait(executive, "*11")
    call = await calls_rajgarh(centre, citizen)
    leg = await rings(executive)
    await hold(leg)
    return call, leg


async def consult(executive: Phone, colleague: Phone, *, answered: bool) -> tuple[Call, Call]:
    """The executive's second call and the colleague's end of it."""
    second = await executive.call("2002")
    ringing = await asyncio.wait_for(colleague.incoming.get(), LIMIT)
    await asyncio.wait_for(second.ringing.wait(), LIMIT)
    if answered:
        await colleague.pick_up(ringing)
        await second.hears(SILENCE * 5)
    return second, ringing


async def hears_voice(call: Call, speaker: Call) -> None:
    """Wait until the voice of the speaker is heard in the call."""
    speaker.voice = (VOICE + VOICE)[:160]
    await call.hears(speaker.voice)


async def goes_back(centre: PrivateCentre, call: Call, executive: Phone) -> None:
    """The citizen waits again, is answered again, and ends like everybody."""
    again = await rings(executive)
    await hears_voice(call, again)
    await again.hang_up()
    await ended(call)
    assert heard(centre, call)[-1] == "thanks"
    await no_channels(centre)


async def ends_like_every_call(centre: PrivateCentre, call: Call) -> None:
    await ended(call)
    assert heard(centre, call)[-1] == "thanks"
    await no_channels(centre)


async def free_again(centre: PrivateCentre) -> None:
    """The queue takes the executive for free."""
    async with asyncio.timeout(LIMIT):
        while "(Not in use)" not in await centre.asterisk.cli("queue show district-39"):
            pass


async def test_the_citizen_hears_music_and_then_the_colleague(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone
) -> None:
    call, leg = talk
    tone = (centre.runtime / "data" / "moh" / "tone" / "1-tone.alaw").read_bytes()
    await call.hears(tone[1600:3200])
    second, other = await consult(executive, colleague, answered=True)
    await hears_voice(second, other)
    assert await join(leg, second, "2002") == 200
    await hears_voice(call, other)
    await hears_voice(other, call)
    await free_again(centre)
    await other.hang_up()
    await ends_like_every_call(centre, call)


async def test_a_colleague_who_declines_leaves_the_citizen_with_his_executive(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone
) -> None:
    call, leg = talk
    second, other = await consult(executive, colleague, answered=False)
    colleague.refuse(other)
    await ended(second)
    assert second.status == 486
    await take_back(leg)
    await hears_voice(call, leg)
    await leg.hang_up()
    await ends_like_every_call(centre, call)


async def test_joined_while_the_colleague_rings_who_then_answers(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone
) -> None:
    call, leg = talk
    second, other = await consult(executive, colleague, answered=False)
    assert await join(leg, second, "2002") == 200
    await free_again(centre)
    await colleague.pick_up(other)
    await hears_voice(call, other)
    await other.hang_up()
    await ends_like_every_call(centre, call)


async def test_joined_while_the_colleague_rings_who_then_declines(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone
) -> None:
    call, leg = talk
    second, other = await consult(executive, colleague, answered=False)
    assert await join(leg, second, "2002") == 200
    colleague.refuse(other)
    await goes_back(centre, call, executive)


@pytest.mark.parametrize("consulting", [True, False])
async def test_an_executive_who_hangs_up_what_he_holds_loses_nobody(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone, *, consulting: bool
) -> None:
    call, leg = talk
    if consulting:
        second, _ = await consult(executive, colleague, answered=False)
        await leg.hang_up()
        await second.hang_up()
    else:
        await leg.hang_up()
    await ends_like_every_call(centre, call)


@pytest.mark.parametrize("consulting", [True, False])
async def test_a_citizen_who_hangs_up_on_hold_leaves_nothing(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone, *, consulting: bool
) -> None:
    call, leg = talk
    second = (await consult(executive, colleague, answered=True))[0] if consulting else None
    await call.hang_up()
    await ended(leg)
    if second is not None:
        assert not second.ended.is_set(), "the two executives still talk"
        await second.hang_up()
    await free_again(centre)
    await no_channels(centre)


async def test_a_test_call_cannot_be_joined_to_a_citizen(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone
) -> None:
    call, leg = talk
    second = await executive.call("181")
    await ended(second)
    assert second.status == 486
    await leg.hang_up()
    await ends_like_every_call(centre, call)


async def test_a_citizen_joined_to_the_tones_of_a_code_waits_again(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone
) -> None:
    call, leg = talk
    second = await executive.call("*13")
    await asyncio.wait_for(second.answered.wait(), LIMIT)
    assert await join(leg, second, "*13") == 200
    await dial_and_wait(executive, "*13")
    await goes_back(centre, call, executive)


@pytest.mark.parametrize("by_joining", [True, False])
async def test_codes_and_strangers_numbers_are_refused_to_whoever_has_the_citizen(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone, *, by_joining: bool
) -> None:
    call, leg = talk
    if by_joining:
        second, other = await consult(executive, colleague, answered=True)
        assert await join(leg, second, "2002") == 200
        leg = other
    for number in ("181", "*12", "*11", "100", "9876500000"):
        assert await pass_on(leg, number) == 404
    if not by_joining:
        await take_back(leg)
    await hears_voice(call, leg)
    await leg.hang_up()
    await ends_like_every_call(centre, call)


async def test_a_colleague_passes_the_citizen_on_to_nobody(
    centre: PrivateCentre, talk: tuple[Call, Call], executive: Phone, colleague: Phone
) -> None:
    call, leg = talk
    second, other = await consult(executive, colleague, answered=True)
    assert await join(leg, second, "2002") == 200
    assert await pass_on(other, "2077") == 200
    await goes_back(centre, call, executive)


async def test_executives_who_pass_each_other_on_are_no_callers(
    centre: PrivateCentre, executive: Phone, colleague: Phone
) -> None:
    async with telephone("2003", "127.0.0.1", centre.server) as third:
        await third.register(centre.secrets.endpoint_passwords["2003"])
        first, other = await consult(executive, colleague, answered=True)
        assert await pass_on(other, "2003") == 200
        answered = await rings(third)
        await hears_voice(first, answered)
        await answered.hang_up()
        await ended(first)
    await no_channels(centre)
