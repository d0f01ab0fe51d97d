"""Following one prompt through the recording, block by block, across slips, losses and its end."""

import numpy as np
import numpy.typing as npt

from .evidence import Evidence
from .search import Seed
from .tape import Tape
from .voiceprint import FRAME, RATE, Samples

# A jitter buffer inserts or drops up to three packets at once; looked for only when the block does not fit
# exactly, as with a lost packet or one pitch period beside its place.
NEAR = 16
FAR = 3 * FRAME
EXACT = 0.93
FITS = 0.8
# Less than this is no alignment at all: the block is judged where it should be.
ALIGNED = 0.35
# A busy machine stalls for longer; looked for only in a prompt that is known to play.
WIDE = RATE // 2
WIDE_FITS = 0.7
KNOWN = 3.0
# Frames of sound that contradict before the prompt counts as stopped: 400 ms, more than a burst of losses.
GIVE_UP = 20
STALLED = 5
# Evidence that a seed must have gathered by the end of the piece it was found by.
HOPE = 0.6


class Track:
    """Evidence that one prompt plays from `start` on; `advance` is called whenever the tape has grown."""

    def __init__(self, seed: Seed) -> None:
        self.voiceprint = seed.voiceprint
        self.start = seed.start
        self.slip = 0
        self.done = False
        self._anchored = False
        self._judged = seed.judged
        self._next = seed.voiceprint.first
        self.evidence = Evidence(self._next, self._next - 1)
        # The block judged last, evidence before it, and its frames' values: a slip found in the next may
        # lie in it.
        self._before: tuple[int, Evidence, npt.NDArray[np.float32]] | None = None

    @property
    def stalled(self) -> bool:
        """True when the last frames of sound contradicted: the prompt has stopped, or was never this one."""
        return self.evidence.behind >= STALLED

    @property
    def begin(self) -> int:
        """Sample at which the first heard frame lies."""
        return self.start + self.evidence.first * FRAME

    @property
    def end(self) -> int:
        """Sample after the last heard frame."""
        return self.start + self.evidence.slip + (self.evidence.reach + 1) * FRAME

    def covers(self, start: int) -> bool:
        """True when a seed at `start` is this track seen again."""
        near = 5 * FRAME
        return abs(self.start - start) <= near or abs(self.start + self.slip - start) <= near

    def advance(self, tape: Tape, *, final: bool = False) -> None:
        """Judge the blocks that are on the tape; with `final` all that remain."""
        last = self.voiceprint.last
        while not self.done:
            size = self.voiceprint.block_frames
            stop = self._next + size
            if last + 1 - stop < size // 2:
                stop = last + 1
            at = self.start + self.slip
            ready = at + stop * FRAME + FAR <= tape.length
            if not ready and not final:
                return
            found = self._align(tape, self._next, stop, final=final)
            if found is None:
                return
            self._judge(tape, self._next, stop, *found)
            self._next = stop
            hopeless = stop >= self._judged and self.evidence.total < HOPE
            beyond = at + stop * FRAME > tape.length
            self.done = stop > last or hopeless or beyond or self.evidence.behind > GIVE_UP

    def _align(self, tape: Tape, begin: int, stop: int, *, final: bool) -> tuple[int, float] | None:
        """(samples by which the block slipped, its correlation); None when more of the tape is needed."""
        block = self.voiceprint.signal[begin * FRAME : stop * FRAME]
        nominal = self.start + self.slip + begin * FRAME
        lag, score = _best_lag(tape, block, nominal, NEAR)
        if score < EXACT:
            far, better = _best_lag(tape, block, nominal, FAR)
            if better > score + 0.05:
                lag, score = far, better
        if score < FITS and self.evidence.total >= KNOWN:
            if not final and nominal + len(block) + WIDE > tape.length:
                return None
            wide, better = _best_lag(tape, block, nominal, WIDE)
            if better > max(score + 0.2, WIDE_FITS):
                lag, score = wide, better
        return (lag, score) if score >= ALIGNED else (0, score)

    def _judge(self, tape: Tape, begin: int, stop: int, lag: int, score: float) -> None:
        values = self._values(tape, begin, stop, lag)
        if not self._anchored:
            # The seed was a neighbouring peak: until a block fits, it is the start that was wrong.
            self.start += lag
            self._anchored = score >= FITS
        elif lag:
            # The slip may lie within this block, or in the one before.
            values = np.maximum(values, self._values(tape, begin, stop, 0))
            if self._before is not None and score >= EXACT:
                earlier, evidence, judged = self._before
                self.evidence = evidence
                self._weigh(earlier, np.maximum(judged, self._values(tape, earlier, begin, lag)))
            self.slip += lag
        self._before = (begin, self.evidence.copy(), values)
        self._weigh(begin, values)

    def _weigh(self, begin: int, values: npt.NDArray[np.float32]) -> None:
        for frame, value in enumerate(values, start=begin):
            if self.voiceprint.active[frame]:
                self.evidence.weigh(frame, float(value), self.slip)

    def _values(self, tape: Tape, begin: int, stop: int, lag: int) -> npt.NDArray[np.float32]:
        """Correlation of each frame, `lag` samples beside its place."""
        one = self.voiceprint
        at = self.start + self.slip + lag + begin * FRAME
        block = one.signal[begin * FRAME : stop * FRAME].reshape(-1, FRAME)
        heard = tape.cut(at, at + (stop - begin) * FRAME).reshape(-1, FRAME)
        norms = np.sqrt(np.maximum(one.energy[begin:stop], 1.0) * tape.frame_energy(at, stop - begin))
        return np.asarray(np.clip((block * heard).sum(axis=1) / norms, 0.0, 1.0), dtype=np.float32)


def _best_lag(tape: Tape, block: Samples, nominal: int, reach: int) -> tuple[int, float]:
    window = tape.cut(nominal - reach, nominal + len(block) + reach)
    scores = np.correlate(window, block) / tape.norms(nominal - reach, 2 * reach + 1, len(block))
    at = int(scores.argmax())
    norm = float(np.sqrt(max(float(np.dot(block, block)), 1.0)))
    return at - reach, float(scores[at]) / norm
