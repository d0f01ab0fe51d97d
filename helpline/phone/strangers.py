"""Is somebody there? Tells a voice that is no prompt from tones, music of few notes, and silence."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .hearing import Heard
from .voiceprint import IDLE_RMS, RATE, flatten

WINDOW = 512
# Louder than line noise: a person speaks 20 dB above the A-law idle noise.
SPEAKING_RMS = 8 * IDLE_RMS
# The strongest partials of a tone or of the waiting music hold all its energy; of a voice, with its breath
# and its many harmonics, much less.
PARTIALS = 4
TONE_SHARE = 0.9
# A prompt's echo and the uncertainty of its end.
MARGIN_S = 0.15
# So much of a voice within so much time: more than a click or the remains of a prompt that was cut.
VOICE_S = 0.5
WITHIN_S = 1.5


def voice_at(
    recording: npt.NDArray[np.int16], known: Sequence[Heard], *, start_s: float = 0.0, until_s: float
) -> float | None:
    """Second of the recording at which a voice that is none of the `known` prompts began; None without one.

    Looks at start_s..until_s only: what is younger may still turn out to be a prompt. `known` may hold a
    prompt that is still being played.
    """
    first, last = int(start_s * RATE) // WINDOW, min(int(until_s * RATE), len(recording)) // WINDOW
    if last <= first:
        return None
    voiced = _voiced(recording[first * WINDOW : last * WINDOW])
    times = (first + np.arange(last - first)) * WINDOW / RATE
    for one in known:
        voiced[(times > one.start_s - MARGIN_S - WINDOW / RATE) & (times < one.end_s + MARGIN_S)] = False
    span = round(WITHIN_S * RATE / WINDOW)
    needed = round(VOICE_S * RATE / WINDOW)
    where = np.flatnonzero(voiced)
    for at, one_window in enumerate(where):
        if at + needed <= len(where) and where[at + needed - 1] - one_window < span:
            return float(times[one_window])
    return None


def _voiced(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    windows = samples.reshape(-1, WINDOW).astype(np.float32)
    loud = np.sqrt((windows**2).mean(axis=1)) > SPEAKING_RMS
    flat = flatten(samples).reshape(-1, WINDOW)
    power = np.abs(np.fft.rfft(flat * np.hanning(WINDOW).astype(np.float32), axis=1)) ** 2
    total = power.sum(axis=1) + 1.0
    held = np.zeros(len(power))
    rows = np.arange(len(power))
    for _ in range(PARTIALS):
        peak = power.argmax(axis=1)
        for offset in range(-2, 3):
            place = np.clip(peak + offset, 0, power.shape[1] - 1)
            held += power[rows, place]
            power[rows, place] = 0.0
    return np.asarray(loud & (held / total < TONE_SHARE))
