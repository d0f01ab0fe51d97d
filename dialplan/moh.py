"""The soft tone that callers hear on hold, and while they wait between the words that are said to them."""

from typing import Final

import numpy as np

from ivr_prompts.alaw import RATE, encode

SECONDS: Final = 12
"""Length of the tone, and so the time until the first request to wait."""

_NOTES: Final = ((0.0, 392.0), (1.0, 493.88), (2.0, 587.33), (5.0, 523.25), (6.0, 440.0), (7.0, 392.0))
"""Start in seconds and pitch in hertz: three notes up, a rest, three notes down, a long rest."""

_PEAK: Final = 0.12
"""About -18 dBFS: clearly softer than the voice, which it must not drown."""


def waiting_tone() -> bytes:
    """The tone as A-law samples at 8 kHz; it begins and ends in silence, so nothing clicks."""
    samples = np.zeros(RATE * SECONDS)
    for start, pitch in _NOTES:
        time = np.arange(RATE * 3) / RATE
        swell = np.minimum(time / 0.08, 1.0) * np.exp(-1.6 * time) * np.minimum((3.0 - time) / 0.2, 1.0)
        note = swell * (np.sin(2 * np.pi * pitch * time) + 0.25 * np.sin(4 * np.pi * pitch * time))
        first = int(start * RATE)
        samples[first : first + note.size] += note
    samples *= _PEAK / np.abs(samples).max()
    return encode(np.round(samples * 32767).astype(np.int16))
