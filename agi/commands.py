"""Commands as bytes on the wire: quoted, free of control characters, of bounded length.

Text that was not quoted has crashed Asterisk (its issue 2069), and a newline in an argument would be a
second command; both end here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_LINE = 8191
"""Bytes of one line with its newline: Asterisk reads into 8,192 with the closing NUL."""
MAX_ARGUMENTS = 100
"""Asterisk splits a line into at most 128 words, those of the command's own name included."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\([^()${}]*\))?", re.ASCII)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\([A-Za-z0-9_]*\))?", re.ASCII)
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_:.+*#/-]*", re.ASCII)


def encode(name: str, *arguments: str) -> bytes:
    """The line for the command ``name`` with every argument quoted.

    Raises ValueError for a control character, a lone surrogate, more than 100 arguments, or a line over
    8,191 bytes.
    """
    if len(arguments) > MAX_ARGUMENTS:
        raise ValueError(f"{name}: {len(arguments)} arguments, Asterisk takes {MAX_ARGUMENTS}")
    line = name
    for argument in arguments:
        if not argument.isprintable() and _CONTROL.search(argument):
            raise ValueError(f"{name}: a control character in an argument")
        if "\\" in argument or '"' in argument:
            argument = argument.replace("\\", "\\\\").replace('"', '\\"')  # noqa: PLW2901
        line += f' "{argument}"'
    encoded = (line + "\n").encode()
    if len(encoded) > MAX_LINE:
        raise ValueError(f"{name}: a line of {len(encoded)} bytes, Asterisk takes {MAX_LINE}")
    return encoded


def variable(name: str) -> str:
    """``name`` itself, if it is the name of a channel variable or of a function with plain arguments.

    Raises ValueError otherwise: Asterisk would evaluate what stands in a name.
    """
    if not _VARIABLE.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a channel variable")
    return name


def assignments(values: Mapping[str, str]) -> str | None:
    """Options of the dialplan's MSet that set all ``values`` in their order; None when it cannot.

    MSet divides its options at commas and drops quotes, so it is given only names and values that have no
    character with a meaning of its own.
    """
    if not all(
        _PLAIN_NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(value) for name, value in values.items()
    ):
        return None
    return ",".join(f"{name}={value}" for name, value in values.items())
