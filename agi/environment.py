"""The first thing Asterisk says on a FastAGI connection: who calls, and which script is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from agi.errors import ProtocolViolation

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_QUERY_FIELDS = 32
_PLAIN_FIELD = re.compile("[a-z]+=[0-9a-f]+")


class Environment:
    """The agi_ variables of one session.

    ``values`` maps names without their ``agi_`` to text; bytes that are no UTF-8 and control characters
    have become U+FFFD. ``script`` is the percent-decoded path without its leading slash, ``query`` the
    decoded query string, ``args`` the arguments of the dialplan's AGI() in order.
    ``odd_lines`` counts lines without a colon, which are skipped.
    """

    __slots__ = ("args", "odd_lines", "query", "script", "values")

    def __init__(self, values: dict[str, str], odd_lines: int = 0) -> None:
        self.values: Mapping[str, str] = values
        self.odd_lines = odd_lines
        wanted = values.get("network_script")
        if wanted is None:
            wanted = values.get("request")
            if wanted is None:
                raise ProtocolViolation("the peer is not Asterisk: it names no script")
            wanted = wanted.partition("://")[2].partition("/")[2]
        path, _, query = wanted.partition("?")
        self.script = (unquote(path) if "%" in path else path).strip("/")
        self.query: Mapping[str, str] = _query(query) if query else {}
        args: list[str] = []
        while (value := values.get(f"arg_{len(args) + 1}")) is not None:
            args.append(value)
        self.args = tuple(args)

    def arg(self, position: int) -> str:
        """The argument at ``position``, counted from 1; "" when the dialplan gave fewer."""
        return self.args[position - 1] if 0 < position <= len(self.args) else ""


def parse_environment(block: bytes) -> Environment:
    """Read the lines up to the blank line, which is not part of ``block``.

    Lines end in LF or CRLF. Raises ProtocolViolation when no line names a script.
    """
    text = block.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if _CONTROL.search(text):
        text = _CONTROL.sub("\ufffd", text)
    values: dict[str, str] = {}
    odd = 0
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            values[name.removeprefix("agi_")] = value.strip(" ")
        elif line:
            odd += 1
    return Environment(values, odd)


def _query(query: str) -> dict[str, str]:
    if _PLAIN_FIELD.fullmatch(query):
        # As every request of the dialplan has it.
        name, _, value = query.partition("=")
        return {name: value}
    try:
        return dict(parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=_QUERY_FIELDS))
    except ValueError as error:
        raise ProtocolViolation(f"the script's query has more than {_QUERY_FIELDS} fields") from error
