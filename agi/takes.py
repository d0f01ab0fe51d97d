"""The files of spoken messages, where this service sees them: whether one holds a voice, and away with it."""

from __future__ import annotations

import contextlib
import wave
from pathlib import Path

import numpy as np

# A line's noise stays well below it, a low voice on a bad line well above.
_VOICE_RMS = 120.0
_BLOCK_SECONDS = 0.1
# A click or a breath is shorter than the shortest word.
_VOICED_BLOCKS = 3


def is_silent(path: Path) -> bool:
    """Whether nobody speaks in a 16-bit WAV file. False for one that cannot be read: then it is kept."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                return False
            block = max(1, int(file.getframerate() * file.getnchannels() * _BLOCK_SECONDS))
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32)
    except (OSError, EOFError, wave.Error):
        return False
    if len(samples) < block:
        return True
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    blocks -= blocks.mean(axis=1, keepdims=True)
    loud = np.sqrt((blocks**2).mean(axis=1)) > _VOICE_RMS
    return bool(loud.sum() < _VOICED_BLOCKS)


def discard(path: Path) -> None:
    """Remove a take that nobody wants. No harm when it is not there, or on another machine."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
