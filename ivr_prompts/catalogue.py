"""The catalogue: every prompt the callers hear, with its text, and where its built audio lies.

Nothing but numpy is needed here. A catalogue does not change after it was loaded and may be shared by threads
and tasks; loading takes a few milliseconds.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ivr_prompts import alaw
from ivr_prompts.errors import CatalogueError, MissingAudioError, UnknownPromptError
from ivr_prompts.recorded import recordings
from ivr_prompts.ways import USUAL, Way, way_of

PACKAGE: Final = Path(__file__).parent
SOUND_PREFIX: Final = "h181/"
"""Asterisk finds the prompts in the folder of this name inside its sounds/<language>."""

DEFAULT_LANGUAGE: Final = "hi"
"""Every prompt exists in it; Asterisk falls back to it (``defaultlanguage``)."""

_GROUPS: Final = {
    "digits": "digit",
    "numbers": "number",
    "months": "month",
    "weekdays": "weekday",
    "times": "time",
    "levels": "level",
    "districts": "district",
    "departments": "department",
    "designations": "designation",
}
"""Tables of the file, and the first part of the keys of their prompts."""
_TABLES: Final = ("prompts", *_GROUPS, "say", "ways", "notes")
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
"""A key is a file's name and stands in Asterisk's lists of sounds."""


@dataclass(frozen=True)
class Prompt:
    """One prompt: its key, what it says, and a hint for the person who records it.

    ``say`` is the text respelt for the synthesiser, empty when ``text`` is spoken well as it stands; ``way``
    is how it is spoken.
    """

    key: str
    text: str
    note: str = ""
    say: str = ""
    way: Way = USUAL

    @property
    def spoken(self) -> str:
        """The text the synthesiser is given."""
        return self.say or self.text


class Catalogue(Mapping[str, Prompt]):
    """All prompts callers of one language hear, by key, in the order of the file.

    What a language does not say itself it takes from ``fallback``, prompt by prompt, as Asterisk does.
    ``own`` are the prompts it says itself; their built audio lies in ``audio_dir``.
    """

    def __init__(
        self,
        language: str,
        prompts: Mapping[str, Prompt],
        audio_dir: Path,
        fallback: "Catalogue | None" = None,
    ) -> None:
        self.language = language
        self.audio_dir = audio_dir
        self.own = tuple(prompts)
        self._fallback = fallback
        self._own = frozenset(prompts)
        self._prompts = MappingProxyType({**(fallback or {}), **prompts})

    def __getitem__(self, key: str) -> Prompt:
        """The prompt of this key. Raises KeyError; `require` says the same for people."""
        return self._prompts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._prompts)

    def __len__(self) -> int:
        return len(self._prompts)

    def require(self, key: str) -> Prompt:
        """The prompt of this key. Raises UnknownPromptError with the remedy."""
        try:
            return self._prompts[key]
        except KeyError:
            raise UnknownPromptError(
                f"there is no prompt {key!r}; `helpline prompts list` shows the keys of {self.language}.toml"
            ) from None

    def sound(self, key: str) -> str:
        """The name Asterisk plays it by, for example ``h181/greeting``. Raises UnknownPromptError."""
        return SOUND_PREFIX + self.require(key).key

    def speaker(self, key: str) -> "Catalogue":
        """The catalogue whose audio is played for this prompt: this one, or the one it falls back to."""
        if self._fallback is not None and key not in self._own and key in self._fallback:
            return self._fallback.speaker(key)
        return self

    def audio_path(self, key: str) -> Path:
        """The A-law file of this prompt, whether it was built or not. Raises UnknownPromptError."""
        return self.speaker(key).audio_dir / f"{self.require(key).key}.alaw"

    def audio(self, key: str) -> NDArray[np.int16]:
        """What the caller hears: 16-bit samples at 8 kHz. Raises UnknownPromptError, MissingAudioError."""
        path = self.audio_path(key)
        try:
            return alaw.decode(path.read_bytes())
        except OSError as error:
            raise MissingAudioError(
                f"prompt {key!r} has no audio ({error.strerror}: {path.name}): run `helpline prompts build`"
            ) from error


def load_catalogue(language: str = "hi", folder: Path = PACKAGE) -> Catalogue:
    """Read ``<folder>/<language>.toml``; the audio lies in ``<folder>/audio/<language>``.

    Another language than Hindi says by itself what is in its file and, with Hindi's text, what a person
    recorded in ``<folder>/recorded/<language>``; the rest is Hindi's. Raises CatalogueError naming the file
    and the faulty entry.
    """
    prompts = _read(folder / f"{language}.toml")
    audio_dir = folder / "audio" / language
    if language == DEFAULT_LANGUAGE:
        return Catalogue(language, prompts, audio_dir)
    fallback = load_catalogue(DEFAULT_LANGUAGE, folder)
    for key in recordings(folder / "recorded" / language):
        if key in fallback and key not in prompts:
            prompts[key] = fallback[key]
    return Catalogue(language, prompts, audio_dir, fallback)


def languages(folder: Path = PACKAGE) -> tuple[str, ...]:
    """The languages that have a catalogue, Hindi first."""
    found = sorted(path.stem for path in folder.glob("*.toml"))
    return tuple(sorted(found, key=lambda language: language != DEFAULT_LANGUAGE))


def _read(path: Path) -> dict[str, Prompt]:
    try:
        # Windows' editor begins a file with a mark of its own.
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CatalogueError(f"cannot read the prompt catalogue {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name} is not valid TOML, correct it: {error}") from error
    return _prompts(document, path.name)


def _prompts(document: Mapping[str, Any], source: str) -> dict[str, Prompt]:
    for table, entries in document.items():
        if table not in _TABLES:
            raise CatalogueError(f"{source}: [{table}] is not known, use {', '.join(_TABLES)}")
        if not isinstance(entries, Mapping):
            raise CatalogueError(f"{source}: {table} must be a table, write [{table}]")
    say = _texts(document, "say", source)
    ways = {
        key: way_of(entry, f"{source}: way of {key!r}") for key, entry in document.get("ways", {}).items()
    }
    notes = _texts(document, "notes", source)
    prompts = {}
    for key, entry in document.get("prompts", {}).items():
        if not isinstance(entry, Mapping) or not {"text"} <= set(entry) <= {"text", "note", "say"}:
            raise CatalogueError(
                f"{source}: prompt {key!r} must have text, may have note and say, nothing else"
            )
        prompts[key] = Prompt(key, **_texts({key: entry}, key, source), way=ways.get(key, USUAL))
    for table, prefix in _GROUPS.items():
        for name, text in _texts(document, table, source).items():
            key = f"{prefix}/{name}"
            prompts[key] = Prompt(key, text, notes.get(prefix, ""), say.get(key, ""), ways.get(key, USUAL))
    for table, keys in (("say", say), ("ways", ways)):
        for key in keys:
            if key not in prompts:
                raise CatalogueError(f"{source}: [{table}] names {key!r}, which is no prompt")
    for prompt in prompts.values():
        if not _KEY.fullmatch(prompt.key):
            raise CatalogueError(f"{source}: key {prompt.key!r} must be of small letters, digits, - and /")
        if not prompt.text.strip():
            raise CatalogueError(f"{source}: prompt {prompt.key!r} has no text")
    return prompts


def _texts(document: Mapping[str, Any], table: str, source: str) -> dict[str, str]:
    entries = document.get(table, {})
    for name, text in entries.items():
        if not isinstance(text, str):
            raise CatalogueError(f"{source}: {table} {name!r} must be a text in quotation marks")
    return dict(entries)
