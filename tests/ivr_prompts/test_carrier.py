"""Cutting a word out of its carrier sentence, on sentences of buzzes and pauses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ivr_prompts.carrier import AFTER_OTHERS, AFTER_STOP, ENGLISH, LED_IN, Carrier, carrier_of, cut
from ivr_prompts.errors import EngineError

RATE = 24000


def buzz(seconds: float, level: float = 0.3) -> NDArray[np.float64]:
    return level * np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi * 200 / RATE)


def quiet(seconds: float) -> NDArray[np.float64]:
    return np.full(round(seconds * RATE), 1e-5)


def sentence(
    word: NDArray[np.float64], pace: float = 1.0, after: Carrier = AFTER_STOP, gap: float = 0.05
) -> NDArray[np.float64]:
    """As long as Kokoro's: नंबर है, a pause, the word, then closure, ठी, closure, है or the breath of है ना."""
    before = (quiet(0.5), buzz(0.72 / pace), quiet(0.12 / pace))
    if after is AFTER_STOP:
        behind = [quiet(gap / pace), buzz(0.18 / pace), quiet(0.04 / pace), buzz(0.26 / pace)]
    else:
        behind = [buzz(0.08 / pace, 0.02), buzz(0.36 / pace)]
    return np.concatenate((*before, word, *behind, quiet(0.5)))


@settings(deadline=None)
@given(st.floats(0.15, 0.9), st.sampled_from([0.75, 0.82, 1.0]), st.sampled_from([AFTER_STOP, AFTER_OTHERS]))
def test_only_the_word_is_left(seconds: float, pace: float, after: Carrier) -> None:
    word = cut(sentence(buzz(seconds, 0.2), pace, after), RATE, after, pace)
    loud = np.flatnonzero(np.abs(word) > 0.05)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(seconds, abs=0.05)
    assert np.abs(word).max() < 0.25


def test_the_end_is_faded() -> None:
    word = cut(sentence(buzz(0.4, 0.2), after=AFTER_OTHERS), RATE, AFTER_OTHERS, 1.0)
    assert np.abs(word[-20:]).max() < 1e-4


def test_a_closure_inside_the_word_does_not_end_it() -> None:
    word = np.concatenate((buzz(0.25, 0.2), quiet(0.11), buzz(0.25, 0.2)))
    assert len(cut(sentence(word), RATE, AFTER_STOP, 1.0)) / RATE == pytest.approx(0.61, abs=0.15)


def test_a_word_without_a_pause_behind_it_is_refused() -> None:
    samples = sentence(buzz(0.4), gap=0.0)
    with pytest.raises(EngineError, match="runs into"):
        cut(samples, RATE, AFTER_STOP, 1.0)


@pytest.mark.parametrize("samples", [quiet(1.0), buzz(0.1), buzz(3.0), np.zeros(0)])
def test_what_is_no_carrier_sentence_is_refused(samples: NDArray[np.float64]) -> None:
    with pytest.raises(EngineError, match="carrier"):
        cut(samples, RATE, AFTER_OTHERS, 1.0)


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("सात", AFTER_STOP),
        ("राजगढ़", AFTER_STOP),
        ("चालीस", AFTER_STOP),
        ("चार", AFTER_OTHERS),
        ("आगर मालवा", AFTER_OTHERS),
        ("नमस्ते।", LED_IN),
        ("आपने चुना है ज़िला,", LED_IN),
    ],
)
def test_words_are_carried_by_their_last_sound_and_sentences_are_led_in(text: str, carrier: Carrier) -> None:
    assert carrier_of(text) is carrier


@pytest.mark.parametrize(
    ("text", "carrier"),
    [("three", ENGLISH), ("twenty one", ENGLISH), ("Please wait.", None), ("in the end", None)],
)
def test_english_words_are_carried_and_sentences_are_not(text: str, carrier: Carrier | None) -> None:
    assert carrier_of(text, "en") is carrier


def test_a_sentence_loses_its_lead_and_keeps_its_end() -> None:
    lead = (quiet(0.5), buzz(0.72), quiet(0.12))
    said = (buzz(0.8, 0.2), quiet(0.3), buzz(0.6, 0.2), quiet(0.5))
    rest = cut(np.concatenate((*lead, *said)), RATE, LED_IN, 1.0)
    loud = np.flatnonzero(np.abs(rest) > 0.05)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.7, abs=0.02)
    assert np.abs(rest).max() < 0.25
    assert LED_IN.sentence("नमस्ते।") == "नंबर है, नमस्ते।"
