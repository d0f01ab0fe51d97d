"""A text about a place, cut into what may be a name, names of units over it, and words that say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mapper.search.address_words import AddressWords, Word, scopes_of

LONGEST = 16
"""Words that are read: a village with post, tehsil, district and State in words of kinds has fourteen."""


_NO_NAME = range(0)


class Address:
    """The words of a text (as `mapper.search.fold.words` gives them) with what each is.

    `spare`: words of kinds and the like. `passing`: names behind "post" and "police station", which need not
    lie over the place.
    """

    def __init__(self, tokens: Sequence[str], known: AddressWords) -> None:
        self.tokens = list(tokens[:LONGEST])
        self.spare = [False] * len(self.tokens)
        self.passing = [False] * len(self.tokens)
        self._said: list[Word | None] = [None] * len(self.tokens)
        self._mark(known)
        kinds = [at for at, word in enumerate(self._said) if word is not None and word.scopes]
        size = len(self.tokens)
        self._behind = bool(kinds) and kinds[-1] == size - 1 and kinds[0] != 0

    def _mark(self, known: AddressWords) -> None:
        at, passing = 0, False
        while at < len(self.tokens):
            found = known.at(self.tokens, at)
            if found is None:
                self.passing[at] = passing
                at += 1
                continue
            size, word = found
            for n in range(at, at + size):
                self.spare[n], self._said[n] = True, word
            passing = word.passing
            at += size

    def says(self, scope: str) -> bool:
        """Whether some word says that a place of this kind is meant before any other."""
        return any(word is not None and word.scopes[:1] == (scope,) for word in self._said)

    def near_outside(self, begin: int, end: int) -> bool:
        """Whether the words outside a span say that the place is near what they name."""
        return any(word is not None and word.near for word in self._said[:begin] + self._said[end:])

    def scopes(self, begin: int, end: int, name: range = _NO_NAME) -> tuple[str, ...]:
        """The kinds that the words before a span say, or those behind it where the text ends in such a word.

        What belongs to the name does not count.
        """
        said: list[Word] = []
        steps = range(end, len(self.tokens)) if self._behind else range(begin - 1, -1, -1)
        for at in steps:
            word = self._said[at]
            if word is None or at in name:
                break
            said.append(word)
        return scopes_of(said)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Spans that may be the name, the longest first; of spare words only when there are no others."""
        size = len(self.tokens)
        hollow = all(self.spare)
        for length in range(size, 0, -1):
            for begin in range(size - length + 1):
                if hollow or not all(self.spare[begin : begin + length]):
                    yield begin, begin + length

    def rest(self, begin: int, end: int, *, passing: bool) -> list[tuple[list[str], int, int]]:
        """The runs of words outside a span that must be units; `passing`: the passing ones as well."""
        runs: list[tuple[list[str], int, int]] = []
        start: int | None = None
        for at in range(len(self.tokens) + 1):
            outside = at < len(self.tokens) and not begin <= at < end
            counts = outside and not self.spare[at] and (passing or not self.passing[at])
            if counts and start is None:
                start = at
            elif not counts and start is not None:
                runs.append((self.tokens[start:at], start, at))
                start = None
        return runs
