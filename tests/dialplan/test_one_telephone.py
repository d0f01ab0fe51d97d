"""A service that an administrator adds to the menu for one telephone, all without the AGI service."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from dialplan.binary import AsteriskBinary
from dialplan.menu import MENU_FILE
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import ended, heard, no_channels, rings
from tests.dialplan.sip_phone import Call, Phone, telephone
from tests.dialplan.test_citizen_ways import events

pytestmark = pytest.mark.call

SERVICE = """
[[service]]
id = "ration"
key = "5"
prompt = "menu-demand"
target = "extension:2001"
"""
NOBODY = ["to-state-operator", "nobody"]


@pytest.fixture
async def centre(binary: AsteriskBinary, tmp_path: Path) -> AsyncIterator[PrivateCentre]:
    """A centre with the service."""
    menu = tmp_path / "menu.toml"
    menu.write_text(MENU_FILE.read_text(encoding="utf-8") + SERVICE, encoding="utf-8")
    async with private_asterisk(
        binary=binary, change=lambda s: replace(s, menu_file=menu, ring_seconds=3)
    ) as running:
        yield running


async def chooses(centre: PrivateCentre, citizen: Phone) -> Call:
    call = await citizen.call("181")
    await call.hears(centre.prompts["language-hint"][:320])
    await call.press("5")
    return call


async def nobody(centre: PrivateCentre, citizen: Phone, *before: str) -> None:
    call = await chooses(centre, citizen)
    await call.hears(centre.prompts["nobody"])
    said = heard(centre, call)
    assert said[said.index("greeting") + 1 :] == [*before, *NOBODY]
    await call.hang_up()


async def test_it_is_answered_or_the_call_goes_on(centre: PrivateCentre, citizen: Phone) -> None:
    # Not there.
    await nobody(centre, citizen)
    async with (
        telephone("2001", "127.0.0.1", centre.server) as seat,
        telephone("9876543211", "127.0.0.2", centre.server) as second,
    ):
        await seat.register(centre.secrets.endpoint_passwords["2001"])
        call = await chooses(centre, citizen)
        talk = await rings(seat)
        # In use: his telephone could ring a second time, and he would not answer.
        await nobody(centre, second)
        assert seat.incoming.empty()
        await talk.hang_up()
        await ended(call)
        assert heard(centre, call)[-1] == "thanks", "what follows every conversation"
        # Nobody answers.
        seat.pick_up_by_itself = False
        await nobody(centre, citizen, "connecting")
        await asyncio.wait_for(seat.incoming.get(), 5)
        await no_channels(centre)
    said = await events(centre, "H181_ENDED")
    assert [one.rpartition("/")[0] for one in said] == [
        "JOINEMPTY/state/",
        "JOINEMPTY/state/",
        "CONTINUE/extension-2001/PJSIP/2001",
        "JOINEMPTY/state/",
    ]
    assert len(list((centre.runtime / "recordings").iterdir())) == 1
