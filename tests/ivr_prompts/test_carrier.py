"""Cutting a word out of its carrier sentence, on sentences of buzzes and pauses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ivr_prompts.carrier import carries, cut
from ivr_prompts.errors import EngineError

RATE = 24000


def buzz(seconds: float, level: float = 0.3) -> NDArray[np.float64]:
    return level * np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi * 200 / RATE)


def quiet(seconds: float) -> NDArray[np.float64]:
    return np.full(round(seconds * RATE), 1e-5)


def sentence(word: NDArray[np.float64], pace: float = 1.0, after: float = 0.05) -> NDArray[np.float64]:
    """As long as Kokoro's: नंबर है, a pause, the word, a short pause, ठी, the closure of क, है."""
    before = (quiet(0.5), buzz(0.72 / pace), quiet(0.12 / pace))
    behind = (quiet(after / pace), buzz(0.18 / pace), quiet(0.04 / pace), buzz(0.26 / pace), quiet(0.5))
    return np.concatenate((*before, word, *behind))


@given(st.floats(0.15, 0.9), st.sampled_from([0.75, 0.82, 1.0]))
def test_only_the_word_is_left(seconds: float, pace: float) -> None:
    word = cut(sentence(buzz(seconds, 0.2), pace), RATE, pace)
    loud = np.flatnonzero(np.abs(word) > 0.01)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(seconds, abs=0.03)
    assert np.abs(word).max() < 0.25


def test_a_closure_inside_the_word_does_not_end_it() -> None:
    word = np.concatenate((buzz(0.25, 0.2), quiet(0.11), buzz(0.25, 0.2)))
    assert len(cut(sentence(word), RATE, 1.0)) / RATE == pytest.approx(0.61, abs=0.15)


def test_a_word_without_a_pause_behind_it_is_refused() -> None:
    samples = sentence(buzz(0.4), after=0.0)
    with pytest.raises(EngineError, match="runs into"):
        cut(samples, RATE, 1.0)


@pytest.mark.parametrize("samples", [quiet(1.0), buzz(0.1), buzz(3.0), np.zeros(0)])
def test_what_is_no_carrier_sentence_is_refused(samples: NDArray[np.float64]) -> None:
    with pytest.raises(EngineError, match="carrier"):
        cut(samples, RATE, 1.0)


def test_words_are_carried_and_sentences_are_not() -> None:
    assert carries("चार")
    assert carries("आगर मालवा")
    assert not carries("नमस्ते।")
    assert not carries("आपने चुना है ज़िला,")
