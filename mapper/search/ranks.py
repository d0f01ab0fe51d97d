"""How well a place fits a text, as one whole number: a smaller one is better."""

from __future__ import annotations

WHOLE, ELSEWHERE, BEGINNING, LATER, ONE_WRONG, AMONG, TWO_WRONG, MORE_WRONG = range(8)
"""Tiers: the whole name, the whole name in another unit than said, its beginning, the beginning of a later
word, one letter wrong, the whole name among words that are none, two letters wrong, more."""

SCORES = (1.0, 0.85, 0.8, 0.6, 0.4, 0.35, 0.3, 0.2)
"""By tier."""

_NUMBER, _FAR = 24, 5
_LETTERS, _SIZE, _KIND, _WIDE, _TIER = range(5)


def rank(
    tier: int,
    number: int,
    *,
    heard: bool = True,
    small: bool = False,
    other: bool = False,
    wide: bool = False,
    far: int = 0,
) -> int:
    """The rank of the place with that number, in the order in which the fields count.

    `wide`: it lies in a district of the name that was said, not in a tehsil; `other`: it is of another kind
    than said; `small`: a village; `heard`: its sound agrees, not its letters; `far`: letters that differ.
    """
    match = tier << _TIER | wide << _WIDE | other << _KIND | small << _SIZE | heard << _LETTERS
    return (match << _FAR | min(far, (1 << _FAR) - 1)) << _NUMBER | number


def match_of(ranked: int) -> int:
    """What of a rank says how the place matched: letters, number and order left out."""
    return ranked >> (_NUMBER + _FAR)


def tier_of(ranked: int) -> int:
    """The tier of a rank."""
    return match_of(ranked) >> _TIER


def is_plain_whole(ranked: int) -> bool:
    """Whether the whole name was said, and nothing else that does not fit."""
    return match_of(ranked) < 1 << _KIND


def is_whole_of_kind(ranked: int) -> bool:
    """Whether the whole name was said and the kind fits; it may lie in a wide unit only."""
    return tier_of(ranked) == WHOLE and not match_of(ranked) >> _KIND & 1


def is_by_letters(ranked: int) -> bool:
    """Whether the very letters were typed."""
    return not match_of(ranked) >> _LETTERS & 1


def far_of(ranked: int) -> int:
    """Letters that differ."""
    return ranked >> _NUMBER & (1 << _FAR) - 1


def is_small(ranked: int) -> bool:
    """Whether the place is a village or the like."""
    return bool(match_of(ranked) >> _SIZE & 1)
