"""How often a password may be wrong: a sliding window per user and address, without a clock of its own."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass
class Throttle:
    """Counts failures per key. Times are seconds of one monotonic clock, given by the caller.

    At most ``keys`` keys are remembered: beyond it the one that failed longest ago is forgotten, so that a
    guesser who invents user names cannot fill the memory.
    """

    tries: int
    window: float
    keys: int = 10_000
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
        return failures[0] + self.window - now if len(failures) >= self.tries else 0.0

    def failed(self, key: Hashable, now: float) -> None:
        """Record a failure."""
        failures = self._failures.pop(key, None) or deque(maxlen=self.tries)
        failures.append(now)
        self._failures[key] = failures
        if len(self._failures) > self.keys:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, key: Hashable) -> None:
        """Forget the key's failures."""
        self._failures.pop(key, None)
