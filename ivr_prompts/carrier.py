"""A single word is spoken in the midst of a sentence and cut out of it.

Kokoro puts a murmured vowel before the first sound of an utterance and another behind the last one. A
sentence hides them; a lone चार becomes "achare". So a word is given as "नंबर है, चार, ठीक है" and cut out
where its neighbours' pauses are expected: the neighbours last about equally long every time.
"""

from typing import Final

import numpy as np

from ivr_prompts.errors import EngineError
from ivr_prompts.measure import Samples

BEFORE: Final = "नंबर है"
AFTER: Final = "ठीक है"

# Seconds at pace 1: from the first sound to the pause before the word, from the pause behind it to the last.
# ठ and the क of ठीक are both silent for a moment: the window is too narrow for the wrong one.
_PAUSE_BEFORE: Final = (0.64, 0.97)
_PAUSE_AFTER: Final = (0.41, 0.62)
_FRAME_SECONDS: Final = 0.01
_SOUND_DB: Final = -30.0
_PAUSE_DB: Final = -24.0


def carries(text: str) -> bool:
    """Whether this text is spoken in a carrier: it is a word or two, with no mark of a sentence."""
    return len(text.split()) <= 2 and not any(mark in text for mark in ",।.?!|")


def cut(samples: Samples, rate: int, pace: float) -> Samples:
    """The word out of the carrier sentence spoken at ``pace``.

    Raises EngineError when there is no pause where one is expected.
    """
    frame = round(rate * _FRAME_SECONDS)
    count = len(samples) // frame
    power = np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1)
    level = 10 * np.log10(np.maximum(power / max(power.max(initial=0.0), 1e-12), 1e-9))
    sounding = np.flatnonzero(level > _SOUND_DB)
    first, last = (int(sounding[0]), int(sounding[-1])) if len(sounding) else (0, 0)
    start = _quietest(level, *(first + round(at / pace / _FRAME_SECONDS) for at in _PAUSE_BEFORE))
    end = _quietest(level, *(last - round(at / pace / _FRAME_SECONDS) for at in reversed(_PAUSE_AFTER)))
    if end <= start:
        raise EngineError("the word cannot be cut out of its carrier sentence: give it with a । at its end")
    return samples[start * frame + frame // 2 : end * frame + frame // 2]


def _quietest(level: Samples, start: int, end: int) -> int:
    window = level[start : end + 1] if start >= 0 else level[:0]
    if not len(window) or window.min() > _PAUSE_DB:
        raise EngineError(
            "the word runs into its carrier sentence: respell it or give it with a । at its end"
        )
    return start + int(np.argmin(window))
