"""How long to wait before trying again."""

from collections.abc import Callable


class Pauses:
    """Doubling pauses in seconds, each between half and the whole of its length."""

    def __init__(self, first: float, most: float, jitter: Callable[[], float]) -> None:
        self._next, self._most, self._jitter = first, most, jitter

    def __next__(self) -> float:
        pause = self._next
        self._next = min(self._next * 2, self._most)
        return pause * (0.5 + 0.5 * self._jitter())
