"""How often a password may be wrong: failures counted per key, without a clock of its own."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

_MOST_STEPS = 20
"""Doublings of a delay looked at; the longest delay is reached long before."""


@dataclass
class Throttle:
    """Counts failures per key. Times are seconds of one monotonic clock, given by the caller.

    The first ``tries`` within ``window`` seconds are free. With ``first`` 0 the key then waits until the
    oldest of them is out of the window. With ``first`` above 0 it waits that long after its last failure,
    twice as long after the next one, and so on up to ``longest``: it is slowed, never shut.

    At most ``keys`` keys are remembered: beyond it the one that failed longest ago is forgotten, so that a
    guesser who invents user names cannot fill the memory.
    """

    tries: int
    window: float
    keys: int = 10_000
    first: float = 0.0
    longest: float = 0.0
    _failures: dict[Hashable, deque[float]] = field(default_factory=dict)

    def wait(self, key: Hashable, now: float) -> float:
        """Seconds until the key may try again; 0 when it may now."""
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        while failures and failures[0] <= now - self.window:
            failures.popleft()
        if not failures:
            del self._failures[key]
            return 0.0
        over = len(failures) - self.tries
        if over < 0:
            return 0.0
        if not self.first:
            return failures[0] + self.window - now
        delay = min(self.longest, self.first * (1 << over))
        return max(0.0, failures[-1] + delay - now)

    def failed(self, key: Hashable, now: float) -> None:
        """Record a failure."""
        failures = self._failures.pop(key, None)
        if failures is None:
            failures = deque(maxlen=self.tries + (_MOST_STEPS if self.first else 0))
        failures.append(now)
        self._failures[key] = failures
        if len(self._failures) > self.keys:
            del self._failures[next(iter(self._failures))]

    def undo(self, key: Hashable) -> None:
        """Take the last failure back: it was none."""
        failures = self._failures.get(key)
        if failures:
            failures.pop()
        if not failures:
            self._failures.pop(key, None)

    def succeeded(self, key: Hashable) -> None:
        """Forget the key's failures."""
        self._failures.pop(key, None)
