"""A prompt prepared for being listened for: flattened signal, active frames, blocks, anchors.

Times inside the listener are samples of 8 kHz; a frame is 20 ms, the packet time of the call, because losses
and jitter-buffer corrections come in packets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.float32]

RATE = 8000
FRAME = 160
# A block is aligned as one piece: long enough to stand out (200 ms), short enough to lie between two slips.
BLOCK_FRAMES = 10
# An anchor finds where a prompt may have started. Three of them, so that a slip or a loss in one, or a call
# whose first packets went missing, does not hide the prompt.
ANCHOR_FRAMES = 12
ANCHOR_STARTS = (0, 12, 36)
SHORTEST_FRAMES = 5
# A word up to this length (500 ms) is aligned by 100 ms, and searched for by its beginning and its end too.
SHORT_FRAMES = 25
HALF_ANCHOR_FRAMES = 7
# A frame takes part when it is not this much weaker than the loudest, and above the A-law idle noise.
ACTIVE_RANGE_DB = 30.0
IDLE_RMS = 24.0
# A prompt was heard whole when its last frame of this strength was: a breath after it may drown in noise.
ENDING_RANGE_DB = 20.0
EMPHASIS = np.float32(0.9)


def flatten(samples: npt.NDArray[np.int16] | Samples, before: float = 0.0) -> Samples:
    """First-order pre-emphasis: speech loses its 6 dB per octave, so that equal vowels correlate less.

    `before` is the sample that preceded `samples[0]` (0 at the beginning of a recording).
    """
    signal = np.asarray(samples, dtype=np.float32)
    flat = signal.copy()
    if len(flat):
        flat[1:] -= EMPHASIS * signal[:-1]
        flat[0] -= EMPHASIS * np.float32(before)
    return flat


@dataclass(frozen=True)
class Voiceprint:
    """One prompt: `order` is its rank in the caller's listing and breaks ties between equal audio.

    `first`, `last`: the outermost active frames; `ending`: the last one of strength.
    """

    key: str
    order: int
    length: int
    signal: Samples
    energy: Samples
    active: npt.NDArray[np.bool_]
    first: int
    last: int
    ending: int

    @property
    def active_frames(self) -> int:
        """Number of frames that carry sound."""
        return int(self.active.sum())

    @property
    def short(self) -> bool:
        """True for a word such as a digit, which one slip may cut through the middle."""
        return self.last + 1 - self.first <= SHORT_FRAMES

    @property
    def block_frames(self) -> int:
        """Frames that are aligned as one piece."""
        return BLOCK_FRAMES // 2 if self.short else BLOCK_FRAMES

    def anchors(self) -> list[tuple[int, Samples]]:
        """(offset in samples, flattened audio) of the pieces that are searched for."""
        span = self.last + 1 - self.first
        places = [(start, start + ANCHOR_FRAMES) for start in ANCHOR_STARTS if start + ANCHOR_FRAMES <= span]
        if self.short:
            half = min(HALF_ANCHOR_FRAMES, span)
            places += [(0, half), (span - half, span)]
        pieces: list[tuple[int, Samples]] = []
        for start, stop in places:
            begin, end = self.first + start, self.first + stop
            if int(self.active[begin:end].sum()) >= SHORTEST_FRAMES:
                pieces.append((begin * FRAME, self.signal[begin * FRAME : end * FRAME]))
        return pieces or [(self.first * FRAME, self.signal[self.first * FRAME : (self.last + 1) * FRAME])]


def voiceprint(key: str, order: int, audio: npt.NDArray[np.int16]) -> Voiceprint:
    """Prepare one prompt.

    Raises ValueError for audio that is not one-dimensional or holds less than 100 ms of sound: nothing could
    be told from it.
    """
    if audio.ndim != 1:
        raise ValueError(f"prompt {key}: the audio must be mono")
    frames = -(-len(audio) // FRAME)
    padded = np.zeros(frames * FRAME, dtype=np.float32)
    padded[: len(audio)] = audio
    rms = np.sqrt((padded.reshape(frames, FRAME) ** 2).mean(axis=1)) if frames else np.zeros(0)
    loudest = float(rms.max()) if frames else 0.0
    active = rms > max(loudest * 10 ** (-ACTIVE_RANGE_DB / 20), IDLE_RMS)
    if int(active.sum()) < SHORTEST_FRAMES:
        raise ValueError(f"prompt {key}: less than {SHORTEST_FRAMES * FRAME / RATE:.1f} s of sound")
    where = np.flatnonzero(active)
    ending = np.flatnonzero(rms > loudest * 10 ** (-ENDING_RANGE_DB / 20))[-1]
    signal = flatten(padded)
    energy = (signal.reshape(frames, FRAME) ** 2).sum(axis=1)
    return Voiceprint(
        key, order, len(audio), signal, energy, active, int(where[0]), int(where[-1]), int(ending)
    )


def voiceprints(prompts: Mapping[str, npt.NDArray[np.int16]]) -> list[Voiceprint]:
    """Prepare a catalogue; the mapping's order is the order of preference between equal audio."""
    return [voiceprint(key, order, audio) for order, (key, audio) in enumerate(prompts.items())]
