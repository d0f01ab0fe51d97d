"""Numbers as networks write them, and numbers that their owners withhold: what the dialplan makes of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from dialplan.binary import AsteriskBinary
from dialplan.settings import AsteriskSettings
from records.missed_calls.cel import groups, read_cel
from records.missed_calls.cel_facts import facts
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import ended
from tests.dialplan.sip_phone import Phone, telephone

pytestmark = pytest.mark.call

NUMBER = "+919812300042"
ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'
NAMED = f"<sip:{NUMBER}@192.0.2.4>"
ASSERTED = f'P-Asserted-Identity: "Ram Lal" <sip:{NUMBER};cpc=ordinary@192.0.2.4:5070;user=phone>\r\n'


@pytest.fixture
async def agi() -> AsyncIterator[ScriptedAgi]:
    """A service that ends every call at once."""
    script = ScriptedAgi(sets={"welcome": {"H181_NEXT": "end"}})
    async with scripted_agi(script):
        yield script


@pytest.fixture
async def centre(binary: AsteriskBinary, agi: ScriptedAgi) -> AsyncIterator[PrivateCentre]:
    """A running Asterisk with that service."""
    async with private_asterisk(binary=binary, agi_port=agi.port) as running:
        yield running


async def _asked(
    agi: ScriptedAgi, phone: Phone, number: str, caller: str, headers: str = ""
) -> tuple[str, str, str, bool]:
    """Caller, dialled, the number that Asterisk keeps, and whether it calls it restricted."""
    agi.forget()
    call = await phone.call(number, caller=caller, headers=headers)
    await ended(call)
    await asyncio.wait_for(agi.ended.wait(), 5)
    assert call.status == 200, (number, caller)
    told, environment = agi.asked[0][1], agi.environments[0]
    return told[1], told[2], environment["agi_callerid"], int(environment["agi_callingpres"]) & 0x60 == 0x20


async def test_parameters_in_the_user_part_are_no_digits(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    for number, dialled in (
        ("07372181;phone-context=+91", "07372181"), ("181;npdi;rn=+917374", "181"),
        ("+917372181;isub=12", "+917372181"), ("181;ext=44", "181"), ("181%3Bcic=+15", "181"),
        ("181;oli=62;cpc=payphone", "181"), (";x=1", ""), ("%E0%A5%A7%E0%A5%AE", ""), ("%F0%9F%9A%91", ""),
        ("%ff%fe", ""), ("%00", ""), ("181;a=%E0%A5%A7", "181"), ("112;verstat=TN-Validation-Passed", "112"),
    ):  # fmt: skip
        assert (await _asked(agi, citizen, number, NAMED))[:2] == (NUMBER, dialled), number
    for caller in (
        f"<sip:{NUMBER};phone-context=+91@192.0.2.4;user=phone>", f"<sip:{NUMBER};cpc=ordinary;oli=62@x>",
        f"<tel:{NUMBER}>", f"<tel:{NUMBER};isub=9>", f"<sip:%2B{NUMBER[1:]}%3Bcpc=test@x>",
        f"<sip:{NUMBER};npdi;rn=+9174@x>", "<tel:+91-98123-00042>", "<sip:+91(98123)00042;ext=7@x>",
        f"<sip:{NUMBER};verstat=TN-Validation-Passed@x>", f"<sip:{NUMBER};tgrp=1;trunk-context=x@x>",
    ):  # fmt: skip
        assert (await _asked(agi, citizen, "181", caller))[:1] == (NUMBER,), caller
    assert centre.log() == []


async def test_a_withheld_number_is_kept_and_not_told(
    centre: PrivateCentre, agi: ScriptedAgi, citizen: Phone
) -> None:
    for caller, headers in (
        (ANONYMOUS, f"P-Asserted-Identity: <tel:{NUMBER}>\r\nPrivacy: id\r\n"),
        (ANONYMOUS, f"{ASSERTED}Privacy: id; critical\r\n"), (NAMED, f"{ASSERTED}Privacy: critical;ID\r\n"),
        (NAMED, f"{ASSERTED}Privacy: user\r\n"), (NAMED, f"{ASSERTED}Privacy: header\r\n"),
        (NAMED, "Privacy: id\r\n"), (NAMED, f"{ASSERTED}Privacy: none\r\nPrivacy: id\r\n"),
        (ANONYMOUS, f"P-Asserted-Identity: <tel:{NUMBER}>, <sip:{NUMBER}@x>\r\n"),
        (ANONYMOUS, f"P-Asserted-Identity: <sip:anonymous@x:5060>, <tel:{NUMBER}>\r\n"),
        (ANONYMOUS, f"P-Asserted-Identity: <sip:{NUMBER}@x>\r\nP-Asserted-Identity: <tel:{NUMBER}>\r\n"),
        ("<sip:unknown@x>", ASSERTED), ("<sip:Restricted@x>", ASSERTED), ("sip:private@x", ASSERTED),
        (f'"Private Number" <sip:{NUMBER}@x>', ""), (f'"anonymous" <tel:{NUMBER}>', ""),
        (f"<sip:{NUMBER}@anonymous.invalid>", ""),
        (NAMED, f"Remote-Party-ID: <sip:{NUMBER}@x>;party=calling;privacy=full\r\n"),
        ("<sip:anonymous.invalid>", ASSERTED), ('"Ram" <sips:anonymous.invalid>', ASSERTED),
        (NAMED, f"{ASSERTED}{'Privacy: none' + chr(13) + chr(10)}" * 3 + "Privacy: id\r\n"),
    ):  # fmt: skip
        assert await _asked(agi, citizen, "181", caller, headers) == ("", "181", NUMBER, True), (
            caller,
            headers,
        )
    assert await _asked(agi, citizen, "181", ANONYMOUS) == ("", "181", "unknown", True)
    for caller, headers in (
        (NAMED, f"{ASSERTED}Privacy: none\r\n"), (NAMED, f"{ASSERTED}Privacy: session\r\n"),
        (NAMED, "Privacy: history;critical\r\n"), (f'"Anil Anonymous Singh" <sip:{NUMBER}@x>', ""),
        (f"<sip:{NUMBER}@private.example>", ""),
        (f"<sip:{NUMBER}@not-anonymous.invalid>", ""), (f'"unknowns" <sip:{NUMBER}@unknown.example>', ""),
        (NAMED, f"Remote-Party-ID: <sip:{NUMBER}@x>;privacy=off\r\n"),
    ):  # fmt: skip
        assert await _asked(agi, citizen, "181", caller, headers) == (NUMBER, "181", NUMBER, False), caller
    assert centre.log() == []
    written = groups(read_cel((centre.runtime / "log" / "cel-custom" / "helpline.csv").read_bytes()).events)
    told = [fact for group in written for fact in facts(group)]
    assert [fact.withheld for fact in told] == [True] * 21 + [False] * 8
    assert [fact.usable for fact in told] == [False] * 21 + [True] * 8
    assert {fact.caller for fact in told} == {NUMBER, ""}
    # Asterisk cannot read such a From, and says so in its log.
    long = f'"{"क ख " * 900}" <sip:anonymous@x>'
    assert await _asked(agi, citizen, "181", long, ASSERTED) == ("", "181", NUMBER, True)


async def test_telephones_do_not_show_a_withheld_number_and_a_setting_lets_it_be_used(
    binary: AsteriskBinary,
) -> None:
    def used(settings: AsteriskSettings) -> AsteriskSettings:
        return replace(settings, use_withheld_numbers=True)

    script = ScriptedAgi(sets={"connect": {"H181_QUEUE": "district-39"}})
    async with (
        scripted_agi(script),
        private_asterisk(binary=binary, agi_port=script.port, change=used) as centre,
        telephone("9812300042", "127.0.0.2", centre.server) as citizen,
        telephone("2001", "127.0.0.1", centre.server) as executive,
    ):
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        await ended(await executive.call("*11"))
        for caller, headers, shown in (
            (ANONYMOUS, f"{ASSERTED}Privacy: id\r\n", False),
            (NAMED, ASSERTED, True),
        ):
            script.forget()
            call = await citizen.call("181", caller=caller, headers=headers)
            ringing = await asyncio.wait_for(executive.incoming.get(), 10)
            assert (NUMBER in ringing.remote) is shown
            await call.hang_up()
            await ended(ringing)
            await asyncio.wait_for(script.ended.wait(), 5)
            assert script.asked[0][1][1] == NUMBER
            assert (int(script.environments[0]["agi_callingpres"]) & 0x60 == 0x20) is not shown
