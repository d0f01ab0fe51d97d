"""A little catalogue in a folder of its own, and an engine that sings instead of speaking."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import wavfile

from ivr_prompts import Catalogue, PromptsSettings, load_catalogue
from ivr_prompts.build import Builder
from ivr_prompts.errors import EngineError
from ivr_prompts.ways import USUAL, Way

CATALOGUE = """
[prompts.greeting]
text = "नमस्ते।"
note = "warm"

[notes]
digit = "clear"

[digits]
1 = "एक"
2 = "दो"

[say]
"digit/2" = "दोऽ"
"""


def tone(seconds: float, rate: int = 24000, level: float = 0.2, silence: float = 0.4) -> NDArray[np.float64]:
    """A syllable-like buzz between two silences."""
    time = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 220 * n * time) / n for n in range(1, 8))
    quiet = np.zeros(round(silence * rate))
    return np.concatenate((quiet, level * np.asarray(buzz) / 2, quiet))


class Singer:
    """Buzzes for a tenth of a second a letter; cannot say what holds an X."""

    name = "kokoro"
    voice = "buzz"

    def __init__(self, recipe: str = "buzz 1") -> None:
        self.recipe = recipe
        self.spoken: list[str] = []
        self.ways: list[Way] = []

    def speak(self, text: str, way: Way = USUAL) -> tuple[NDArray[np.float64], int]:
        """See `ivr_prompts.engines.Engine`."""
        self.spoken.append(text)
        self.ways.append(way)
        if "X" in text:
            raise EngineError("cannot say X")
        return tone(0.1 * len(text)), 24000


@pytest.fixture
def settings(tmp_path: Path) -> PromptsSettings:
    """Default settings with a cache that nobody else uses."""
    return PromptsSettings(cache_dir=tmp_path / "cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a catalogue of three prompts and nothing built."""
    folder = tmp_path / "prompts"
    (folder / "recorded" / "hi").mkdir(parents=True)
    (folder / "hi.toml").write_text(CATALOGUE, encoding="utf-8")
    return folder


@pytest.fixture
def catalogue(folder: Path) -> Catalogue:
    """The catalogue of three prompts."""
    return load_catalogue(folder=folder)


@pytest.fixture
def singer() -> Singer:
    """The engine."""
    return Singer()


@pytest.fixture
def builder(folder: Path, settings: PromptsSettings, singer: Singer) -> Callable[[], Builder]:
    """A new builder over the folder as it is now."""
    return lambda: Builder(
        load_catalogue(folder=folder), folder / "recorded" / "hi", settings, lambda: singer
    )


@pytest.fixture
def built(folder: Path, builder: Callable[[], Builder]) -> Path:
    """The folder with everything built."""
    build_all(builder())
    return folder


def build_all(builder: Builder) -> list[str]:
    """Build what is due and return the keys; fails on an error."""
    results = list(builder.build(builder.plan()))
    assert [result.error for result in results if result.error] == []
    return [result.key for result in results]


def record(
    folder: Path, key: str, samples: NDArray[np.float64], rate: int = 16000, language: str = "hi"
) -> Path:
    """Put a 16-bit recording of a prompt into the folder."""
    path = folder / "recorded" / language / f"{key}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, rate, np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16))
    return path
