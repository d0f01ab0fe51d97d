"""Complaint types by the words people use: Hindi, Roman Hindi or English, begun or misspelt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mapper.fold import fold, has_flap, words
from mapper.model import ComplaintType, Department
from mapper.typos import Pattern

_NAME, _KEYWORD, _DEPARTMENT = 1.0, 0.9, 0.4
_WHOLE_WORD = 1.25
_ONE_WRONG = 0.5

_FILLERS = frozenset(
    map(
        fold,
        words(
            "का की के को में से पर है हैं नहीं न या एवं और हो रहा रही "
            "ka ki ke ko mein me se par hai nahi nahin na ya aur or the of to in is not and for a"
        ),
    )
)
"""Words that say nothing of the matter; left out of a search that has others."""


@dataclass(frozen=True, slots=True)
class TypeHit:
    """A type found. `score` grows with the words that match; compare it within one search only."""

    type: ComplaintType
    department: Department
    score: float


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

    def search(self, text: str, limit: int) -> list[TypeHit]:
        """The best `limit` types: those that match the most words first. Empty for an empty text."""
        keys = [fold(word) for word in words(text)[:12]]
        keys = [key for key in keys if key not in _FILLERS] or keys
        matched: dict[int, list[float]] = {}
        for key in dict.fromkeys(keys):
            for number, weight in self._match(key).items():
                matched.setdefault(number, []).append(weight)
        ranked = sorted(matched.items(), key=lambda item: (-len(item[1]), -sum(item[1]), item[0]))
        return [
            TypeHit(self._types[number], self._departments[self._types[number].department_code], sum(weights))
            for number, weights in ranked[:limit]
        ]

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
