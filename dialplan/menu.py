"""The menu after the greeting: which key leads where. Read from data/menu.toml, which administrators edit."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dialplan import variables
from dialplan.toml import Mistakes, read_toml

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

_NO_QUEUES = ("general", "helpline-queue")
"""Sections of queues.conf that are no queues."""


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


@dataclass(frozen=True)
class Known:
    """What a menu may name; None: anything."""

    prompts: Collection[str] | None = None
    extensions: Collection[str] | None = None
    languages: Collection[str] | None = None


ANYTHING: Final = Known()


def load_menu(path: Path | None = None, known: Known = ANYTHING) -> Menu:
    """The menu of the TOML file (default: the one shipped).

    Raises DialplanError naming file, key and remedy of every mistake.
    """
    path = path or MENU_FILE
    return parse_menu(read_toml(path), path.name, known)


def parse_menu(document: Mapping[str, Any], file: str = "menu.toml", known: Known = ANYTHING) -> Menu:
    """The menu out of the file's content. Raises DialplanError like `load_menu`."""
    reader = _Reader(Mistakes(file), known)
    menu = reader.menu(document)
    reader.mistakes.done()
    return menu


class _Reader:
    """Reads on after a mistake, so that all are found."""

    def __init__(self, mistakes: Mistakes, known: Known) -> None:
        self.mistakes = mistakes
        self._known = known
        self._taken: dict[str, str] = {}

    def menu(self, document: Mapping[str, Any]) -> Menu:
        keys = ("emergency_key", "repeat_key", "operator_key")
        self.mistakes.unknown_keys("", document, {*keys, "language_keys", "service"})
        special = {name: self._key(name, document.get(name)) for name in keys}
        languages = self._languages(document.get("language_keys", {}))
        return Menu(**special, language_keys=languages, services=self._services(document.get("service")))

    def _languages(self, table: object) -> dict[str, str]:
        if not isinstance(table, Mapping):
            self.mistakes.add("language_keys", "is no table", 'write [language_keys] and below it 8 = "en"')
            return {}
        for key, language in table.items():
            where = f"language_keys.{key}"
            self._key(where, key)
            name = self._text(where, language, r"[a-z]{2,3}", "write a language such as en")
            known = self._known.languages
            if name and known is not None and name not in known:
                self.mistakes.add(where, f"there are no prompts in {name!r}", f"use {', '.join(known)}")
        return dict(table)

    def _services(self, tables: object) -> tuple[Service, ...]:
        if not isinstance(tables, list) or not tables:
            self.mistakes.add("service", "there is no service", "write at least one [[service]]")
            return ()
        found: list[Service] = []
        for number, table in enumerate(tables, 1):
            if not isinstance(table, Mapping):
                self.mistakes.add(f"service {number}", "is no table", "write [[service]]")
                continue
            service = self._service(f"service {number}, ", table)
            if service.id and any(one.id == service.id for one in found):
                self.mistakes.add(
                    f"service {number}, id", f"{service.id!r} is there twice", "give each service its own"
                )
            found.append(service)
        return tuple(found)

    def _service(self, where: str, table: Mapping[str, Any]) -> Service:
        self.mistakes.unknown_keys(where, table, {"id", "key", "prompt", "target"})
        service = Service(
            self._text(f"{where}id", table.get("id"), r"[a-z][a-z0-9-]*", "use small letters, digits, -"),
            self._key(f"{where}key", table.get("key")),
            self._text(
                f"{where}prompt",
                table.get("prompt"),
                r"[a-z0-9][a-z0-9/-]*",
                "write a prompt's key such as menu-complaint",
            ),
            self._text(
                f"{where}target",
                table.get("target"),
                _TARGET.pattern,
                f"use {', '.join(_TARGETS)}, queue:NAME or extension:2001",
            ),
        )
        known = self._known
        if service.prompt and known.prompts is not None and service.prompt not in known.prompts:
            self.mistakes.add(
                f"{where}prompt",
                f"{service.prompt!r} is not in the catalogue",
                "see `helpline prompts list`, or add it to hi.toml and build it",
            )
        if service.queue in _NO_QUEUES:
            self.mistakes.add(
                f"{where}target", f"{service.queue} cannot be a queue's name", "choose another name"
            )
        if service.extension and known.extensions is not None and service.extension not in known.extensions:
            self.mistakes.add(
                f"{where}target", f"extension {service.extension} is nobody's", "see executives.csv"
            )
        return service

    def _key(self, where: str, value: object) -> str:
        key = self._text(where, value, _KEY.pattern, "write one of 0 to 9 and * in quotation marks")
        first = self._taken.setdefault(key, where) if key else where
        if first != where:
            self.mistakes.add(where, f"{key} is already the key of {first}", "choose a free one")
        return key

    def _text(self, where: str, value: object, pattern: str, remedy: str) -> str:
        """The value; empty, and a mistake noted, when it does not fit."""
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        self.mistakes.add(where, "is missing" if value is None else f"{value!r} does not fit", remedy)
        return ""
