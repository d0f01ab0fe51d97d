"""Who may try a password now. Sans-IO: names, sources and moments come in, seconds to wait come out.

Three counts, so that neither a shared address shuts a colleague out, nor many names are tried from one
address, nor a stranger locks a name for fun:

* of a name at one source (or on one device that the person logged in with before): shut after a few;
* of a source over all names: shut after some more. A device that knows the name is not asked for this one;
* of a name over all strange sources: slowed with a growing delay, never shut. Devices and sources from which
  that person has logged in are not slowed.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

from desk.door.throttle import Throttle

_KNOWN_NAMES = 2_000
_KNOWN_SOURCES = 8
"""Sources remembered of a name: seats, home, a telephone's network."""


class GateSettings(Protocol):
    """What the gate wants of the settings; see `desk.settings.DeskSettings`."""

    @property
    def login_tries(self) -> int: ...
    @property
    def login_window_seconds(self) -> float: ...
    @property
    def login_source_tries(self) -> int: ...
    @property
    def login_name_tries(self) -> int: ...
    @property
    def login_name_window_seconds(self) -> float: ...
    @property
    def login_name_longest_seconds(self) -> float: ...


@dataclass(frozen=True)
class Attempt:
    """A password to be tried. ``source``: the address or its /64; ``device``: the id of a device on which
    this person has logged in before, else empty."""

    name: str
    source: str
    device: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Where this name's failures are counted."""
        return (self.name, "device", self.device) if self.device else (self.name, "source", self.source)


class Gate:
    """Counts attempts before they are checked, so that many sent at once do not all slip through."""

    def __init__(self, settings: GateSettings) -> None:
        window = settings.login_window_seconds
        self._places = Throttle(settings.login_tries, window)
        self._sources = Throttle(settings.login_source_tries, window)
        self._names = Throttle(
            settings.login_name_tries, settings.login_name_window_seconds, first=1.0,
            longest=settings.login_name_longest_seconds,
        )  # fmt: skip
        self._known: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()

    def wait(self, attempt: Attempt, now: float) -> float:
        """Seconds until this may be tried; 0 when it may now."""
        waits = [self._places.wait(attempt.place, now)]
        if not attempt.device:
            waits.append(self._sources.wait(attempt.source, now))
        if not self.knows(attempt):
            waits.append(self._names.wait(attempt.name, now))
        return max(waits)

    def knows(self, attempt: Attempt) -> bool:
        """Whether this person has logged in on this device or from this source before."""
        return bool(attempt.device) or attempt.source in self._known.get(attempt.name, ())

    def began(self, attempt: Attempt, now: float) -> None:
        """Count an attempt as wrong until it is known to be right."""
        self._places.failed(attempt.place, now)
        if not attempt.device:
            self._sources.failed(attempt.source, now)
        if not self.knows(attempt):
            self._names.failed(attempt.name, now)

    def untried(self, attempt: Attempt) -> None:
        """The attempt was not checked after all."""
        self._places.undo(attempt.place)
        self._forgive(attempt)

    def succeeded(self, attempt: Attempt) -> None:
        """The password was right: this place's failures are forgotten and its source is known now."""
        self._places.succeeded(attempt.place)
        self._forgive(attempt)
        sources = self._known.setdefault(attempt.name, OrderedDict())
        self._known.move_to_end(attempt.name)
        sources[attempt.source] = None
        sources.move_to_end(attempt.source)
        while len(sources) > _KNOWN_SOURCES:
            sources.popitem(last=False)
        while len(self._known) > _KNOWN_NAMES:
            self._known.popitem(last=False)

    def _forgive(self, attempt: Attempt) -> None:
        if not attempt.device:
            self._sources.undo(attempt.source)
        if not self.knows(attempt):
            self._names.undo(attempt.name)
