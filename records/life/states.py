"""The states a complaint can be in, what may close it, and the kinds of complaint. Words, no rules."""

from typing import Final, Literal, get_args

Kind = Literal["complaint", "demand", "suggestion", "information"]
"""What a citizen asks for. A demand or suggestion is decided, an information request is answered."""

Status = Literal[
    "open", "attended", "proposed", "unreachable", "department_proposed", "close_proposed", "closed"
]
"""Where a complaint stands.

=======================  ==========================================================================
``open``                 with the officer of its level, who has made no entry yet
``attended``             the officer has made an entry
``proposed``             the officer has resolved it; the citizen is to be asked
``unreachable``          the citizen was asked for, and not reached; to be tried again
``department_proposed``  said to be another department's; the district officer decides
``close_proposed``       proposed for special close; the deciding officer decides
``closed``               for good
=======================  ==========================================================================
"""

Closure = Literal["satisfied", "low_quality", "special", "answered", "accepted", "declined"]
"""How a complaint was closed; the last three close information requests, demands and suggestions."""

Told = Literal["open", "attended", "proposed", "department", "close", "closed"]

OPEN: Final = "open"
ATTENDED: Final = "attended"
PROPOSED: Final = "proposed"
UNREACHABLE: Final = "unreachable"
DEPARTMENT_PROPOSED: Final = "department_proposed"
CLOSE_PROPOSED: Final = "close_proposed"
CLOSED: Final = "closed"

COMPLAINT: Final = "complaint"
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
CLOSURES: tuple[Closure, ...] = get_args(Closure)

ESCALATING: tuple[Status, ...] = (OPEN, ATTENDED, DEPARTMENT_PROPOSED, CLOSE_PROPOSED)
"""States in which the level's limit runs out against its officer. A proposal that waits for a decision does
not stop the clock; one that waits for the citizen does."""

ASKING: tuple[Status, ...] = (PROPOSED, UNREACHABLE)
"""States in which the citizen is to be asked about a resolution; no limit runs meanwhile."""

_TOLD: dict[str, Told] = {
    OPEN: "open",
    ATTENDED: "attended",
    PROPOSED: "proposed",
    UNREACHABLE: "proposed",
    DEPARTMENT_PROPOSED: "department",
    CLOSE_PROPOSED: "close",
    CLOSED: "closed",
}


def told_state(status: str) -> Told:
    """What a citizen on the telephone is told of a state: it is worked on, he is asked, or others decide.

    A state this version does not know is told as ``attended``.
    """
    return _TOLD.get(status, "attended")
