"""Reading the TOML files that administrators edit; every mistake is named, all at once."""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from dialplan.errors import DialplanError
from dialplan.sheet import read_text


def read_toml(path: Path) -> Mapping[str, Any]:
    """The file's content. Raises DialplanError when it cannot be read or is not TOML."""
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DialplanError(
            f"{path.name} is not valid TOML ({error}): {_remedy(text, str(error))}"
        ) from error


def _remedy(text: str, error: str) -> str:
    """What to do about the line named in the error: two ways of writing are common and no TOML."""
    place = re.search(r"line (\d+)", error)
    line = "".join(text.splitlines()[int(place[1]) - 1 : int(place[1])]) if place else ""
    if re.search(r"=\s*\d{1,2}:\d{2}\s*(#.*)?$", line):
        return "write a time with its seconds and two digits for the hour, such as 07:00:00"
    if re.search("[\u2018-\u201f]", line):
        return 'write straight quotation marks: "'
    return "correct the line"


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
