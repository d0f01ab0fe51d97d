"""What executives dial: each other, log in, log out, pause, a test call."""

import asyncio
from dataclasses import replace

import pytest

from dialplan.binary import AsteriskBinary
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import dial_and_wait, ended, heard, no_channels, rings
from tests.dialplan.passing import pass_on
from tests.dialplan.sip_phone import Phone, telephone
from tests.dialplan.test_citizen_ways import calls_rajgarh

pytestmark = pytest.mark.call

REFUSALS = ("InvalidPassword", "ChallengeResponseFailed")


async def queue(centre: PrivateCentre) -> str:
    return await centre.asterisk.cli("queue show district-39")


async def test_log_in_pause_and_log_out(centre: PrivateCentre, executive: Phone) -> None:
    assert "No Members" in await queue(centre)
    await dial_and_wait(executive, "*11")
    assert "PJSIP/2001 (ringinuse disabled) (dynamic) (Not in use)" in await queue(centre)
    await dial_and_wait(executive, "*13")
    assert "(paused" in await queue(centre)
    await dial_and_wait(executive, "*13")
    assert "(paused" not in await queue(centre)
    await dial_and_wait(executive, "*13")
    await dial_and_wait(executive, "*11")
    assert "(paused" not in await queue(centre), "logging in again ends a pause"
    await dial_and_wait(executive, "*12")
    assert "No Members" in await queue(centre)
    await dial_and_wait(executive, "*12")
    assert [line for line in centre.log() if "pbx.c" in line] == []


async def test_pause_without_log_in_is_refused_with_a_tone(centre: PrivateCentre, executive: Phone) -> None:
    await dial_and_wait(executive, "*13")
    assert "No Members" in await queue(centre)


async def test_executives_call_each_other(centre: PrivateCentre, executive: Phone) -> None:
    async with telephone("2002", "127.0.0.1", centre.server) as colleague:
        await colleague.register(centre.secrets.endpoint_passwords["2002"])
        call = await executive.call("2002")
        answered = await rings(colleague)
        assert "Seema Malviya" in answered.remote
        assert "2001" in answered.remote
        await call.hang_up()
        await ended(answered)
    await no_channels(centre)


async def test_an_unknown_extension_gets_a_congestion_tone(centre: PrivateCentre, executive: Phone) -> None:
    call = await executive.call("2077")
    await ended(call)
    assert call.status == 503


async def test_a_test_call_goes_the_citizens_way_with_the_extension_as_caller(
    centre: PrivateCentre, executive: Phone
) -> None:
    call = await executive.call("181", caller='"Somebody" <sip:2001@127.0.0.1>')
    await call.hears(centre.prompts["greeting"])
    shown = await centre.asterisk.cli("core show channels concise")
    assert "!2001!" in shown
    await call.hang_up()
    await no_channels(centre)


async def test_a_wrong_password_is_refused(centre: PrivateCentre) -> None:
    async with telephone("2001", "127.0.0.1", centre.server) as impostor:
        with pytest.raises(AssertionError, match="401"):
            await impostor.register("not-the-password")
    log = centre.runtime / "log" / "security.log"
    # Asterisk writes its log from a thread of its own.
    async with asyncio.timeout(10):
        while not any(name in log.read_text(encoding="utf-8") for name in REFUSALS):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_who_does_not_answer_does_not_keep_the_caller_to_himself(binary: AsteriskBinary) -> None:
    async with (
        private_asterisk(binary=binary, change=lambda s: replace(s, ring_seconds=3)) as centre,
        telephone("2001", "127.0.0.1", centre.server) as away,
        telephone("2002", "127.0.0.1", centre.server) as there,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        for seat in (away, there):
            await seat.register(centre.secrets.endpoint_passwords[seat.user])
            await dial_and_wait(seat, "*11")
        away.pick_up_by_itself = False
        call = await calls_rajgarh(centre, citizen)
        await rings(there)
        await call.hang_up()
        await no_channels(centre)


@pytest.mark.parametrize("colleague", ["2002", "2077"])
async def test_a_caller_passed_on_to_nobody_goes_back_to_the_queue(
    centre: PrivateCentre, citizen: Phone, executive: Phone, colleague: str
) -> None:
    await dial_and_wait(executive, "*11")
    call = await citizen.call("07372181")
    await call.hears(centre.prompts["language-hint"][:320])
    await call.press("1")
    assert await pass_on(await rings(executive), colleague) == 200
    second = await rings(executive)
    await second.hang_up()
    await ended(call)
    assert heard(centre, call)[-1] == "thanks"
    await no_channels(centre)


async def test_a_caller_passed_on_to_a_colleague_ends_like_every_call(
    centre: PrivateCentre, citizen: Phone, executive: Phone
) -> None:
    await dial_and_wait(executive, "*11")
    async with telephone("2002", "127.0.0.1", centre.server) as colleague:
        await colleague.register(centre.secrets.endpoint_passwords["2002"])
        call = await citizen.call("07372181")
        await call.hears(centre.prompts["language-hint"][:320])
        await call.press("1")
        assert await pass_on(await rings(executive), "2002") == 200
        second = await rings(colleague)
        await second.hang_up()
        await ended(call)
        assert heard(centre, call)[-1] == "thanks"
        await no_channels(centre)
