"""What Asterisk answers to a command."""

from __future__ import annotations

import re

_END_POSITION = re.compile(r"(?:^| )endpos=(-?[0-9]{1,18})$")


class Reply:
    """One answer.

    ``code`` is 200 for a command that was carried out, 510 or 520 for one refused, 511 on a dead channel.
    ``result`` is the text after ``result=`` ("" when there is none, or when no key was pressed), ``data``
    what stood in brackets, ``endpos`` the position in samples where playing ended, ``text`` all behind the
    code of a reply that has no result.
    """

    __slots__ = ("code", "data", "endpos", "result", "text")

    def __init__(
        self, code: int, result: str = "", data: str | None = None, endpos: int | None = None, text: str = ""
    ) -> None:
        self.code = code
        self.result = result
        self.data = data
        self.endpos = endpos
        self.text = text

    @property
    def number(self) -> int:
        """``result`` as a number; -1 when it is none, which is how Asterisk reports a failure."""
        result = self.result
        digits = result.removeprefix("-")
        return int(result) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else -1

    def __repr__(self) -> str:
        parts = f"{self.code}, {self.result!r}, {self.data!r}, {self.endpos}, {self.text!r}"
        return f"Reply({parts})"


def parse_reply(text: str) -> Reply | None:
    """Read one reply, without its line end; None when more lines belong to it.

    Only a value in brackets goes over several lines here (a variable that holds a newline); the caller
    joins them with LF and asks again. ``text`` must begin with three ASCII digits.
    """
    code = int(text[:3])
    rest = text[4:]
    if not rest.startswith("result="):
        return Reply(code, text=rest)
    result, _, tail = rest[7:].partition(" ")
    if not tail:
        return Reply(code, result)
    if tail[0] == "(" and tail[-1] == ")":
        return Reply(code, result, tail[1:-1])
    position = _END_POSITION.search(tail)
    if position is None:
        return None if tail[0] == "(" and code == 200 else Reply(code, result, text=tail)
    data = tail[: position.start()]
    if not data:
        return Reply(code, result, endpos=int(position[1]))
    if data[0] == "(" and data[-1] == ")":
        return Reply(code, result, data[1:-1], int(position[1]))
    return Reply(code, result, text=data, endpos=int(position[1]))


def is_end_of_value(line: str) -> bool:
    """Whether a value in brackets that goes over several lines can end with this line."""
    return line.endswith(")") or _END_POSITION.search(line) is not None
