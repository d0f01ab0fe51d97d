"""The longest stretch in which a caller hears nothing, out of what his telephone recorded."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from helpline.phone.voiceprint import RATE

SILENCE_RMS = 60
_FRAME = RATE // 50


def spoken_spans(heard: Sequence[tuple[str, float, float]]) -> list[tuple[float, float]]:
    """When the caller himself speaks, out of prompts with their first and last second: after each beep."""
    starts = [start for _, start, _ in heard]
    return [
        (end, starts[at + 1] if at + 1 < len(starts) else float("inf"))
        for at, (key, _, end) in enumerate(heard)
        if key.endswith("beep")
    ]


def longest_silence(recording: np.ndarray, spoken: Sequence[tuple[float, float]]) -> float:
    """Seconds of the longest stretch without a sound; not counted while the caller himself speaks."""
    count = len(recording) // _FRAME
    frames = recording[: count * _FRAME].reshape(-1, _FRAME).astype(np.float32)
    quiet = np.sqrt((frames**2).mean(axis=1)) < SILENCE_RMS
    for begin, end in spoken:
        quiet[int(begin * 50) : int(min(end, count / 50) * 50) + 1] = False
    return max((len(run) for run in _runs(quiet)), default=0) / 50


def _runs(flags: np.ndarray) -> Iterator[list[bool]]:
    for value, group in itertools.groupby(flags.tolist()):
        if value:
            yield list(group)
