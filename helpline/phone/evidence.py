"""Weighing frames: where in a prompt does what was heard speak for it, and how strongly?"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

# A frame speaks for the prompt above this correlation and against it below.
EVEN = 0.7
# What was played is exact but for what the line spoilt; the same word said again is nowhere exact.
EXACT_FRAME = 0.9


@dataclass
class Evidence:
    """The stretch of frames that speaks for the prompt most (the largest sum of what exceeds `EVEN`).

    `total` is that sum, `first`..`last` its frames, `slip` the slip at its last frame, `behind` how many
    sounding frames have been weighed since. Frames come in order; `copy` allows to take the last ones back.
    """

    first: int
    last: int
    total: float = 0.0
    slip: int = 0
    behind: int = 0
    _running: float = 0.0
    _since: int = 0
    _values: dict[int, float] = field(default_factory=dict)

    def copy(self) -> "Evidence":
        """The same evidence, to be continued in its place: the frames' values stay shared."""
        return Evidence(
            self.first,
            self.last,
            self.total,
            self.slip,
            self.behind,
            self._running,
            self._since,
            self._values,
        )

    def weigh(self, frame: int, value: float, slip: int) -> None:
        """A sounding frame correlates by `value` (0..1)."""
        self._values[frame] = value
        if self._running <= 0.0:
            self._since, self._running = frame, 0.0
        self._running += value - EVEN
        self.behind += 1
        if self._running > self.total:
            self.total, self.first, self.last = self._running, self._since, frame
            self.slip, self.behind = slip, 0

    def scores(self) -> tuple[float, float, int]:
        """(mean correlation, share of exact frames, count) of the stretch."""
        values: npt.NDArray[np.float64] = np.array(
            [value for frame, value in self._values.items() if self.first <= frame <= self.last]
        )
        if not len(values):
            return 0.0, 0.0, 0
        return float(values.mean()), float((values > EXACT_FRAME).mean()), len(values)
