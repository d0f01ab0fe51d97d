"""The telephones at a real Asterisk that plays the shipped prompts, by a few steps of these tests' own."""

import asyncio
import json
import shutil
import wave
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from helpline.app import App
from helpline.commands.call import call as call_command
from helpline.phone.citizen import Citizen
from helpline.phone.errors import CallFailedError, NotHeardError, RegistrationError
from helpline.phone.executive import Executive
from helpline.phone.hearing import recognise
from helpline.phone.script import Follower, Happening, Script
from helpline.phone.sounds import voice
from helpline.phone.turns import Turn
from helpline.settings import Settings
from ivr_prompts.catalogue import PACKAGE, Catalogue, load_catalogue
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.phone.channel import Audio

pytestmark = [pytest.mark.call, pytest.mark.usefixtures("nothing_left")]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The shipped prompts as they are now: a build while the tests run changes nothing for them."""
    folder = tmp_path_factory.mktemp("prompts")
    shutil.copy(PACKAGE / "hi.toml", folder)
    shutil.copytree(PACKAGE / "audio", folder / "audio")
    return load_catalogue("hi", folder)


@pytest.fixture(scope="module")
def shipped(catalogue: Catalogue) -> dict[str, Audio]:
    return {key: catalogue.audio(key) for key in catalogue}


@pytest.fixture
async def centre(catalogue: Catalogue) -> AsyncIterator[PrivateCentre]:
    async with private_asterisk(
        change=lambda settings: replace(settings, sounds_dir=catalogue.audio_dir, key_seconds=5)
    ) as running:
        yield running


NUMBER = "555"
STEPS = (
    "Answer()",
    "Wait(0.5)",
    "Playback(h181/greeting)",
    "Read(KEYS,h181/ask-district,2,,1,8)",
    "Playback(h181/you-chose)",
    "Wait(1)",
    "Dial(PJSIP/2001,30)",
    # Where nobody is called, the caller hangs up, however slow his listener is.
    "Wait(30)",
    "Hangup()",
)


async def teach(centre: PrivateCentre) -> None:
    """Let the trunk's side dial 555."""
    for priority, step in enumerate(STEPS, start=1):
        application, _, data = step.removesuffix(")").partition("(")
        answer = await centre.asterisk.cli(
            f"dialplan add extension {NUMBER},{priority},{application},{data} into trunk-in"
        )
        assert "added" in answer.lower(), answer


def via(centre: PrivateCentre) -> str:
    host, port = centre.server
    return f"{host}:{port}"


def seat(centre: PrivateCentre, extension: str) -> Executive:
    return Executive(extension, centre.secrets.endpoint_passwords[extension], via=via(centre))


async def test_a_citizen_hears_presses_and_speaks_with_an_executive(
    centre: PrivateCentre, shipped: dict[str, Audio]
) -> None:
    await teach(centre)
    told: list[Happening] = []
    murmur, answer = voice(1.5, seed=31), voice(2.0, seed=32)
    script = Script((Turn("39"),), frozenset({"ask-district"}), early=True, seconds=50)
    async with seat(centre, "2001") as executive, Citizen(shipped) as citizen:
        call = await citizen.call(NUMBER, caller="9876543210", via=via(centre))
        following = asyncio.create_task(Follower(call, script, told.append).run())
        leg = await executive.called(within=30)
        assert leg.number == "9876543210"
        await leg.answer()
        await leg.answered(within=5)
        leg.say(answer)
        call.say(murmur)
        async with asyncio.timeout(8):
            await call.ear.until(lambda: call.ear.person_at is not None)
        await leg.said(within=5)
        await leg.hang_up()
        assert (await following).by == "them"
        (spoken,) = recognise(leg.recording(), {"murmur": murmur})
        assert spoken.complete
    story = [(one.kind, one.what) for one in told if one.kind in {"heard", "cut", "pressed", "person"}]
    assert story == [
        ("heard", "greeting"),
        ("pressed", "39"),
        ("cut", "ask-district"),
        ("heard", "you-chose"),
        ("person", ""),
    ]


async def test_executives_log_in_and_out_of_their_queue(centre: PrivateCentre) -> None:
    async with seat(centre, "2001") as executive:
        assert (await executive.log_in_to_queue()).is_answered
        assert "PJSIP/2001" in await centre.asterisk.cli("queue show")
        assert (await executive.log_out_of_queue()).is_answered
        assert "PJSIP/2001" not in await centre.asterisk.cli("queue show")


async def test_executives_dial_each_other(centre: PrivateCentre) -> None:
    murmur = voice(1.2, seed=33)
    async with seat(centre, "2001") as one, seat(centre, "2002") as two:
        outgoing = await two.dial("2001")
        incoming = await one.called(within=5)
        assert incoming.number == "2002"
        await incoming.answer()
        await outgoing.answered(within=5)
        await incoming.answered(within=5)
        incoming.say(murmur)
        await incoming.said(within=5)
        await outgoing.hang_up()
        assert (await incoming.ended(within=5)).by == "them"
        (heard,) = recognise(outgoing.recording(), {"murmur": murmur})
        assert heard.key == "murmur"


async def test_a_wrong_password_is_told(centre: PrivateCentre) -> None:
    with pytest.raises(RegistrationError, match=r"2001 cannot register .* 40[13]"):
        async with Executive("2001", "wrong", via=via(centre)):
            pass


async def test_a_number_that_does_not_exist(centre: PrivateCentre) -> None:
    async with seat(centre, "2001") as executive:
        leg = await executive.dial("7777")
        with pytest.raises(NotHeardError, match="404"):
            await leg.answered(within=5)
        with pytest.raises(CallFailedError, match="404"):
            await executive._service("*99")


async def test_the_command_prints_what_is_heard(
    centre: PrivateCentre,
    catalogue: Catalogue,
    shipped: dict[str, Audio],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("helpline.phone.prompts.load_catalogue", lambda _language: catalogue)
    await teach(centre)
    saved = tmp_path / "heard.wav"
    settings = replace(Settings(), asterisk=centre.settings)
    arguments = [NUMBER, "--press", "39", "--press-early", "--hang-up-at", "you-chose", "--json"]
    result = await asyncio.to_thread(
        CliRunner().invoke, call_command, [*arguments, "--save", str(saved)], obj=App(settings=settings)
    )
    assert result.exception is None, result.output
    lines = [json.loads(line) for line in result.output.splitlines()]
    story = [(line["event"], line.get("what")) for line in lines if line["event"] != "ringing"]
    assert story[:6] == [
        ("answered", None),
        ("heard", "greeting"),
        ("pressed", "39"),
        ("cut", "ask-district"),
        ("heard", "you-chose"),
        ("hung-up", None),
    ], result.output
    assert story[-1] == ("ended", "us 200 OK")
    with wave.open(str(saved)) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        recording = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    assert [one.key for one in recognise(recording, shipped)][:3] == ["greeting", "ask-district", "you-chose"]
