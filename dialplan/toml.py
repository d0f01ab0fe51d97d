"""Reading the TOML files that administrators edit; every mistake is named, all at once."""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from dialplan.errors import DialplanError
from dialplan.sheet import read_text


def read_toml(path: Path) -> Mapping[str, Any]:
    """The file's content. Raises DialplanError when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise DialplanError(f"{path.name} is not valid TOML ({error}): correct the line") from error


class Mistakes:
    """What is wrong with a file: each mistake names file, key, cause and remedy."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[str] = []

    def add(self, key: str, what: str, remedy: str) -> None:
        """Note a mistake."""
        self._found.append(f"{self.file}, {key}: {what}; {remedy}")

    def unknown_keys(self, where: str, table: Mapping[str, Any], keys: Collection[str]) -> None:
        """Note keys that nobody reads: a slip of the pen must not pass for a setting."""
        for key in table:
            if key not in keys:
                self.add(f"{where}{key}", "this key is not known", f"use {', '.join(sorted(keys))}")

    def done(self) -> None:
        """Raise DialplanError when any mistake was noted."""
        if self._found:
            raise DialplanError(" | ".join(self._found))
