"""Puts a checked configuration into the runtime folder of a private Asterisk."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dialplan.binary import AsteriskBinary
from dialplan.check import CONF_DIR, CheckError, load_data, static_files
from dialplan.errors import DialplanError
from dialplan.executives import load_executives
from dialplan.generate import Source, generate, recordings_dir
from dialplan.generate_waiting import FIRST_LANGUAGE
from dialplan.layout import GENERATED, Layout, layout
from dialplan.moh import waiting_tone
from dialplan.rules import check_files, loaded_modules
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings
from ivr_prompts.alaw import RATE
from ivr_prompts.catalogue import load_catalogue
from ivr_prompts.errors import PromptError

NEWER_MODULES = frozenset({"res_cdrel_custom", "res_websocket_client"})
"""Split off from other modules after Asterisk 20; earlier releases have what is in them elsewhere."""


def apply(
    settings: AsteriskSettings,
    secrets: Secrets,
    runtime: Path,
    *,
    binary: AsteriskBinary,
    conf_dir: Path = CONF_DIR,
    known_prompts: frozenset[str] | None = None,
) -> None:
    """Check everything, then replace `runtime`/etc by it in one step, and make the folders Asterisk needs.

    `known_prompts`: keys of the prompt catalogue (default: the shipped one); others are refused.
    Raises DialplanError (CheckError for mistakes in the files) with nothing changed. A running Asterisk keeps
    its configuration until it is reloaded.
    """
    place = layout(runtime)
    known_prompts = _catalogue_keys() if known_prompts is None else known_prompts
    districts, menu, hours = load_data(settings, known_prompts)
    own = districts.by_code(settings.district_code)
    if own is None or not own.has_centre:
        raise DialplanError(
            f"district_code = {settings.district_code!r} is no district with a centre: "
            "correct the setting, or write 1 under has_centre in districts.csv"
        )
    executives = load_executives(districts=districts, queues=menu.queues)
    missing = [one.extension for one in executives if one.extension not in secrets.endpoint_passwords]
    if missing:
        raise DialplanError(f"no password for extension {', '.join(missing)}: load the secrets again")
    files = dict(static_files(conf_dir))
    absent = absent_modules(files, binary)
    if settings.waiting_music != Path() and not settings.waiting_music.is_file():
        raise DialplanError(
            f"waiting_music = {settings.waiting_music} is not there: name an A-law or WAV file"
        )
    languages = {name: _recorded(folder) for name, folder in _languages(settings)}
    made = generate(
        Source(settings, districts, executives, menu, hours, secrets, place, binary, languages, absent)
    )
    files.update({f"{GENERATED}/{name}": text for name, text in made.items()})
    problems = check_files(files, known_prompts=known_prompts)
    if problems:
        raise CheckError(problems)
    try:
        _make_folders(place, binary, settings)
        _replace_etc(place, files)
    except OSError as error:
        raise DialplanError(
            f"{error.filename or runtime} cannot be written ({error.strerror}): "
            "correct its owner or free disk space"
        ) from error


def absent_modules(files: Mapping[str, str], binary: AsteriskBinary) -> tuple[str, ...]:
    """Modules of modules.conf that this Asterisk, being older, has not and can do without.

    Raises DialplanError for other modules that are not there.
    """
    listed = loaded_modules(files) or frozenset()
    missing = sorted(name for name in listed if not (binary.modules_dir / f"{name}.so").is_file())
    needed = [name for name in missing if name not in NEWER_MODULES]
    if needed:
        raise DialplanError(
            f"this Asterisk ({binary.version}) has no {', '.join(f'{name}.so' for name in needed)} in "
            f"{binary.modules_dir}: install what it lacks, or take it out of modules.conf"
        )
    return tuple(missing)


def _catalogue_keys() -> frozenset[str]:
    try:
        return frozenset(load_catalogue().keys())
    except PromptError as error:
        raise DialplanError(str(error)) from error


def _make_folders(place: Layout, binary: AsteriskBinary, settings: AsteriskSettings) -> None:
    """Folders are private to their owner: they hold numbers of callers, recordings and passwords."""
    place.runtime.mkdir(parents=True, exist_ok=True)
    place.runtime.chmod(0o700)
    for folder in (
        place.lib / "cache",
        place.lib / "keys",
        place.spool,
        place.run,
        place.log / "cdr-csv",
        place.log / "cel-custom",
        recordings_dir(settings, place),
        place.data,
        place.data / "agi-bin",
    ):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("documentation", "rest-api", "static-http"):
        if (binary.data_dir / name).is_dir():
            _link(place.data / name, binary.data_dir / name)
    place.tone.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    place.tone.with_suffix(".alaw").write_bytes(waiting_tone())
    # Asterisk looks for a prompt in sounds/<language>, then in sounds itself: there the first language stands
    # in, prompt by prompt, for a language in which only some have been recorded.
    (place.data / "sounds").mkdir(parents=True, mode=0o700, exist_ok=True)
    _link(place.data / "sounds" / "h181", settings.sounds_dir.absolute())
    for name, folder in _languages(settings):
        (place.data / "sounds" / name).mkdir(mode=0o700, exist_ok=True)
        _link(place.data / "sounds" / name / "h181", folder)


def _languages(settings: AsteriskSettings) -> list[tuple[str, Path]]:
    """The first language, and those that lie beside it (audio/en beside audio/hi), each with its folder."""
    first = settings.sounds_dir.absolute()
    beside = first.parent.iterdir() if first.name == FIRST_LANGUAGE and first.is_dir() else ()
    found = [path for path in sorted(beside) if path.is_dir() and path != first]
    others = [(path.name, path) for path in found if re.fullmatch(r"[a-z]{2,3}", path.name)]
    return [(FIRST_LANGUAGE, first), *others]


def _recorded(folder: Path) -> Mapping[str, int]:
    """The prompts that are there, of those a waiting caller may hear, with their milliseconds."""
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.stat().st_size * 1000 // RATE
        for pattern in ("*.alaw", "number/*.alaw")
        for path in folder.glob(pattern)
    }


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and Path(os.readlink(link)) == target:
        return
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def _replace_etc(place: Layout, files: dict[str, str]) -> None:
    fresh = Path(tempfile.mkdtemp(dir=place.runtime, prefix=".etc-"))
    old = place.runtime / ".etc-old"
    try:
        for name, text in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if place.etc.exists():
            place.etc.rename(old)
        fresh.rename(place.etc)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
