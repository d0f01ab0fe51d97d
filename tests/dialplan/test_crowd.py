"""A crowd takes nothing from others: calls without end, a stolen password, strangers, idle connections."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import aiohttp
import psutil
import pytest

from dialplan.binary import AsteriskBinary
from dialplan.errors import DialplanError
from dialplan.generate import CONTROL_USER
from dialplan.lines import Lines, share
from dialplan.settings import AsteriskSettings
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.carrier import carrier
from tests.dialplan.conversation import ended, heard, no_channels, rows
from tests.dialplan.raw_sip import over_tcp, over_udp, request, status
from tests.dialplan.sip_phone import Call, Phone, telephone

STRANGER, TRUNK = "127.0.0.23", "127.0.0.2"
FLOOD = 60


def ports(centre: PrivateCentre) -> int:
    """How many ports for sound are taken."""
    assert centre.asterisk.pid is not None
    held = psutil.Process(centre.asterisk.pid).net_connections("udp")
    return sum(centre.settings.rtp_first <= one.laddr.port <= centre.settings.rtp_last for one in held)


async def settled(calls: Iterable[Call]) -> None:
    """Each is answered or refused."""
    for call in calls:
        ways = {asyncio.create_task(call.answered.wait()), asyncio.create_task(call.ended.wait())}
        done, pending = await asyncio.wait(ways, timeout=15, return_when=asyncio.FIRST_COMPLETED)
        assert done
        for one in pending:
            one.cancel()


async def flood(phone: Phone, number: str, callers: Iterable[str]) -> list[Call]:
    """A call for each caller ("" for the phone's own name), twenty at once."""
    calls: list[Call] = []
    for caller in callers:
        who = f"<sip:{caller}@trunk.example>" if caller else None
        calls.append(await phone.call(number, caller=who))
        if len(calls) % 20 == 0:
            await settled(calls[-20:])
    await settled(calls)
    return calls


async def told(centre: PrivateCentre, kind: str) -> Counter[str]:
    """What events of this kind say in the CEL file."""
    found = [row[12] for row in await rows(centre, "cel-custom/helpline.csv") if row[1] == kind]
    return Counter(one.removeprefix('{"extra":"').removesuffix('"}') for one in found)


async def all_gone(centre: PrivateCentre, calls: Iterable[Call]) -> None:
    await asyncio.gather(*(call.hang_up() for call in calls))
    await no_channels(centre)
    async with asyncio.timeout(10):
        while ports(centre):  # noqa: ASYNC110 - the kernel tells no end of a socket
            await asyncio.sleep(0.1)


@pytest.mark.call
async def test_a_caller_who_floods_keeps_nobody_out(binary: AsteriskBinary) -> None:
    async with (
        private_asterisk(binary=binary) as centre,
        telephone("x", TRUNK, centre.server) as flooding,
        telephone("9812300042", TRUNK, centre.server) as citizen,
    ):
        numbers = ("+919826000001", "09826000001", "9826000001") * (FLOOD // 3)
        calls = await flood(flooding, "181", numbers)
        assert Counter(call.status for call in calls) == {200: 6, 486: FLOOD - 6}
        call = await citizen.call("181")
        await call.hears(centre.prompts["greeting"])
        assert heard(centre, call)[:2] == ["emergency-hint", "greeting"]
        await all_gone(centre, [*calls, call])
        assert await told(centre, "H181_CAPPED") == {"caller/told": 1, "caller/refused": FLOOD - 6}
        again = await flooding.call("181", caller="<sip:9826000001@x>")
        await again.hears(centre.prompts["greeting"])
        await again.hang_up()


@pytest.mark.call
async def test_who_finds_no_line_is_told_so_called_back_and_put_through_to_help(
    binary: AsteriskBinary,
) -> None:
    changes: dict[str, Any] = {"calls_at_once": 2, "calls_told_at_once": 1}
    async with (
        carrier(TRUNK, "180 Ringing", "486 Busy Here") as trunk,
        private_asterisk(
            binary=binary, change=lambda s: replace(s, trunk_contact=trunk.address, **changes)
        ) as centre,
        telephone("x", TRUNK, centre.server) as phone,
    ):
        first, second = await flood(phone, "181", ("9826000001", "9826000002"))
        both = await flood(phone, "07372181", ("9826000003", "9826000004"))
        third, fourth = sorted(both, key=lambda call: call.status)
        assert (third.status, fourth.status) == (200, 486)
        await ended(third)
        assert heard(centre, third) == ["emergency-hint", "nobody", "callback-noted", "thanks"]
        hint = centre.lengthen("emergency-hint")
        danger = await phone.call("181", caller="<sip:9826000005@x>")
        await danger.hears(hint[:320])
        await danger.press("9")
        await danger.hears(centre.prompts["to-state-operator"], 20)
        assert trunk.numbers == {"112"}
        await danger.hang_up()
        hidden = await phone.call("181", caller='"Anonymous" <sip:anonymous@anonymous.invalid>')
        await ended(hidden, 25)
        assert "callback-noted" not in heard(centre, hidden), "nobody can be called back without a number"
        await first.hang_up()
        async with asyncio.timeout(10):
            next_one = await phone.call("181", caller="<sip:9826000006@x>")
            await next_one.hears(hint[:320])
        await all_gone(centre, (second, next_one))
        assert await told(centre, "H181_CAPPED") == {"lines/told": 3, "lines/refused": 1}
        assert (await told(centre, "H181_CALLBACK")).total() >= 3


@pytest.mark.call
async def test_a_telephone_with_a_stolen_password_places_two_calls(binary: AsteriskBinary) -> None:
    async with (
        private_asterisk(binary=binary) as centre,
        telephone("2001", "127.0.0.1", centre.server) as stolen,
        telephone("2002", "127.0.0.1", centre.server) as colleague,
        telephone("9812300042", TRUNK, centre.server) as citizen,
    ):
        await stolen.register(centre.secrets.endpoint_passwords["2001"])
        await colleague.register(centre.secrets.endpoint_passwords["2002"])
        for number in ("*12", "2002", "181"):
            calls = await flood(stolen, number, [""] * FLOOD)
            refused = Counter(call.status for call in calls)
            assert refused[486] >= FLOOD - 6, (number, refused)
            assert set(refused) <= {0, 200, 486}, (number, refused)
            call = await citizen.call("181")
            await call.hears(centre.prompts["emergency-hint"])
            await all_gone(centre, [*calls, call])


@pytest.mark.call
async def test_strangers_take_no_port_for_sound(binary: AsteriskBinary) -> None:
    async with private_asterisk(binary=binary) as centre:
        uri = f"sip:181@127.0.0.1:{centre.settings.sip_port}"
        for who in ("<sip:2001@x>", "<sip:trunk@x>", "<sip:nobody@x>") * 10:
            text = request("INVITE", uri, who, STRANGER)
            assert status(await over_udp(STRANGER, centre.server, text)) == 401
        assert ports(centre) == 0
        assert "0 active channels" in await centre.asterisk.cli("core show channels")


@pytest.mark.call
async def test_idle_connections_are_closed_and_leave_room_meanwhile(binary: AsteriskBinary) -> None:
    async with private_asterisk(binary=binary) as centre:
        settings = centre.settings
        uri = f"sip:181@127.0.0.1:{settings.sip_port}"
        asked = request("OPTIONS", uri, "<sip:2001@x>", "127.0.0.24", transport="TCP")
        ari = f"http://{settings.control_bind}:{settings.http_port}/ari/asterisk/info"
        login = {"Authorization": aiohttp.encode_basic_auth(CONTROL_USER, centre.secrets.ari_password)}
        idle = [
            await asyncio.open_connection(*server, local_addr=(STRANGER, 0))
            for server, count in ((centre.server, 60), ((settings.control_bind, settings.http_port), 220))
            for _ in range(count)
        ]
        assert status(await over_tcp("127.0.0.24", centre.server, asked)) == 401
        async with aiohttp.ClientSession(headers=login) as session, session.get(ari) as answer:
            assert answer.status == 200
        async with asyncio.timeout(30):
            await asyncio.gather(*(reader.read() for reader, _ in idle), return_exceptions=True)
        for _, writer in idle:
            writer.close()


@pytest.mark.call
async def test_a_number_that_is_no_text_is_answered(binary: AsteriskBinary) -> None:
    """The control characters first of all: such a number matches few patterns."""
    async with (
        private_asterisk(binary=binary) as centre,
        telephone("9812300042", TRUNK, centre.server) as citizen,
    ):
        for number in ("%0a181", "%01", "%0d%0a181", "%00181", "%1f", "%7f181", "%09", "%20181", "%c2%85181"):
            call = await citizen.call(number)
            await settled([call])
            assert call.status == 200, number
            await call.hang_up()
        assert "not found in context" not in (centre.runtime / "log" / "messages.log").read_text()


def test_the_ports_are_shared_out() -> None:
    assert AsteriskSettings().lines == Lines(calls=35, told=5)
    assert share(10000, 10007, 0, 5) == Lines(calls=2, told=0)
    assert share(10000, 10199, 90, 5) == Lines(calls=90, told=5)
    with pytest.raises(DialplanError, match="carry 90 at most, and 35 that may all talk"):
        AsteriskSettings(calls_at_once=91)
    with pytest.raises(DialplanError, match="calls_of_one_caller = 0: use 1 call or more"):
        AsteriskSettings(calls_of_one_caller=0)
    with pytest.raises(DialplanError, match="calls_told_at_once = -1"):
        AsteriskSettings(calls_told_at_once=-1)
