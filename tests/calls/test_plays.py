"""The conversations that the benches play: written so that they can be played, told so that they are read."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bench import conversations, killed
from bench.conversations import Lines, told
from bench.killed_steps import PERSON, STEPS
from bench.plays import NUMBER, SCENES, SLIP, WORDS
from bench.scene import settings_of
from bench.silence import longest_silence, spoken_spans
from bench.theatre import unheard
from dialplan.menu import MENU_FILE
from helpline.phone.prompts import centre_prompts
from helpline.phone.turns import BEFORE, parse, write_wav
from helpline.phone.turns import PERSON as VOICE

PLAYS = [play for scene in SCENES for thread in scene.threads for play in thread.plays]


@pytest.fixture(scope="module")
def prompts() -> frozenset[str]:
    return frozenset(centre_prompts("en").sounds)


@pytest.fixture
def words(tmp_path: Path) -> str:
    file = tmp_path / "words.wav"
    write_wav(file, np.zeros(8000, dtype=np.int16))
    return str(file)


def test_every_turn_can_be_lived_and_every_prompt_exists(prompts: frozenset[str], words: str) -> None:
    for play in PLAYS:
        for text in play.turns:
            turn = parse(text.replace(WORDS, words).replace(NUMBER, "10000012").replace(SLIP, "10000022"))
            assert turn.cue in prompts | {None, BEFORE, VOICE}, (play.name, text)
        assert prompts.issuperset(play.hears), play.name
        assert prompts.issuperset(play.never), play.name


def test_plays_are_told_apart() -> None:
    assert len({play.name for play in PLAYS}) == len(PLAYS)
    for scene in SCENES:
        callers = [thread.caller for thread in scene.threads]
        assert len(set(callers)) == len(callers), scene.name


def test_what_a_scene_changes_is_there_to_be_changed(tmp_path: Path) -> None:
    text = MENU_FILE.read_text(encoding="utf-8")
    for scene in SCENES:
        assert scene.menu[0] in text, scene.name
        settings = settings_of(scene, tmp_path, emergency_port=5062)
        assert ("menu_file" in settings["asterisk"]) == any(scene.menu)
        assert ("hours_file" in settings["asterisk"]) == bool(scene.hours)


def test_every_end_of_a_conversation_is_played() -> None:
    assert {play.reached for play in PLAYS} == {
        *("person", "112", "told", "message", "callback", "gave up", "refused")
    }


def test_a_play_knows_what_it_did_not_hear() -> None:
    play = next(play for play in PLAYS if play.name == "calls again: his last district")
    assert unheard(play, [*play.hears]) == []
    assert unheard(play, [*reversed(play.hears)]) == ["district/rajgarh not heard in its place"]
    assert unheard(play, [*play.hears, "ask-district"]) == ["ask-district heard"]


def test_steps_are_killed_in_prompts_that_exist(prompts: frozenset[str]) -> None:
    assert {step.prompt for step in STEPS} - {None, PERSON} <= prompts
    assert all(set(step.answers) <= prompts for step in STEPS)
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_an_unknown_part_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="'nope': give a scene \\(open, busy"):
        conversations.run(smoke=False, only=["nope"])
    with pytest.raises(ValueError, match="'nope': give one of not there from the start"):
        killed.run(smoke=False, only=["nope"])


def test_a_menu_and_a_number_are_one_word_each() -> None:
    heard = ["greeting", "greeting", "menu-complaint", "menu-status", "menu-again", "menu-complaint"]
    heard += ["en/menu-complaint", "complaint-number-is", "digit/1", "digit/0", "district/rajgarh", "person"]
    assert told(heard).split(", ") == [
        *("greeting", "greeting", "menu", "menu-again", "menu", "en/menu"),
        *("complaint-number-is", "digit", "district/rajgarh", "person"),
    ]


def test_what_every_caller_hears_first_is_one_word() -> None:
    heard = ["emergency-hint", "greeting", "language-hint", "menu-complaint", "menu-status", "connecting"]
    assert told(heard) == "menu, connecting"
    assert told(heard[:3]) == "emergency-hint, greeting, language-hint"


def test_silence_is_not_counted_while_the_caller_speaks() -> None:
    loud = np.full(8000, 2000, dtype=np.int16)
    sound = np.concatenate(
        [loud, np.zeros(8000, dtype=np.int16), loud, np.zeros(24000, dtype=np.int16), loud]
    )
    assert longest_silence(sound, []) == 3.0
    spans = spoken_spans([("greeting", 0.0, 1.0), ("beep", 2.0, 3.0), ("message-review", 6.0, 7.0)])
    assert spans == [(3.0, 6.0)]
    assert longest_silence(sound, spans) == 1.0
    assert spoken_spans([("en/beep", 2.0, 3.0)]) == [(3.0, float("inf"))]


async def test_scenes_share_their_lines() -> None:
    lines, open_now, most, played = Lines(4), 0, 0, list[int]()

    async def scene(wanted: int) -> None:
        nonlocal open_now, most
        async with lines.taken(wanted) as taken:
            assert taken == min(wanted, 4)
            open_now += taken
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= taken
            played.append(wanted)

    async with asyncio.timeout(10):
        await asyncio.gather(*(scene(wanted) for wanted in (3, 100, 2, 2, 1)))
    assert sorted(played) == [1, 2, 2, 3, 100]
    assert most == 4
