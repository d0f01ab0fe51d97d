"""How each built prompt was made: ``manifest.json`` beside the audio, committed with it.

It lets a build do only what changed and the check find audio that no longer says its text.
"""

import fcntl
import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ivr_prompts.errors import CatalogueError

FILE_NAME: Final = "manifest.json"
RECORDED: Final = "recorded"
"""Name of the engine of a prompt that a person recorded."""


@dataclass(frozen=True)
class Entry:
    """One built prompt. ``source_sha256`` is the hash of a recording, empty for synthesised speech."""

    text_sha256: str
    engine: str
    voice: str
    recipe: str
    seconds: float
    loudness_lufs: float
    audio_sha256: str
    source_sha256: str = ""


def text_sha256(spoken: str) -> str:
    """Hash of what was said; two ways of writing the same Devanagari letter hash alike."""
    return hashlib.sha256(unicodedata.normalize("NFC", spoken.strip()).encode()).hexdigest()


def load(audio_dir: Path) -> dict[str, Entry]:
    """Entries by key; empty when nothing was built yet. Raises CatalogueError when the file is damaged."""
    path = audio_dir / FILE_NAME
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {key: Entry(**entry) for key, entry in document["prompts"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CatalogueError(
            f"{path} is damaged ({error}): delete it and run `helpline prompts build`"
        ) from error


@contextmanager
def changing(audio_dir: Path) -> Iterator[dict[str, Entry]]:
    """The entries as they are now, to be changed with their audio; saved when the block ends without error.

    Other builds of the same folder wait meanwhile, so that none overwrites what another has made. Raises
    CatalogueError when the file is damaged.
    """
    audio_dir.mkdir(parents=True, exist_ok=True)
    folder = os.open(audio_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = load(audio_dir)
        entries = dict(before)
        yield entries
        if entries != before:
            save(audio_dir, entries)
    finally:
        os.close(folder)


def save(audio_dir: Path, entries: Mapping[str, Entry]) -> None:
    """Write all entries, sorted by key so that a change reads well in a diff."""
    document = {"prompts": {key: asdict(entries[key]) for key in sorted(entries)}}
    temporary = audio_dir / f".{FILE_NAME}.new"
    temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(audio_dir / FILE_NAME)
