"""Which prompts the callers' code asks for, read from the sources without running them.

In dialplan files a prompt is ``h181/<key>``. In Python it is a string ``"h181/<key>"``, or a string given to
a call named like one of `PLAYERS`; an f-string or a dialplan variable inside a key makes it a pattern, which
at least one prompt must match. Tables that administrators edit ask for prompts, too: districts, departments,
officers and levels are spoken by name, and the menu names a prompt for each service.
"""

import ast
import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivr_prompts.catalogue import SOUND_PREFIX
from ivr_prompts.errors import CatalogueError

PLAYERS: Final = frozenset({"sound", "play", "say", "ask", "prompt", "audio", "audio_path"})
"""Names of functions and methods whose string arguments are prompt keys."""

TABLES: Final = (
    ("dialplan/data/districts.csv", "slug", "district"),
    ("mapper/data/departments.csv", "department_code", "department"),
    ("mapper/data/designations.csv", "designation_code", "designation"),
    ("mapper/data/levels.csv", "label", "level"),
)
"""Tables whose rows are spoken: file, column, first part of the key."""
MENU: Final = "dialplan/data/menu.toml"

_IN_DIALPLAN: Final = re.compile(re.escape(SOUND_PREFIX) + r"(?P<key>(?:[A-Za-z0-9_/-]|\$\{[^}]*\}+)+)")
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9/-]*\Z")


@dataclass(frozen=True)
class Use:
    """A key some source asks for; with ``*`` for a part that is known only while it runs."""

    key: str
    file: Path
    line: int

    def met_by(self, keys: Iterable[str]) -> bool:
        """Whether one of these keys is what is asked for."""
        pattern = re.compile(".+".join(re.escape(part) for part in self.key.split("*")) + r"\Z")
        return any(pattern.match(key) for key in keys)


def uses(root: Path) -> list[Use]:
    """Every use in the rooms below ``root`` that speak to callers; rooms may be missing.

    Raises CatalogueError for a Python file or a menu that cannot be parsed.
    """
    found = list(_in_data(root))
    for folder in ("agi", "outbound", "dialplan"):
        for path in sorted((root / folder).rglob("*.py")):
            found.extend(in_python(path.read_text(encoding="utf-8"), path))
    for path in sorted((root / "dialplan").rglob("*.conf")):
        found.extend(in_dialplan(path.read_text(encoding="utf-8"), path))
    return found


def _in_data(root: Path) -> Iterator[Use]:
    for name, column, prefix in TABLES:
        path = root / name
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as lines:
                rows = csv.DictReader(lines)
                for row in rows:
                    yield Use(f"{prefix}/{row[column].lower()}", path, rows.line_num)
    menu = root / MENU
    if menu.is_file():
        yield from in_menu(menu.read_text(encoding="utf-8-sig"), menu)


def in_menu(text: str, path: Path) -> Iterator[Use]:
    """The prompts of a menu's services. What else is wrong with a service `helpline asterisk check` tells."""
    try:
        services = tomllib.loads(text).get("service")
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name} is not valid TOML, correct it: {error}") from error
    for service in services if isinstance(services, list) else ():
        prompt = service.get("prompt") if isinstance(service, dict) else None
        if not isinstance(prompt, str):
            continue
        lines = (number for number, line in enumerate(text.splitlines(), start=1) if f'"{prompt}"' in line)
        yield Use(prompt, path, next(lines, 1))


def in_dialplan(text: str, path: Path) -> Iterator[Use]:
    """Uses in an Asterisk configuration; comments (after ``;``) do not count."""
    for number, line in enumerate(text.splitlines(), start=1):
        code = re.split(r"(?<!\\);", line, maxsplit=1)[0]
        for match in _IN_DIALPLAN.finditer(code):
            yield Use(re.sub(r"\$\{[^}]*\}+", "*", match["key"]), path, number)


def in_python(text: str, path: Path) -> Iterator[Use]:
    """Uses in a Python source."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CatalogueError(
            f"{path}:{error.lineno} is not valid Python: correct it, then check again"
        ) from error
    nodes = list(ast.walk(tree))
    in_patterns = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in in_patterns:
            literal = _literal(node)
            if literal and literal.startswith(SOUND_PREFIX) and len(literal) > len(SOUND_PREFIX):
                yield Use(literal.removeprefix(SOUND_PREFIX), path, node.lineno)
        elif isinstance(node, ast.Call) and _name(node.func) in PLAYERS:
            for argument in node.args:
                literal = _literal(argument)
                if literal and not literal.startswith(SOUND_PREFIX) and _KEY.match(literal.replace("*", "0")):
                    yield Use(literal, path, argument.lineno)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) or "*" for part in node.values)
    return None
