"""What strangers write into SIP makes no line of its own in any file that Asterisk keeps."""

import asyncio
import csv
import json

import pytest

from agi.gate import token
from dialplan.binary import AsteriskBinary
from records.missed_calls.cel import groups, read_cel
from records.missed_calls.cel_facts import facts
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import no_channels
from tests.dialplan.sip_phone import Phone, telephone

pytestmark = pytest.mark.call

WISH = "H181_CALLBACK"
LINE = f"1796000000.5,{WISH},11111111-2222-4333-8444-555555555555,1.1,1.1,PJSIP/x,99,181,c,,,{WISH},"
NASTY = (
    "%0a", "%0d%0a", "%22%2c%22", "%00", "%01", "%7f", "%09", "%5c", "%25", "%1b%5b31m",
    f"%0a{LINE}%0a", "%0a%22" + LINE.replace(",", "%22%2c%22") + "%22%0a", "%0aa%29%7d%24%7bEPOCH%7d",
    "%e0%a4%a8", "%f0%9f%93%9e", "%ff", "%ed%a0%80",
)  # fmt: skip


async def _answered_or_refused(phone: Phone, number: str, nasty: str) -> None:
    who = f'"N{nasty.replace("%", "")}" <sip:98{nasty}76@127.0.0.2>'
    headers = (
        f'P-Asserted-Identity: "{nasty}" <sip:97{nasty}11@127.0.0.2>\r\n'
        f"Remote-Party-ID: <sip:96{nasty}@127.0.0.2>\r\nX-Anything: {nasty}\r\n"
    )
    call = await phone.call(number, caller=who, headers=headers)
    first = [asyncio.ensure_future(one.wait()) for one in (call.answered, call.ended)]
    try:
        # A message that cannot be understood at all is not answered.
        await asyncio.wait(first, timeout=2, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in first:
            one.cancel()
    if call.answered.is_set():
        await call.hang_up()


async def _text(centre: PrivateCentre, name: str) -> str:
    path = centre.runtime / "log" / name
    return (await asyncio.to_thread(path.read_bytes)).decode("utf-8", "surrogateescape")


async def test_nobody_writes_a_line(centre: PrivateCentre) -> None:
    async with (
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
        telephone("9876543210", "127.0.0.9", centre.server) as stranger,
    ):
        for nasty in NASTY:
            await _answered_or_refused(citizen, "181", nasty)
            await _answered_or_refused(citizen, f"181{nasty}", nasty)
            await _answered_or_refused(stranger, "181", nasty)
        last = await citizen.call("181")
        await asyncio.wait_for(last.answered.wait(), 5)
        await last.hang_up()
    await no_channels(centre)
    async with asyncio.timeout(10):
        while True:
            events = await _text(centre, "cel-custom/helpline.csv")
            read = read_cel(events.encode("utf-8", "surrogateescape"))
            if read.events and read.events[-1].kind == "LINKEDID_END" and "9876543210" in events:
                break
            await asyncio.sleep(0.05)
    assert read.odd == []
    assert events.isascii()
    assert all(ord(letter) >= 32 or letter == "\n" for letter in events)
    calls = [fact for group in groups(read.events) for fact in facts(group)]
    assert len(calls) > len(NASTY)
    assert all(not call.callbacks and call.caller.strip("0123456789+") == "" for call in calls)
    for line in (await _text(centre, "security.log")).splitlines()[1:]:
        assert json.loads(line)["logmsg"]["level"] == "SECURITY"
    for row in csv.reader((await _text(centre, "cdr-csv/Master.csv")).splitlines()):
        assert len(row) == 18
    for line in (await _text(centre, "queue_log")).splitlines():
        assert line.count("|") >= 4


async def test_requests_to_the_service_have_a_key_that_nobody_sees(binary: AsteriskBinary) -> None:
    async with (
        scripted_agi(ScriptedAgi({"welcome": "silent"})) as agi,
        private_asterisk(binary=binary, agi_port=agi.port) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        call = await citizen.call("181")
        await asyncio.wait_for(agi.called.wait(), 10)
        key = centre.secrets.agi_key
        shown = await centre.asterisk.cli("core show channels concise")
        assert "agi://" in shown
        await call.hang_up()
        await asyncio.wait_for(agi.ended.wait(), 10)
        await no_channels(centre)
        for (step, arguments), environment in zip(agi.asked, agi.environments, strict=True):
            assert environment["agi_network_script"] == f"{step}?key={token(key, step, arguments[0])}"
        assert agi.steps() == ["welcome", "ended"]
        assert len(key) >= 24
        assert key not in shown
        for name in ("cel-custom/helpline.csv", "cdr-csv/Master.csv", "messages.log"):
            assert key not in await _text(centre, name)
        made = centre.asterisk.layout.etc / "generated" / "globals.conf"
        assert key in await asyncio.to_thread(made.read_text)
        assert (await asyncio.to_thread(made.stat)).st_mode & 0o077 == 0
