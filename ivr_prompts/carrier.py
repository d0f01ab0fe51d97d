"""What is spoken is spoken in the midst of a sentence and cut out of it.

Kokoro puts a murmured vowel before the first sound of an utterance, which voices a stop (पहले becomes
"bahle"), and another behind the last one: a lone चार becomes "achare". So a word is given as "नंबर है, चार,
है ना" and cut out where its neighbours are expected, which last about equally long every time. A whole
sentence is only led in: its end is an end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ivr_prompts.errors import EngineError
from ivr_prompts.measure import Samples


@dataclass(frozen=True)
class Carrier:
    """What precedes the text and what follows it.

    ``front``: seconds, at pace 1, from the first sound to the pause before the text, at least and at most.
    ``boundary``: seconds from the last sound of the sentence back to where the text ends; None when nothing
    follows it. ``quiet_db``: how far below the loudest moment that place is.
    """

    before: str
    front: tuple[float, float]
    after: str = ""
    boundary: tuple[float, float] | None = None
    quiet_db: float = 0.0

    def sentence(self, text: str) -> str:
        """The sentence that carries the text."""
        return f"{self.before} {text}, {self.after}." if self.after else f"{self.before} {text}"


_HINDI: Final = ("नंबर है,", (0.64, 0.97))
# The silent closure of ठ, behind which a final stop or s is complete; a vowel before it would end in a t.
AFTER_STOP: Final = Carrier(*_HINDI, "ठीक है", (0.41, 0.62), -24.0)
# The breath of ह, into which vowels, nasals, r and l fade as at the end of an utterance.
AFTER_OTHERS: Final = Carrier(*_HINDI, "है ना", (0.31, 0.51), -14.0)
LED_IN: Final = Carrier(*_HINDI)
# The closure of t, which ends no English word wrongly.
ENGLISH: Final = Carrier("You said:", (0.36, 0.64), "today", (0.33, 0.49), -24.0)
CARRIERS: Final[Mapping[str, Carrier | None]] = {
    "stop": AFTER_STOP,
    "breath": AFTER_OTHERS,
    "led": LED_IN,
    "today": ENGLISH,
    "bare": None,
}
"""The carriers by the names a catalogue gives them; ``bare`` is none at all."""

_CLOSED: Final = frozenset("कखगघचछजझटठडढतथदधपफबभशषस\u093c")  # the last is the nukta of ड़ and ढ़
_SHORT_WORDS: Final = 2
_MARKS: Final = ",।.?!|"
_FRAME_SECONDS: Final = 0.01
_FADE_SECONDS: Final = 0.04
_SOUND_DB: Final = -30.0
_FRONT_QUIET_DB: Final = -24.0


def carrier_of(text: str, language: str = "hi") -> Carrier | None:
    """What carries this text; None for an English sentence, which is spoken well by itself."""
    word = len(text.split()) <= _SHORT_WORDS and not any(mark in text for mark in _MARKS)
    if language == "en":
        return ENGLISH if word else None
    if not word:
        return LED_IN
    return AFTER_STOP if text.rstrip()[-1:] in _CLOSED else AFTER_OTHERS


def cut(samples: Samples, rate: int, carrier: Carrier, pace: float) -> Samples:
    """The text out of its carrier sentence spoken at ``pace``, faded at its ends.

    Raises EngineError when it is not quiet where the text should begin and end.
    """
    frame = round(rate * _FRAME_SECONDS)
    count = len(samples) // frame
    power = np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1)
    level = 10 * np.log10(np.maximum(power / max(power.max(initial=0.0), 1e-12), 1e-9))
    sounding = np.flatnonzero(level > _SOUND_DB)
    first, last = (int(sounding[0]), int(sounding[-1])) if len(sounding) else (0, 0)
    start = _quietest(level, *_frames(first, carrier.front, pace), _FRONT_QUIET_DB)
    if carrier.boundary is None:
        return samples[start * frame + frame // 2 :].copy()
    most, least = _frames(last, (-carrier.boundary[1], -carrier.boundary[0]), pace)
    end = _quietest(level, max(most, start + 1), least, carrier.quiet_db)
    word = samples[start * frame + frame // 2 : end * frame + frame // 2].copy()
    fade = min(round(rate * _FADE_SECONDS), len(word))
    word[len(word) - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    return word


def _frames(origin: int, seconds: tuple[float, float], pace: float) -> tuple[int, int]:
    least, most = (origin + round(each / pace / _FRAME_SECONDS) for each in seconds)
    return least, most


def _quietest(level: Samples, start: int, end: int, quiet_db: float) -> int:
    window = level[start : end + 1] if 0 <= start <= end else level[:0]
    if not len(window) or window.min() > quiet_db:
        raise EngineError(
            "the text runs into its carrier sentence: respell it or give it with a mark at its end"
        )
    return start + int(np.argmin(window))
