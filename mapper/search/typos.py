"""How many letters are wrong: a pattern against beginnings of texts, by Myers' bit-parallel distance."""

from __future__ import annotations


class Pattern:
    """A short text to be found, with mistakes, at the beginning of others."""

    __slots__ = ("_all", "_masks", "_size", "_top")

    def __init__(self, text: str) -> None:
        self._size = len(text)
        self._all = (1 << len(text)) - 1
        self._top = 1 << (len(text) - 1)
        self._masks: dict[str, int] = {}
        for position, letter in enumerate(text):
            self._masks[letter] = self._masks.get(letter, 0) | 1 << position

    def errors_in_beginning(self, text: str, enough: int) -> int:
        """The least edit distance between the pattern and any beginning of `text`.

        Looks no further than `enough` letters beyond the pattern's length: what lies there costs more.
        """
        masks, every, top = self._masks, self._all, self._top
        plus, minus, errors = every, 0, self._size
        best = errors
        for letter in text[: self._size + enough]:
            equal = masks.get(letter, 0)
            vertical = equal | minus
            horizontal = (((equal & plus) + plus) ^ plus) | equal
            up = minus | ~(horizontal | plus)
            down = plus & horizontal
            if up & top:
                errors += 1
            elif down & top:
                errors -= 1
                best = min(best, errors)
            up = up << 1 | 1
            plus = (down << 1 | ~(vertical | up)) & every
            minus = up & vertical & every
        return best
