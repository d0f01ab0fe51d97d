"""How many digits numbers have in India, and which pieces of a text make one of them."""

from __future__ import annotations

import re

COUNTRY_CODE = re.compile(r"(\+|00)910(?=[1-9]\d{9}$)")
"""A number with its country code and the 0 that only calls within the country have."""
TOLL_FREE = ("1800", "1860", "01800", "01860")

_WITH_COUNTRY = re.compile(r"(?:00|0)?910?[1-9]\d{9}", re.ASCII)
_INDIA = "+91"
_SHORTEST_ABROAD, _LONGEST_ABROAD = 8, 15
"""Digits with the country code: E.164 allows 15, and no country has fewer than 8."""
_SHORTEST_FREE, _LONGEST_FREE = 10, 13
LOCAL = 5
"""Fewest digits of a number that stands beside another: fewer are the end of a further one."""
_SHORTEST = 3


def with_country(digits: str) -> bool:
    """Whether these digits are a number of India with its country code."""
    return _WITH_COUNTRY.fullmatch(digits) is not None


def whole(number: str) -> bool:
    """Whether a number has as many digits as one: local, with its code, with 0, with a country's code."""
    digits = number.removeprefix("+")
    if not digits.isdigit():
        return False
    if number.startswith("+"):
        if number.startswith(_INDIA):
            return with_country(digits)
        return _SHORTEST_ABROAD <= len(digits) <= _LONGEST_ABROAD
    if len(digits) in {6, 7, 8, 10}:
        return not digits.startswith("0")
    if number.startswith(TOLL_FREE):
        return _SHORTEST_FREE <= len(digits) <= _LONGEST_FREE
    return (len(digits) == 11 and digits[:1] == "0") or with_country(digits)


def part_numbers(pieces: list[str], before: str) -> list[str]:
    """The numbers that pieces of digits make; `before` is the number that stands before a separator."""
    if not pieces:
        return []
    joined = "".join(pieces)
    if before and len(joined) < LOCAL:
        # 255033/34: the last digits of a further number.
        return [before[: -len(joined)] + joined]
    first, end = "".join(pieces[:-1]), pieces[-1]
    if len(end) < _SHORTEST and whole(first) and not whole(joined):
        return [first, first[: -len(end)] + end]
    return _split(pieces) or [joined]


def _split(pieces: list[str]) -> list[str] | None:
    """Pieces put together to whole numbers, as few as can be; None when they cannot be."""
    best: list[list[str] | None] = [*([None] * len(pieces)), []]
    for begin in reversed(range(len(pieces))):
        for end in range(begin + 1, len(pieces) + 1):
            rest, number = best[end], "".join(pieces[begin:end])
            if rest is None or not whole(number):
                continue
            here = best[begin]
            if here is None or len(rest) + 1 < len(here):
                best[begin] = [number, *rest]
    return best[0]
