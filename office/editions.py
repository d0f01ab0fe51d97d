"""Editions of the directory by name: the one in force for what is decided now, earlier ones for what was."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from mapper import DirectoryError, Edition, Problem, load_edition
from mapper.directory.store import DirectoryStore

KEPT = 3
"""Editions in memory at a time: one of a whole state takes up to 200 MB."""


class Editions:
    """Loads editions when they are asked for. Editions never change, so one that was loaded stays true.

    Loading blocks (some 100 ms for a district, up to 1 s for a state): ask in a thread where that matters.
    Several threads may ask.
    """

    def __init__(self, folder: Path, in_force: Callable[[], Edition] | None = None) -> None:
        """``in_force``: where a service that runs on already holds the edition in force in memory.

        It is then never loaded a second time, and `current` answers at once.
        """
        self._in_force = in_force
        self._store = DirectoryStore(folder)
        self._loaded: OrderedDict[Path, Edition] = OrderedDict()
        self._lock = Lock()

    def current(self) -> Edition:
        """The edition in force now; at first start the shipped sheets are published as edition 1.

        Raises `DirectoryError`.
        """
        if self._in_force is not None:
            return self._in_force()
        return self._load(self._store.ensure())

    def named(self, name: str) -> Edition:
        """The edition that an assignment names, such as "3".

        Raises `DirectoryError` when it is not in the directory's folder, or its file was changed.
        """
        if self._in_force is not None and (held := self._in_force()).name == name:
            return held
        entry = next((entry for entry in self._store.editions() if str(entry.number) == name), None)
        path = self._store.folder / entry.file if entry else None
        if path is None or not path.exists():
            what = f"edition {name} is missing, and a complaint was decided by it"
            remedy = "put its file and manifest.json back from a backup; editions are never to be deleted"
            raise DirectoryError(Problem(str(self._store.folder), 0, "", what, remedy))
        return self._load(path)

    def _load(self, path: Path) -> Edition:
        with self._lock:
            edition = self._loaded.get(path)
            if edition is None:
                edition = self._loaded[path] = load_edition(path)
                while len(self._loaded) > KEPT:
                    self._loaded.popitem(last=False)
            self._loaded.move_to_end(path)
            return edition
