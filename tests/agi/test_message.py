"""A spoken complaint: recorded, reviewed, and kept whatever the caller does."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.agi.fake_asterisk import Caller, FakeAsterisk, environment
from tests.agi.house import CALL_ID, House, running

FOLDER = "/var/spool/helpline/recordings"
FIRST, SECOND = (f"{CALL_ID}-message-093000-{number}.wav" for number in (1, 2))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running(House()) as opened:
        yield opened


def citizen(*keys: str, spoken: tuple[str, ...] = ("4.5",), district: str = "39") -> Caller:
    caller = Caller(keys, {"H181_RECORDINGS": FOLDER, "H181_DISTRICT": district})
    caller.spoken = list(spoken)
    return caller


async def message(
    house: House, *keys: str, spoken: tuple[str, ...] = ("4.5",), number: str = "09826012310"
) -> Caller:
    caller = citizen(*keys, spoken=spoken)
    await house.play("message", caller, number)
    assert not caller.keys, "keys that nobody waited for"
    assert not caller.spoken, "words that nobody recorded"
    assert caller.variables["H181_DONE"] == "message"
    assert caller.variables["H181_NEXT"] == "end"
    return caller


def kept(name: str, seconds: float = 4.5) -> list[tuple[object, ...]]:
    return [(CALL_ID, "+919826012310", "39", name, seconds)]


@pytest.mark.parametrize("key", ["1", "", "message-review:1"])
async def test_a_message_is_kept_by_key_or_by_silence(house: House, key: str) -> None:
    caller = await message(house, key)
    assert caller.played == ["message-intro", "beep", "message-review", "message-kept"]
    assert house.drafts.told == kept(FIRST)
    assert house.calls.steps("recorded") == [{"take": 1, "seconds": 4.5, "ended": "timeout"}]


async def test_how_it_is_recorded(house: House) -> None:
    caller = await message(house, "1", spoken=("4.5#",))
    sound = f"{FOLDER}/{FIRST.removesuffix('.wav')}"
    assert ["RECORD", "FILE", sound, "wav", "#", "180000", "0", "s=5"] in caller.commands
    assert house.calls.steps("recorded") == [{"take": 1, "seconds": 4.5, "ended": "dtmf"}]


async def test_the_limits_are_those_of_the_dialplan(house: House) -> None:
    caller = citizen("1")
    caller.variables |= {"H181_MESSAGE_SECONDS": "60", "H181_MESSAGE_SILENCE": "3"}
    await house.play("message", caller)
    sound = f"{FOLDER}/{FIRST.removesuffix('.wav')}"
    assert ["RECORD", "FILE", sound, "wav", "#", "60000", "0", "s=3"] in caller.commands


async def wav(path: Path, sound: npt.NDArray[np.int16]) -> Path:
    await asyncio.to_thread(_write, path, sound)
    return path


def _write(path: Path, sound: npt.NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(sound.tobytes())


async def files(folder: Path) -> list[str]:
    return await asyncio.to_thread(lambda: sorted(path.name for path in folder.iterdir()))


NOISE = np.random.default_rng(1).normal(0, 30, 24_000).astype(np.int16)
VOICE = np.random.default_rng(2).normal(0, 900, 24_000).astype(np.int16)


async def test_a_take_without_a_voice_is_no_message(house: House, tmp_path: Path) -> None:
    await wav(tmp_path / FIRST, NOISE)
    await wav(tmp_path / SECOND, VOICE)
    caller = citizen("1", spoken=("9", "4.5"))
    caller.variables["H181_RECORDINGS"] = str(tmp_path)
    await house.play("message", caller)
    assert caller.played == [
        "message-intro",
        "beep",
        "message-empty",
        "beep",
        "message-review",
        "message-kept",
    ]
    assert house.drafts.told == kept(SECOND)
    assert await files(tmp_path) == [SECOND]


async def test_who_says_nothing_until_he_hangs_up_leaves_no_draft(house: House, tmp_path: Path) -> None:
    await wav(tmp_path / FIRST, NOISE)
    caller = citizen(spoken=("9!",))
    caller.variables["H181_RECORDINGS"] = str(tmp_path)
    await house.play("message", caller)
    assert house.drafts.told == []
    said = [step["prompt"] for step in house.calls.steps("prompt")]
    assert said == ["message-intro", "beep"], "what he did not hear any more is not on record"


async def test_what_was_replaced_does_not_stay(house: House, tmp_path: Path) -> None:
    await wav(tmp_path / FIRST, VOICE)
    await wav(tmp_path / SECOND, VOICE)
    caller = citizen("3", "1", spoken=("4.5", "9"))
    caller.variables["H181_RECORDINGS"] = str(tmp_path)
    await house.play("message", caller)
    assert await files(tmp_path) == [SECOND]


async def test_listening_again(house: House) -> None:
    caller = await message(house, "2", "1")
    sound = f"{FOLDER}/{FIRST.removesuffix('.wav')}"
    assert caller.played == [
        *("message-intro", "beep", "message-review"),
        *(sound, "message-review", "message-kept"),
    ]
    assert house.drafts.told == kept(FIRST)


async def test_wrong_keys_are_asked_again_in_other_words(house: House) -> None:
    caller = await message(house, "7", "8", "9")
    assert caller.played[2:] == [
        *("message-review", "wrong-key", "message-review-again", "wrong-key", "message-review-last"),
        *("wrong-key", "message-kept"),
    ]
    assert house.drafts.told == kept(FIRST)


async def test_a_message_that_cannot_be_played_is_kept(house: House) -> None:
    caller = citizen("2", "1")
    caller.missing = {f"{FOLDER}/{FIRST.removesuffix('.wav')}"}
    await house.play("message", caller)
    assert house.drafts.told == kept(FIRST)


async def test_recording_again_replaces_what_was_said(house: House) -> None:
    caller = await message(house, "3", "1", spoken=("4.5", "9"))
    assert caller.played.count("beep") == 2
    assert house.drafts.told == kept(SECOND, 9.0)


async def test_what_was_said_first_is_kept_when_the_second_is_nothing(house: House) -> None:
    caller = citizen("3", spoken=("4.5", "0.4!"))
    await house.play("message", caller)
    assert house.drafts.told == kept(FIRST)


async def test_too_short_is_told_and_asked_again(house: House) -> None:
    caller = await message(house, "1", spoken=("1.0", "4.5"))
    assert caller.played == [
        *("message-intro", "beep", "message-empty"),
        *("beep", "message-review", "message-kept"),
    ]
    assert house.drafts.told == kept(SECOND)


async def test_three_empty_messages_are_enough(house: House) -> None:
    caller = await message(house, spoken=("0", "1.0", "1.4#"))
    assert caller.played[-2:] == ["message-empty", "callback-noted"]
    assert caller.played.count("beep") == 3
    assert house.drafts.told == []
    assert house.callbacks.told == [(CALL_ID, "+919826012310", "39")]


async def test_who_says_nothing_and_cannot_be_called_is_told(house: House) -> None:
    caller = citizen(spoken=("0", "0", "0"))
    await house.play("message", caller, "anonymous")
    assert caller.played[-1] == "nobody"
    assert house.callbacks.told == []


async def test_recording_again_has_an_end(house: House) -> None:
    caller = await message(house, "3", "3", spoken=("5", "5", "5"))
    assert caller.played[-2:] == ["beep", "message-kept"]
    assert [draft[3] for draft in house.drafts.told] == [f"{CALL_ID}-message-093000-3.wav"]


@pytest.mark.parametrize("keys", [("7", "1"), ("7", "8", "9"), ("2", "2", "2")])
async def test_no_key_loses_a_message(house: House, keys: tuple[str, ...]) -> None:
    caller = await message(house, *keys)
    assert caller.played[-1] == "message-kept"
    assert house.drafts.told == kept(FIRST)


async def test_a_message_of_an_unknown_caller_of_no_district(house: House) -> None:
    caller = citizen("1", district="")
    await house.play("message", caller, "anonymous")
    assert house.drafts.told == [(CALL_ID, None, None, FIRST, 4.5)]


# ---- the line breaks


async def test_a_message_ended_by_a_hangup_is_kept(house: House) -> None:
    caller = citizen(spoken=("4.5!",))
    await house.play("message", caller)
    assert house.drafts.told == kept(FIRST)
    assert "H181_DONE" not in caller.variables
    assert house.calls.steps("recorded") == [{"take": 1, "seconds": 4.5, "ended": "hangup"}]
    assert house.calls.steps("hangup") == [{"step": "message"}]


@pytest.mark.parametrize(
    ("prompt", "drafts"),
    [
        ("message-intro", 0),
        ("beep", 0),
        ("message-review", 1),
        ("message-kept", 1),
    ],
)
async def test_a_hangup_in_any_prompt(house: House, prompt: str, drafts: int) -> None:
    caller = citizen("1")
    caller.hangup_at = f"h181/{prompt}"
    await house.play("message", caller)
    assert caller.played[-1] == prompt
    assert len(house.drafts.told) == drafts
    assert house.calls.steps("hangup") == [{"step": "message"}]


async def test_a_hangup_while_listening(house: House) -> None:
    caller = citizen("2")
    caller.hangup_at = f"{FOLDER}/{FIRST.removesuffix('.wav')}"
    await house.play("message", caller)
    assert house.drafts.told == kept(FIRST)


async def test_a_hangup_after_an_empty_message(house: House) -> None:
    caller = citizen(spoken=("0.2",))
    caller.hangup_at = "h181/message-empty"
    await house.play("message", caller)
    assert house.drafts.told == []


async def test_a_connection_that_breaks_while_speaking(house: House) -> None:
    """Without Asterisk's word the clock tells the length."""
    settings = house.settings
    object.__setattr__(settings, "message_shortest_seconds", 1e-9)
    caller = citizen()
    async with FakeAsterisk(house.server.address) as asterisk:
        asterisk.send(environment("message", [CALL_ID, "09826012310", "181"]))
        while (words := await asterisk.command())[0] != "RECORD":
            asterisk.send(caller.answer(words))
    await house.play("ended", Caller())
    assert [draft[3] for draft in house.drafts.told] == [FIRST]


# ---- the house is not in order


async def test_without_a_folder_nothing_is_promised(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caller = Caller()
    await house.play("message", caller)
    assert caller.played == ["callback-noted"]
    assert len(house.callbacks.told) == 1
    assert caller.variables["H181_DONE"] == "message"
    assert "event=message-impossible" in caplog.text


async def test_a_disk_that_cannot_be_written(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caller = citizen()
    caller.unwritable = {f"{FOLDER}/{CALL_ID}-message-093000-{number}" for number in (1, 2, 3)}
    await house.play("message", caller)
    assert caller.variables["H181_DONE"] == "message"
    assert house.drafts.told == []
    assert len(house.callbacks.told) == 1
    assert "event=message-failed" in caplog.text
