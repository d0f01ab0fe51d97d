"""The names of places, asked for by the words of one name: whole, begun, misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from mapper.model.place_model import Place
from mapper.search.fold import fold, join, plain
from mapper.search.ranks import BEGINNING, LATER, MORE_WRONG, ONE_WRONG, TWO_WRONG, WHOLE
from mapper.search.slips import Slips, errors_between
from mapper.search.sorted_names import Part, SortedNames

_WRONG = (ONE_WRONG, ONE_WRONG, TWO_WRONG, MORE_WRONG)
_HINDI = re.compile("[\u0900-\u097f]")

Found = tuple[Sequence[int], int, bool]
"""Places by number, the tier in which they match, and whether by their sound."""


class PlaceNames:
    """All names of the places that take complaints."""

    def __init__(self, parts: Mapping[str, Part], places: Sequence[Place]) -> None:
        self._places = places
        self._letters = SortedNames(parts, "letters")
        self._sounds = SortedNames(parts, "sounds")
        self._later_letters = SortedNames(parts, "later_letters")
        self._later_sounds = SortedNames(parts, "later_sounds")
        self._codes = SortedNames(parts, "codes")
        self._slips = Slips(self._sounds)

    def warm(self) -> None:
        """Make now what the first misspelt name would wait for."""
        self._slips.warm()

    def coded(self, code: str) -> Sequence[int]:
        """The places of an LGD code."""
        return self._codes.exact(code)

    def whole(self, name: Sequence[str]) -> Iterator[Found]:
        """Places called so."""
        yield self._letters.exact(" ".join(name)), WHOLE, False
        yield self._sounds.exact(_sound(name)), WHOLE, True

    def begun(self, name: Sequence[str]) -> Iterator[Found]:
        """Places whose name, or a later word of it, begins so."""
        letters, sound = " ".join(name), _sound(name)
        yield self._letters.beginning(letters), BEGINNING, False
        yield self._sounds.beginning(sound), BEGINNING, True
        yield self._later_letters.beginning(letters), LATER, False
        yield self._later_sounds.beginning(sound), LATER, True

    def slipped(self, name: Sequence[str]) -> Iterator[Found]:
        """Places whose whole name is meant, with a letter or two wrong. The nearest first."""
        for errors, numbers in self._slips.near(_sound(name)):
            yield numbers, _WRONG[errors], True

    def misspelt(self, name: Sequence[str], *, any_beginning: bool) -> Iterator[Found]:
        """Places whose name is begun with a letter or two wrong; `any_beginning`: the first one, too."""
        sound = _sound(name)
        if len(sound) < 3:
            return
        allowed = 1 if len(sound) < 6 else 2
        beginning = "" if any_beginning and len(sound) < 4 else sound[0]
        for index in (self._sounds, self._later_sounds):
            for errors, numbers in index.misspelt(sound, allowed, beginning):
                yield numbers, _WRONG[min(errors, 3)], True

    def far(self, name: Sequence[str], number: int) -> int:
        """By how many letters a name differs from that of a place, in the script in which it is typed."""
        place, typed = self._places[number], "".join(name)
        hindi = bool(_HINDI.search(typed))
        names = (place.name_hi if hindi else place.name_en, *place.aliases)
        return min(
            errors_between(typed, plain(each).replace(" ", ""))
            for each in names
            if bool(_HINDI.search(each)) is hindi or each is names[0]
        )


def _sound(name: Sequence[str]) -> str:
    return join([fold(word) for word in name])
