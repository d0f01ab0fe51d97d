"""What callers of the ivr bench press and when: as people do, or in a hurry. From the menu's own data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dialplan import variables
from dialplan.menu import load_menu
from dialplan.settings import AsteriskSettings

Pace = Literal["natural", "hurried"]

DISTRICT = "39"
REACTION_MS = 700
"""From the end of what was asked to the key, for people."""
TALK_MS = 5000
"""With the executive, for people: real ones talk for minutes, which would cost both centres the same."""
HURRIED_PROMPT_SECONDS = 0.1
"""Length of every prompt for callers in a hurry."""
_HURRIED_MS = {"opening": 900, "step": 800, "stay": 2800}
_OPENING = ("emergency-hint", "greeting", "language-hint")
_READ_BACK = "district/rajgarh"
_PAUSE_MS = 1500
"""After it, to object."""


@dataclass(frozen=True)
class Press:
    """Keys pressed in one go, some time after what was before."""

    after_ms: int
    key: str


@dataclass(frozen=True)
class Script:
    """A caller: what he presses, and how long he stays after the last key."""

    presses: tuple[Press, ...]
    stay_ms: int

    @property
    def seconds(self) -> float:
        """From the answer to his hang-up, nearly."""
        return (sum(press.after_ms for press in self.presses) + self.stay_ms) / 1000


def caller(pace: Pace, *, menu: bool) -> Script:
    """The first service that asks for the district, and the district, this centre's own: silence is consent.

    A natural caller hears each question to its end before he presses. Without ``menu`` the district is asked
    for at once.
    """
    service = next(one for one in load_menu().services if one.target == variables.NEXT_DISTRICT)
    if pace == "natural":
        opening, asked = _length(*_OPENING), _length("ask-district")
        menu_ms = _length(service.prompt)
        stay = _length(_READ_BACK) + _PAUSE_MS + _length("connecting") + TALK_MS
        step = asked + REACTION_MS
        opening += (menu_ms if menu else asked) + REACTION_MS
    else:
        opening, step, stay = (_HURRIED_MS[which] for which in ("opening", "step", "stay"))
    if not menu:
        return Script((Press(opening, DISTRICT),), stay)
    return Script((Press(opening, service.key), Press(step, DISTRICT)), stay)


def dialplan_asks(etc: Path) -> bool:
    """Whether the dialplan's own menu asks for a service before the district."""
    files = [*(etc / "extensions.d").glob("*.conf"), *(etc / "generated").glob("*.conf")]
    return any("h181/menu-" in path.read_text(encoding="utf-8") for path in files)


def _length(*prompts: str) -> int:
    """Milliseconds of prompts as the product speaks them: A-law, 8 bytes a millisecond."""
    folder = AsteriskSettings().sounds_dir
    return sum((folder / f"{prompt}.alaw").stat().st_size // 8 for prompt in prompts)
