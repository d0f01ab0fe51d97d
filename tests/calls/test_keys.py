"""Keys that arrive twice, and keys across the death of the service: raw RTP, real Asterisk."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from agi.settings import AgiSettings
from tests.agi.house import House
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import no_channels, rows
from tests.dialplan.sip_phone import Call, telephone

pytestmark = pytest.mark.call

KEY_SECONDS = 4
_callers = itertools.count(10)


@dataclass
class Rig:
    """Asterisk, the service (or none), and what came of the calls."""

    centre: PrivateCentre
    house: House | None

    async def events(self, kind: str) -> list[str]:
        """What the dialplan wrote down of its own steps."""
        found = await rows(self.centre, "cel-custom/helpline.csv")
        return [row[12].removeprefix('{"extra":"').removesuffix('"}') for row in found if row[1] == kind]

    def said(self, call: Call) -> list[str]:
        """Prompts as they began, without the parts of the menu."""
        starts = [
            (at, key)
            for key, sound in self.centre.prompts.items()
            for at in _places(bytes(call.heard), sound[:480])
        ]
        return [key for _, key in sorted(starts)]


def _places(heard: bytes, sound: bytes) -> list[int]:
    found, at = [], heard.find(sound)
    while at >= 0:
        found.append(at)
        at = heard.find(sound, at + 1)
    return found


@asynccontextmanager
async def rig(*, service: bool) -> AsyncIterator[Rig]:
    settings = AgiSettings(port=0, key_seconds=KEY_SECONDS, confirm_seconds=3.0)
    house = House(settings) if service else None
    if house is not None:
        await house.server.start()
    try:
        port = house.server.address[1] if house is not None else None
        async with private_asterisk(
            agi_port=port, change=lambda s: replace(s, key_seconds=KEY_SECONDS)
        ) as centre:
            yield Rig(centre, house)
            await no_channels(centre)
    finally:
        if house is not None:
            await house.server.stop(0)
            await house.centre.journal.drain(2)


async def play(
    rig: Rig, stream: Sequence[tuple[str, str]], *until: str, burst: str = "", dies: str = ""
) -> list[str]:
    """Prompts of a call up to the first of ``until``; in it each key is pressed when its prompt has begun, a
    second time with "*2", or "+1.5" seconds after the key before. ``dies``: the service dies at this key's
    place. Each is another caller: one number may not have many calls at once.
    """
    async with telephone(f"98765432{next(_callers):02}", "127.0.0.2", rig.centre.server) as citizen:
        call = await citizen.call("181")
        for where, key in stream:
            if where.startswith("+"):
                await asyncio.sleep(float(where[1:]))
            else:
                prompt, _, times = where.partition("*")
                await _begun(rig, call, prompt, int(times or 1))
            if key == dies and rig.house is not None:
                await rig.house.server.stop(0)
            elif burst:
                await call.press_badly(key, burst)
            else:
                await call.press(key)
        async with asyncio.timeout(45):
            # A call tells no counts.
            while not any(rig.centre.prompts[key][:480] in call.heard for key in until):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        said = rig.said(call)
        await call.hang_up()
    return said


async def _begun(rig: Rig, call: Call, prompt: str, times: int) -> None:
    async with asyncio.timeout(20):
        # A call tells no counts.
        while len(_places(bytes(call.heard), rig.centre.prompts[prompt][:480])) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


MENU = "menu-complaint"
STREAMS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "complaint, 39": ([(MENU, "1"), ("ask-district", "3"), ("+1", "9")], "connecting"),
    "complaint, 1 once more": ([(MENU, "1"), ("+0.3", "1")], "ask-district-again"),
    "complaint, 1 once more, 39": (
        [(MENU, "1"), ("+0.2", "1"), ("+0.3", "3"), ("+0.3", "9")],
        "connecting",
    ),
    "39 at the menu": ([(MENU, "3"), ("+0.4", "9")], "connecting"),
    "39 over the first words": ([("emergency-hint", "3"), ("+0.4", "9")], "connecting"),
    "39, the 9 late": ([("emergency-hint", "3"), ("+3", "9")], "connecting"),
    "39 and 9 once more": ([("emergency-hint", "3"), ("+0.4", "9"), ("+0.4", "9")], "connecting"),
    "operator": ([(MENU, "0")], "to-state-operator"),
    "status": ([(MENU, "2")], "status-ask-number"),
    "English": ([(MENU, "8"), (f"{MENU}*2", "1")], "ask-district"),
}
"""Keys, and the prompt they lead to: `connecting` is said to who goes to Rajgarh's own executives."""
PERSON = "to-state-operator"
NOWHERE = {"emergency-connecting", "wrong-code", "wrong-key"}
NEAR = {"district/rajgarh", "district/shivpuri"}
"""Shivpuri's 33 may be read back, to who pressed 3 as two keys; without a yes nobody is taken there."""


@pytest.mark.parametrize("service", [True, False], ids=["service", "dialplan"])
@pytest.mark.parametrize("burst", ["", "moving", "info"])
async def test_however_a_key_is_sent_it_leads_the_same_way(burst: str, *, service: bool) -> None:
    async with rig(service=service) as centre:
        names = [name for name in STREAMS if service or name != "status"]
        heard = await asyncio.gather(*(play(centre, *STREAMS[name], burst=burst) for name in names))
        assert await centre.events("H181_EMERGENCY") == []
    for name, said in zip(names, heard, strict=True):
        assert not NOWHERE & set(said), name
        assert not any(key.startswith("district/") and key not in NEAR for key in said), (name, said)


@pytest.mark.parametrize("service", [True, False], ids=["service", "dialplan"])
async def test_who_holds_keys_over_a_gap_is_asked_and_gets_a_person(*, service: bool) -> None:
    """Asterisk ends the key at the gap and hears another one after it: a code of such keys may be any."""
    async with rig(service=service) as centre:
        names = [name for name in STREAMS if service or name != "status"]
        heard = await asyncio.gather(*(play(centre, *STREAMS[name], PERSON, burst="held") for name in names))
        assert await centre.events("H181_EMERGENCY") == []
        assert set(await centre.events("H181_DISTRICT")) <= {"39", ""}, "nobody said yes to another"
    for name, said in zip(names, heard, strict=True):
        assert "emergency-connecting" not in said, name


# ---- the service dies


async def test_a_code_begun_before_the_service_died_is_no_call_for_help() -> None:
    async with rig(service=True) as centre:
        said = await play(
            centre, [("emergency-hint", "3"), ("+0.3", "dies"), ("+0.3", "9")], "connecting", dies="dies"
        )
        assert await centre.events("H181_DISTRICT") == ["39"]
    assert "emergency-connecting" not in said


async def test_a_9_right_after_the_death_counts_when_it_is_pressed_once_more() -> None:
    async with rig(service=True) as centre:
        stream = [("greeting", "dies"), ("+0.3", "9"), ("+0.2", "9"), ("+2.2", "9")]
        said = await play(centre, stream, "emergency-connecting", dies="dies")
    assert said.count("emergency-hint") >= 2


async def test_who_heard_the_greeting_goes_on_at_the_menu() -> None:
    async with rig(service=True) as centre:
        said = await play(centre, [(f"{MENU}*2", "dies"), (f"{MENU}*3", "1")], "ask-district", dies="dies")
    assert (said.count("greeting"), said.count("menu-again"), said.count("menu-last")) == (1, 1, 1)


async def test_who_typed_his_district_hears_it_read_back_and_is_not_asked_again() -> None:
    async with rig(service=True) as centre:
        stream = [(MENU, "1"), ("ask-district", "39"), ("district/rajgarh", "dies"), ("you-chose", "1")]
        said = await play(centre, stream, "connecting", dies="dies")
        assert await centre.events("H181_DISTRICT") == ["39"]
    assert (said.count("ask-district"), said.count("greeting")) == (1, 1)


async def test_at_the_second_question_for_the_district_it_goes_on_there() -> None:
    async with rig(service=True) as centre:
        stream = [(MENU, "1"), ("ask-district", "99"), ("ask-district-again", "dies")]
        said = await play(centre, [*stream, ("ask-district-again*2", "39")], "connecting", dies="dies")
    assert said.count("ask-district") == 1
