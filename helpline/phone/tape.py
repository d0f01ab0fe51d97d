"""The recording as it grows: flattened samples and running energy, so any window is normalised cheaply."""

import numpy as np
import numpy.typing as npt

from .voiceprint import FRAME, RATE, Samples, flatten

# Energy of a 20 ms frame of A-law idle noise; windows below it count as silence instead of as a perfect
# match.
FLOOR_PER_SAMPLE = 8.0**2


class Tape:
    """Append-only 8 kHz recording. Positions are samples from its beginning; outside of it is silence."""

    def __init__(self) -> None:
        self._signal = np.zeros(30 * RATE, dtype=np.float32)
        self._power = np.zeros(30 * RATE + 1, dtype=np.float64)
        self._last = 0.0
        self.length = 0

    def append(self, samples: npt.NDArray[np.int16]) -> None:
        """Add what was heard next."""
        if not len(samples):
            return
        end = self.length + len(samples)
        if end > len(self._signal):
            size = max(end, 2 * len(self._signal))
            self._signal = np.concatenate([self._signal, np.zeros(size - len(self._signal), np.float32)])
            self._power = np.concatenate([self._power, np.zeros(size + 1 - len(self._power), np.float64)])
        flat = flatten(samples, self._last)
        self._signal[self.length : end] = flat
        self._power[self.length + 1 : end + 1] = self._power[self.length] + np.cumsum(
            flat.astype(np.float64) ** 2
        )
        self._last = float(samples[-1])
        self.length = end

    def cut(self, start: int, stop: int) -> Samples:
        """Samples start..stop, with silence where the tape has none."""
        if start >= 0 and stop <= self.length:
            return self._signal[start:stop]
        piece = np.zeros(stop - start, dtype=np.float32)
        low, high = max(start, 0), min(stop, self.length)
        if low < high:
            piece[low - start : high - start] = self._signal[low:high]
        return piece

    def norms(self, start: int, count: int, width: int) -> Samples:
        """Root energy of the windows of `width` samples that begin at start..start+count-1 (never zero)."""
        begins = np.clip(np.arange(start, start + count), 0, self.length)
        ends = np.clip(np.arange(start + width, start + width + count), 0, self.length)
        energy = self._power[ends] - self._power[begins]
        return np.sqrt(np.maximum(energy, FLOOR_PER_SAMPLE * width)).astype(np.float32)

    def frame_energy(self, start: int, frames: int) -> Samples:
        """Energy of consecutive frames from `start`, floored like `norms`."""
        edges = np.clip(start + FRAME * np.arange(frames + 1), 0, self.length)
        energy = np.diff(self._power[edges])
        return np.maximum(energy, FLOOR_PER_SAMPLE * FRAME).astype(np.float32)

    def silent(self, start: int, stop: int) -> bool:
        """True when no 20 ms in start..stop rises above the floor."""
        frames = max(1, -(-(stop - start) // FRAME))
        return bool(self.frame_energy(start, frames).max() <= FLOOR_PER_SAMPLE * FRAME * 1.01)
