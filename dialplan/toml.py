"""Reading the TOML files that administrators edit; every mistake is one line: file, key, cause, remedy."""

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


def mistake(file: str, key: str, what: str, remedy: str) -> DialplanError:
    """The error that names a mistake at a key of a file."""
    return DialplanError(f"{file}, {key}: {what}; {remedy}")


def known_keys(file: str, where: str, table: Mapping[str, Any], keys: Collection[str]) -> None:
    """Refuse keys that nobody reads: a slip of the pen must not pass for a setting."""
    for key in table:
        if key not in keys:
            raise mistake(file, f"{where}{key}", "this key is not known", f"use {', '.join(sorted(keys))}")
