"""What the dialplan may give as arguments of a step, checked once, before anything is done with them.

The dialplan has filtered what came from outside (extensions.d/trunk-in.conf). So an argument of another
shape did not come from it, and the whole request is refused: the dialplan then does the step by itself, and
what the call came to is found in Asterisk's event file. Whether a code is that of a district the
conversations ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from agi.environment import Environment
from agi.errors import AgiError
from records.calls.recordings import read_begun

LONGEST_TALKS = 8192
"""Some 90 answers in one call; nobody is passed on so often."""
_LONGEST = 512
_MOST = 16
_SLACK = timedelta(days=2)

_TALK = r"[0-9]{1,20}/[0-9]{1,11}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}"
_CALL = {
    1: ("call id", r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    2: ("caller", r"[0-9A-Za-z+_.-]{0,40}"),
    3: ("number dialled", r"[0-9+*#]{0,32}"),
}
_STEP = _CALL | {
    4: ("seconds of the step", r"[0-9]{0,5}"),
    5: ("district", r"[0-9A-Za-z]{0,8}"),
}
_ENDED = _CALL | {
    4: ("queue status", r"[A-Z]{0,20}"),
    5: ("hangup cause", r"[0-9]{0,3}"),
    6: ("member", r"([A-Za-z]{1,20}/[A-Za-z0-9_.@-]{1,64})?"),
    7: ("queue", r"[A-Za-z0-9_-]{0,60}"),
    8: ("answered seconds", r"[0-9]{0,6}"),
    9: ("recording", r"([A-Za-z0-9_-][A-Za-z0-9._-]{0,119})?"),
    10: ("talks", rf"({_TALK}&)*({_TALK})?"),
}
_VALUES = {"channel": r"[!-~]{0,160}", "language": r"[A-Za-z_-]{0,16}"}
_PRINTABLE = re.compile(r"[ -~]*")


class ArgumentRefused(AgiError):  # noqa: N818
    """A request whose arguments are none that the dialplan gives. Says which, and never what was given."""


def _compiled(shapes: Mapping[int, tuple[str, str]]) -> Mapping[int, tuple[str, re.Pattern[str]]]:
    return {number: (name, re.compile(shape)) for number, (name, shape) in shapes.items()}


_STEP_SHAPES, _ENDED_SHAPES = _compiled(_STEP), _compiled(_ENDED)
_VALUE_SHAPES = {name: re.compile(shape) for name, shape in _VALUES.items()}


def check(environment: Environment, step: str, now: datetime) -> None:
    """Raises `ArgumentRefused` for arguments of a step that the dialplan could not have given."""
    shapes = _ENDED_SHAPES if step == "ended" else _STEP_SHAPES
    for number, (name, shape) in shapes.items():
        value = environment.arg(number)
        if len(value) > (LONGEST_TALKS if number == 10 else _LONGEST) or not shape.fullmatch(value):
            raise _refused(number, name)
    for number in range(len(shapes) + 1, len(environment.args) + 1):
        value = environment.arg(number)
        if number > _MOST or len(value) > _LONGEST or not _PRINTABLE.fullmatch(value):
            raise _refused(number, "unknown")
    for name, pattern in _VALUE_SHAPES.items():
        if not pattern.fullmatch(environment.values.get(name, "")):
            raise ArgumentRefused(f"agi_{name} is not what Asterisk gives; {_REMEDY}")
    if step == "ended" and any(abs(one.at - now) > _SLACK for one in read_begun(environment.arg(10))):
        raise _refused(10, "talks")


_REMEDY = "only this centre's dialplan may ask (extensions.d/conversation.conf and ended.conf)"


def _refused(number: int, name: str) -> ArgumentRefused:
    return ArgumentRefused(f"argument {number} ({name}) is not what the dialplan gives; {_REMEDY}")
