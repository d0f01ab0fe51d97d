"""Finding what is wrong with the prompts before a caller does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr_prompts import alaw, manifest
from ivr_prompts.build import orphans, sha256
from ivr_prompts.catalogue import Catalogue
from ivr_prompts.manifest import Entry
from ivr_prompts.measure import measure
from ivr_prompts.recorded import no_recordings, recordings
from ivr_prompts.settings import PromptsSettings
from ivr_prompts.usage import Use

_BUILD = "run `helpline prompts build`"


@dataclass(frozen=True)
class Problem:
    """One fault: the prompt's key (or the file), what is wrong, and what to do."""

    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}; {self.remedy}"


def check(
    catalogue: Catalogue, recorded_dir: Path, used: list[Use], settings: PromptsSettings, root: Path
) -> list[Problem]:
    """All faults of catalogue, audio and recordings; every audio file is decoded and measured.

    ``used`` are the keys the code asks for and ``root`` the folder their files are named from. Raises
    CatalogueError when the manifest is damaged, EngineError when pyloudnorm is missing.
    """
    entries = manifest.load(catalogue.audio_dir)
    found = recordings(recorded_dir)
    problems = list(_missing_keys(catalogue, used, root))
    for key in catalogue.own:
        problems.extend(_audio(catalogue, key, entries.get(key), found.get(key), settings))
    for path in orphans(catalogue):
        name = path.relative_to(catalogue.audio_dir).as_posix()
        problems.append(Problem(name, "audio of no prompt in the catalogue", _BUILD + ", which removes it"))
    for key in sorted(entries.keys() - set(catalogue.own)):
        problems.append(Problem(key, "in the manifest, not in the catalogue", _BUILD + ", which removes it"))
    for key in sorted(found.keys() - catalogue.keys()):
        problems.append(Problem(key, f"{found[key].name} is a recording of no prompt", "rename or remove it"))
    for path in no_recordings(recorded_dir):
        name = path.relative_to(recorded_dir).as_posix()
        problems.append(Problem(name, "is no WAV", "export it as 16-bit PCM WAV, or remove it"))
    return problems


def _missing_keys(catalogue: Catalogue, used: list[Use], root: Path) -> Iterator[Problem]:
    reported = set()
    for use in used:
        if use.key not in reported and not use.met_by(catalogue):
            reported.add(use.key)
            where = use.file.relative_to(root) if use.file.is_relative_to(root) else use.file
            yield Problem(
                use.key,
                f"{where}:{use.line} plays it, the catalogue lacks it",
                f"add it to {catalogue.language}.toml or correct the name",
            )


def _audio(
    catalogue: Catalogue, key: str, entry: Entry | None, recording: Path | None, settings: PromptsSettings
) -> Iterator[Problem]:
    try:
        data = catalogue.audio_path(key).read_bytes()
    except OSError:
        yield Problem(key, "has no audio", _BUILD)
        return
    if entry is None:
        yield Problem(key, "has audio that the manifest does not know", _BUILD)
    else:
        yield from _age(catalogue, key, data, entry, recording)
    yield from _sound(key, data, settings)


def _age(
    catalogue: Catalogue, key: str, data: bytes, entry: Entry, recording: Path | None
) -> Iterator[Problem]:
    if sha256(data) != entry.audio_sha256:
        yield Problem(key, "the audio is not the one that was built", _BUILD)
    if entry.engine == manifest.RECORDED:
        if recording is None:
            yield Problem(key, "its recording is gone", f"put {entry.voice} back or {_BUILD}")
        elif sha256(recording.read_bytes()) != entry.source_sha256:
            yield Problem(key, "the recording is newer than the audio", _BUILD)
        if entry.text_sha256 != manifest.text_sha256(catalogue[key].spoken):
            yield Problem(
                key, "the text has changed since it was recorded", f"record it again, then {_BUILD}"
            )
    elif recording is not None:
        yield Problem(key, f"{recording.name} is not used yet", _BUILD)
    elif entry.text_sha256 != manifest.text_sha256(catalogue[key].spoken):
        yield Problem(key, "the audio is older than its text", _BUILD)


def _sound(key: str, data: bytes, settings: PromptsSettings) -> Iterator[Problem]:
    again = f"listen with `helpline prompts say {key}`, then `helpline prompts build --force {key}`"
    found = measure(alaw.decode(data))
    if found.clipped:
        yield Problem(key, f"{found.clipped} samples are clipped", again)
    for place, silence in (("start", found.silence_before_ms), ("end", found.silence_after_ms)):
        if silence > settings.longest_edge_ms:
            yield Problem(
                key, f"{silence} ms of silence at the {place}, at most {settings.longest_edge_ms}", again
            )
    if not settings.at_level(found.loudness):
        yield Problem(
            key,
            f"loudness {found.loudness:.1f} LUFS, set is {settings.loudness_lufs:g} "
            f"within {settings.loudness_tolerance:g}",
            again,
        )
