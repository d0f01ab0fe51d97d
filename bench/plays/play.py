"""The words in which plays are written: what a citizen does in a call, must hear, and where he arrives.

A play's turns are those of `helpline call --press`. ``hears`` are prompts in this order; others may stand
between. Plays of one thread follow one another and have one caller; threads of a scene run at the same time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Reached = Literal["person", "112", "told", "message", "callback", "gave up", "refused"]

OWN, OTHER = "9826010001", "9826010002"
"""Who registered complaint OWN before the bench begins, and whose OTHER's is."""
WORDS = "{words}"
"""In a turn: a file with five seconds of speech."""
NUMBER, SLIP = "{number}", "{slip}"
"""In a turn: the number of OWN's complaint, and the same with a wrong digit."""

ENTRY = ("emergency-hint", "greeting", "language-hint", "menu-complaint")
STATE = ("to-state-operator", "connecting")
NOBODY = ("to-state-operator", "nobody", "message-intro")
TOLD = (
    *("status-of", "status-state-open", "status-on-registered"),
    *("status-with", "status-due", "status-done"),
)
OFFERS = ("status-last-offer", "status-last-offer-again", "status-last-offer-last")
AFTER = ("complaint-number-is", "complaint-number-again", "rate-ask")


@dataclass(frozen=True)
class Play:
    """One call."""

    name: str
    turns: tuple[str, ...]
    hears: tuple[str, ...]
    reached: Reached
    number: str = "181"
    never: tuple[str, ...] = ()
    """Prompts that must not be heard."""
    complaint: bool = False
    """Whether the executive registers one while they talk."""
    delay: float = 0.0
    """Seconds after the thread's turn has come."""
    seconds: float = 180.0
    """When the caller hangs up, whatever is said."""


@dataclass(frozen=True)
class Thread:
    """Calls of one caller, one after the other."""

    caller: str
    plays: tuple[Play, ...]


@dataclass(frozen=True)
class Scene:
    """A centre, and what happens in it. ``answering``: the executives that take calls; others let it ring.

    ``hours`` is the text of a file of hours, {shut} and {shut-state} in it a centre that opens in two hours;
    ``menu`` is a piece of the menu's file and what takes its place.
    """

    name: str
    what: str
    threads: tuple[Thread, ...]
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    lines: int = 100
    """Calls at the same time, at most; as many as it has threads when that is less."""
    answering: int = 0
    ringing: int = 0
    emergency: bool = False
    hours: str = ""
    menu: tuple[str, str] = ("", "")


def threads(first: int, *plays: Play | Sequence[Play]) -> tuple[Thread, ...]:
    """A caller for each play, or for each sequence of plays; their numbers end in ``first`` and the next."""
    return tuple(
        Thread(f"98260{first + at}", (one,) if isinstance(one, Play) else tuple(one))
        for at, one in enumerate(plays)
    )
