"""Checks a folder of configuration; the rules are in `dialplan.rules`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dialplan.binary import AsteriskBinary
from dialplan.districts import Districts, load_districts
from dialplan.errors import DialplanError
from dialplan.executives import load_executives
from dialplan.generate import Source, generate
from dialplan.hours import Hours, load_hours
from dialplan.layout import GENERATED, Layout
from dialplan.menu import Known, Menu, load_menu
from dialplan.problem import Problem
from dialplan.rules import check_files
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings
from ivr_prompts.catalogue import languages

CONF_DIR = Path(__file__).resolve().parent
"""The static configuration: *.conf here and in extensions.d/."""

__all__ = ["CONF_DIR", "CheckError", "Problem", "check", "static_files"]


class CheckError(DialplanError):
    """The configuration has mistakes; `problems` lists them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("the Asterisk configuration was not applied: " + " | ".join(map(str, self.problems)))


def static_files(conf_dir: Path) -> Mapping[str, str]:
    """Name -> text of the static files in a folder: *.conf and extensions.d/*.conf.

    Raises DialplanError when there are none or one cannot be read.
    """
    files: dict[str, str] = {}
    for path in sorted([*conf_dir.glob("*.conf"), *conf_dir.glob("extensions.d/*.conf")]):
        files[path.relative_to(conf_dir).as_posix()] = _read(path)
    if not files:
        raise DialplanError(
            f"{conf_dir} holds no Asterisk configuration: name the folder with extensions.conf"
        )
    return files


def check(
    conf_dir: Path = CONF_DIR,
    *,
    known_prompts: frozenset[str] | None = None,
    settings: AsteriskSettings | None = None,
) -> list[Problem]:
    """Every mistake in a folder of configuration, in the order of its files.

    A folder without generated/ (the shipped one) is checked together with what the settings (default: the
    default ones) generate. With `known_prompts`, the catalogue's keys, prompts it does not have are mistakes.
    Raises DialplanError when the folder or the data cannot be read.
    """
    files = dict(static_files(conf_dir))
    made = {path.name: _read(path) for path in sorted((conf_dir / GENERATED).glob("*.conf"))}
    files.update(
        {f"{GENERATED}/{name}": text for name, text in (made or _sample(settings, known_prompts)).items()}
    )
    return check_files(files, known_prompts=known_prompts)


def load_data(
    settings: AsteriskSettings, known_prompts: frozenset[str] | None
) -> tuple[Districts, Menu, Hours]:
    """Districts, menu and hours, checked against each other. Raises DialplanError with all mistakes."""
    districts = load_districts()
    centres = {district.code for district in districts if district.has_centre}
    extensions = {one.extension for one in load_executives()}
    if settings.second_is_phone and settings.emergency_second not in extensions:
        raise DialplanError(
            f"emergency_second = {settings.emergency_second!r} is no telephone in the room: write its "
            "extension into executives.csv, name one that is there, or give host:port of another trunk"
        )
    menu = load_menu(_chosen(settings.menu_file), Known(known_prompts, extensions, languages()))
    return districts, menu, load_hours(_chosen(settings.hours_file), centres)


def _chosen(path: Path) -> Path | None:
    return None if path == Path() else path


def _sample(settings: AsteriskSettings | None, known_prompts: frozenset[str] | None) -> Mapping[str, str]:
    """Generated files as they would be; the passwords and folders are stand-ins."""
    settings = settings or AsteriskSettings()
    districts, menu, hours = load_data(settings, known_prompts)
    executives = load_executives(districts=districts, queues=menu.queues)
    stand_in = "stand-in-password"
    secrets = Secrets(stand_in, stand_in, {one.extension: stand_in for one in executives}, stand_in)
    binary = AsteriskBinary((), "", Path("/modules"), Path("/data"))
    return generate(
        Source(
            settings,
            districts,
            executives,
            menu,
            hours,
            secrets,
            Layout(Path("/runtime")),
            binary,
        )
    )


def _read(path: Path) -> str:
    """The text without the byte order mark that some editors write before it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DialplanError(f"{path} cannot be read ({error}): restore it") from error
