"""The edition in force for a service that runs on: a new one is noticed by the manifest's file, at no cost.

The service asks `stale` as often as it likes (one stat, some microseconds) and calls `reload` away from its
event loop when it says so. Until then, and when the new edition cannot be read, the one in memory serves on.
"""

from __future__ import annotations

from mapper.decision.edition import Edition
from mapper.directory.loader import MANIFEST, load_edition
from mapper.directory.store import DirectoryStore

_Seen = tuple[int, int, int]


class EditionInForce:
    """Holds the edition in force. `reload` may run in another thread; `edition` is always a whole one."""

    def __init__(self, store: DirectoryStore) -> None:
        self._store = store
        self._seen = self._look()
        self._edition = _ready(store)

    @property
    def edition(self) -> Edition:
        """The edition in memory."""
        return self._edition

    def stale(self) -> bool:
        """Whether something was published since the last reading."""
        return self._look() != self._seen

    def reload(self) -> bool:
        """Read the edition in force; True when it is another one than before. Blocks.

        Raises DirectoryError when it cannot be used: the one in memory stays, and the same manifest is not
        tried again.
        """
        self._seen = self._look()
        path = self._store.current()
        if path is None or self._store.editions()[-1].sha256 == self._edition.hash:
            return False
        edition = load_edition(path)
        edition.warm()
        self._edition = edition
        return True

    def _look(self) -> _Seen | None:
        try:
            found = (self._store.folder / MANIFEST).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _ready(store: DirectoryStore) -> Edition:
    edition = load_edition(store.ensure())
    edition.warm()
    return edition
