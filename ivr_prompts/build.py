"""Building the audio: only what changed is spoken again.

A prompt is kept when its text, its recipe and its file are what the manifest says. Audio of a better engine
is kept too when only the spare engine is at hand, as long as the text is the same.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr_prompts import alaw, manifest, shaping
from ivr_prompts.catalogue import Catalogue, Prompt
from ivr_prompts.engines import NAMES, Engine
from ivr_prompts.errors import EngineError, PromptError, RecordingError, UnknownPromptError
from ivr_prompts.manifest import RECORDED, Entry
from ivr_prompts.measure import Samples, measure
from ivr_prompts.recorded import no_recordings, read_recording, recordings
from ivr_prompts.settings import PromptsSettings
from ivr_prompts.ways import USUAL, Way


@dataclass(frozen=True)
class Built:
    """What became of one prompt: ``error`` is empty when it was built."""

    key: str
    error: str = ""


class Builder:
    """Builds the audio of one catalogue. ``engine`` is called only when something must be synthesised."""

    def __init__(
        self,
        catalogue: Catalogue,
        recorded_dir: Path,
        settings: PromptsSettings,
        engine: Callable[[], Engine],
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._engine = engine
        self._recordings = recordings(recorded_dir)
        self._no_recordings = no_recordings(recorded_dir)
        self._entries = manifest.load(catalogue.audio_dir)

    def plan(self, keys: Sequence[str] = (), *, force: bool = False) -> list[str]:
        """The keys that must be built, all the language's own prompts considered unless some are named.

        Raises UnknownPromptError for a key of no prompt, and for a fallback's key; RecordingError naming all
        files among the recordings that are no WAV or of no prompt.
        """
        strays = [
            *(f"{path} is no WAV: export it as 16-bit PCM WAV, or remove it" for path in self._no_recordings),
            *(
                f"{path} is a recording of no prompt: rename it to <key>.wav or remove it"
                for key, path in self._recordings.items()
                if key not in self._catalogue
            ),
        ]
        if strays:
            raise RecordingError(" | ".join(strays))
        wanted = [self._catalogue.require(key).key for key in keys] or list(self._catalogue.own)
        for key in wanted:
            if key not in self._catalogue.own:
                raise UnknownPromptError(
                    f"{self._catalogue.language} has no words of its own for {key!r}: add them to "
                    f"{self._catalogue.language}.toml or record them"
                )
        return [key for key in wanted if force or not self._fresh(self._catalogue[key])]

    def build(self, keys: Sequence[str]) -> Iterator[Built]:
        """Build these prompts one after another; a failed one keeps its old audio and does not stop the rest.

        Each prompt's audio and its entry in the manifest are written together: an interrupted build goes on
        where it stopped, and two builds at the same time do each other no harm.
        """
        for key in keys:
            try:
                self._build(self._catalogue[key])
            except PromptError as error:
                yield Built(key, str(error))
            else:
                yield Built(key)

    def sweep(self) -> list[str]:
        """Remove audio and entries of keys the catalogue no longer has; the names of what went."""
        if not self._catalogue.audio_dir.is_dir():
            return []
        with manifest.changing(self._catalogue.audio_dir) as entries:
            gone = [key for key in entries if key not in self._catalogue.own]
            for key in gone:
                del entries[key]
            stray = orphans(self._catalogue)
            for path in stray:
                path.unlink()
        return sorted({*gone, *(path.relative_to(self._catalogue.audio_dir).as_posix() for path in stray)})

    def _fresh(self, prompt: Prompt) -> bool:
        entry = self._entries.get(prompt.key)
        path = self._catalogue.audio_path(prompt.key)
        if entry is None or not path.is_file() or sha256(path.read_bytes()) != entry.audio_sha256:
            return False
        recording = self._recordings.get(prompt.key)
        if recording:
            source = sha256(recording.read_bytes())
            return entry.source_sha256 == source and entry.recipe == self._recipe("")
        if entry.engine == RECORDED or entry.text_sha256 != manifest.text_sha256(prompt.spoken):
            return False
        return self._made_well(entry, prompt.way)

    def _made_well(self, entry: Entry, way: Way) -> bool:
        try:
            engine = self._engine()
        except PromptError:
            return True  # nothing could make it better
        if engine.name in NAMES and entry.engine in NAMES and entry.engine != engine.name:
            return NAMES.index(entry.engine) < NAMES.index(engine.name)
        return entry.engine == engine.name and entry.recipe == self._recipe(engine.recipe, way)

    def _build(self, prompt: Prompt) -> None:
        recording = self._recordings.get(prompt.key)
        if recording:
            speech, rate = read_recording(recording)
            engine, voice, recipe = RECORDED, recording.name, ""
            source = sha256(recording.read_bytes())
        else:
            synthesiser = self._engine()
            speech, rate = synthesiser.speak(prompt.spoken, prompt.way)
            engine, voice, recipe, source = synthesiser.name, synthesiser.voice, synthesiser.recipe, ""
        data = shaping.shape(speech, rate, self._settings)
        result = measure(alaw.decode(data))
        if recording and not self._settings.at_level(result.loudness):
            raise RecordingError(
                f"recording {recording.name} refused: it cannot be brought to the level of the others, "
                "like a click or a hum; listen to it and record it again"
            )
        entry = Entry(
            text_sha256=manifest.text_sha256(prompt.spoken),
            engine=engine,
            voice=voice,
            recipe=self._recipe(recipe, prompt.way),
            seconds=round(result.seconds, 2),
            loudness_lufs=round(result.loudness, 1),
            audio_sha256=sha256(data),
            source_sha256=source,
        )
        with manifest.changing(self._catalogue.audio_dir) as entries:
            _put(self._catalogue.audio_path(prompt.key), data)
            entries[prompt.key] = entry
        self._entries = entries

    def _recipe(self, of_engine: str, way: Way = USUAL) -> str:
        shaped = f"shape {shaping.RECIPE} at {self._settings.loudness_lufs:g} LUFS"
        return ", ".join(filter(None, (of_engine, str(way), shaped))) if of_engine else shaped


def trial(text: str, engine: Engine, settings: PromptsSettings, way: Way = USUAL) -> bytes:
    """A-law of a text that is tried out, shaped like every prompt. Raises EngineError."""
    if not text.strip():
        raise EngineError("there is nothing to speak: give a text")
    speech: tuple[Samples, int] = engine.speak(text, way)
    return shaping.shape(*speech, settings)


def _put(path: Path, data: bytes) -> None:
    """Write an audio file so that whoever plays it hears the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(".new")
    try:
        whole.write_bytes(data)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


def orphans(catalogue: Catalogue) -> list[Path]:
    """Audio files that belong to no prompt the language says itself."""
    known = {catalogue.audio_path(key) for key in catalogue.own}
    return sorted(path for path in catalogue.audio_dir.rglob("*.alaw") if path not in known)


def sha256(data: bytes) -> str:
    """Hash of a file's content in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def totals(entries: Mapping[str, Entry]) -> dict[str, int]:
    """How many prompts each engine made."""
    counts: dict[str, int] = {}
    for entry in entries.values():
        counts[entry.engine] = counts.get(entry.engine, 0) + 1
    return counts
