"""Weighing frames: where in a prompt does what was heard speak for it, and how strongly?"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

# A frame speaks for the prompt above this correlation and against it below.
EVEN = 0.7
# What was played is exact but for what the line spoilt; the same word said again is nowhere exact.
EXACT_FRAME = 0.9
# An exact frame this soon after the stretch still belongs to it: a packet was lost just before the end.
NEAR_END = 6


@dataclass
class Evidence:
    """The stretch of frames that speaks for the prompt most (the largest sum of what exceeds `EVEN`).

    `total` is that sum, `first`..`last` its frames, `reach` the last exact frame that still belongs to it,
    `slip` the slip there, `behind` how many sounding frames have been weighed since `last`. Frames come in
    order; `copy` allows to take the last ones back.
    """

    first: int
    last: int
    reach: int = -1
    total: float = 0.0
    slip: int = 0
    behind: int = 0
    _running: float = 0.0
    _since: int = 0
    _values: dict[int, float] = field(default_factory=dict)

    def copy(self) -> "Evidence":
        """The same evidence, to be continued in its place: the frames' values stay shared."""
        return replace(self)

    def weigh(self, frame: int, value: float, slip: int) -> None:
        """A sounding frame correlates by `value` (0..1)."""
        self._values[frame] = value
        if self._running <= 0.0:
            self._since, self._running = frame, 0.0
        self._running += value - EVEN
        self.behind += 1
        if self._running > self.total:
            self.total, self.first, self.last = self._running, self._since, frame
            self.reach, self.slip, self.behind = frame, slip, 0
        elif value > EXACT_FRAME and self.total > 0 and frame - self.last <= NEAR_END:
            self.reach, self.slip = frame, slip

    def scores(self) -> tuple[float, float, int]:
        """(mean correlation, share of exact frames, count) of the stretch."""
        values: npt.NDArray[np.float64] = np.array(
            [value for frame, value in self._values.items() if self.first <= frame <= self.last]
        )
        if not len(values):
            return 0.0, 0.0, 0
        return float(values.mean()), float((values > EXACT_FRAME).mean()), len(values)
