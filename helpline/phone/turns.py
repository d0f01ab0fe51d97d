"""What a citizen does in a call and when, and how it is written: the turns of a script.

A turn is written ``[PROMPT[+SECONDS|@SECONDS]:]WHAT``. WHAT is keys to press, the name of a WAV file to
speak, ``hang-up``, or ``-`` for doing nothing. It is done when the next question has been asked; with PROMPT,
when that prompt has been heard, SECONDS after its end (+) or after its beginning (@, it still speaks); with
``+SECONDS:`` alone, so long after the turn before it. The PROMPT ``person`` is a voice that is none of the
centre's.
"""

import re
import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .leg import KEYS
from .voiceprint import RATE

PERSON = "person"
HANG_UP, NOTHING = "hang-up", "-"
BEFORE = ""
"""In place of a prompt: the turn before."""
_SECONDS = r"\d+(?:\.\d+)?"
_TURN = re.compile(
    rf"(?:(?P<cue>[a-z0-9/-]+)(?:(?P<side>[+@])(?P<seconds>{_SECONDS}))?:|\+(?P<later>{_SECONDS}):)?(?P<what>.+)"
)


@dataclass(frozen=True)
class Turn:
    """One thing to do. `cue`: a prompt's key, "person", "" (the turn before), or None for the next question.

    It is done `seconds` after the cue's end, with `inside` after its beginning. With neither keys, nor sound
    (int16 8 kHz), nor hanging up, the citizen lets it pass.
    """

    keys: str = ""
    cue: str | None = None
    seconds: float = 0.0
    inside: bool = False
    hang_up: bool = False
    sound: npt.NDArray[np.int16] | None = field(default=None, compare=False)
    name: str = ""

    @property
    def what(self) -> str:
        """The turn in few words."""
        return self.keys or self.name or (HANG_UP if self.hang_up else NOTHING)


def parse(text: str) -> Turn:
    """The turn that is written so. Raises ValueError saying what is wrong; reads the WAV file it names."""
    found = _TURN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} says nothing to do: give keys, FILE.wav, hang-up or -")
    cue, what = found["cue"] if found["later"] is None else BEFORE, found["what"]
    seconds, inside = float(found["seconds"] or found["later"] or 0), found["side"] == "@"
    if what in {HANG_UP, NOTHING}:
        return Turn(cue=cue, seconds=seconds, inside=inside, hang_up=what == HANG_UP)
    if what.lower().endswith(".wav"):
        sound, name = read_wav(Path(what)), Path(what).name
        return Turn(cue=cue, seconds=seconds, inside=inside, sound=sound, name=name)
    if not set(what) <= KEYS:
        raise ValueError(f"{what!r} are not keys of a telephone (0-9 * #), nor FILE.wav, hang-up or -")
    return Turn(what, cue, seconds, inside)


def read_wav(path: Path) -> npt.NDArray[np.int16]:
    """The sound of a WAV file of 8 kHz, 16 bit, one channel. Raises ValueError for any other file."""
    try:
        with wave.open(str(path), "rb") as file:
            kind = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            raw = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ValueError(f"{path} cannot be spoken ({error}); give a WAV file") from error
    if kind != (RATE, 2, 1):
        raise ValueError(
            f"{path} cannot be spoken: make it 8 kHz, 16 bit, one channel (sox -r 8000 -b 16 -c 1)"
        )
    return np.frombuffer(raw, dtype="<i2").astype(np.int16)


def write_wav(path: Path, sound: npt.NDArray[np.int16]) -> None:
    """Write int16 8 kHz sound as a WAV file. Raises OSError."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.astype("<i2").tobytes())
