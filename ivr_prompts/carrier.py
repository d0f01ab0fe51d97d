"""A single word is spoken in the midst of a sentence and cut out of it.

Kokoro puts a murmured vowel before the first sound of an utterance and another behind the last one. A
sentence hides them; a lone चार becomes "achare". So a word is given as "नंबर है, चार, है ना" and cut out
where its neighbours are expected: they last about equally long every time.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ivr_prompts.errors import EngineError
from ivr_prompts.measure import Samples

BEFORE: Final = "नंबर है"


@dataclass(frozen=True)
class Carrier:
    """What follows the word.

    ``boundary``: seconds, at pace 1, from the last sound of the sentence back to where the word ends, at
    least and at most. ``quiet_db``: how far below the loudest moment that place is.
    """

    after: str
    boundary: tuple[float, float]
    quiet_db: float

    def sentence(self, word: str) -> str:
        """The sentence that carries the word."""
        return f"{BEFORE}, {word}, {self.after}।"


# The silent closure of ठ, behind which a final stop is complete; a vowel before it would end in a t.
AFTER_STOP: Final = Carrier("ठीक है", (0.41, 0.62), -24.0)
# The breath of ह, into which vowels, nasals, r, l and s fade as at the end of an utterance.
AFTER_OTHERS: Final = Carrier("है ना", (0.31, 0.51), -14.0)

_STOPS: Final = frozenset("कखगघचछजझटठडढतथदधपफबभ\u093c")  # the last is the nukta of ड़ and ढ़
_FRONT: Final = (0.64, 0.97)
"""Seconds at pace 1 from the first sound to the pause before the word."""
_FRAME_SECONDS: Final = 0.01
_FADE_SECONDS: Final = 0.04
_SOUND_DB: Final = -30.0
_FRONT_QUIET_DB: Final = -24.0


def carrier_of(text: str) -> Carrier | None:
    """What carries this text; None for a sentence, which is spoken by itself."""
    if len(text.split()) > 2 or any(mark in text for mark in ",।.?!|"):
        return None
    return AFTER_STOP if text.rstrip()[-1:] in _STOPS else AFTER_OTHERS


def cut(samples: Samples, rate: int, carrier: Carrier, pace: float) -> Samples:
    """The word out of its carrier sentence spoken at ``pace``, faded at its ends.

    Raises EngineError when it is not quiet where the word should begin and end.
    """
    frame = round(rate * _FRAME_SECONDS)
    count = len(samples) // frame
    power = np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1)
    level = 10 * np.log10(np.maximum(power / max(power.max(initial=0.0), 1e-12), 1e-9))
    sounding = np.flatnonzero(level > _SOUND_DB)
    first, last = (int(sounding[0]), int(sounding[-1])) if len(sounding) else (0, 0)
    least, most = (round(seconds / pace / _FRAME_SECONDS) for seconds in carrier.boundary)
    front = [first + round(seconds / pace / _FRAME_SECONDS) for seconds in _FRONT]
    start = _quietest(level, front[0], front[1], _FRONT_QUIET_DB)
    end = _quietest(level, max(last - most, start + 1), last - least, carrier.quiet_db)
    word = samples[start * frame + frame // 2 : end * frame + frame // 2].copy()
    fade = min(round(rate * _FADE_SECONDS), len(word))
    word[len(word) - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    return word


def _quietest(level: Samples, start: int, end: int, quiet_db: float) -> int:
    window = level[start : end + 1] if 0 <= start <= end else level[:0]
    if not len(window) or window.min() > quiet_db:
        raise EngineError(
            "the word runs into its carrier sentence: respell it or give it with a । at its end"
        )
    return start + int(np.argmin(window))
