"""One TOML file and the environment, made into the frozen settings of every room.

A room declares what can be set in its own ``settings.py``; this module only reads. A table of the file
is a room, a key is a field. ``HELPLINE_<TABLE>_<FIELD>`` in the environment wins over the file. Lists in
the environment are separated by commas. Every problem is reported at once, each with its key and remedy.
"""

import dataclasses
import datetime as dt
import os
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from agi.settings import AgiSettings
from desk.settings import DeskSettings
from dialplan.settings import AsteriskSettings
from helpline.errors import SettingsError, room_errors
from helpline.health.settings import HealthSettings
from helpline.log_settings import LogSettings
from mapper.settings import MapperSettings
from records.keeping.settings import RetentionSettings
from records.settings import RecordsSettings
from switchboard.settings import SwitchboardSettings

ENVIRONMENT_PREFIX = "HELPLINE_"
CONFIG_VARIABLE = "HELPLINE_CONFIG"
FOLLOWERS = (
    ("asterisk", "agi_host", "agi", "host"),
    ("asterisk", "agi_port", "agi", "port"),
    ("switchboard", "host", "asterisk", "control_bind"),
    ("switchboard", "port", "asterisk", "ami_port"),
)
"""(table, field, table, field): two ends of one wire. The first follows the second unless set itself."""
DEFAULT_FILE = Path("helpline.toml")


@dataclass(frozen=True)
class ProcessSettings:
    """What belongs to the process as a whole."""

    state_dir: Path = Path("var")
    """Records, secrets, directory editions, recordings and the private Asterisk live below it."""

    marks_dir: Path = Path()
    """Where, outside state_dir, a mark says that this centre has a book of complaints, so that its disk, when
    it is not mounted, is not taken for a new one. Empty: the user's .local/state/helpline181, and only if
    state_dir is on another disk than that."""

    hang_seconds: float = 20.0
    """A service that does nothing for so long hangs: it ends, and whoever started it starts it again. A busy
    machine holds it up for a second or two. 0: never, for a debugger."""

    rehearsal: bool = False
    """Whether this centre is there to practise: only then may --at write down what is still to come. In a
    real one such an event would keep everybody else from the complaint until its day."""


@dataclass(frozen=True)
class ClockSettings:
    """The escalation clock. Raises `ValueError` for a value out of range."""

    every_seconds: float = 300.0
    """Between two looks at what is overdue; one comes after each midnight besides. Something becomes overdue
    in between only when a limit is changed or a machine was off: five minutes are soon enough, and a look
    that finds nothing costs a tenth of a second with a million complaints."""

    def __post_init__(self) -> None:
        if self.every_seconds < 1:
            raise ValueError("every_seconds must be 1 or more")


@dataclass(frozen=True)
class Settings:
    """The settings of all rooms; a field here is a table of ``helpline.toml``."""

    helpline: ProcessSettings = field(default_factory=ProcessSettings)
    agi: AgiSettings = field(default_factory=AgiSettings)
    asterisk: AsteriskSettings = field(default_factory=AsteriskSettings)
    clock: ClockSettings = field(default_factory=ClockSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    logs: LogSettings = field(default_factory=LogSettings)
    mapper: MapperSettings = field(default_factory=MapperSettings)
    records: RecordsSettings = field(default_factory=RecordsSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    switchboard: SwitchboardSettings = field(default_factory=SwitchboardSettings)

    @property
    def state_dir(self) -> Path:
        """The state directory, absolute."""
        return self.helpline.state_dir.absolute()


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    ``path`` is the file named by the caller; without it ``$HELPLINE_CONFIG``, then ``helpline.toml`` in the
    working directory if there is one, then the defaults. Raises `SettingsError` with all problems.
    """
    environ = os.environ if environ is None else environ
    source, tables = _read(path, environ)
    problems: list[str] = []
    rooms = {room.name: _factory(room) for room in dataclasses.fields(Settings)}
    for table in tables:
        if table not in rooms:
            problems.append(f"{source}: [{table}] is not a table of the settings{_hint(table, rooms)}")
    chosen = {
        name: _values(factory, name, tables.get(name, {}), environ, source, problems)
        for name, factory in rooms.items()
    }
    for table, key, other, its_key in FOLLOWERS:
        if its_key in chosen[other]:
            chosen[table].setdefault(key, chosen[other][its_key])
    built = {}
    refused: tuple[type[Exception], ...] = (ValueError, *room_errors())
    for name, factory in rooms.items():
        try:
            built[name] = factory(**chosen[name])
        except refused as error:
            problems.append(f"{source}: [{name}] {error}")
    if problems:
        raise SettingsError("; ".join(problems))
    return Settings(**built)


def chosen_file(path: Path | None, environ: Mapping[str, str] | None = None) -> tuple[Path, bool]:
    """Which settings file is read, and whether somebody named it: then it must be there."""
    environ = os.environ if environ is None else environ
    named = path or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    return named or DEFAULT_FILE, named is not None


def _read(path: Path | None, environ: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    chosen, named = chosen_file(path, environ)
    try:
        text = chosen.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if not named:
            return "defaults", {}
        raise SettingsError(f"{chosen}: no such settings file; create it or correct --config") from None
    except OSError as error:
        raise SettingsError(f"{chosen}: cannot be read ({error.strerror}); correct its permissions") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{chosen}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    try:
        return str(chosen), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{chosen}: {error}; correct the TOML there") from None


def _factory(room: dataclasses.Field[Any]) -> type[Any]:
    factory: object = room.default_factory
    if not isinstance(factory, type):
        raise TypeError(f"settings room {room.name} has no dataclass")
    return factory


def _values(
    cls: type[Any],
    table: str,
    given: object,
    environ: Mapping[str, str],
    source: str,
    problems: list[str],
) -> dict[str, Any]:
    if not isinstance(given, dict):
        problems.append(f"{source}: {table} must be a table: write [{table}]")
        given = {}
    hints = typing.get_type_hints(cls)
    for key in given:
        if key not in hints:
            problems.append(f"{source}: [{table}] {key} is not a setting{_hint(key, hints)}")
    values: dict[str, Any] = {}
    for key, wanted in hints.items():
        variable = f"{ENVIRONMENT_PREFIX}{table}_{key}".upper()
        try:
            if variable in environ:
                values[key] = _from_text(environ[variable], wanted)
            elif key in given:
                values[key] = _from_toml(given[key], wanted)
        except ValueError as error:
            where = f"${variable}" if variable in environ else f"{source}: [{table}] {key}"
            problems.append(f"{where}: {error}")
    return values


def _hint(word: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known are {', '.join(sorted(known))}"


def _from_text(text: str, wanted: object) -> object:
    match wanted:
        case _ if wanted is bool:
            if text.lower() in {"1", "true", "yes", "on"}:
                return True
            if text.lower() in {"0", "false", "no", "off"}:
                return False
            raise ValueError(f"{text!r} is neither true nor false")
        case _ if wanted is int or wanted is float:
            try:
                return int(text) if wanted is int else float(text)
            except ValueError:
                raise ValueError(f"{text!r} is not a number") from None
        case _ if wanted is Path:
            return Path(text)
        case _ if wanted is dt.time:
            return dt.time.fromisoformat(text)
        case _ if typing.get_origin(wanted) is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case _:
            return text


def _from_toml(value: object, wanted: object) -> object:
    if wanted is Path and isinstance(value, str):
        return Path(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if wanted is dt.time and isinstance(value, str):
        return dt.time.fromisoformat(value)
    if typing.get_origin(wanted) is tuple:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ValueError("must be a list of texts")
    if isinstance(wanted, type) and (
        not isinstance(value, wanted)
        or (wanted is int and value in (True, False) and isinstance(value, bool))
    ):
        raise ValueError(f"{value!r} is not of the kind {wanted.__name__}")
    return value
