"""Complaint types by the words people use: Hindi, Roman Hindi or English, begun or misspelt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mapper.model.model import ComplaintType, Department
from mapper.search.fold import fold, fold_all, has_flap, words
from mapper.search.typos import Pattern

_NAME, _KEYWORD, _DEPARTMENT = 1.0, 0.9, 0.4
_WHOLE_WORD = 1.25
_ONE_WRONG = 0.5

_FILLERS = frozenset(
    map(
        fold,
        words(
            "का की के को में से पर है हैं नहीं न या एवं और हो रहा रही हुआ हुई हुए "
            "ka ki ke ko mein me se par hai nahi nahin na ya aur hua hui hue "
            "or the of to in is not and for a"
        ),
    )
)
"""Words that say nothing of the matter; left out of a search that has others."""


@dataclass(frozen=True, slots=True)
class TypeHit:
    """A type found. `score` grows with the words that match; compare it within one search only.

    `sure`: it may be chosen unasked, for it has every word and no other has them as well; at most the first
    hit is. `namesakes`: how many types have its name, itself among them.
    """

    type: ComplaintType
    department: Department
    score: float
    sure: bool = False
    namesakes: int = 1


class TypeIndex:
    """An index over the words of names, keywords and departments. Immutable once built."""

    def __init__(self, types: Iterable[ComplaintType], departments: Mapping[str, Department]) -> None:
        self._types = list(types)
        self._departments = departments
        weights: dict[str, dict[int, float]] = {}
        for number, kind in enumerate(self._types):
            department = departments[kind.department_code]
            for weight, texts in (
                (_DEPARTMENT, (department.name_hi, department.name_en)),
                (_KEYWORD, kind.keywords),
                (_NAME, (kind.name_hi, kind.name_en, kind.code)),
            ):
                for text in texts:
                    for word in words(text):
                        for flap in "dr" if has_flap(word) else "d":
                            weights.setdefault(fold(word, flap=flap), {})[number] = weight
        self._keys = sorted(weights)
        self._weights = weights
        self._named: dict[str, set[int]] = {}
        for number, kind in enumerate(self._types):
            for name in (kind.name_hi, kind.name_en, kind.code):
                self._named.setdefault(fold_all(name), set()).add(number)

    def search(self, text: str, limit: int) -> list[TypeHit]:
        """The best `limit` types: those that match the most words first. Empty for an empty text."""
        keys = [fold(word) for word in words(text)[:12]]
        keys = [key for key in keys if key not in _FILLERS] or keys
        matched: dict[int, list[float]] = {}
        for key in dict.fromkeys(keys):
            for number, weight in self._match(key).items():
                matched.setdefault(number, []).append(weight)
        ranked = sorted(matched.items(), key=lambda item: (-len(item[1]), -sum(item[1]), item[0]))
        sure = self._sure(text, len(dict.fromkeys(keys)), ranked)
        return [self._hit(number, weights, number == sure) for number, weights in ranked[:limit]]

    def _hit(self, number: int, weights: list[float], sure: bool) -> TypeHit:
        kind = self._types[number]
        names = (kind.name_hi, kind.name_en)
        namesakes = max(len(self._named[fold_all(name)]) for name in names)
        return TypeHit(kind, self._departments[kind.department_code], sum(weights), sure, namesakes)

    def _sure(self, text: str, asked: int, ranked: list[tuple[int, list[float]]]) -> int | None:
        """The first type, if it is called so or has all words as whole words, and better than the next."""
        if not ranked:
            return None
        (first, weights), rest = ranked[0], ranked[1:]
        if self._named.get(fold_all(text)) == {first}:
            return first
        whole = len(weights) == asked and min(weights) >= _KEYWORD * _WHOLE_WORD
        if asked == 1:
            # "light" is in the name of the street light, and what people say when their power is cut.
            alone = all(max(others) < _KEYWORD * _WHOLE_WORD for _, others in rest)
        else:
            alone = not rest or (len(rest[0][1]), sum(rest[0][1])) < (len(weights), sum(weights))
        return first if whole and alone else None

    def _match(self, key: str) -> dict[int, float]:
        found: dict[int, float] = {}

        def add(word: str, factor: float) -> None:
            for number, weight in self._weights[word].items():
                found[number] = max(found.get(number, 0.0), weight * factor)

        at = bisect_left(self._keys, key)
        while at < len(self._keys) and self._keys[at].startswith(key):
            add(self._keys[at], _WHOLE_WORD if self._keys[at] == key else 1.0)
            at += 1
        if not found and len(key) > 3:
            pattern = Pattern(key)
            for word in self._keys:
                if word[0] == key[0] and pattern.errors_in_beginning(word, 1) <= 1:
                    add(word, _ONE_WRONG)
        return found
