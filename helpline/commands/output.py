"""What several commands print: JSON for programs."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import asdict, is_dataclass
from datetime import date

import click


def as_json(value: object) -> str:
    """The value as readable JSON: letters as they are, moments in ISO 8601, dataclasses as objects."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def say(value: object, lines: list[str] | str, *, json_wanted: bool) -> None:
    """Print the value for a program, or the lines for a person."""
    text = as_json(value) if json_wanted else lines if isinstance(lines, str) else "\n".join(lines)
    # Half a surrogate pair, which a damaged or forged file may hold, as \ud800: JSON's own way to write it.
    click.echo(text.encode("utf-8", "backslashreplace").decode())


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, AbstractSet):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
