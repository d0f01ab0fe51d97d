"""The menu after the greeting: which key leads where. Read from data/menu.toml, which administrators edit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dialplan import variables
from dialplan.toml import known_keys, mistake, read_toml

MENU_FILE: Final = Path(__file__).resolve().parent / "data" / "menu.toml"

_KEY = re.compile(r"[0-9*]")
"""Not #: it ends what is typed."""
_TARGETS = (
    variables.NEXT_DISTRICT,
    variables.NEXT_STATUS,
    variables.NEXT_OPERATOR,
    variables.NEXT_EMERGENCY,
)
_TARGET = re.compile(rf"{'|'.join(_TARGETS)}|queue:[a-z][a-z0-9-]{{0,39}}|extension:20(0[1-9]|[1-9][0-9])")


@dataclass(frozen=True)
class Service:
    """One choice: `target` is what `variables.NEXT` is set to when its key is pressed."""

    id: str
    key: str
    prompt: str
    target: str

    @property
    def queue(self) -> str | None:
        """The queue it leads to by name, None for every other target."""
        name = self.target.removeprefix(variables.QUEUE_TARGET)
        return name if name != self.target else None

    @property
    def extension(self) -> str | None:
        """The telephone it leads to, None for every other target."""
        number = self.target.removeprefix(variables.EXTENSION_TARGET)
        return number if number != self.target else None


@dataclass(frozen=True)
class Menu:
    """The whole menu; no key stands for two things. `language_keys` is key -> language."""

    emergency_key: str
    repeat_key: str
    operator_key: str
    language_keys: Mapping[str, str]
    services: tuple[Service, ...]

    @property
    def queues(self) -> frozenset[str]:
        """Queues that its services lead to."""
        return frozenset(service.queue for service in self.services if service.queue)

    def by_key(self, key: str) -> Service | None:
        """The service behind a key."""
        return next((service for service in self.services if service.key == key), None)


def load_menu(path: Path | None = None) -> Menu:
    """The menu of the TOML file (default: the one shipped).

    Raises DialplanError naming file, key and remedy of the first mistake.
    """
    path = path or MENU_FILE
    return parse_menu(read_toml(path), path.name)


def parse_menu(document: Mapping[str, Any], file: str = "menu.toml") -> Menu:
    """The menu out of the file's content. Raises DialplanError like `load_menu`."""
    known_keys(
        file, "", document, {"emergency_key", "repeat_key", "operator_key", "language_keys", "service"}
    )
    taken: dict[str, str] = {}
    special = {
        name: _key(file, name, document.get(name), taken)
        for name in ("emergency_key", "repeat_key", "operator_key")
    }
    languages = document.get("language_keys", {})
    if not isinstance(languages, Mapping):
        raise mistake(file, "language_keys", "is no table", 'write [language_keys] and below it 8 = "en"')
    for key, language in languages.items():
        _key(file, f"language_keys.{key}", key, taken)
        _text(file, f"language_keys.{key}", language, r"[a-z]{2,3}", "write a language such as en")
    services = document.get("service", [])
    if not isinstance(services, list) or not services:
        raise mistake(file, "service", "there is no service", "write at least one [[service]]")
    found: list[Service] = []
    for number, table in enumerate(services, 1):
        where = f"service {number}, "
        if not isinstance(table, Mapping):
            raise mistake(file, f"service {number}", "is no table", "write [[service]]")
        known_keys(file, where, table, {"id", "key", "prompt", "target"})
        name = _text(file, f"{where}id", table.get("id"), r"[a-z][a-z0-9-]*", "use small letters, digits, -")
        if any(service.id == name for service in found):
            raise mistake(file, f"{where}id", f"{name!r} is there twice", "give each service its own")
        found.append(
            Service(
                name,
                _key(file, f"{where}key", table.get("key"), taken),
                _text(
                    file,
                    f"{where}prompt",
                    table.get("prompt"),
                    r"[a-z0-9][a-z0-9/-]*",
                    "write a prompt's key such as menu-complaint",
                ),
                _text(
                    file,
                    f"{where}target",
                    table.get("target"),
                    _TARGET.pattern,
                    f"use {', '.join(_TARGETS)}, queue:NAME or extension:2001",
                ),
            )
        )
    return Menu(**special, language_keys=dict(languages), services=tuple(found))


def _key(file: str, where: str, value: object, taken: dict[str, str]) -> str:
    key = _text(file, where, value, _KEY.pattern, "write one of 0 to 9 and * in quotation marks")
    if key in taken:
        raise mistake(file, where, f"{key} is already the key of {taken[key]}", "choose a free one")
    taken[key] = where
    return key


def _text(file: str, where: str, value: object, pattern: str, remedy: str) -> str:
    if value is None:
        raise mistake(file, where, "is missing", remedy)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise mistake(file, where, f"{value!r} does not fit", remedy)
    return value
