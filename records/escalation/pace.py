"""How much a sweep moves at a time: little while others want to write, more while nobody does. Pure."""

LEAST_SQLITE = 500
"""Complaints moved by one transaction while others write. They wait while it is stored, some 20 ms
(`python -m bench records`)."""

MOST_SQLITE = 4000
"""While nobody does: fewer commits, each of which writes the same pages of indexes again. Whoever comes then
waits some 100 ms, once; the next transaction is a small one."""

POSTGRESQL = 4000
"""There nobody waits but who changes one of these complaints, and he for some 150 ms."""


class Pace:
    """The size of the next transaction: it doubles while nobody has to wait, else it is small again."""

    def __init__(self, least: int, most: int) -> None:
        self._least = least
        self._most = most
        self.size = least
        self._waits: int | None = None

    @property
    def alone(self) -> bool:
        """Whether nobody was seen waiting since the last transaction but one."""
        return self.size > self._least

    def told(self, waits: int) -> None:
        """After a transaction: how often others have waited for a writer in this process until now."""
        quiet = self._waits is None or waits == self._waits
        self._waits = waits
        self.size = min(2 * self.size, self._most) if quiet else self._least
