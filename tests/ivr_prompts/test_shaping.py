"""Speech of any rate and level becomes a telephone prompt."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_prompts import PromptsSettings, alaw
from ivr_prompts.errors import EngineError
from ivr_prompts.measure import clipped, loudness, measure, silent_edges
from ivr_prompts.shaping import shape
from tests.ivr_prompts.conftest import tone

SETTINGS = PromptsSettings()


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("level", [0.01, 0.2, 0.9])
def test_any_rate_and_level_comes_out_alike(rate: int, level: float) -> None:
    result = measure(alaw.decode(shape(tone(1.0, rate, level), rate, SETTINGS)))
    assert result.loudness == pytest.approx(SETTINGS.loudness_lufs, abs=0.3)
    assert result.seconds == pytest.approx(1.0 + 2 * SETTINGS.edge_ms / 1000, abs=0.05)
    assert SETTINGS.edge_ms - 30 <= result.silence_before_ms <= SETTINGS.edge_ms + 30
    assert SETTINGS.edge_ms - 30 <= result.silence_after_ms <= SETTINGS.edge_ms + 30
    assert result.clipped == 0
    assert result.peak <= SETTINGS.peak_dbfs + 0.3


@settings(deadline=None)
@given(st.floats(0.05, 0.6))
def test_short_words_are_as_loud_as_sentences(seconds: float) -> None:
    result = measure(alaw.decode(shape(tone(seconds), 24000, SETTINGS)))
    assert result.loudness == pytest.approx(SETTINGS.loudness_lufs, abs=0.5)


def test_ends_are_silent_so_that_joins_do_not_click() -> None:
    samples = alaw.decode(shape(tone(0.3, silence=0.0), 24000, SETTINGS)).astype(int)
    assert np.abs(samples[[0, 1, -2, -1]]).max() < 100


def test_peaks_are_turned_down_not_cut() -> None:
    speech = tone(1.0, level=0.05)
    speech[20000:20024] = 0.95
    samples = alaw.decode(shape(speech, 24000, replace(SETTINGS, loudness_lufs=-12.0)))
    assert measure(samples).clipped == 0
    assert measure(samples).peak <= -0.9


def test_what_the_telephone_cannot_carry_does_not_fold_back() -> None:
    time = np.arange(48000) / 48000
    low, high = np.sin(2 * np.pi * 1000 * time), np.sin(2 * np.pi * 5500 * time)
    spectrum = np.abs(np.fft.rfft(alaw.decode(shape(0.1 * (low + high), 48000, SETTINGS)).astype(float)))
    bins = np.fft.rfftfreq(2 * (len(spectrum) - 1), 1 / alaw.RATE)
    folded = spectrum[(bins > 2300) & (bins < 2700)].max()
    assert folded < spectrum.max() / 1000


def test_silence_is_refused() -> None:
    with pytest.raises(EngineError, match="silence"):
        shape(np.zeros(24000), 24000, SETTINGS)


def test_measures_what_is_there() -> None:
    samples = (tone(0.5, 8000, 0.3, silence=0.3) * 32767).astype(np.int16)
    result = measure(samples)
    assert (result.silence_before_ms, result.silence_after_ms) == (300, 300)
    assert result.seconds == pytest.approx(1.1)
    assert silent_edges(np.zeros(800), 8000) == (800, 800)
    assert measure(np.zeros(0, np.int16)).loudness == -np.inf


def test_a_sine_at_full_scale_has_the_loudness_of_the_standard() -> None:
    time = np.arange(48000 * 2) / 48000
    assert loudness(np.sin(2 * np.pi * 997 * time), 48000) == pytest.approx(-3.01, abs=0.05)


def test_a_flat_top_is_clipping_and_a_lone_peak_is_not() -> None:
    assert clipped(np.array([0.0, 1.0, 0.5, -1.0, 0.0])) == 0
    assert clipped(np.array([0.0, 1.0, 1.0, 0.0, -1.0, -1.0, -1.0])) == 5
