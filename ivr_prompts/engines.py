"""The two synthesisers: Kokoro speaks; pyttsx3, which drives espeak-ng, is the spare without Kokoro."""

import contextlib
import importlib
import importlib.util
import io
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from ivr_prompts.carrier import CARRIERS, carrier_of, cut
from ivr_prompts.errors import EngineError
from ivr_prompts.kokoro_model import ENGLISH_VOICE, VOICE, joined_model, voice_file
from ivr_prompts.measure import Samples
from ivr_prompts.settings import PromptsSettings
from ivr_prompts.ways import USUAL, Way

NAMES: Final = ("kokoro", "pyttsx3")
"""The engines, best first."""

_PYTTSX3_PACE: Final = 150
_CARRIED: Final = 2
"""Changed whenever carrier sentences, or how texts are cut out of them, change."""


class Engine(Protocol):
    """Speaks texts of one language; an engine is used by one thread."""

    name: str
    voice: str
    recipe: str
    """Everything but the text that the speech depends on; a prompt made by another recipe is built again."""

    def speak(self, text: str, way: Way = USUAL) -> tuple[Samples, int]:
        """The speech and its sample rate. Raises EngineError."""
        ...


class KokoroEngine:
    """Kokoro-82M by kokoro-onnx: an English voice, and the Hindi one for everything else.

    The model is loaded (and fetched, when it must be) at the first text.
    """

    name = "kokoro"

    def __init__(self, settings: PromptsSettings, language: str = "hi") -> None:
        english = language == "en"
        self.voice = ENGLISH_VOICE if english else VOICE
        self.recipe = f"{self.voice} {settings.speed:g}, words {settings.word_speed:g}, carried {_CARRIED}"
        self._language = language
        self._settings = settings
        self._phonemes = "en-us" if english else "hi"
        self._kokoro: Any = None

    def speak(self, text: str, way: Way = USUAL) -> tuple[Samples, int]:
        """See `Engine`."""
        carrier = CARRIERS[way.carrier] if way.carrier else carrier_of(text, self._language)
        word = carrier is not None and carrier.after
        pace = way.pace or (self._settings.word_speed if word else self._settings.speed)
        if carrier is None:
            return self._say(text, pace, way.style)
        samples, rate = self._say(carrier.sentence(text), pace, way.style)
        return cut(samples, rate, carrier, pace), rate

    def _say(self, text: str, pace: float, style: int) -> tuple[Samples, int]:
        kokoro = self._kokoro = self._kokoro or self._load()
        # Kokoro's phonemes know the full stop, not the danda: without it two sentences run into one.
        text = unicodedata.normalize("NFC", text).replace("।", ".")
        try:
            phonemes = kokoro.tokenizer.phonemize(text, self._phonemes)
            voice = kokoro.get_voice_style(self.voice)[style - 1 : style] if style else self.voice
            samples, rate = kokoro.create(phonemes, voice, speed=pace, is_phonemes=True, trim=False)
        except (ValueError, RuntimeError) as error:
            raise EngineError(f"Kokoro cannot speak {text!r}: {error}") from error
        return np.asarray(samples, dtype=np.float64), int(rate)

    def _load(self) -> Any:
        # By name: the type checker does not have it, since only `make voice` installs it.
        onnxruntime = importlib.import_module("onnxruntime")
        from kokoro_onnx import Kokoro

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._settings.threads
        options.inter_op_num_threads = 1
        model = joined_model(self._settings.cache_dir)
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        return Kokoro.from_session(session, str(voice_file(self._settings.cache_dir, self.voice)))


class Pyttsx3Engine:
    """pyttsx3 over the machine's own voices, which is espeak-ng on Linux."""

    name = "pyttsx3"

    def __init__(self, language: str = "hi") -> None:
        language = "en" if language == "en" else "hi"
        self.voice = language
        self.recipe = f"{language} {_PYTTSX3_PACE}"
        self._language = language

    def speak(self, text: str, way: Way = USUAL) -> tuple[Samples, int]:
        """See `Engine`; it has one way for everything."""
        import pyttsx3
        from scipy.io import wavfile

        try:
            engine = pyttsx3.init()
        except (RuntimeError, OSError, ImportError) as error:
            raise EngineError(
                "pyttsx3 found no synthesiser of the system: install espeak-ng (or Kokoro with `make voice`)"
            ) from error
        voices = [voice.id for voice in engine.getProperty("voices") if self._speaks(voice)]
        if not voices:
            raise EngineError(f"pyttsx3 has no voice for {self._language!r}: install espeak-ng's data")
        engine.setProperty("voice", voices[0])
        engine.setProperty("rate", _PYTTSX3_PACE)
        with tempfile.TemporaryDirectory(prefix="helpline181-speech-") as folder:
            target = Path(folder) / "speech.wav"
            with contextlib.redirect_stdout(io.StringIO()):  # it announces every file
                engine.save_to_file(text, str(target))
                engine.runAndWait()
                engine.stop()
            if not target.is_file() or not target.stat().st_size:
                raise EngineError(f"pyttsx3 wrote no speech for {text!r}")
            rate, samples = wavfile.read(target)
        return np.asarray(samples, dtype=np.float64) / 32768, int(rate)

    def _speaks(self, voice: Any) -> bool:
        # espeak-ng puts a control byte (the rank) before the language, and its newer bindings leave it away.
        tags = [
            tag.decode(errors="ignore") if isinstance(tag, bytes) else tag for tag in voice.languages or []
        ]
        names = [tag.strip("\x00\x01\x02\x03\x04\x05\x06\x07").lower() for tag in tags]
        names.append(str(voice.id).rpartition("/")[2].lower())
        return any(re.split("[-_]", name)[0] == self._language for name in names)


def best_engine(settings: PromptsSettings, language: str = "hi", name: str | None = None) -> Engine:
    """The engine of this name, or the best that is installed; nothing is loaded yet.

    Raises EngineError when it, or every engine, is missing.
    """
    needs = {"kokoro": "kokoro_onnx", "pyttsx3": "pyttsx3"}
    installed = [engine for engine in NAMES if importlib.util.find_spec(needs[engine])]
    if name is None and not installed:
        raise EngineError(
            "no speech engine is installed: run `make voice` for Kokoro, or install pyttsx3 and espeak-ng"
        )
    if name is not None and name not in installed:
        raise EngineError(f"the speech engine {name!r} is not installed: run `make voice`")
    chosen = name or installed[0]
    return KokoroEngine(settings, language) if chosen == "kokoro" else Pyttsx3Engine(language)
