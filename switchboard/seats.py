"""Which executives are logged in, paused or on the telephone: the half of the picture that queues tell."""

from dataclasses import replace
from datetime import datetime

from switchboard.events import Event, MemberChanged
from switchboard.interfaces import Interfaces
from switchboard.model import AmiEvent, LiveMember

ONE_TELEPHONE = "extension-"
"""What the dialplan's name of the queue of one telephone begins with."""


class Seats:
    """Executives by extension, `members`, for reading only. Who is in no queue any more is forgotten."""

    def __init__(self, interfaces: Interfaces) -> None:
        self.members: dict[str, LiveMember] = {}
        self._interfaces = interfaces

    def seen(self, event: AmiEvent, at: datetime) -> list[Event]:
        """A queue tells of one of its members."""
        extension = self._interfaces.extension(event.get("Interface", ""))
        if extension is None or nobody_logs_in(event.get("Queue", "")):
            return []
        before = self.members.get(extension, LiveMember(extension))
        queues = {**before.queues, event.get("Queue", ""): event.get("Paused") == "1"}
        return self.put(replace(before, queues=queues, device=event.get("Status", before.device)), at)

    def left(self, event: AmiEvent, at: datetime) -> list[Event]:
        """A queue has lost one of its members."""
        extension = self._interfaces.extension(event.get("Interface", ""))
        before = self.members.get(extension or "")
        if before is None:
            return []
        queues = {queue: paused for queue, paused in before.queues.items() if queue != event.get("Queue")}
        return self.put(replace(before, queues=queues), at)

    def put(self, member: LiveMember, at: datetime) -> list[Event]:
        """Note an executive's state; one who is in no queue any more is forgotten."""
        before = self.members.pop(member.extension, LiveMember(member.extension))
        if member.queues:
            self.members[member.extension] = member
        seen = bool(member.queues), member.paused, member.busy
        if seen == (bool(before.queues), before.paused, before.busy):
            return []
        return [MemberChanged(at, member.extension, *seen)]


def nobody_logs_in(queue: str) -> bool:
    """Whether it is the queue of one telephone: it takes calls there whether he is logged in or not."""
    return queue.startswith(ONE_TELEPHONE)
