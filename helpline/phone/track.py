"""Following one prompt through the recording, block by block, across slips, losses and its end."""

import numpy as np

from .search import Seed
from .tape import Tape
from .voiceprint import BLOCK_FRAMES, FRAME, RATE, Samples

# A jitter buffer inserts or drops up to three packets at once; looked for only when the block does not fit.
NEAR = 16
FAR = 3 * FRAME
FITS = 0.8
# A busy machine stalls for longer; looked for only in a prompt that is known to play.
WIDE = RATE // 2
WIDE_FITS = 0.7
KNOWN = 5.0
# A frame speaks for the prompt above this correlation and against it below.
EVEN = 0.5
# Frames of sound that contradict before the prompt counts as stopped: 400 ms, more than a burst of losses.
GIVE_UP = 20
STALLED = 5


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
        self._sum = 0.0
        self._since = self._next
        self._behind = 0
        self._scores: list[float] = []
        self.evidence = 0.0
        self.first_frame = self._next
        self.last_frame = self._next - 1
        self._slip_at_last = 0

    @property
    def stalled(self) -> bool:
        """True when the last frames of sound contradicted: the prompt has stopped, or was never this one."""
        return self._behind >= STALLED

    @property
    def begin(self) -> int:
        """Sample at which the first heard frame lies."""
        return self.start + self.first_frame * FRAME

    @property
    def end(self) -> int:
        """Sample after the last heard frame."""
        return self.start + self._slip_at_last + (self.last_frame + 1) * FRAME

    def covers(self, start: int) -> bool:
        """True when a seed at `start` is this track seen again."""
        near = 5 * FRAME
        return abs(self.start - start) <= near or abs(self.start + self.slip - start) <= near

    def scores(self) -> tuple[float, int]:
        """(mean correlation, count) of the sounding frames between first and last heard frame."""
        one = self.voiceprint
        window = slice(self.first_frame, self.last_frame + 1)
        values = np.array(self._scores, dtype=np.float64)[
            self.first_frame - one.first : self.last_frame + 1 - one.first
        ]
        active = one.active[window]
        count = int(active.sum())
        return (float(values[active].mean()) if count else 0.0), count

    def advance(self, tape: Tape, *, final: bool = False) -> None:
        """Judge the blocks that are on the tape; with `final` all that remain."""
        last = self.voiceprint.last
        while not self.done:
            stop = self._next + BLOCK_FRAMES
            if last + 1 - stop < BLOCK_FRAMES // 2:
                stop = last + 1
            at = self.start + self.slip
            ready = at + stop * FRAME + FAR <= tape.length
            if not ready and not final:
                return
            if not self._judge(tape, self._next, stop, final=final):
                return
            self._next = stop
            hopeless = stop >= self._judged and self.evidence < 1.0
            beyond = at + stop * FRAME > tape.length
            self.done = stop > last or hopeless or beyond or self._behind > GIVE_UP

    def _judge(self, tape: Tape, begin: int, stop: int, *, final: bool) -> bool:
        """Weigh one block; False when more of the tape is needed first."""
        one = self.voiceprint
        block = one.signal[begin * FRAME : stop * FRAME]
        nominal = self.start + self.slip + begin * FRAME
        lag, score = _best_lag(tape, block, nominal, NEAR)
        if score < FITS:
            far, better = _best_lag(tape, block, nominal, FAR)
            if better > score + 0.1:
                lag, score = far, better
        if score < FITS and self.evidence >= KNOWN:
            if not final and nominal + len(block) + WIDE > tape.length:
                return False
            wide, better = _best_lag(tape, block, nominal, WIDE)
            if better > max(score + 0.2, WIDE_FITS):
                lag, score = wide, better
        if score >= 0.35:
            nominal += lag
            if self._anchored:
                self.slip += lag
            else:
                # The seed was a neighbouring peak: until a block fits, it is the start that was wrong.
                self.start += lag
                self._anchored = score >= FITS
        heard = tape.cut(nominal, nominal + len(block)).reshape(-1, FRAME)
        products = (block.reshape(-1, FRAME) * heard).sum(axis=1)
        norms = np.sqrt(np.maximum(one.energy[begin:stop], 1.0) * tape.frame_energy(nominal, stop - begin))
        for frame, value in enumerate(np.clip(products / norms, 0.0, 1.0), start=begin):
            self._scores.append(float(value))
            if one.active[frame]:
                self._weigh(frame, float(value))
        return True

    def _weigh(self, frame: int, value: float) -> None:
        if self._sum <= 0.0:
            self._since = frame
            self._sum = 0.0
        self._sum += value - EVEN
        self._behind += 1
        if self._sum > self.evidence:
            self.evidence = self._sum
            self.first_frame = self._since
            self.last_frame = frame
            self._slip_at_last = self.slip
            self._behind = 0


def _best_lag(tape: Tape, block: Samples, nominal: int, reach: int) -> tuple[int, float]:
    window = tape.cut(nominal - reach, nominal + len(block) + reach)
    scores = np.correlate(window, block) / tape.norms(nominal - reach, 2 * reach + 1, len(block))
    at = int(scores.argmax())
    norm = float(np.sqrt(max(float(np.dot(block, block)), 1.0)))
    return at - reach, float(scores[at]) / norm
