"""What a recording's file tells: 16-bit mono WAV, whose header Asterisk writes last."""

import wave
from pathlib import Path

import numpy as np

_HEADER = 44
# Of other WAV formats than ours.
_LONGEST_HEADER = 64
_RATE = 8000
_SAMPLE_BYTES = 2
# A line's noise stays well below it, a low voice on a bad line well above.
_VOICE_RMS = 120.0
_BLOCK_SECONDS = 0.1
# A click or a breath is shorter than the shortest word.
_VOICED_BLOCKS = 3


def is_recorded(folder: Path, name: str) -> bool | None:
    """Whether the recording ``name`` is in the recordings folder with any sound in it.

    None: there is no such folder here to look into, as when Asterisk runs on another machine. A file without
    anything, or with a header alone, is none: a full disk leaves such.
    """
    if not folder.is_dir():
        return None
    if Path(name).name != name or name.startswith("."):
        return False
    try:
        return (folder / name).stat().st_size > _LONGEST_HEADER
    except (OSError, ValueError):
        return False


def message_seconds(folder: Path, name: str) -> float | None:
    """The length of the recording ``name`` in the recordings folder; None when it is not there or no WAV.

    A file whose header was never finished, because Asterisk was killed, is measured by its size.
    """
    path = folder / name
    if Path(name).name != name:
        return None
    try:
        size = path.stat().st_size
        with wave.open(str(path), "rb") as file:
            frames, rate = file.getnframes(), file.getframerate()
    except (OSError, EOFError, wave.Error):
        return None
    if not frames or not rate:
        return max(0, size - _HEADER) / (_SAMPLE_BYTES * _RATE)
    return frames / rate


def is_silent(path: Path) -> bool:
    """Whether nobody speaks in a 16-bit WAV file. False for one that cannot be read: then it is kept."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != _SAMPLE_BYTES:
                return False
            block = max(1, int(file.getframerate() * file.getnchannels() * _BLOCK_SECONDS))
            sound = file.readframes(file.getnframes()) or path.read_bytes()[_HEADER:]
    except (OSError, EOFError, wave.Error):
        return False
    samples = np.frombuffer(sound[: len(sound) // _SAMPLE_BYTES * _SAMPLE_BYTES], dtype="<i2")
    if len(samples) < block:
        return True
    blocks = samples[: len(samples) // block * block].astype(np.float32).reshape(-1, block)
    blocks -= blocks.mean(axis=1, keepdims=True)
    loud = np.sqrt((blocks**2).mean(axis=1)) > _VOICE_RMS
    return bool(loud.sum() < _VOICED_BLOCKS)
