"""The ways of a call that lead elsewhere than straight to an executive, all without the AGI service."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from dialplan.binary import AsteriskBinary
from dialplan.hours import INDIA
from ivr_prompts.speech import time_keys
from records.missed_calls.cel import groups, read_cel
from records.missed_calls.cel_facts import facts
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk, prompt
from tests.dialplan.conversation import (
    dial_and_wait,
    ended,
    heard,
    no_channels,
    often,
    rings,
    rows,
    variable,
)
from tests.dialplan.sip_phone import Call, Phone, telephone

pytestmark = pytest.mark.call

NOBODY_YET = ("127.0.0.1", 9)


async def events(centre: PrivateCentre, name: str) -> list[str]:
    """What was said in the CEL file by events of this name."""
    found = await rows(centre, "cel-custom/helpline.csv")
    return [row[12].removeprefix('{"extra":"').removesuffix('"}') for row in found if row[1] == name]


async def waiting(centre: PrivateCentre, count: int) -> list[str]:
    """Channels in the queue of Rajgarh in their order, once there are so many."""
    async with asyncio.timeout(15):
        while True:
            shown = await centre.asterisk.cli("queue show district-39")
            found = re.findall(r"^\s+\d+\. (PJSIP/trunk-\w+)", shown, re.MULTILINE)
            if len(found) == count:
                return found


@asynccontextmanager
async def emergency_centre(binary: AsteriskBinary, rescue: Phone) -> AsyncIterator[PrivateCentre]:
    """A centre whose trunk leads to the telephone of the emergency service."""
    contact = f"127.0.0.2:{rescue.port}"
    async with private_asterisk(
        binary=binary, change=lambda s: replace(s, trunk_contact=contact, emergency_ring_seconds=4)
    ) as centre:
        rescue.server = centre.server
        yield centre


async def calls_rajgarh(centre: PrivateCentre, citizen: Phone) -> Call:
    call = await citizen.call("07372181")
    await call.hears(centre.prompts["language-hint"][:320])
    await call.press("1")
    return call


async def test_the_emergency_key_is_heard_in_the_first_prompt(binary: AsteriskBinary) -> None:
    async with (
        telephone("112", "127.0.0.2", NOBODY_YET) as rescue,
        emergency_centre(binary, rescue) as centre,
    ):
        hint, notice = centre.lengthen("emergency-hint"), centre.lengthen("greeting-notice", 40)
        async with telephone("9876543210", "127.0.0.2", centre.server) as citizen:
            call = await citizen.call("181")
            await call.hears(hint[:320])
            await call.press("9")
            answered = await rings(rescue)
            assert "9876543210" in answered.remote
            await answered.hang_up()
            await ended(call)
            assert heard(centre, call)[-1] == "emergency-connecting"
            assert hint not in call.heard
            # The emergency service does not answer: the state's operators are told.
            rescue.pick_up_by_itself = False
            call = await citizen.call("181")
            await call.hears(hint[:320])
            # Rajgarh's code, too early, is no call for help.
            await call.press("39")
            # Later no key of the code can be meant any more.
            await call.hears(notice[: len(notice) * 3 // 4], 15)
            await call.press("9")
            await call.hears(centre.prompts["nobody"], 25)
            assert heard(centre, call)[-3:] == ["emergency-connecting", "to-state-operator", "nobody"]
            await call.hang_up()
        await no_channels(centre)
        assert await events(centre, "H181_EMERGENCY") == ["112", "112"]


async def test_the_waiting_menu_leads_back_to_the_same_place_or_out(binary: AsteriskBinary) -> None:
    async with (
        private_asterisk(
            binary=binary, change=lambda s: replace(s, key_seconds=20, queue_wait_seconds=120)
        ) as centre,
        telephone("2001", "127.0.0.1", centre.server) as executive,
        telephone("9876543210", "127.0.0.2", centre.server) as first,
        telephone("9876543211", "127.0.0.2", centre.server) as second,
    ):
        executive.pick_up_by_itself = False
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        await dial_and_wait(executive, "*11")
        one = await calls_rajgarh(centre, first)
        await waiting(centre, 1)
        two = await calls_rajgarh(centre, second)
        order = await waiting(centre, 2)
        await one.press("5")
        await one.hears(centre.prompts["waiting-menu"])
        assert await waiting(centre, 1) == order[1:]
        assert await variable(centre, "H181_POSITION", order[0]) == "1"
        await one.press("1")
        assert await waiting(centre, 2) == order
        await one.press("5")
        await often(one, centre.prompts["waiting-menu"], 2)
        await one.press("8")
        await one.hears(centre.prompts["waiting-menu-again"])
        await one.press("7")
        assert await waiting(centre, 2) == order, "keys that mean nothing are no wish to leave"
        await two.press("0")
        await two.hears(centre.prompts["waiting-menu"])
        assert await variable(centre, "H181_POSITION", order[1]) == "2"
        await two.press("3")
        await ended(two)
        assert heard(centre, two)[-2:] == ["callback-noted", "thanks"]
        await one.press("5")
        await often(one, centre.prompts["waiting-menu"], 3)
        await one.press("2")
        await one.hears(centre.prompts["beep"])
        await one.hang_up()
        await no_channels(centre)
        assert await events(centre, "H181_CALLBACK") == ["39"]


async def test_a_message_is_recorded_heard_again_and_kept(centre: PrivateCentre, citizen: Phone) -> None:
    call = await calls_rajgarh(centre, citizen)
    await call.hears(centre.prompts["nobody"], 20)
    await call.hears(centre.prompts["message-intro"])
    call.voice = prompt("", "a voice")[:160]
    file = await spoken(centre.runtime / "recordings", least=2 * 8000 * 5 // 2)
    call.voice = b"\xd5" * 160
    await call.hears(centre.prompts["message-review"])
    await call.press("2")
    await often(call, centre.prompts["message-review"], 2)
    await call.press("1")
    await ended(call)
    assert heard(centre, call)[-2:] == ["message-kept", "thanks"]
    await no_channels(centre)
    assert await events(centre, "H181_MESSAGE") == [file.name]
    call_id = file.name.removesuffix("-message.wav")
    assert call_id in {row[2] for row in await rows(centre, "cel-custom/helpline.csv")}
    told = (centre.runtime / "log" / "cel-custom" / "helpline.csv").read_bytes()
    (message,) = [
        message
        for group in groups(read_cel(told).events)
        for fact in facts(group)
        for message in fact.messages
    ]
    assert 2.5 < message.seconds < 20


async def spoken(folder: Path, least: int) -> Path:
    """The only recording, once it has so many bytes."""
    async with asyncio.timeout(20):
        while True:
            found = await asyncio.to_thread(lambda: sorted(folder.iterdir()))
            if found and found[0].stat().st_size >= least:
                return found[0]
            await asyncio.sleep(0.05)


async def test_a_closed_centre_in_another_language_prompt_by_prompt(
    binary: AsteriskBinary, tmp_path: Path
) -> None:
    # Two hours and more away from now, whatever the time of day.
    opening = 14 if datetime.now(UTC).astimezone(INDIA).hour < 12 else 2
    hours = tmp_path / "hours.toml"
    hours.write_text(
        f"[centres.39]\nopening = {opening:02}:00:00\nclosing = {opening + 1:02}:00:00\n", encoding="utf-8"
    )
    async with (
        private_asterisk(
            binary=binary, english=("greeting", "all-busy"), change=lambda s: replace(s, hours_file=hours)
        ) as centre,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        hint = centre.lengthen("emergency-hint")
        call = await citizen.call("07372181")
        await call.hears(hint[:320])
        await call.press("8")
        await call.hears(prompt("en", "greeting"))
        await call.hears(centre.prompts["language-hint"][:320])
        await call.press("*")
        await call.hears(centre.prompts["menu-repeat"])
        await call.press("1")
        await call.hears(centre.prompts["nobody"], 20)
        assert "greeting" not in heard(centre, call)
        assert heard(centre, call)[-7:] == [
            "closed-now", "closed-opens-at", *time_keys(time(opening), "en"), "to-state-operator", "nobody",
        ]  # fmt: skip
        await call.hang_up()
        await no_channels(centre)
        assert [line for line in centre.log() if "res_agi" not in line] == []


async def test_a_full_queue_leads_on_and_one_before_him_is_said(binary: AsteriskBinary) -> None:
    async with (
        private_asterisk(
            binary=binary, change=lambda s: replace(s, queue_longest=2, queue_wait_seconds=120)
        ) as centre,
        telephone("2001", "127.0.0.1", centre.server) as executive,
        telephone("9876543210", "127.0.0.2", centre.server) as first,
        telephone("9876543211", "127.0.0.2", centre.server) as second,
        telephone("9876543212", "127.0.0.2", centre.server) as third,
    ):
        executive.pick_up_by_itself = False
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        await dial_and_wait(executive, "*11")
        await calls_rajgarh(centre, first)
        await waiting(centre, 1)
        ahead = centre.lengthen("queue-ahead-one")
        two = await calls_rajgarh(centre, second)
        await two.hears(ahead[:320])
        # Who presses a key while he is told is in the menu of those who wait.
        await two.press("7")
        await two.hears(centre.prompts["waiting-menu"], 40)
        await two.press("1")
        await waiting(centre, 2)
        three = await calls_rajgarh(centre, third)
        await three.hears(centre.prompts["message-intro"], 25)
        assert heard(centre, three)[-4:] == ["connecting", "to-state-operator", "nobody", "message-intro"]
