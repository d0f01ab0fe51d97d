"""Where may a prompt have started? All anchors against the newest audio at once, by FFT."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .tape import Tape
from .voiceprint import ANCHOR_FRAMES, FRAME, Voiceprint

# Half of a digit that a slip cut in two still reaches this; noise against 100 ms of speech does not.
SEED_SCORE = 0.5
# A piece shorter than a whole anchor fits more by chance, so it must fit better.
SHORT_SEED_SCORE = 0.75
FFT_SIZE = 4096
# Audio is searched in steps of this size, whatever pieces it comes in, so that the outcome is the same.
HOP = 2160
# Anchors that are multiplied and transformed together: bounds the memory of one step to a few megabytes.
BATCH = 64


@dataclass(frozen=True)
class Seed:
    """The prompt's sample 0 would lie at `start`; its piece up to frame `judged` was compared."""

    voiceprint: Voiceprint
    start: int
    judged: int
    score: float


class Searcher:
    """Finds seeds of a fixed set of prompts, `HOP` samples of new audio at a time."""

    def __init__(self, prints: Sequence[Voiceprint]) -> None:
        self._anchors = [(one, offset, piece) for one in prints for offset, piece in one.anchors()]
        self.width = max((len(piece) for _, _, piece in self._anchors), default=FRAME)
        padded = np.zeros((len(self._anchors), FFT_SIZE), dtype=np.float32)
        for row, (_, _, piece) in zip(padded, self._anchors, strict=True):
            row[: len(piece)] = piece / np.sqrt(float(np.dot(piece, piece)))
        self._spectra = np.conj(np.fft.rfft(padded, axis=1)).astype(np.complex64)
        self._lengths = sorted({len(piece) for _, _, piece in self._anchors})

    def seeds(self, tape: Tape, start: int, stop: int) -> list[Seed]:
        """Seeds whose anchor begins in start..stop-1 (at most HOP apart); best first."""
        if stop <= start or tape.silent(start, stop + self.width):
            return []
        count = stop - start
        spectrum = np.fft.rfft(tape.cut(start, start + FFT_SIZE).astype(np.float32)).astype(np.complex64)
        norms = {width: 1 / tape.norms(start, count, width) for width in self._lengths}
        found: list[Seed] = []
        for first in range(0, len(self._anchors), BATCH):
            batch = self._anchors[first : first + BATCH]
            products = self._spectra[first : first + BATCH] * spectrum
            scores = np.fft.irfft(products, FFT_SIZE, axis=1)[:, :count]
            scores *= np.stack([norms[len(piece)] for _, _, piece in batch])
            for row in np.flatnonzero(scores.max(axis=1) >= SEED_SCORE):
                one, offset, piece = batch[row]
                enough = SEED_SCORE if len(piece) >= ANCHOR_FRAMES * FRAME else SHORT_SEED_SCORE
                for at, score in _peaks(scores[row], enough):
                    judged = (offset + len(piece)) // FRAME
                    found.append(Seed(one, start + at - offset, judged, score))
        return sorted(found, key=lambda seed: (-seed.score, seed.voiceprint.order, seed.start))


def _peaks(scores: np.typing.NDArray[np.float32], enough: float) -> list[tuple[int, float]]:
    peaks: list[tuple[int, float]] = []
    left = scores.copy()
    while True:
        at = int(left.argmax())
        if left[at] < enough:
            return peaks
        peaks.append((at, float(left[at])))
        left[max(0, at - FRAME) : at + FRAME] = 0
