"""The alarms as read last, kept for all pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from desk.condition import Condition
from records import Alarm


@dataclass
class Standing:
    """What is known of the alarms. ``readable``: whether the records told of them at the last look."""

    alarms: tuple[Alarm, ...] = ()
    readable: bool = True
    _loose: dict[tuple[str, str], datetime] = field(default_factory=dict)

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
