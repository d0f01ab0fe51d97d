"""Who waits now, as a supervisor reads it: for whom, with which number, at which place."""

from dataclasses import dataclass
from datetime import datetime

from desk.board_model import DeskCall
from desk.context import Desk
from desk.panel import is_withheld
from dialplan.districts import District
from dialplan.variables import STATE_QUEUE, district_of_queue, extension_of_queue
from records.phone import mask
from switchboard.model import Stage


@dataclass(frozen=True)
class Waiting:
    """A caller in a queue. ``number`` is masked, empty for none; ``place`` counts from 1 within his queue.

    ``district`` is the one that he chose, else the one whose queue it is. ``queue`` is a key of the texts
    "queue.*"; ``extension`` the telephone of a queue that has one alone.
    """

    call_id: str
    district: District | None
    queue: str
    extension: str
    number: str
    withheld: bool
    place: int
    since: datetime | None
    rings: bool

    def as_json(self, now: datetime) -> dict[str, object]:
        """For programs; the wait in seconds."""
        return {
            "call_id": self.call_id,
            "district": self.district.code if self.district else None,
            "queue": self.queue,
            "number": self.number,
            "withheld": self.withheld,
            "place": self.place,
            "waiting_seconds": round((now - self.since).total_seconds(), 1) if self.since else None,
            "rings": self.rings,
        }


def waiting(desk: Desk) -> list[Waiting]:
    """Callers in queues, the longest wait first."""
    counted: dict[str, int] = {}
    found = []
    for call in desk.board.waiting():
        counted[call.queue] = counted.get(call.queue, 0) + 1
        found.append(_waiting(desk, call, counted[call.queue]))
    return found


def in_menus(desk: Desk) -> int:
    """Callers who hear the greeting or choose, and have not come to a queue yet."""
    return sum(
        call.stage is Stage.MENU and call.waiting_since is None and call.gave_up is None
        for call in desk.live.state.calls.values()
    )


def _waiting(desk: Desk, call: DeskCall, place: int) -> Waiting:
    own, extension = district_of_queue(call.queue), extension_of_queue(call.queue)
    kind = (
        "district" if own else "state" if call.queue == STATE_QUEUE else "extension" if extension else "other"
    )
    return Waiting(
        call.call_id,
        desk.districts.by_code(call.district or own),
        kind,
        extension,
        "" if is_withheld(call.caller) else mask(call.caller),
        call.withheld,
        place,
        call.queued_at,
        call.state == "ringing",
    )
