"""The way to the emergency number stays open: real calls out, by trunks that behave as real ones do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from dialplan.binary import AsteriskBinary
from records.calls.ways import Try, read_try
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk, prompt
from tests.dialplan.carrier import carrier
from tests.dialplan.conversation import dial_and_wait, ended, heard, no_channels, rings, rows
from tests.dialplan.passing import pass_on
from tests.dialplan.sip_phone import Call, Phone, telephone

pytestmark = pytest.mark.call

SILENT_TRUNK_SECONDS = 7


@asynccontextmanager
async def centre_with(binary: AsteriskBinary, trunk: str, **more: Any) -> AsyncIterator[PrivateCentre]:
    changes = {
        "trunk_contact": trunk, "qualify_seconds": 1, "emergency_ring_seconds": 13,
        "emergency_second_seconds": 4, "sip_silence_seconds": SILENT_TRUNK_SECONDS, **more,
    }  # fmt: skip
    async with private_asterisk(binary=binary, change=lambda s: replace(s, **changes)) as centre:
        yield centre


async def calls_for_help(centre: PrivateCentre, citizen: Phone, *, language: str = "") -> Call:
    """Press the emergency's key in the first prompt."""
    hint = centre.lengthen("emergency-hint")
    call = await citizen.call("181")
    await call.hears(hint[:320])
    if language:
        await call.press(language)
        await call.hears(prompt("en", "emergency-hint")[:320])
    await call.press("9")
    return call


async def tries(centre: PrivateCentre) -> list[Try]:
    """What the CEL file tells of ways."""
    told = [row[12] for row in await rows(centre, "cel-custom/helpline.csv") if row[1] == "H181_WAY"]
    found = [read_try(one.removeprefix('{"extra":"').removesuffix('"}')) for one in told]
    assert None not in found, told
    return [one for one in found if one is not None]


async def unreached(centre: PrivateCentre) -> int:
    found = await rows(centre, "cel-custom/helpline.csv")
    return sum(row[1] == "H181_UNREACHED" for row in found)


async def test_a_trunk_that_answers_no_ping_takes_the_call_for_help(binary: AsteriskBinary) -> None:
    async with (
        carrier("127.0.0.2", "180 Ringing", "486 Busy Here") as trunk,
        centre_with(binary, trunk.address) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await calls_for_help(centre, citizen)
        await call.hears(centre.prompts["to-state-operator"], 20)
        assert trunk.numbers == {"112"}
        assert not [line for line in trunk.asked if line.startswith("OPTIONS")], "a ping decides nothing"
        assert heard(centre, call)[-2:] == ["emergency-connecting", "to-state-operator"]
        await call.hang_up()
        await no_channels(centre)
        (one,) = await tries(centre)
        assert (one.way, one.status, one.code) == ("first", "BUSY", 486)
        assert await unreached(centre) == 1


@pytest.mark.parametrize(
    ("answers", "code", "least", "most"),
    [
        ((), None, SILENT_TRUNK_SECONDS - 1, 10),
        (("100 Trying", "503 Service Unavailable"), 503, 0, 3),
        (("403 Forbidden",), 403, 0, 3),
        (("404 Not Found",), 404, 0, 3),
        (("183 Session Progress",), 183, 8, 11),
    ],
    ids=("nothing", "503", "403", "404", "183-and-nothing"),
)
async def test_a_trunk_that_fails_is_followed_by_the_second_trunk(
    binary: AsteriskBinary, answers: tuple[str, ...], code: int | None, least: float, most: float
) -> None:
    now = asyncio.get_running_loop().time
    async with (
        carrier("127.0.0.2", *answers) as trunk,
        telephone("112", "127.0.0.4", ("127.0.0.1", 9)) as rescue,
        centre_with(binary, trunk.address, emergency_second=f"127.0.0.4:{rescue.port}") as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        rescue.server = centre.server
        call = await calls_for_help(centre, citizen)
        await asyncio.wait_for(trunk.invited.wait(), 10)
        began = now()
        answered = await rings(rescue)
        assert least <= now() - began <= most
        assert "9876543210" in answered.remote
        await answered.hang_up()
        await ended(call)
        await no_channels(centre)
        first, second = await tries(centre)
        assert (first.way, first.code) == ("first", code)
        assert (second.way, second.status, second.code) == ("second", "ANSWER", 200)
        assert await unreached(centre) == 0


async def test_a_telephone_in_the_room_is_the_second_way_in_english(binary: AsteriskBinary) -> None:
    changes: dict[str, Any] = {"emergency_second": "2001", "trunk_contact": "no-such-trunk.invalid"}
    async with (
        private_asterisk(
            binary=binary, english=("emergency-hint",), change=lambda s: replace(s, **changes)
        ) as centre,
        telephone("2001", "127.0.0.1", centre.server) as guard,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        await guard.register(centre.secrets.endpoint_passwords["2001"])
        call = await calls_for_help(centre, citizen, language="8")
        answered = await rings(guard)
        await call.hang_up()
        await ended(answered)
        await no_channels(centre)
        first, second = await tries(centre)
        assert (first.status, first.code) == ("CONGESTION", None)
        assert (second.way, second.status) == ("second", "ANSWER"), "the caller hung up after the talk"


async def test_when_no_way_answers_in_time_the_operators_are_told(binary: AsteriskBinary) -> None:
    now = asyncio.get_running_loop().time
    async with (
        carrier("127.0.0.2", "180 Ringing") as trunk,
        carrier("127.0.0.4", "180 Ringing") as other,
        centre_with(binary, trunk.address, emergency_second=other.address) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await calls_for_help(centre, citizen)
        await asyncio.wait_for(trunk.invited.wait(), 10)
        began = now()
        await call.hears(centre.prompts["to-state-operator"], 25)
        assert 12 <= now() - began <= 17, "emergency_ring_seconds is for both ways together"
        await call.hang_up()
        await no_channels(centre)
        assert [(one.way, one.status) for one in await tries(centre)] == [
            ("first", "NOANSWER"),
            ("second", "NOANSWER"),
        ]
        assert await unreached(centre) == 1


async def test_a_caller_who_hangs_up_while_it_rings_is_told_of(binary: AsteriskBinary) -> None:
    async with (
        carrier("127.0.0.2", "180 Ringing") as trunk,
        centre_with(binary, trunk.address) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await calls_for_help(centre, citizen)
        await asyncio.wait_for(trunk.invited.wait(), 10)
        await call.hang_up()
        await no_channels(centre)
        (one,) = await tries(centre)
        assert (one.way, one.status) == ("first", "CANCEL")
        assert await unreached(centre) == 0


async def test_without_any_address_the_operators_take_it_at_once(binary: AsteriskBinary) -> None:
    async with (
        centre_with(binary, "", trunk_match=("127.0.0.2/31",)) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await calls_for_help(centre, citizen)
        await call.hears(centre.prompts["to-state-operator"], 5)
        await call.hang_up()
        await no_channels(centre)
        (one,) = await tries(centre)
        assert (one.status, one.code, one.seconds) == ("CHANUNAVAIL", None, 0)


async def test_an_executive_passes_a_caller_in_danger_to_the_emergency_number(
    binary: AsteriskBinary,
) -> None:
    async with (
        telephone("112", "127.0.0.2", ("127.0.0.1", 9)) as rescue,
        centre_with(binary, f"127.0.0.2:{rescue.port}") as centre,
        telephone("2001", "127.0.0.1", centre.server) as executive,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        rescue.server = centre.server
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        await dial_and_wait(executive, "*11")
        call = await citizen.call("07372181")
        await call.hears(centre.prompts["language-hint"][:320])
        await call.press("1")
        talk = await rings(executive)
        assert await pass_on(talk, "112") == 200
        answered = await rings(rescue)
        assert "9876543210" in answered.remote
        await answered.hang_up()
        await ended(call)
        await no_channels(centre)
        (one,) = await tries(centre)
        assert (one.way, one.status) == ("first", "ANSWER")
