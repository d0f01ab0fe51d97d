"""Sounds that a scripted person makes, from numbers: no file is needed, and the other side can know them."""

import numpy as np
import numpy.typing as npt

from .voiceprint import RATE

SYLLABLE_S = 0.16


def voice(seconds: float, *, seed: int, pitch_hz: float = 190.0, peak: int = 9000) -> npt.NDArray[np.int16]:
    """A voice-like murmur of int16 8 kHz: gliding pitch, changing vowels, some hiss.

    The same seed is the same sound: as a prompt of `recognise` it is found in the other side's recording.
    """
    dice = np.random.default_rng(seed)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    pitch = pitch_hz * (1 + 0.08 * np.sin(2 * np.pi * dice.uniform(0.7, 2.0) * time + dice.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    knots = int(seconds / SYLLABLE_S) + 2
    marks = np.arange(knots) * SYLLABLE_S
    sound = np.zeros(count)
    for harmonic in range(1, int(3400 / (1.1 * pitch_hz)) + 1):
        loud = np.interp(time, marks, dice.uniform(0.0, 1.0, knots) ** 2) / harmonic**0.7
        sound += loud * np.sin(harmonic * phase + dice.uniform(0, 6))
    hiss = np.interp(time, marks, dice.uniform(0.0, 1.0, knots) > 0.7)
    sound += 0.4 * hiss * dice.standard_normal(count)
    sound *= np.interp(time, marks, dice.uniform(0.3, 1.0, knots))
    loudest = float(np.abs(sound).max()) if count else 0.0
    return np.asarray(sound * (peak / loudest if loudest else 0.0), dtype=np.int16)


def tone(seconds: float, *, hz: float = 440.0, peak: int = 9000) -> npt.NDArray[np.int16]:
    """A steady sine of int16 8 kHz."""
    time = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(peak * np.sin(2 * np.pi * hz * time), dtype=np.int16)
