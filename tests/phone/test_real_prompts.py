"""The shipped prompts: each is told from all others, through a bad line and when it is cut short."""

import time

import numpy as np
import pytest

from dialplan.moh import waiting_tone
from helpline.phone.hearing import Heard, Listener, Repertoire, repertoire
from ivr_prompts import alaw
from ivr_prompts.catalogue import load_catalogue
from tests.phone.channel import RATE, Audio, Line, joined, silence


@pytest.fixture(scope="module")
def prompts() -> dict[str, Audio]:
    catalogue = load_catalogue()
    return {key: catalogue.audio(key) for key in catalogue}


@pytest.fixture(scope="module")
def shipped(prompts: dict[str, Audio]) -> Repertoire:
    return repertoire(prompts)


def listen(shipped: Repertoire, recording: Audio) -> list[Heard]:
    listener = Listener(shipped)
    listener.feed(recording)
    return listener.finish()


def test_prompts_are_told_from_all_others(prompts: dict[str, Audio], shipped: Repertoire) -> None:
    """All digits and every sixth of the rest: all of them against all others would take a minute."""
    digits = [key for key in prompts if key.startswith("digit/")]
    order = digits + [key for key in prompts if not key.startswith("digit/")][::6]
    for number, key in enumerate(order):
        line = Line(gain_db=-12 + number % 16, loss=0.015, seed=number)
        (heard,) = listen(shipped, line.carry(joined(silence(0.25), prompts[key], silence(0.4))))
        assert np.array_equal(prompts[heard.key], prompts[key]), f"{key} was heard as {heard.key}"
        assert heard.complete
        assert heard.start_s == pytest.approx(0.25, abs=0.03)


def test_a_whole_call_is_read_in_a_few_seconds(prompts: dict[str, Audio], shipped: Repertoire) -> None:
    said = ["greeting", "ask-district", "you-chose", "district/rajgarh", "confirm-district", "connecting"]
    said += ["all-busy", "complaint-number-is", *(f"digit/{n}" for n in (1, 0, 0, 0, 0, 0, 1, 6)), "thanks"]
    gap, music = silence(0.12), alaw.decode(waiting_tone())
    pieces = [silence(1.0)]
    for key in said:
        pieces += [prompts[key], gap] if key != "all-busy" else [music, prompts[key], music]
    recording = Line(gain_db=-3, loss=0.01, slips=((9.0, 320), (20.0, -160))).carry(joined(*pieces))
    began = time.process_time()
    heard = listen(shipped, recording)
    spent = time.process_time() - began
    assert [one.key for one in heard] == said
    assert spent < 0.25 * len(recording) / RATE


def test_barge_in_is_seen_in_the_shipped_question(prompts: dict[str, Audio], shipped: Repertoire) -> None:
    cut = prompts["ask-district"][: int(1.5 * RATE)]
    first, second = listen(
        shipped, Line(loss=0.01).carry(joined(cut, silence(0.3), prompts["you-chose"], silence(0.3)))
    )
    assert (first.key, first.complete) == ("ask-district", False)
    assert first.end_s == pytest.approx(1.5, abs=0.3)
    assert (second.key, second.complete) == ("you-chose", True)


def test_the_waiting_music_is_no_prompt(shipped: Repertoire) -> None:
    assert listen(shipped, np.tile(alaw.decode(waiting_tone()), 3)) == []


@pytest.mark.parametrize("missing", ["greeting", "ask-district", "confirm-district", "thanks", "digit/3"])
def test_a_prompt_left_out_of_the_list_is_not_taken_for_another(
    prompts: dict[str, Audio], missing: str
) -> None:
    others = {key: sound for key, sound in prompts.items() if not np.array_equal(sound, prompts[missing])}
    heard = listen(repertoire(others), joined(silence(0.2), prompts[missing], silence(0.4)))
    assert [one for one in heard if one.complete] == []
