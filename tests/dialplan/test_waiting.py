"""What a caller hears while he waits: his place and the time again and again, until the very answer."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dialplan.binary import AsteriskBinary
from dialplan.errors import DialplanError
from dialplan.generate_waiting import waiting_classes, waiting_context
from dialplan.settings import AsteriskSettings
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk, prompt
from tests.dialplan.conversation import dial_and_wait, no_channels, often, rings
from tests.dialplan.sip_phone import Call, Phone, telephone
from tests.dialplan.test_citizen_ways import calls_rajgarh, events, waiting


async def calls_in_english(centre: PrivateCentre, citizen: Phone) -> Call:
    """The direct number, English, and 1: all prompts but three are Hindi's."""
    call = await citizen.call("07372181")
    await call.hears(centre.prompts["emergency-hint"][:320])
    await call.press("8")
    await call.hears(prompt("en", "greeting"))
    await call.press("1")
    return call


@pytest.mark.call
async def test_place_and_time_are_said_again_and_no_answer_waits_for_them(binary: AsteriskBinary) -> None:
    english = ("greeting", "queue-ahead-one", "minutes-word")
    async with (
        private_asterisk(
            binary=binary,
            english=english,
            change=lambda s: replace(s, key_seconds=20, queue_wait_seconds=120, queue_tell_seconds=15),
        ) as centre,
        telephone("2001", "127.0.0.1", centre.server) as executive,
        telephone("9876543210", "127.0.0.2", centre.server) as first,
        telephone("9876543211", "127.0.0.2", centre.server) as second,
        telephone("9876543212", "127.0.0.2", centre.server) as third,
    ):
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        await dial_and_wait(executive, "*11")
        await calls_rajgarh(centre, first)
        talk = await rings(executive)
        await centre.asterisk.cli("dialplan set global H181_HELD_district-39 300")
        two = await calls_rajgarh(centre, second)
        await waiting(centre, 1)
        three = await calls_in_english(centre, third)
        order = await waiting(centre, 2)
        place, minutes = prompt("en", "queue-ahead-one"), prompt("en", "minutes-word")
        await three.hears(place)
        await three.hears(centre.prompts["queue-wait-about"], 20)
        await three.hears(centre.prompts["number/5"] + minutes)
        await often(three, place, 2)
        await often(two, centre.prompts["queue-next"], 2)
        assert await waiting(centre, 2) == order
        await three.press("4")
        await three.hears(place + centre.prompts["queue-wait-about"] + centre.prompts["number/5"])
        await three.hears(centre.prompts["waiting-menu"])
        await three.press("1")
        assert await waiting(centre, 2) == order
        # The next words would last for half a minute. His answer comes before their end.
        long = centre.lengthen("queue-next") * 15
        (centre.settings.sounds_dir / "queue-next.alaw").write_bytes(long)
        await often(two, long[:1600], 3)
        executive.pick_up_by_itself = False
        await talk.hang_up()
        ringing = await asyncio.wait_for(executive.incoming.get(), 10)
        ringing.voice = b"\x11" * 160
        await executive.pick_up(ringing)
        await two.hears(ringing.voice * 5, 2)
        await three.hang_up()
        await two.hang_up()
        await no_channels(centre)
        said = await events(centre, "H181_ENDED")
        assert "/district-39//0" in said, (
            "the queue's last word is of a caller who came back, not of who gave up"
        )
        assert "\n".join([line for line in centre.log() if "res_agi" not in line]) == ""


def test_a_language_says_what_it_has_and_the_first_one_the_rest(tmp_path: Path) -> None:
    languages: dict[str, dict[str, int]] = {"hi": {}, "mup": {"queue-ahead-one": 900, "number/7": 400}}
    made = dict(
        entry.split("]\nmode = playlist\n", 1)
        for entry in waiting_classes(languages, tmp_path, tmp_path / "tone", 20)
    )
    hindi, malvi = tmp_path / "hi" / "h181", tmp_path / "mup" / "h181"
    rest = f"entry = {tmp_path}/tone\nentry = {hindi}/all-busy\n" * 2
    assert made["[place-mup-1"] == f"entry = {malvi}/queue-ahead-one\n{rest}\n"
    assert made["[wait-hi-0"] == f"{rest}\n"
    assert made["[connecting-hi"] == f"entry = {hindi}/connecting\n{rest}\n"
    first = f"entry = {hindi}/to-state-operator\nentry = {malvi}/queue-ahead-one\n"
    assert made["[to-state-operator-mup-1"] == f"{first}{rest}\n"
    said = made["[wait-mup-7"].splitlines()[:4]
    assert said == [
        f"entry = {hindi}/queue-wait-about",
        f"entry = {malvi}/number/7",
        f"entry = {hindi}/minutes-word",
        f"entry = {hindi}/all-busy",
    ]
    assert "[place-mup-99" in made
    assert "[place-mup-100" not in made


def test_how_long_the_first_words_last_is_known_in_every_language() -> None:
    text = waiting_context(
        {"hi": {"connecting": 5090, "to-state-operator": 5480}, "en": {"connecting": 3220}}
    )
    lasts = dict(re.findall(r"exten => ([a-z-]+),1,Return\((\d+)\)", text))
    assert lasts == {
        "connecting-hi": "5090",
        "to-state-operator-hi": "5480",
        "connecting-en": "3220",
        "to-state-operator-en": "5480",
    }


@pytest.mark.call
async def test_the_telephone_rings_while_the_first_words_are_said_and_no_key_stops_it(
    binary: AsteriskBinary,
) -> None:
    async with (
        private_asterisk(binary=binary) as centre,
        telephone("2001", "127.0.0.1", centre.server) as executive,
        telephone("9876543210", "127.0.0.2", centre.server) as citizen,
    ):
        words = centre.prompts["connecting"] * 60
        (centre.settings.sounds_dir / "connecting.alaw").write_bytes(words)
        milliseconds = len(words) // 8
        await centre.asterisk.cli("dialplan remove extension connecting-hi@first-words")
        await centre.asterisk.cli(
            f"dialplan add extension connecting-hi,1,Return,{milliseconds} into first-words"
        )
        executive.pick_up_by_itself = False
        await executive.register(centre.secrets.endpoint_passwords["2001"])
        await dial_and_wait(executive, "*11")
        call = await calls_rajgarh(centre, citizen)
        ringing = await asyncio.wait_for(executive.incoming.get(), 10)
        await call.hears(centre.prompts["connecting"])
        await call.press("1")
        await often(call, centre.prompts["connecting"], 8)
        assert executive.incoming.empty(), "the same telephone rings on"
        assert centre.prompts["waiting-menu"] not in call.heard
        ringing.voice = b"\x11" * 160
        await executive.pick_up(ringing)
        await call.hears(ringing.voice * 5, 2)
        assert bytes(call.heard).count(centre.prompts["connecting"]) < 60
        await call.hang_up()
        await no_channels(centre)


def test_less_than_it_takes_to_say_is_refused() -> None:
    with pytest.raises(DialplanError, match="queue_tell_seconds = 14: use 15 seconds or more"):
        AsteriskSettings(queue_tell_seconds=14)
