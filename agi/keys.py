"""The one rule for keys at the border of two questions (docs/conversations.md), as far as it needs no sound.

A telephone may send one press as several: end packets with new timestamps, a key held with a gap, the same
key in the sound and beside it; and who is not sure that it was taken presses twice. So a repetition of the
key that answered the question before is no answer to the next one. Digits within one answer are all counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialplan import variables

KEYS = "0123456789*#"


class Keys:
    """The last press of a call: its key, and when it was, in seconds since 1970.

    ``seconds``: for so long the same key is the same press. ``key`` and ``at`` (milliseconds, as a text):
    what the step before left; anything that is no such time counts as long ago.
    """

    __slots__ = ("_at", "_clock", "_seconds", "before", "last")

    def __init__(self, seconds: float, clock: Callable[[], float], key: str = "", at: str = "") -> None:
        self._seconds = seconds
        self._clock = clock
        self.before = self.last = key if len(key) == 1 and key in KEYS else ""
        """``before``: the key that ended the step before this one, "" for none."""
        self._at = int(at) / 1000 if at.isascii() and at.isdecimal() and len(at) < 16 else 0.0

    @property
    def age(self) -> float:
        """Seconds since the last press."""
        return self._clock() - self._at

    def again(self, key: str) -> bool:
        """Whether ``key``, the first one at a question, is the last press once more; else it is the last now.

        Counted from the press itself, not from its repetitions: who keeps pressing is heard in the end.
        """
        if key == self.last and 0 <= self.age < self._seconds:
            return True
        self.press(key)
        return False

    def press(self, key: str) -> None:
        """A press that counts, whatever came before it."""
        self.last, self._at = key, self._clock()

    def left(self) -> Mapping[str, str]:
        """Channel variables by which the next step, or the dialplan, knows it; none before a press."""
        if not self.last:
            return {}
        return {variables.PRESSED: self.last, variables.PRESSED_AT: str(round(self._at * 1000))}
