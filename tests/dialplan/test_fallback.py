"""The AGI service is down, dies or hangs: the citizen is led to an executive all the same."""

import asyncio
from dataclasses import replace

import pytest

from dialplan.binary import AsteriskBinary
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import dial_and_wait, ended, heard, no_channels, rings, rows
from tests.dialplan.sip_phone import ALAW, SILENCE, Call, Phone, telephone

pytestmark = pytest.mark.call

WAY_TO_THE_QUEUE = [
    *("emergency-hint", "greeting", "ask-district", "district/rajgarh", "connecting"),
]


async def complains(centre: PrivateCentre, citizen: Phone) -> Call:
    """Call, and press 1 as soon as the menu begins."""
    call = await citizen.call("181")
    await call.hears(centre.prompts["language-hint"][:320])
    await call.press("1")
    return call


async def press_rajgarh(centre: PrivateCentre, citizen: Phone) -> Call:
    call = await complains(centre, citizen)
    await call.hears(centre.prompts["ask-district"])
    await call.press("39")
    return call


async def test_service_down_reaches_the_executive(
    centre: PrivateCentre, citizen: Phone, executive: Phone
) -> None:
    executive.pick_up_by_itself = False
    await dial_and_wait(executive, "*11")
    call = await press_rajgarh(centre, citizen)
    answered = await asyncio.wait_for(executive.incoming.get(), 15)
    await call.hears(centre.prompts["connecting"])
    await executive.pick_up(answered)
    await answered.hears(SILENCE * 5)
    assert "9876543210" in answered.remote
    channel = await centre.asterisk.cli("core show channels concise")
    for name in (line.split("!")[0] for line in channel.splitlines() if line.startswith("PJSIP/")):
        shown = await centre.asterisk.cli(f"core show channel {name}")
        assert "NativeFormats: (alaw)" in shown
        assert "WriteTranscode: No" in shown
        assert "ReadTranscode: No" in shown
    await answered.hang_up()
    await ended(call)
    assert heard(centre, call) == [*WAY_TO_THE_QUEUE, "thanks"]
    assert call.formats == {ALAW}
    await no_channels(centre)
    assert [line for line in centre.log() if "res_agi" not in line] == []


async def test_what_the_service_missed_is_in_the_files(
    centre: PrivateCentre, citizen: Phone, executive: Phone
) -> None:
    await dial_and_wait(executive, "*11")
    call = await press_rajgarh(centre, citizen)
    answered = await rings(executive)
    await asyncio.wait_for(answered.hears(b"\xd5" * 800), 5)
    await call.hang_up()
    await ended(answered)
    await no_channels(centre)
    events = await rows(centre, "cel-custom/helpline.csv")
    call_ids = {row[2] for row in events if row[1].startswith("H181_")}
    assert len(call_ids) == 1
    told = [(row[1], row[12]) for row in events if row[1].startswith("H181_")]
    assert told[:5] == [
        ("H181_FALLBACK", '{"extra":"welcome"}'),
        ("H181_SERVICE", '{"extra":"complaint/district"}'),
        ("H181_FALLBACK", '{"extra":"district"}'),
        ("H181_DISTRICT", '{"extra":"39"}'),
        ("H181_FALLBACK", '{"extra":"connect"}'),
    ]
    assert told[5][1].startswith('{"extra":"CONTINUE/district-39/PJSIP/2001/')
    call_id = call_ids.pop()
    calls = [row for row in await rows(centre, "cdr-csv/Master.csv", least=2) if row[0] == call_id]
    assert [row[1] for row in calls] == ["9876543210"]
    assert [path.name for path in (centre.runtime / "recordings").iterdir()] == [f"{call_id}.wav"]


async def test_wrong_code_then_silence_goes_to_the_state_and_is_not_cut_off(
    centre: PrivateCentre, citizen: Phone
) -> None:
    call = await complains(centre, citizen)
    await call.hears(centre.prompts["ask-district"])
    await call.press("99")
    await ended(call, 40)
    assert heard(centre, call) == [
        "emergency-hint", "greeting", "ask-district", "wrong-code", "ask-district-again",
        "ask-district-last", "to-state-operator", "nobody", "message-intro", "beep", "message-empty",
        "callback-noted", "thanks",
    ]  # fmt: skip
    await no_channels(centre)


async def test_two_changes_the_district_and_one_without_a_centre_goes_to_the_state(
    centre: PrivateCentre, citizen: Phone
) -> None:
    call = await complains(centre, citizen)
    await call.hears(centre.prompts["ask-district"])
    await call.press("39")
    await call.hears(centre.prompts["district/rajgarh"])
    await call.press("2")
    await call.hears(centre.prompts["ask-district-again"])
    await call.press("04")
    await call.hears(centre.prompts["nobody"], 25)
    assert heard(centre, call)[-6:] == [
        *("ask-district-again", "you-chose", "district/bhopal", "confirm-district"),
        *("to-state-operator", "nobody"),
    ]
    await call.hang_up()


async def test_key_pressed_during_the_question_cuts_it_short(centre: PrivateCentre, citizen: Phone) -> None:
    question = centre.lengthen("ask-district")
    call = await complains(centre, citizen)
    await call.hears(question[:320])
    await call.press("39")
    await call.hears(centre.prompts["district/rajgarh"])
    assert question not in call.heard
    await call.hang_up()
    await no_channels(centre)


async def test_a_service_that_dies_in_every_step_is_replaced_in_every_step(binary: AsteriskBinary) -> None:
    """What a dying step has left does not count: each is done again from its beginning."""
    steps = ("welcome", "district", "connect", "waiting", "aftercall", "ended")
    left = {
        "welcome": {"H181_NEXT": "message"},
        "district": {"H181_DISTRICT": "04"},
        "connect": {"H181_NEXT": "message", "H181_QUEUE": "none"},
        "waiting": {"H181_NEXT": "message"},
    }
    agi = ScriptedAgi(dict.fromkeys(steps, "unfinished"), left)
    async with (
        scripted_agi(agi),
        private_asterisk(binary=binary, agi_port=agi.port) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
        telephone("2001", "127.0.0.1", centre.server) as executive,
    ):
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        executive.pick_up_by_itself = False
        await dial_and_wait(executive, "*11")
        call = await press_rajgarh(centre, citizen)
        first = await asyncio.wait_for(executive.incoming.get(), 15)
        await call.hears(centre.prompts["connecting"])
        await call.press("7")
        await call.hears(centre.prompts["waiting-menu"])
        await call.press("1")
        await ended(first)
        second = await asyncio.wait_for(executive.incoming.get(), 15)
        await executive.pick_up(second)
        await second.hears(SILENCE * 5)
        await second.hang_up()
        await ended(call)
        await asyncio.wait_for(agi.ended.wait(), 5)
        assert agi.steps() == list(steps)
        said = [key for key in heard(centre, call) if key != "waiting-menu-again"]
        assert said == [*WAY_TO_THE_QUEUE, "queue-next", "waiting-menu", "thanks"]


async def test_a_service_that_fails_in_the_middle_is_replaced(binary: AsteriskBinary) -> None:
    agi = ScriptedAgi({"district": "dies"})
    async with (
        scripted_agi(agi),
        private_asterisk(binary=binary, agi_port=agi.port) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await citizen.call("181")
        await call.hears(centre.prompts["ask-district"])
        await call.press("39")
        await call.hears(centre.prompts["district/rajgarh"])
        assert agi.steps() == ["welcome", "district"]
        assert "greeting" not in heard(centre, call)
        await call.hang_up()
        await asyncio.wait_for(agi.ended.wait(), 5)


async def test_a_service_that_says_nothing_is_given_up_for_this_call(binary: AsteriskBinary) -> None:
    agi = ScriptedAgi({"welcome": "silent"})
    async with (
        scripted_agi(agi),
        private_asterisk(
            binary=binary, agi_port=agi.port, change=lambda s: replace(s, agi_step_seconds=1)
        ) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await complains(centre, citizen)
        await call.hears(centre.prompts["ask-district"])
        assert heard(centre, call)[:2] == ["emergency-hint", "greeting"]
        await call.hang_up()
        await no_channels(centre)
        assert agi.steps() == ["welcome"]


async def test_a_service_that_hangs_is_found_out_in_the_first_step(binary: AsteriskBinary) -> None:
    agi = ScriptedAgi({"welcome": "hangs"})
    async with (
        scripted_agi(agi),
        private_asterisk(
            binary=binary, agi_port=agi.port, change=lambda s: replace(s, agi_alive_seconds=1)
        ) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await complains(centre, citizen)
        await call.hears(centre.prompts["ask-district"])
        assert heard(centre, call)[:2] == ["emergency-hint", "greeting"]
        await call.hang_up()
        await no_channels(centre)
        assert (agi.patience, agi.steps()) == ([], ["welcome"])


async def test_a_service_that_gives_a_sign_of_life_has_the_time_of_the_step(binary: AsteriskBinary) -> None:
    agi = ScriptedAgi({"district": "silent"})
    async with (
        scripted_agi(agi),
        private_asterisk(binary=binary, agi_port=agi.port) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await citizen.call("181")
        async with asyncio.timeout(10):
            while "district" not in agi.steps():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await call.hang_up()
        await no_channels(centre)
        for patience in agi.patience:
            assert centre.settings.agi_alive_seconds + 60 < patience <= centre.settings.agi_step_seconds
        assert [arguments[3:4] for step, arguments in agi.asked if step != "ended"] == [["180"], ["180"]]


async def test_a_caller_who_leaves_a_silent_service_leaves_no_channel(binary: AsteriskBinary) -> None:
    agi = ScriptedAgi({"welcome": "silent"})
    async with (
        scripted_agi(agi),
        private_asterisk(binary=binary, agi_port=agi.port) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await citizen.call("181")
        await asyncio.wait_for(agi.called.wait(), 10)
        await call.hang_up()
        await no_channels(centre)
        assert agi.steps() == ["welcome", "ended"]
