"""What is wrong with the machine now, as those who watch it tell the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from records import JsonScalar


@dataclass(frozen=True)
class Condition:
    """``kind`` and ``subject`` as of an alarm (`desk.alarm_kinds`); ``data`` fills its text.

    ``unfit``: no complaint can be taken while it lasts. ``lasts``: it is a state, not a moment. ``text`` and
    ``remedy`` are for the log and the command line.
    """

    kind: str
    subject: str
    text: str
    remedy: str
    unfit: bool = False
    data: Mapping[str, JsonScalar] = field(default_factory=dict)
    lasts: bool = True


class Health(Protocol):
    """What the desk wants of whoever watches the machine."""

    @property
    def conditions(self) -> Sequence[Condition]:
        """As found last, at once."""
        ...

    @property
    def looked_ago(self) -> float | None:
        """Seconds since the last look; None before the first."""
        ...


class Unwatched:
    """Nobody watches: a desk alone, in tests."""

    conditions: Sequence[Condition] = ()
    looked_ago: float | None = None
