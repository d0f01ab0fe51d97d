"""The conversations that a citizen may have, as plays: what he does, what he must hear, where he must arrive.

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
TOLD = ("status-of", "status-state-open", "status-with", "status-due", "status-done")
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
    """Seconds after the beginning of the scene."""
    seconds: float = 150.0


@dataclass(frozen=True)
class Thread:
    """Calls of one caller, one after the other."""

    caller: str
    plays: tuple[Play, ...]


@dataclass(frozen=True)
class Scene:
    """A centre, and what happens in it. ``answering``: the executives that take calls; others let it ring."""

    name: str
    threads: tuple[Thread, ...]
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    answering: int = 0
    ringing: int = 0
    emergency: bool = False
    hours: str = ""
    menu: str = ""


def _threads(first: int, *plays: Play | Sequence[Play]) -> tuple[Thread, ...]:
    return tuple(
        Thread(f"98260{first + at}", (one,) if isinstance(one, Play) else tuple(one))
        for at, one in enumerate(plays)
    )


def _gives_up(prompt: str, *before: str) -> Play:
    return Play(f"hangs up in {prompt}", (*before, f"{prompt}@0.8:hang-up"), (prompt,), "gave up")


OPEN = Scene(
    "open: executives answer, the trunk takes 112",
    (
        *_threads(
            20001,
            Play("no key at all", (), (*ENTRY, "menu-again", "menu-last", *STATE), "person"),
            Play(
                "wrong keys",
                ("5", "6", "#"),
                ("wrong-key", "menu-again", "wrong-key", "menu-last", *STATE),
                "person",
            ),
            (
                Play(
                    "complaint, heard twice, rated",
                    ("1", "39", "1", "rate-ask:5"),
                    ("ask-district", "district/rajgarh", "connecting", *AFTER, "rate-thanks", "thanks"),
                    "person",
                    complaint=True,
                ),
                Play(
                    "calls again: his last district",
                    ("1", "1"),
                    ("offer-district", "district/rajgarh", "offer-yes-no", "connecting"),
                    "person",
                    never=("ask-district",),
                ),
            ),
            Play(
                "complaint, not rated",
                ("1", "39", "1"),
                ("connecting", *AFTER, "rate-ask", "thanks"),
                "person",
                complaint=True,
            ),
            Play(
                "complaint, hangs up in the rating",
                ("1", "39", "1", "rate-ask@1:hang-up"),
                ("connecting", *AFTER),
                "person",
                complaint=True,
            ),
            Play("knows the code at the menu", ("39",), ("connecting",), "person", never=("ask-district",)),
            Play(
                "emergency, in the first sentence", ("emergency-hint@1:9",), ("emergency-connecting",), "112"
            ),
            Play("emergency, from the menu", ("menu-status@0.5:9",), ("emergency-connecting",), "112"),
            Play(
                "direct number",
                ("1",),
                ("greeting", "connecting"),
                "person",
                number="07372181",
                never=("ask-district",),
            ),
            Play(
                "00 lists the division",
                ("1", "00", "39", "1"),
                ("ask-district", "list-intro", "district/bhopal", "code-is", "ask-district", "connecting"),
                "person",
            ),
            Play(
                "three wrong codes",
                ("1", "99", "98", "97"),
                ("wrong-code", "ask-district-again", "wrong-code", "ask-district-last", "wrong-code", *STATE),
                "person",
            ),
            Play(
                "no answer to the district",
                ("1", "-", "-", "-"),
                ("ask-district", "ask-district-again", "ask-district-last", *STATE),
                "person",
            ),
            Play(
                "changes the district",
                ("1", "04", "2", "39", "1"),
                (
                    "district/bhopal",
                    "confirm-district",
                    "ask-district-again",
                    "district/rajgarh",
                    "connecting",
                ),
                "person",
            ),
            Play("operator by 0", ("0",), STATE, "person"),
            Play("scheme information, desk not manned", ("4",), ("connecting", *STATE), "person"),
            Play("demand or suggestion", ("3", "39", "1"), ("ask-district", "connecting"), "person"),
            Play(
                "hears the menu again", ("*", "39"), ("menu-repeat", "menu-complaint", "connecting"), "person"
            ),
            (
                Play(
                    "English",
                    ("greeting@1:8", "1", "39", "1"),
                    (
                        "en/emergency-hint",
                        "en/greeting",
                        "en/menu-complaint",
                        "en/ask-district",
                        "en/connecting",
                    ),
                    "person",
                ),
                Play(
                    "English again, remembered",
                    ("1", "1"),
                    (
                        "en/emergency-hint",
                        "en/greeting",
                        "en/menu-complaint",
                        "en/offer-district",
                        "en/connecting",
                    ),
                    "person",
                    never=("greeting",),
                ),
            ),
            Play(
                "Malvi, where nothing is recorded",
                ("greeting@1:7", "1", "39", "1"),
                ("greeting", "greeting", "menu-complaint", "ask-district", "connecting"),
                "person",
            ),
        ),
        Thread(
            "07372255555",
            (
                Play(
                    "landline: its STD code is offered",
                    ("1", "1"),
                    ("offer-district", "district/rajgarh", "offer-yes-no", "connecting"),
                    "person",
                    never=("ask-district",),
                ),
            ),
        ),
        Thread(
            OWN,
            (
                Play("status, own phone", ("2", "1"), ("status-last-offer", *TOLD, "thanks"), "told"),
                Play("status, own phone, no key", ("2", "-"), ("status-last-offer", *TOLD, "thanks"), "told"),
                Play(
                    "status, operator after it",
                    ("2", "1", "status-with@0.5:0"),
                    ("status-of", *STATE),
                    "person",
                ),
            ),
        ),
        Thread(
            OTHER,
            (
                Play(
                    "status, other phone",
                    ("2", f"{NUMBER}#", OWN[-4:]),
                    ("status-ask-number", "status-ask-phone", *TOLD),
                    "told",
                ),
                Play(
                    "status, other phone, wrong digits",
                    ("2", f"{NUMBER}#", "1111", "2222", "3333"),
                    (
                        "status-ask-phone",
                        "status-phone-wrong",
                        "status-phone-wrong",
                        "status-phone-wrong",
                        *STATE,
                    ),
                    "person",
                    never=("status-of",),
                ),
                Play(
                    "status, a typing slip",
                    ("2", f"{SLIP}#", f"{NUMBER}#", OWN[-4:]),
                    ("status-number-wrong", "status-ask-number-again", "status-ask-phone", *TOLD),
                    "told",
                ),
                Play(
                    "status, no number",
                    ("2", "-", "-", "-"),
                    ("status-ask-number", "status-ask-number-again", "status-ask-number-last", *STATE),
                    "person",
                ),
            ),
        ),
    ),
    settings={"asterisk": {"ring_seconds": 15}},
    answering=2,
    emergency=True,
    menu='8 = "en"\n7 = "mup"',
)

GIVING_UP = Scene(
    "open: the caller hangs up in a prompt",
    _threads(
        30001,
        _gives_up("emergency-hint"),
        _gives_up("greeting"),
        _gives_up("language-hint"),
        _gives_up("menu-status"),
        _gives_up("menu-again", "-"),
        _gives_up("wrong-key", "5"),
        _gives_up("ask-district", "1"),
        _gives_up("wrong-code", "1", "99"),
        _gives_up("confirm-district", "1", "39"),
        _gives_up("list-intro", "1", "00"),
        _gives_up("connecting", "39"),
        _gives_up("to-state-operator", "0"),
        _gives_up("status-ask-number", "2"),
        _gives_up("emergency-connecting", "emergency-hint@1:9"),
    ),
    ringing=1,
)

BUSY = Scene(
    "busy: executives' phones ring and nobody answers",
    _threads(
        40001,
        Play(
            "waits, asks for the menu, stays",
            ("39", "connecting+4:1", "1", "+15:hang-up"),
            ("connecting", "waiting-menu"),
            "gave up",
        ),
        Play(
            "waits, then leaves a message",
            ("39", "connecting+4:5", "2", f"beep:{WORDS}", "message-review:1"),
            ("waiting-menu", "message-intro", "beep", "message-review", "message-kept", "thanks"),
            "message",
        ),
        Play(
            "waits, then wants to be called",
            ("39", "connecting+4:*", "waiting-menu:3"),
            ("waiting-menu", "callback-noted", "thanks"),
            "callback",
        ),
        Play(
            "message heard, spoken again",
            (
                *("39", "connecting+4:5", "2", f"beep:{WORDS}", "message-review:2", "message-review:3"),
                *(f"beep:{WORDS}", "message-review:-"),
            ),
            ("beep", "message-review", "message-review", "beep", "message-review", "message-kept"),
            "message",
        ),
        Play(
            "silent after the beep",
            ("39", "connecting+4:5", "2"),
            (*("beep", "message-empty") * 3, "callback-noted", "thanks"),
            "callback",
        ),
        Play(
            "hangs up while he speaks",
            ("39", "connecting+4:5", "2", f"beep:{WORDS}", "+4:hang-up"),
            ("message-intro", "beep"),
            "message",
        ),
        Play(
            "waits until nobody came",
            ("39",),
            ("connecting", *NOBODY, "message-empty", "callback-noted"),
            "callback",
        ),
    ),
    settings={"asterisk": {"queue_wait_seconds": 90, "ring_seconds": 20}},
    ringing=1,
)

FULL = Scene(
    "full: one may wait",
    _threads(
        50001,
        Play("waits", ("39", "connecting+25:hang-up"), ("connecting",), "gave up"),
        Play(
            "queue full",
            ("39", f"beep:{WORDS}", "message-review:1"),
            ("connecting", *NOBODY, "beep", "message-kept"),
            "message",
            delay=8.0,
        ),
    ),
    settings={"asterisk": {"queue_longest": 1, "queue_wait_seconds": 90}},
    ringing=1,
)

DESERTED = Scene(
    "deserted: nobody is logged in, the trunk is down",
    _threads(
        60001,
        Play("queue empty", ("39", "beep@0.2:hang-up"), ("connecting", *NOBODY, "beep"), "refused"),
        Play("district without a centre", ("1", "04", "1", "beep@0.2:hang-up"), NOBODY, "refused"),
        Play(
            "emergency, the trunk does not take it",
            ("emergency-hint@1:9", f"beep:{WORDS}", "message-review:1"),
            ("emergency-connecting", *NOBODY, "message-kept"),
            "message",
        ),
    ),
)

CLOSED = Scene(
    "closed: the district's centre, and the state's",
    _threads(
        70001,
        Play(
            "centre closed",
            ("39", f"beep:{WORDS}", "message-review:1"),
            ("closed-now", "closed-opens-at", "to-state-operator", "nobody", "message-intro", "message-kept"),
            "message",
        ),
    ),
    hours="{shut}",
)

SHUT = Scene(
    "closed: the state's operators too",
    _threads(
        80001,
        Play(
            "everything closed",
            ("39", f"beep:{WORDS}", "message-review:1"),
            ("closed-now", "closed-opens-at", "message-intro", "message-kept", "thanks"),
            "message",
            never=("nobody",),
        ),
        Play(
            "district without a centre, closed",
            ("1", "04", "1", "beep@0.2:hang-up"),
            ("closed-now",),
            "gave up",
        ),
    ),
    hours="{shut}{shut-state}",
)

SCENES = (OPEN, GIVING_UP, BUSY, FULL, DESERTED, CLOSED, SHUT)
