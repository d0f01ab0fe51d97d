"""What did the citizen hear? Recognises played prompts in a recording of the call.

A prompt that Asterisk plays arrives sample for sample as it lies on disk, but for A-law, gain, lost packets,
and the jitter buffer's insertions and omissions. So pieces of every prompt are correlated with the recording,
and what fits is followed block by block to the point where it stops. No speech is understood here: a live
voice, music and ringing tones fit no prompt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .search import HOP, Searcher
from .tape import Tape
from .track import Track
from .voiceprint import FRAME, RATE, voiceprints

# The prompts of a centre, prepared once for any number of listeners.
Repertoire = Searcher

# The last sounding frames of a prompt that may be missing while it still counts as heard whole.
TAIL_FRAMES = 3
WHOLE_SCORE = 0.75
WHOLE_COVERAGE = 0.6
EXACT_SHARE = 0.6
# A part of a prompt must be this much sound to be told from the parts of others.
PART_FRAMES = 12
WHOLE_EVIDENCE = 0.9
PART_EVIDENCE = 2.2
# Words that begin alike (number/27 and number/41 of one voice) reach 0.8 with each other's beginnings.
PART_SCORE = 0.85
# Two candidates exclude each other when they share more than this part of the shorter one.
SHARED = 0.25
# Candidates within this evidence (in frames) of the best, or this part of it, are equals.
EQUAL_EVIDENCE = 0.6
EQUAL_PART = 0.05


@dataclass(frozen=True)
class Heard:
    """A prompt that was played.

    `start_s` is when its file began, `end_s` when its sound stopped (seconds of the recording, good to 20
    ms); `score` 0.75..1.0 is the mean correlation; `complete` is False when it was cut short, as by barge-in.
    """

    key: str
    start_s: float
    end_s: float
    score: float
    complete: bool


@dataclass(frozen=True)
class _Candidate:
    heard: Heard
    evidence: float
    order: int
    begin: int
    end: int

    def excludes(self, other: "_Candidate") -> bool:
        shared = min(self.end, other.end) - max(self.begin, other.begin)
        return shared > SHARED * min(self.end - self.begin, other.end - other.begin)


def repertoire(prompts: Mapping[str, npt.NDArray[np.int16]]) -> Repertoire:
    """Prepare prompts (about 0.3 s for 190). Raises ValueError for a prompt without sound."""
    return Searcher(voiceprints(prompts))


class Listener:
    """Listens while the call goes on: `feed` audio as it comes, ask `heard()` and `playing()` at any time.

    `prompts` maps keys to int16 8 kHz mono audio; among prompts that fit equally well the one listed first is
    reported. The outcome after `finish` does not depend on how the audio was cut into pieces.
    Raises ValueError for a prompt without sound.
    """

    def __init__(self, prompts: "Mapping[str, npt.NDArray[np.int16]] | Repertoire") -> None:
        self._searcher = prompts if isinstance(prompts, Searcher) else repertoire(prompts)
        self._tape = Tape()
        self._searched = -self._searcher.width
        self._tracks: list[Track] = []
        self._found: list[_Candidate] = []

    @property
    def seconds(self) -> float:
        """Length of what was fed so far."""
        return self._tape.length / RATE

    def feed(self, samples: npt.NDArray[np.int16]) -> None:
        """Take the next piece of the recording, of any length."""
        self._tape.append(samples)
        self._search(self._tape.length - self._searcher.width, final=False)

    def finish(self) -> list[Heard]:
        """The recording has ended; judge its last moments and return everything that was heard."""
        self._search(self._tape.length, final=True)
        return self.heard()

    def heard(self) -> list[Heard]:
        """Prompts that have ended, in order, but for one that may still turn out to be a longer prompt."""
        rivals = [one for track in self._tracks if not track.stalled and (one := _candidate(track))]
        return [
            one.heard
            for one in _chosen(self._found)
            if not any(one.excludes(r) and r.evidence > 0.5 * one.evidence for r in rivals)
        ]

    def playing(self) -> Heard | None:
        """The prompt that is being played now, as far as it was heard; None when none is."""
        open_now = [one for track in self._tracks if not track.stalled and (one := _candidate(track))]
        best = _chosen(open_now)
        return best[-1].heard if best else None

    def explained(self) -> list[Heard]:
        """Every stretch that some prompt fits, decided or not: what lies outside of them is no prompt."""
        undecided = [one for track in self._tracks if (one := _candidate(track))]
        return [one.heard for one in (*self._found, *undecided)]

    def _search(self, until: int, *, final: bool) -> None:
        while self._searched + HOP <= until or (final and self._searched < until):
            stop = min(until, self._searched + HOP)
            for seed in self._searcher.seeds(self._tape, self._searched, stop):
                mine = [track for track in self._tracks if track.voiceprint is seed.voiceprint]
                if not any(track.covers(seed.start) for track in mine):
                    self._tracks.append(Track(seed))
            self._searched = stop
            self._follow(final=False)
        if final:
            self._follow(final=True)

    def _follow(self, *, final: bool) -> None:
        for track in self._tracks:
            track.advance(self._tape, final=final)
            if track.done and (candidate := _candidate(track)):
                self._found.append(candidate)
        self._tracks = [track for track in self._tracks if not track.done]


def _candidate(track: Track) -> _Candidate | None:
    one = track.voiceprint
    evidence = track.evidence
    score, exact, count = evidence.scores()
    whole = evidence.reach >= one.ending - TAIL_FRAMES and count >= WHOLE_COVERAGE * one.active_frames
    enough = evidence.total >= (WHOLE_EVIDENCE if whole else PART_EVIDENCE)
    if exact < EXACT_SHARE or score < (WHOLE_SCORE if whole else PART_SCORE):
        return None
    if not enough or not (whole or count >= PART_FRAMES):
        return None
    start, end = max(0, track.start) / RATE, track.end / RATE
    heard = Heard(one.key, round(start, 3), round(end, 3), round(score, 3), whole)
    return _Candidate(heard, evidence.total, one.order, track.begin, track.end)


def _chosen(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The candidates that explain the recording best, without overlap, in time order."""
    left = sorted(candidates, key=lambda one: (-one.evidence, one.order, one.begin))
    chosen: list[_Candidate] = []
    while left:
        top = left[0]
        margin = min(EQUAL_EVIDENCE, EQUAL_PART * top.evidence)
        equals = [one for one in left if one.evidence >= top.evidence - margin and one.excludes(top)]
        best = min(equals, key=lambda one: (not one.heard.complete, one.order, -one.evidence))
        chosen.append(best)
        left = [one for one in left if not one.excludes(best)]
    return sorted(chosen, key=lambda one: one.begin)


def recognise(recording: npt.NDArray[np.int16], prompts: Mapping[str, npt.NDArray[np.int16]]) -> list[Heard]:
    """Which prompts were played, in order, with their times.

    `recording` is int16 8 kHz mono; see `Listener` for the prompts and `Heard` for the answer. One minute
    against 190 prompts takes a few seconds on one core.
    """
    listener = Listener(prompts)
    listener.feed(recording)
    return listener.finish()


__all__ = ["FRAME", "RATE", "Heard", "Listener", "Repertoire", "recognise", "repertoire"]
