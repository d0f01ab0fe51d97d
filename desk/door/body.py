"""A body as data. Pure: text comes in, a mapping comes out, or a `Refusal` with the reason."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from desk.refusal import Refusal

MOST_FIELDS = 64
"""The longest form of ours has some twenty."""
DEEPEST = 8
"""Nothing we are sent has objects in objects."""
MOST_DIGITS = 18
"""So many digits always fit in the database's integers."""

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")


class _RefusedError(ValueError):
    """A value that no body of ours has; ``str()`` is the key of the reason."""


def read_fields(text: str, key: str) -> Mapping[str, str]:
    """The fields of a form or a query. ``key`` is the reason's text when it is neither."""
    if _BAD_ESCAPE.search(text):
        raise Refusal(400, key)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refusal(400, key) from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Refusal(400, "request.twice", field=_shown(name))
        if _NO_TEXT.search(name) or _NO_TEXT.search(value):
            raise Refusal(400, "request.characters")
        found[name] = value
    return found


def read_object(text: str) -> Mapping[str, Any]:
    """The JSON object that a program sent."""
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_int=_integer, parse_float=_decimal, parse_constant=_no_number
        )
    except _RefusedError as error:
        raise Refusal(400, str(error)) from None
    except (ValueError, RecursionError):
        raise Refusal(400, "request.json") from None
    if not isinstance(found, dict):
        raise Refusal(400, "request.json")
    _check(found, DEEPEST)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refusal(400, "request.twice", field=_shown(twice))
    if len(found) > MOST_FIELDS:
        raise _RefusedError("request.json")
    return found


def _check(value: object, left: int) -> None:
    """Text is whole characters without NUL, and nothing lies too deep."""
    if left < 0:
        raise Refusal(400, "request.json")
    if isinstance(value, str):
        if _NO_TEXT.search(value):
            raise Refusal(400, "request.characters")
    elif isinstance(value, dict):
        for name, each in value.items():
            _check(name, left)
            _check(each, left - 1)
    elif isinstance(value, list):
        for each in value:
            _check(each, left - 1)


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise _RefusedError("request.number")
    return int(digits)


def _decimal(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise _RefusedError("request.number")
    return found


def _no_number(_word: str) -> NoReturn:
    raise _RefusedError("request.number")


def _shown(name: str) -> str:
    return _NO_TEXT.sub("?", name)[:40]
