"""What an ear would say of a prompt, in numbers: how loud, how clipped, how long silent at the ends.

Loudness is that of ITU-R BS.1770 by pyloudnorm, which is needed to build and to check prompts, not to play
them. Everything else is numpy.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ivr_prompts import alaw
from ivr_prompts.errors import EngineError

Samples = NDArray[np.float64]
"""Mono samples, full scale 1.0."""

SILENCE_DBFS: Final = -45.0
"""A 10 ms frame quieter than this is silence: 25 dB below the set level, and above the hiss of A-law."""

_FRAME_SECONDS: Final = 0.01
_BLOCK_SECONDS: Final = 0.4
_CLIP_RUN: Final = 2


@dataclass(frozen=True)
class Measurement:
    """``loudness`` in LUFS (-inf for silence), ``peak`` in dBFS, ``clipped`` samples, silent ends in ms."""

    seconds: float
    loudness: float
    peak: float
    clipped: int
    silence_before_ms: int
    silence_after_ms: int


def measure(samples: NDArray[np.int16]) -> Measurement:
    """Measure a prompt of 16-bit samples at 8 kHz as it comes out of the A-law decoder."""
    scaled = samples.astype(np.float64) / 32768
    before, after = silent_edges(scaled, alaw.RATE)
    return Measurement(
        seconds=len(samples) / alaw.RATE,
        loudness=loudness(scaled, alaw.RATE),
        peak=decibels(float(np.abs(scaled).max(initial=0.0))),
        clipped=clipped(scaled, alaw.FULL_SCALE / 32768),
        silence_before_ms=round(before * 1000 / alaw.RATE),
        silence_after_ms=round(after * 1000 / alaw.RATE),
    )


def decibels(amplitude: float) -> float:
    """Level of an amplitude relative to full scale; -inf for nothing at all."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


def loudness(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS.

    BS.1770 weighs blocks of 400 ms. A prompt that is shorter is repeated end to end, its own pauses included,
    until it fills one: that is how loud it is when digits follow one another. Raises EngineError when
    pyloudnorm is not installed.
    """
    try:
        import pyloudnorm
    except ImportError as error:
        raise EngineError(
            "pyloudnorm, which measures loudness, is not installed: run `make voice`"
        ) from error
    block = math.ceil(_BLOCK_SECONDS * rate) + 1
    if not len(samples) or not np.any(samples):
        return -math.inf
    if len(samples) < block:
        samples = np.tile(samples, math.ceil(block / len(samples)))
    return float(pyloudnorm.Meter(rate).integrated_loudness(samples))


def silent_edges(samples: Samples, rate: int) -> tuple[int, int]:
    """Samples of silence at the start and at the end, in whole frames; all of them when nothing is louder."""
    frame = round(rate * _FRAME_SECONDS)
    count = len(samples) // frame
    frames = samples[: count * frame].reshape(count, frame)
    loud = (
        np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > 10 ** (SILENCE_DBFS / 20)) if count else frames
    )
    if not len(loud):
        return len(samples), len(samples)
    return int(loud[0]) * frame, len(samples) - (int(loud[-1]) + 1) * frame


def clipped(samples: Samples, full_scale: float = 1.0) -> int:
    """Samples at full scale next to another such: a lone peak may touch it, a flat top is clipping."""
    flat = np.abs(samples) >= full_scale * 0.999
    runs = np.diff(np.concatenate(([0], flat.astype(np.int8), [0])))
    lengths = np.flatnonzero(runs == -1) - np.flatnonzero(runs == 1)
    return int(lengths[lengths >= _CLIP_RUN].sum())
