"""Checks a folder of configuration; the rules are in `dialplan.rules`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dialplan.binary import AsteriskBinary
from dialplan.districts import load_districts
from dialplan.errors import DialplanError
from dialplan.executives import load_executives
from dialplan.generate import Source, generate
from dialplan.hours import load_hours
from dialplan.layout import GENERATED, Layout
from dialplan.menu import load_menu
from dialplan.problem import Problem
from dialplan.rules import check_files
from dialplan.secrets import Secrets
from dialplan.settings import AsteriskSettings

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


def check(conf_dir: Path = CONF_DIR, *, known_prompts: frozenset[str] | None = None) -> list[Problem]:
    """Every mistake in a folder of configuration, in the order of its files.

    A folder without generated/ (the shipped one) is checked together with what the default settings generate.
    With `known_prompts`, the catalogue's keys, prompts it does not have are mistakes.
    Raises DialplanError when the folder or the data cannot be read.
    """
    files = dict(static_files(conf_dir))
    made = {path.name: _read(path) for path in sorted((conf_dir / GENERATED).glob("*.conf"))}
    files.update({f"{GENERATED}/{name}": text for name, text in (made or _sample()).items()})
    return check_files(files, known_prompts=known_prompts)


def _sample() -> Mapping[str, str]:
    """Generated files as they would be with the default settings; the passwords and folders are stand-ins."""
    districts = load_districts()
    menu = load_menu()
    executives = load_executives(districts=districts, queues=menu.queues)
    stand_in = "stand-in-password"
    secrets = Secrets(stand_in, stand_in, {one.extension: stand_in for one in executives})
    binary = AsteriskBinary((), "", Path("/modules"), Path("/data"))
    return generate(
        Source(
            AsteriskSettings(),
            districts,
            executives,
            menu,
            load_hours(),
            secrets,
            Layout(Path("/runtime")),
            binary,
        )
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DialplanError(f"{path} cannot be read ({error}): restore it") from error
