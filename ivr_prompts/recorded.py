"""A person's recordings: ``recorded/<language>/<key>.wav`` wins over the synthesiser.

Needs scipy to read WAV files of every usual kind; `make voice` installs it.
"""

import math
import warnings
from pathlib import Path
from typing import Final

import numpy as np

from ivr_prompts.errors import EngineError, RecordingError
from ivr_prompts.measure import Samples, clipped, decibels

SHORTEST_SECONDS: Final = 0.2
LONGEST_SECONDS: Final = 60.0
LOWEST_RATE: Final = 8000
QUIETEST_DBFS: Final = -40.0
"""A recording whose loudest moment is below this would bring its hiss up with it when it is levelled."""
_CUT_SHORT: Final = "its end is missing; copy or export it again"
_MIXED_AWAY_DB: Final = 20.0
"""A voice on one of two channels loses 6 dB in the mix; this much only when one is the other's negative."""


def recordings(folder: Path) -> dict[str, Path]:
    """The WAV files below a language's folder by the key they are named for; hidden files are nobody's."""
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() == ".wav" and path.is_file() and not path.name.startswith(".")
    }


def no_recordings(folder: Path) -> list[Path]:
    """Files below a language's folder that somebody may take for recordings, and that are no WAV files."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() not in {".wav", ".md"} and not path.name.startswith(".")
    )


def read_recording(path: Path) -> tuple[Samples, int]:
    """Samples (channels mixed to one) and rate of a recording that is fit to be played.

    Raises RecordingError with the reason: empty, unreadable, cut short, rate too low, too short or long, too
    quiet, clipped.
    """
    try:
        from scipy.io import wavfile
    except ImportError as error:
        raise EngineError("scipy, which reads recordings, is not installed: run `make voice`") from error

    def refuse(reason: str) -> RecordingError:
        return RecordingError(f"recording {path.name} refused: {reason}")

    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", wavfile.WavFileWarning)
            rate, raw = wavfile.read(path)
    except Exception as error:  # scipy answers a damaged header with whatever it stumbles over
        raise refuse(_unreadable(path, error)) from error
    # Chunks of cue points, titles and the like are warned of, too, and do no harm.
    if any("EOF" in str(warning.message) for warning in said):
        raise refuse(_CUT_SHORT)
    if rate < LOWEST_RATE:
        raise refuse(f"{rate} samples a second are too few; record at 16,000 or more")
    samples = _scaled(raw)
    if not np.isfinite(samples).all():
        raise refuse("it holds numbers that are no sound; export it as 16-bit PCM WAV")
    loudest = float(np.abs(samples).max(initial=0.0))
    if samples.ndim > 1:
        samples = samples.mean(axis=1)
    seconds = len(samples) / rate
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise refuse(
            f"it is {seconds:.1f} s long; record it anew or cut it to {SHORTEST_SECONDS:g} to "
            f"{LONGEST_SECONDS:g} s"
        )
    peak = decibels(float(np.abs(samples).max()))
    if decibels(loudest) - peak > _MIXED_AWAY_DB:
        raise refuse("its channels cancel each other out; export one of them alone")
    if peak == -math.inf:
        raise refuse("it is silent; look whether the microphone was on")
    if peak < QUIETEST_DBFS:
        raise refuse(f"its loudest moment is only {peak:.0f} dBFS; record nearer to the microphone")
    flat = clipped(samples)
    if flat:
        raise refuse(f"{flat} samples are clipped; record again with the gain turned down")
    return samples, int(rate)


def _unreadable(path: Path, error: Exception) -> str:
    if path.is_file() and not path.stat().st_size:
        return "it is empty; record it again"
    if _ends_early(path):
        return _CUT_SHORT
    why = str(error) if isinstance(error, ValueError | OSError | EOFError) else "damaged header"
    return f"it cannot be read as WAV ({why}); export it as 16-bit PCM WAV"


def _ends_early(path: Path) -> bool:
    """Whether a file holds less than its first bytes announce."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            return head.startswith(b"RIFF") and path.stat().st_size < 8 + int.from_bytes(head[4:], "little")
    except OSError:
        return False


def _scaled(raw: np.ndarray) -> Samples:
    if raw.dtype.kind == "f":
        return raw.astype(np.float64)
    if raw.dtype == np.uint8:
        return (raw.astype(np.float64) - 128) / 128
    return raw.astype(np.float64) / -float(np.iinfo(raw.dtype).min)
