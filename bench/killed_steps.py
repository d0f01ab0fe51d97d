"""In which steps of a call the service is killed, and what the caller does in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpline.phone.villager import ANSWERS

PERSON, MESSAGE, CALLBACK = "person", "message", "callback"


@dataclass(frozen=True)
class Step:
    """Where the service is killed: while ``prompt`` speaks; None: before the call. ``hang_up``: with it."""

    name: str
    prompt: str | None
    reaches: str = PERSON
    answers: Mapping[str, str] = field(default_factory=lambda: ANSWERS)
    """What is pressed; by default the way to an executive."""
    waits: bool = False
    """Nobody answers until the service is dead, so that the caller waits in the queue."""
    stops: bool = False
    hang_up: bool = False


_WAITING = {**ANSWERS, "connecting": "5", "waiting-menu": "1", "waiting-menu-again": "1"}
_LEAVES = {**ANSWERS, "connecting": "5", "waiting-menu": "2", "message-review": "1"}
_CALLED = {**_LEAVES, "waiting-menu": "3", "waiting-menu-again": "3"}
_SLIPS = {**ANSWERS, "ask-district": "99"}
_ASKS = {**ANSWERS, "ask-district": "00"}
_SCHEMES = {**ANSWERS, "menu-complaint": "4"}
# So that the menu's second choice speaks while nothing is pressed yet.
_LISTENS = {key: press for key, press in ANSWERS.items() if key != "menu-complaint"} | {"menu-status": "1"}
STATUS = {"menu-complaint": "2", "status-ask-number": "10000012#"}
STEPS = (
    Step("not there from the start", None),
    Step("hangs from the start (SIGSTOP)", None, stops=True),
    Step("greeting", "greeting"),
    Step("menu", "menu-status", answers=_LISTENS),
    Step("ask-district", "ask-district"),
    Step("wrong code", "wrong-code", answers=_SLIPS),
    Step("list of codes", "list-intro", answers=_ASKS),
    Step("confirm", "confirm-district"),
    Step("connecting", "connecting"),
    Step("scheme information", "connecting", answers=_SCHEMES),
    Step("waiting", "waiting-menu", answers=_WAITING, waits=True),
    Step("waiting, message wanted", "waiting-menu", reaches=MESSAGE, answers=_LEAVES, waits=True),
    Step("waiting, call wanted", "waiting-menu", reaches=CALLBACK, answers=_CALLED, waits=True),
    Step("message", "message-intro", reaches=MESSAGE, answers=_LEAVES, waits=True),
    Step("message spoken", "beep", reaches=MESSAGE, answers=_LEAVES, waits=True),
    Step("message reviewed", "message-review", reaches=MESSAGE, answers=_LEAVES, waits=True),
    Step("status", "status-ask-number", answers=STATUS),
    Step("talking", PERSON),
    Step("aftercall", "complaint-number-is"),
    Step("ended", "rate-ask", hang_up=True),
)
