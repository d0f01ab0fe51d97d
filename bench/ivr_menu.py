"""Which keys lead a caller to the executives of his district, from the menu's own data."""

from dataclasses import dataclass
from pathlib import Path

from dialplan import variables
from dialplan.menu import load_menu

DISTRICT = "39"
YES = "1"
OPENING_MS = 900
"""From the answer until the menu is asked: emergency, greeting and languages of 0.1 s each, and some room."""
STEP_MS = 800
"""From one key to the next question being asked, its prompts being 0.1 s."""


@dataclass(frozen=True)
class Press:
    """Keys pressed in one go, some time after what was before."""

    after_ms: int
    key: str


def keys(*, menu: bool) -> tuple[Press, ...]:
    """The first service that asks for the district, the district, and yes to its being read back."""
    presses = [(DISTRICT, STEP_MS), (YES, STEP_MS + 200)]
    if menu:
        service = next(one for one in load_menu().services if one.target == variables.NEXT_DISTRICT)
        presses.insert(0, (service.key, STEP_MS))
    first, *others = presses
    return (Press(OPENING_MS, first[0]), *(Press(after, key) for key, after in others))


def dialplan_asks(etc: Path) -> bool:
    """Whether the dialplan's own menu asks for a service before the district."""
    files = [*(etc / "extensions.d").glob("*.conf"), *(etc / "generated").glob("*.conf")]
    return any("h181/menu-" in path.read_text(encoding="utf-8") for path in files)
