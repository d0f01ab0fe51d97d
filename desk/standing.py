"""The alarms as read last, kept for all pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from desk.condition import Condition
from desk.lane import Lane
from records import Alarm


@dataclass
class Standing:
    """What is known of the alarms. ``readable``: whether the records told of them at the last
    look."""

    alarms: tuple[Alarm, ...] = ()
    readable: bool = True
    lane: Lane = field(default_factory=Lane)
    _loose: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def said(self) -> object:
        """Differs when pages have something new to show."""
        return [(each.number, each.count, dict(each.data)) for each in self.alarms], self.readable

    def unrecorded(self, conditions: Iterable[Condition], now: datetime) -> list[Alarm]:
        """Conditions as alarms, for as long as the records, which would hold them, do not answer."""
        wanted = {} if self.readable else {(each.kind, each.subject): each for each in conditions}
        for key in [*self._loose]:
            if key not in wanted:
                del self._loose[key]
        known = {(alarm.kind, alarm.subject) for alarm in self.alarms}
        return [
            Alarm(0, each.kind, each.subject, self._loose.setdefault(key, now), now, 1, dict(each.data))
            for key, each in wanted.items()
            if key not in known
        ]
