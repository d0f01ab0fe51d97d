"""The citizen's call with the AGI service in charge: what it is told, what the dialplan does by itself."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator

import pytest

from dialplan.binary import AsteriskBinary
from records.calls.recordings import read_begun
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import dial_and_wait, ended, heard, no_channels, rings, rows, variable
from tests.dialplan.sip_phone import SILENCE, Phone, telephone

pytestmark = pytest.mark.call


@pytest.fixture
async def agi() -> AsyncIterator[ScriptedAgi]:
    """A well-behaved service that sends every call to Rajgarh's queue."""
    script = ScriptedAgi(sets={"connect": {"H181_QUEUE": "district-39"}})
    async with scripted_agi(script):
        yield script


@pytest.fixture
async def centre(binary: AsteriskBinary, agi: ScriptedAgi) -> AsyncIterator[PrivateCentre]:
    """A running Asterisk with that service."""
    async with private_asterisk(binary=binary, agi_port=agi.port) as running:
        yield running


async def test_every_step_is_asked_and_the_end_is_told(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone, executive: Phone
) -> None:
    await dial_and_wait(executive, "*11")
    call = await citizen.call("181")
    answered = await rings(executive)
    await answered.hang_up()
    await ended(call)
    await asyncio.wait_for(agi.ended.wait(), 5)
    assert agi.steps() == ["welcome", "district", "connect", "aftercall", "ended"]
    call_id = agi.asked[0][1][0]
    assert str(uuid.UUID(call_id)) == call_id
    assert all(arguments[:3] == [call_id, "9876543210", "181"] for _, arguments in agi.asked)
    status, cause, member, queue, seconds, recording, talks = agi.asked[-1][1][3:]
    assert (status, cause, member, queue) == ("CONTINUE", "16", "PJSIP/2001", "district-39")
    assert seconds.isdecimal()
    assert recording == f"{call_id}.wav"
    (begun,) = read_begun(talks)
    assert (begun.extension, begun.file) == ("2001", recording)
    assert heard(centre, call) == []
    assert centre.log() == []


async def test_the_recording_is_complete_when_the_end_is_told(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone, executive: Phone
) -> None:
    await dial_and_wait(executive, "*11")
    call = await citizen.call("181")
    answered = await rings(executive)
    await asyncio.wait_for(answered.hears(b"\xd5" * 8000), 5)
    await call.hang_up()
    await asyncio.wait_for(agi.ended.wait(), 5)
    status, _, member, _, seconds, recording, _ = agi.asked[-1][1][3:]
    assert (status, member) == ("CONTINUE", "PJSIP/2001")
    assert int(seconds) >= 1
    wave = (centre.runtime / "recordings" / recording).read_bytes()
    assert wave[:4] == b"RIFF"
    assert int.from_bytes(wave[40:44], "little") == len(wave) - 44 >= 2 * 8000 * 0.8


async def test_a_caller_who_gives_up_in_the_queue_is_told_as_such(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone, executive: Phone
) -> None:
    executive.pick_up_by_itself = False
    await dial_and_wait(executive, "*11")
    call = await citizen.call("181")
    ringing = await asyncio.wait_for(executive.incoming.get(), 10)
    assert await variable(centre, "H181_QUEUE") == "district-39"
    await call.hang_up()
    await ended(ringing)
    await asyncio.wait_for(agi.ended.wait(), 5)
    status, _, member, queue, seconds, recording, talks = agi.asked[-1][1][3:]
    assert (status, member, queue, seconds, recording, talks) == ("", "", "district-39", "0", "", "")
    await no_channels(centre)
    assert list((centre.runtime / "recordings").iterdir()) == []


async def test_waiting_callers_hear_a_tone_and_are_asked_to_wait_until_the_very_answer(
    centre: PrivateCentre, citizen: Phone, executive: Phone
) -> None:
    executive.pick_up_by_itself = False
    await dial_and_wait(executive, "*11")
    call = await citizen.call("181")
    tone = (centre.runtime / "data" / "moh" / "tone" / "1-tone.alaw").read_bytes()
    await call.hears(tone[1600:3200])
    ringing = await asyncio.wait_for(executive.incoming.get(), 10)
    await call.hears(centre.prompts["all-busy"], 20)
    assert bytes(call.heard).index(tone[1600:3200]) < bytes(call.heard).index(centre.prompts["all-busy"])
    await executive.pick_up(ringing)
    await ringing.hears(SILENCE * 5, 2)
    await call.hang_up()
    await no_channels(centre)


async def test_nobody_logged_in_goes_to_the_state_and_says_so(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    call = await citizen.call("181")
    await ended(call)
    assert heard(centre, call) == ["connecting", "to-state-operator", "nobody", "thanks"]
    await asyncio.wait_for(agi.ended.wait(), 5)
    assert agi.asked[-1][1][3:] == ["JOINEMPTY", "16", "", "state", "0", "", ""]


async def test_a_dead_phone_counts_as_nobody(centre: PrivateCentre, citizen: Phone) -> None:
    await centre.asterisk.cli("queue add member PJSIP/2002 to district-39")
    call = await citizen.call("181")
    await ended(call)
    assert heard(centre, call)[-2:] == ["nobody", "thanks"]


async def test_a_direct_number_knows_the_district(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    for number in ("07372181", "7372181", "+917372181", "917374181"):
        agi.forget()
        call = await citizen.call(number)
        await ended(call)
        await asyncio.wait_for(agi.ended.wait(), 5)
        assert agi.steps() == ["welcome", "connect", "message", "ended"]
        assert {arguments[2] for _, arguments in agi.asked} == {number}


async def test_any_other_number_is_taken_as_181(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    for number in ("1800", "s", "+91-7372.x", "07162181", "%24%7BSHELL(x)%7D", "a,b", "7" * 70):
        agi.forget()
        call = await citizen.call(number)
        await ended(call)
        await asyncio.wait_for(agi.ended.wait(), 5)
        assert agi.steps() == ["welcome", "district", "connect", "message", "ended"], number
        assert re.fullmatch(r"[0-9+*#]{0,32}", agi.asked[0][1][2])
        assert call.status == 200
    assert centre.log() == []


HOSTILE = (
    ('"${SHELL(touch /x)}" <sip:9876543210@127.0.0.2>', "9876543210"),
    ('"x,y)|z" <sip:98765%2C43210%29%24%7BEXTEN%7D@127.0.0.2>', "9876543210"),
    ("<sip:+919876543210@127.0.0.2>", "+919876543210"),
    ('"Anonymous" <sip:anonymous@anonymous.invalid>', ""),
    (f"<sip:{'9' * 200}@127.0.0.2>", "9" * 32),
    ("<sip:%E0%A5%A6%E0%A5%AF@127.0.0.2>", ""),
)


async def test_the_callers_number_is_cleaned_before_anything_uses_it(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    for caller, expected in HOSTILE:
        agi.forget()
        call = await citizen.call("181", caller=caller)
        await ended(call)
        await asyncio.wait_for(agi.ended.wait(), 5)
        assert {arguments[1] for _, arguments in agi.asked} == {expected}
        for environment in agi.environments:
            assert environment["agi_callerid"] in (expected, "unknown")
            assert environment["agi_calleridname"] in ("", "unknown")
    assert centre.log() == []
    calls = await rows(centre, "cdr-csv/Master.csv", least=len(HOSTILE))
    assert [row[1] for row in calls] == [expected for _, expected in HOSTILE]


async def test_a_stranger_is_not_let_in(centre: PrivateCentre, agi: ScriptedAgi) -> None:
    async with telephone("9876543210", "127.0.0.3", centre.server) as stranger:
        call = await stranger.call("181")
        await ended(call)
        assert call.status == 401
    assert agi.asked == []


async def test_the_call_goes_on_as_the_welcome_says(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    nobody = ["to-state-operator", "nobody"]
    for following, steps, said in (
        ("operator", ["message"], nobody),
        ("queue:information", ["message"], ["connecting", *nobody]),
        ("queue:none", ["message"], nobody),
        ("extension:2099", ["message"], nobody),
        ("message", ["message"], []),
        ("status", ["status"], []),
        ("end", [], []),
    ):
        agi.forget()
        agi.sets = {"welcome": {"H181_NEXT": following}}
        call = await citizen.call("07372181")
        await ended(call)
        await asyncio.wait_for(agi.ended.wait(), 5)
        assert agi.steps() == ["welcome", *steps, "ended"], following
        assert [key for key in heard(centre, call) if key != "thanks"] == said, following
    agi.sets = {"connect": {"H181_NEXT": "message", "H181_QUEUE": "state"}}
    agi.forget()
    call = await citizen.call("07372181")
    await ended(call)
    await asyncio.wait_for(agi.ended.wait(), 5)
    assert agi.steps() == ["welcome", "connect", "message", "ended"]
    assert heard(centre, call) == ["thanks"]
    assert centre.log() == []
