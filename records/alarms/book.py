"""Alarms: what somebody must look at, until he has seen it or it is over.

An alarm has a kind (``desk/alarm_kinds.py`` lists those that have texts; others are shown by their name) and
a subject: which call, folder, address or queue. The same kind and subject again is the same alarm, counted.
Two sorts:

- what **happened** (a call to 112 that was not put through) stands until a person acknowledges it;
- what **lasts** (a full disk) is noted with ``lasts=True`` as often as it is seen, without counting, and ends
  with `over`. What comes back within an hour is the same alarm, counted once for each time it came.
  Acknowledged, it is quiet while it lasts, and told again after `REMIND`.

Who has only the spool at hand, because the database may be away, appends an operation; it is done later,
once, and counts as what happened at its own time::

    spool.append(Operation.new("note_alarm", call_id, kind="emergency_failed", subject=call_id, at=now,
                               data={"target": "112"}))

``call_id`` may be "" when no call is meant. Who has a journal writes
``journal.write(call_id, "alarm", records.alarms.note, kind, subject, at=now, data={...})``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from records import schema
from records.alarms.alarm_rows import LONGEST_SUBJECT, OTHERS, REMIND, alarmed, short, store_alarm
from records.clock import as_utc
from records.database.database import Database
from records.errors import RecordsError
from records.text import NO_DETAIL, JsonScalar

__all__ = ["MOST_TOLD", "OTHERS", "REMIND", "Alarm", "AlarmBook", "NoAlarmError"]

MOST_TOLD = 200
"""Standing alarms told at once; nobody reads more, and the newest of a kind stand for the rest."""


class NoAlarmError(RecordsError):
    """There is no alarm of that number."""


@dataclass(frozen=True)
class Alarm:
    """``data``: what the texts of its kind name. ``count``: how often it was noted from ``first_at`` to
    ``last_at``. ``over_at``: it ended by itself; ``acknowledged_at`` and ``_by``: who has seen it, and when.
    """

    number: int
    kind: str
    subject: str
    first_at: datetime
    last_at: datetime
    count: int = 1
    data: Mapping[str, JsonScalar] = field(default_factory=dict)
    over_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


class AlarmBook:
    """All methods raise `RecordsError`, and `ValueError` for a naive datetime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self,
        kind: str,
        subject: str,
        *,
        at: datetime,
        data: Mapping[str, JsonScalar] = NO_DETAIL,
        lasts: bool = False,
    ) -> None:
        """Raise an alarm, or count up the one that stands. Safe to call often; long texts are cut."""
        told = alarmed(kind, subject, at, data, lasts=lasts)
        await self._database.run(lambda one: store_alarm(self._database, one, told), writing=True)

    async def over(self, kind: str, subject: str, *, at: datetime) -> bool:
        """End what lasted, acknowledged or not. Whether there was such an alarm."""
        c = schema.alarms.c
        one = (c.kind == kind) & (c.subject == short(subject, LONGEST_SUBJECT)) & c.over_at.is_(None)
        change = update(schema.alarms).where(one).values(over_at=as_utc(at))

        def work(connection: Connection) -> bool:
            return bool(connection.execute(change).rowcount)

        return await self._database.run(work, writing=True)

    async def only(
        self, kinds: Collection[str], lasting: Collection[tuple[str, str]], *, at: datetime
    ) -> int:
        """End all that lasted of these kinds but the kinds and subjects given; how many ended.

        For who looks at the state of things, also after a start: what an earlier run noted is over, too.
        """
        c = schema.alarms.c
        query = select(c.number, c.kind, c.subject).where(c.over_at.is_(None), c.kind.in_(sorted(kinds)))
        kept = {(kind, short(subject, LONGEST_SUBJECT)) for kind, subject in lasting}
        now = as_utc(at)

        def find(connection: Connection) -> list[int]:
            rows = connection.execute(query)
            return [row.number for row in rows if (row.kind, row.subject) not in kept]

        ended = await self._database.run(find, writing=False)
        if not ended:
            return 0
        change = update(schema.alarms).where(c.number.in_(ended), c.over_at.is_(None)).values(over_at=now)

        def work(connection: Connection) -> int:
            return connection.execute(change).rowcount

        return await self._database.run(work, writing=True)

    async def acknowledge(self, number: int, *, by: str, at: datetime) -> Alarm:
        """Somebody has seen it: it stands no more. Idempotent: the first one counts.

        Raises `NoAlarmError` when there is no such alarm.
        """
        c = schema.alarms.c
        first = (c.number == number) & c.acknowledged_at.is_(None)
        change = update(schema.alarms).where(first)
        change = change.values(acknowledged_at=as_utc(at), acknowledged_by=short(by, LONGEST_SUBJECT))

        def work(connection: Connection) -> Alarm | None:
            connection.execute(change)
            found = connection.execute(select(schema.alarms).where(c.number == number)).mappings().first()
            return None if found is None else _alarm(found)

        alarm = await self._database.run(work, writing=True)
        if alarm is None:
            raise NoAlarmError(f"there is no alarm {number}; read the page again")
        return alarm

    async def standing(self) -> list[Alarm]:
        """Alarms that nobody acknowledged and that are not over, the newest `MOST_TOLD`, newest first."""
        c = schema.alarms.c
        standing = c.over_at.is_(None) & c.acknowledged_at.is_(None)
        return await self._told(select(schema.alarms).where(standing).limit(MOST_TOLD))

    async def past(self, limit: int) -> list[Alarm]:
        """Alarms that were acknowledged or are over, the newest first."""
        c = schema.alarms.c
        past = c.over_at.is_not(None) | c.acknowledged_at.is_not(None)
        return await self._told(select(schema.alarms).where(past).limit(limit))

    async def _told(self, query: Any) -> list[Alarm]:
        c = schema.alarms.c
        newest = query.order_by(c.last_at.desc(), c.number.desc())

        def work(connection: Connection) -> list[Alarm]:
            return [_alarm(row) for row in connection.execute(newest).mappings()]

        return await self._database.run(work, writing=False)


def _alarm(row: Mapping[Any, Any]) -> Alarm:
    return Alarm(**{field.name: row[field.name] for field in fields(Alarm)})
