"""From any speech to a telephone prompt: resampled, trimmed, levelled, softened at the ends, A-law.

The same way is gone by the synthesiser's speech and by a person's recording, so that they sound alike in one
sentence. Needs scipy and pyloudnorm, which `make voice` installs.
"""

import importlib
from typing import Any, Final

import numpy as np

from ivr_prompts import alaw
from ivr_prompts.errors import EngineError
from ivr_prompts.measure import Samples, loudness, silent_edges
from ivr_prompts.settings import PromptsSettings

RECIPE: Final = "1"
"""Changed whenever the same speech would be shaped differently, so that everything is built again."""

_LOWEST_HZ: Final = 120
_LIMITER_SECONDS: Final = 0.005


def shape(samples: Samples, rate: int, settings: PromptsSettings) -> bytes:
    """A-law of the speech at the set loudness, with silence of ``settings.edge_ms`` around it.

    Raises EngineError when the speech is silent or scipy is not installed.
    """
    speech = _telephone_band(_resample(samples, rate))
    speech = _level(speech, settings)
    speech = _trim(speech, settings)
    # Trimming took silence away, which counts in short prompts, and limiting takes some level: level again.
    speech = _limit(_level(speech, settings), settings)
    speech = _limit(_level(speech, settings), settings)
    return alaw.encode(np.round(_fade(speech, settings) * 32767).astype(np.int16))


def _resample(samples: Samples, rate: int) -> Samples:
    if rate == alaw.RATE:
        return samples
    signal = _scipy("signal")
    common = np.gcd(rate, alaw.RATE)
    up, down = alaw.RATE // common, rate // common
    # Passes 3.6 kHz untouched (the s and ś of Hindi live up there), 70 dB down above the fold at 4 kHz.
    highest = max(rate * up, alaw.RATE * down) / 2
    taps = signal.firwin(2 * 40 * max(up, down) + 1, 3750 / highest, window=("kaiser", 7.0))
    resampled: Samples = signal.resample_poly(samples, up, down, window=taps)
    return resampled


def _telephone_band(samples: Samples) -> Samples:
    """Takes away hum and breath rumble below the voice, without shifting anything in time."""
    signal = _scipy("signal")
    sections = signal.butter(2, _LOWEST_HZ, "highpass", fs=alaw.RATE, output="sos")
    filtered: Samples = signal.sosfiltfilt(sections, samples)
    return filtered


def _level(samples: Samples, settings: PromptsSettings) -> Samples:
    now = loudness(samples, alaw.RATE)
    if not np.isfinite(now):
        raise EngineError("there is no speech in it, only silence")
    levelled: Samples = samples * 10 ** ((settings.loudness_lufs - now) / 20)
    return levelled


def _trim(samples: Samples, settings: PromptsSettings) -> Samples:
    keep = alaw.RATE * settings.edge_ms // 1000
    before, after = silent_edges(samples, alaw.RATE)
    start, end = before - keep, len(samples) - after + keep
    inside = samples[max(start, 0) : min(end, len(samples))]
    return np.pad(inside, (max(-start, 0), max(end - len(samples), 0)))


def _limit(samples: Samples, settings: PromptsSettings) -> Samples:
    """Turns the gain down smoothly around peaks above ``settings.peak_dbfs``; nothing is ever cut flat."""
    ceiling = 10 ** (settings.peak_dbfs / 20)
    wanted = np.minimum(1.0, ceiling / np.maximum(np.abs(samples), 1e-9))
    if wanted.min() == 1.0:
        return samples
    ndimage = _scipy("ndimage")
    window = round(alaw.RATE * _LIMITER_SECONDS) | 1
    gain: Samples = ndimage.uniform_filter1d(ndimage.minimum_filter1d(wanted, window), window)
    return samples * np.minimum(gain, wanted)


def _fade(samples: Samples, settings: PromptsSettings) -> Samples:
    length = min(alaw.RATE * settings.fade_ms // 1000, len(samples) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, length)) ** 2
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded


def _scipy(part: str) -> Any:
    try:
        return importlib.import_module(f"scipy.{part}")
    except ImportError as error:
        raise EngineError("scipy, which resamples speech, is not installed: run `make voice`") from error
