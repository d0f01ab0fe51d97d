"""Where the voice comes from and which engine speaks; no model is loaded here."""

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from ivr_prompts import PromptsSettings
from ivr_prompts.engines import KokoroEngine, best_engine
from ivr_prompts.errors import EngineError
from ivr_prompts.kokoro_model import (
    VOICE_SHAPE,
    joined_model,
    main,
    model_parts,
    voice_file,
    voice_of_package,
)
from ivr_prompts.ways import Way
from tests.ivr_prompts.conftest import tone

PARTS = (b"one ", b"two ", b"three")
STYLES = np.arange(np.prod(VOICE_SHAPE), dtype="<f4")


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.bin" for number in range(len(PARTS))]
    for path, data in zip(paths, PARTS, strict=True):
        path.write_bytes(data)
    return paths


def package(name: str = "package/voices/hf_alpha.bin") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = STYLES.nbytes
        archive.addfile(info, io.BytesIO(STYLES.tobytes()))
    return out.getvalue()


def integrity(data: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def test_the_model_is_joined_once_and_kept(tmp_path: Path, parts: list[Path]) -> None:
    sha256 = hashlib.sha256(b"".join(PARTS)).hexdigest()
    model = joined_model(tmp_path / "cache", parts, sha256)
    assert model.read_bytes() == b"one two three"
    assert joined_model(tmp_path / "cache", [], sha256) == model


def test_a_model_that_is_not_the_pinned_one_is_not_kept(tmp_path: Path, parts: list[Path]) -> None:
    with pytest.raises(EngineError, match=r"SHA-256 .* `make voice`"):
        joined_model(tmp_path / "cache", parts)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, parts: list[Path]) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EngineError, match="cache_dir"):
        joined_model(tmp_path / "cache", parts)


def test_missing_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r"model-1, .*-model-4 not installed: run `make voice`"):
        model_parts()


def test_the_voice_comes_out_of_the_package() -> None:
    data = package()
    voice = voice_of_package(data, integrity(data), hashlib.sha256(STYLES.tobytes()).hexdigest())
    assert voice.shape == VOICE_SHAPE
    assert voice[1, 0, 0] == 256


def test_another_package_or_voice_is_not_used() -> None:
    data = package()
    with pytest.raises(EngineError, match="integrity"):
        voice_of_package(data)
    with pytest.raises(EngineError, match="not the pinned voice"):
        voice_of_package(data, integrity(data))
    data = package("package/other.bin")
    with pytest.raises(EngineError, match="holds no"):
        voice_of_package(data, integrity(data))


def npm(folder: Path, script: str) -> None:
    (folder / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "npm").chmod(0o755)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo 'code E404' >&2; exit 1", "code E404"),
        ("exit 0", "left no file"),
        ('echo junk > "$5/kokoro.tgz"', "integrity"),
    ],
)
def test_npm_that_fails_is_reported_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    npm(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=says):
        voice_file(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_without_npm_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"install Node\.js"):
        voice_file(tmp_path / "cache")


def test_as_a_program_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="helpline: the voice model is incomplete"):
        main()


@pytest.mark.parametrize(
    ("installed", "wanted", "chosen"),
    [
        (("kokoro_onnx", "pyttsx3"), None, "kokoro"),
        (("pyttsx3",), None, "pyttsx3"),
        (("kokoro_onnx", "pyttsx3"), "pyttsx3", "pyttsx3"),
    ],
)
def test_the_best_installed_engine_speaks(
    monkeypatch: pytest.MonkeyPatch,
    settings: PromptsSettings,
    installed: tuple[str, ...],
    wanted: str | None,
    chosen: str,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name in installed or None)
    assert best_engine(settings, name=wanted).name == chosen


def test_without_any_engine_the_remedy_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: PromptsSettings
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EngineError, match="make voice"):
        best_engine(settings)
    with pytest.raises(EngineError, match="'kokoro' is not installed"):
        best_engine(settings, name="kokoro")


class Model:
    """Kokoro, as far as the engine asks it; it answers any text with a buzz."""

    def __init__(self) -> None:
        self.tokenizer = self
        self.asked: list[tuple[str, float, object]] = []

    def phonemize(self, text: str, language: str) -> str:
        return f"{language}: {text}"

    def get_voice_style(self, name: str) -> np.ndarray:
        return STYLES.reshape(VOICE_SHAPE)

    def create(
        self, phonemes: str, voice: object, *, speed: float, is_phonemes: bool, trim: bool
    ) -> tuple[np.ndarray, int]:
        assert (is_phonemes, trim) == (True, False)
        self.asked.append((phonemes, speed, voice if isinstance(voice, str) else np.asarray(voice)[0, 0, 0]))
        return tone(0.5), 24000


@pytest.mark.parametrize(
    ("text", "way", "asked"),
    [
        ("नमस्ते।", Way("bare"), ("hi: नमस्ते.", 0.9, "hf_alpha")),
        ("एक", Way("bare", 1.0), ("hi: एक", 1.0, "hf_alpha")),
        ("एक", Way("bare", style=80), ("hi: एक", 0.9, 79 * 256.0)),
    ],
)
def test_kokoro_speaks_in_the_way_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
    settings: PromptsSettings,
    text: str,
    way: Way,
    asked: tuple[str, float, object],
) -> None:
    model, engine = Model(), KokoroEngine(settings)
    monkeypatch.setattr(engine, "_load", lambda: model)
    engine.speak(text, way)
    assert model.asked == [asked]


def test_a_word_in_a_carrier_is_cut_out_of_it(
    monkeypatch: pytest.MonkeyPatch, settings: PromptsSettings
) -> None:
    model, engine = Model(), KokoroEngine(settings)
    monkeypatch.setattr(engine, "_load", lambda: model)
    with pytest.raises(EngineError, match="runs into its carrier"):
        engine.speak("चार", Way("stop"))
    assert model.asked == [("hi: नंबर है, चार, ठीक है.", 0.82, "hf_alpha")]


class Voice:
    """A system voice as pyttsx3 lists it."""

    def __init__(self, identity: str, languages: list[object]) -> None:
        self.id = identity
        self.languages = languages


class Speaker:
    """pyttsx3's engine, with the voices it is given; writes no file."""

    def __init__(self, voices: list[Voice]) -> None:
        self.voices = voices
        self.properties: dict[str, object] = {}

    def getProperty(self, name: str) -> object:  # noqa: N802
        assert name == "voices"
        return self.voices

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802
        self.properties[name] = value

    def save_to_file(self, text: str, name: str) -> None: ...

    def runAndWait(self) -> None: ...  # noqa: N802

    def stop(self) -> None: ...


def speak_with_spare(
    monkeypatch: pytest.MonkeyPatch, settings: PromptsSettings, speaker: Speaker | None
) -> None:
    def init() -> Speaker:
        if speaker is None:
            raise RuntimeError("eSpeak or eSpeak-ng not installed")
        return speaker

    monkeypatch.setattr("pyttsx3.init", init)
    best_engine(settings, name="pyttsx3").speak("नमस्ते")


def test_the_spare_engine_needs_espeak(monkeypatch: pytest.MonkeyPatch, settings: PromptsSettings) -> None:
    with pytest.raises(EngineError, match="install espeak-ng"):
        speak_with_spare(monkeypatch, settings, None)


def test_the_spare_engine_needs_a_hindi_voice(
    monkeypatch: pytest.MonkeyPatch, settings: PromptsSettings
) -> None:
    with pytest.raises(EngineError, match="no voice for 'hi'"):
        speak_with_spare(
            monkeypatch, settings, Speaker([Voice("gmw/en", [b"\x05en"]), Voice("inc/bhi", ["bhi"])])
        )


def test_the_spare_engine_takes_the_hindi_voice(
    monkeypatch: pytest.MonkeyPatch, settings: PromptsSettings
) -> None:
    speaker = Speaker([Voice("gmw/en", [b"\x05en"]), Voice("inc/hi", [b"\x05hi"])])
    with pytest.raises(EngineError, match="wrote no speech"):
        speak_with_spare(monkeypatch, settings, speaker)
    assert speaker.properties["voice"] == "inc/hi"
