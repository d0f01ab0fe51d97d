"""The two clocks of a complaint: all its days since registration, and the days of the level that has it.

The first starts once and never again; the second starts anew at each level. Days are calendar days in India:
whether holidays count has been settled by the mapper when it named the last day.
"""

from dataclasses import dataclass
from datetime import date

from mapper.days import indian_day
from records import Complaint
from records.life.states import ESCALATING


@dataclass(frozen=True)
class Clocks:
    """Days since registration and at this level (0 on the first day), and the level's last day.

    ``left`` counts the days after today in which the level may still act: 0 on the last day, negative when
    it is over. For a closed complaint both clocks stand at the day it was closed. While it ``waits`` for the
    citizen to be asked, the level's limit does not run out against its officer.
    """

    registered_on: date
    total: int
    level_since: date
    at_level: int
    due: date
    left: int
    stopped: bool
    waits: bool = False

    @property
    def overdue(self) -> bool:
        """Whether the level's last day has ended while its officer still has to act."""
        return self.left < 0 and not self.stopped and not self.waits


def clocks(complaint: Complaint, on: date) -> Clocks:
    """The clocks as they stand on a day in India, at the earliest that on which the level got it."""
    closed = complaint.closed_at is not None
    registered, since = indian_day(complaint.registered_at), indian_day(complaint.level_since)
    day = indian_day(complaint.closed_at) if complaint.closed_at is not None else max(on, since)
    due = complaint.assigned.due
    return Clocks(
        registered_on=registered,
        total=(day - registered).days,
        level_since=since,
        at_level=(day - since).days,
        due=due,
        left=(due - day).days,
        stopped=closed,
        waits=not closed and complaint.status not in ESCALATING,
    )
