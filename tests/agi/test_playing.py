"""Prompts that are played together: what is said to have been heard, and what is tried alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from agi.playing import Sounds
from tests.agi.fake_asterisk import Caller
from tests.agi.house import House, running

READ_BACK = ("you-chose", "digit/3", "digit/9", "district/rajgarh", "confirm-district")
LASTS = {"you-chose": 1.0, "digit/3": 0.5, "digit/9": 0.5, "district/rajgarh": 1.0, "confirm-district": 3.0}


class Clock:
    """Time that passes only while something is played."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Hearing(Caller):
    """Hears at true speed. ``after``: seconds into what is played together, he presses a key or hangs up."""

    def __init__(self, clock: Clock, *keys: str, after: float | None = None, hangs_up: bool = False) -> None:
        super().__init__(keys)
        self.clock = clock
        self.after = after
        self.hangs_up = hangs_up

    def _background(self, options: str) -> bytes:
        sounds, _, more = options.partition(",")
        assert more == "m,,keys-12" or "confirm-district" not in sounds
        begin, key = self.clock.now, ""
        for sound in sounds.split("&"):
            if sound in self.missing:
                break
            self.played.append(sound.removeprefix("h181/"))
            self.clock.now += LASTS.get(self.played[-1], 1.0)
            if self.after is not None and self.clock.now - begin > self.after:
                self.clock.now = begin + self.after
                key = self.keys.pop(0) if not self.hangs_up else "!"
                break
        if key == "!":
            return b"HANGUP\n200 result=-1\n"
        return f"200 result={ord(key) if key else 0}\n".encode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def house(clock: Clock) -> AsyncIterator[House]:
    async with running(House()) as opened:
        sounds = opened.centre.sounds = Sounds(clock)
        for prompt, seconds in LASTS.items():
            sounds.learn("hi", f"h181/{prompt}", seconds, whole=True)
        yield opened


def background(caller: Caller) -> list[str]:
    return [command[2] for command in caller.commands if command[:2] == ["EXEC", "Background"]]


def told(house: House) -> list[object]:
    return [step["prompt"] for step in house.calls.steps("prompt")]


async def test_known_prompts_take_one_command(house: House, clock: Clock) -> None:
    caller = Hearing(clock, "39", "1")
    await house.play("district", caller)
    joined = "&".join(f"h181/{prompt}" for prompt in READ_BACK)
    assert background(caller) == [f"{joined},m,,keys-12"]
    assert told(house)[-1] == " ".join(READ_BACK)
    assert caller.variables["H181_DISTRICT"] == "39"


@pytest.mark.parametrize(("after", "heard"), [(0.2, 1), (0.98, 1), (1.2, 2), (2.9, 4), (3.1, 5), (5.9, 5)])
async def test_a_key_tells_what_was_being_said(house: House, clock: Clock, after: float, heard: int) -> None:
    await house.play("district", Hearing(clock, "39", "1", after=after))
    assert told(house)[-1] == " ".join(READ_BACK[:heard])
    assert house.calls.steps("key")[-1] == {"prompt": READ_BACK[heard - 1], "key": "1"}


async def test_who_hangs_up_leaves_what_he_heard(house: House, clock: Clock) -> None:
    caller = Hearing(clock, "39", after=1.7, hangs_up=True)
    await house.play("district", caller)
    assert told(house)[-1] == " ".join(READ_BACK[:3])
    assert house.calls.steps("hangup") == [{"step": "district"}]


@pytest.mark.parametrize("gone", range(5))
async def test_a_sound_that_is_gone_is_skipped_and_told(house: House, clock: Clock, gone: int) -> None:
    caller = Hearing(clock, "39", "1")
    caller.missing = {f"h181/{READ_BACK[gone]}"}
    await house.play("district", caller)
    assert caller.played == ["ask-district", *READ_BACK[:gone], *READ_BACK[gone + 1 :]]
    assert {"prompt": READ_BACK[gone], "missing": True} in house.calls.steps("prompt")
    assert " ".join(READ_BACK) in told(house)
    assert caller.variables["H181_DISTRICT"] == "39"


async def test_without_the_context_each_is_played_alone(house: House, clock: Clock) -> None:
    caller = Hearing(clock, "39", "1")
    caller.contexts = set()
    await house.play("district", caller)
    assert background(caller) == []
    assert caller.played == ["ask-district", *READ_BACK]


async def test_another_language_is_learned_by_itself(house: House, clock: Clock) -> None:
    house.centre.sounds = Sounds(clock)
    house.centre.sounds.learn("en", "h181/you-chose", 1.0, whole=True)
    caller = Hearing(clock, "39", "1")
    await house.play("district", caller)
    assert background(caller) == []


def test_what_is_known_of_a_sound() -> None:
    sounds = Sounds()
    sounds.learn("hi", "greeting", 2.0, whole=False)
    sounds.learn("hi", "greeting", 1.0, whole=False)
    assert sounds.known("hi", "greeting") == ("greeting", 2.0, False)
    sounds.learn("hi", "greeting", 7.0, whole=True)
    sounds.learn("hi", "greeting", 9.0, whole=False)
    assert sounds.known("hi", "greeting") == ("greeting", 7.0, True)
    sounds.forget("hi", "greeting")
    sounds.learn("hi", "a&b", 1.0, whole=True)
    sounds.learn("hi", "empty", 0.0, whole=True)
    assert not any(sounds.known("hi", sound) for sound in ("greeting", "a&b", "empty"))
