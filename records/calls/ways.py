"""The ways out of the house, and when each was last tried with a real call. A ping proves nothing of a way.

Every try tells one line, ``way/status/answer/since/seconds``: the way's name (``first``: the trunk,
``second``: the emergency's second way), Asterisk's DIALSTATUS, the last SIP answer (empty when there was
none), when it began (seconds since 1970), and how long it lasted, a talk included.
It is written by dialplan/extensions.d/emergency.conf.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from records import schema
from records.alarms.alarm_rows import Alarmed, alarmed
from records.calls.call_state import CallStep
from records.clock import as_utc
from records.database.database import Database
from records.text import JsonScalar, clean

WAY = "way"
"""Step of a call that tried a way."""
FAILED = "emergency-failed"
"""Step of a call to the emergency number that no way put through."""
ANSWERED = "ANSWER"
GIVEN_UP = "CANCEL"
"""The caller hung up while it rang."""
LONGEST_SLIP_SECONDS = 10
"""Who hangs up sooner has pressed the wrong key; later he may be in danger, and is to be called back."""

_LINE = re.compile(r"(first|second)/([A-Z]{2,16})/([0-9]{3})?/([0-9]{9,10})/([0-9]{1,6})")


@dataclass(frozen=True)
class Try:
    """One try of a way. ``code``: the last SIP answer, None when there was none."""

    way: str
    status: str
    code: int | None
    at: datetime
    seconds: int

    @property
    def detail(self) -> Mapping[str, JsonScalar]:
        """For a step or an alarm."""
        return {"way": self.way, "status": self.status, "code": self.code, "seconds": self.seconds}


@dataclass(frozen=True)
class LastTries:
    """What is known of one way: when it last worked, and its last failure; None: never."""

    way: str
    worked_at: datetime | None = None
    failed: Try | None = None

    @property
    def works(self) -> bool | None:
        """Whether the last try that proves anything succeeded; None: it was never tried."""
        if self.failed is None:
            return None if self.worked_at is None else True
        return self.worked_at is not None and self.worked_at >= self.failed.at


def read_try(line: str) -> Try | None:
    """The try of a line, None when the line is none."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    way, status, code, since, seconds = found.groups()
    return Try(
        way, status, int(code) if code else None, datetime.fromtimestamp(int(since), UTC), int(seconds)
    )


def step_of_try(call_id: str, one: Try) -> CallStep:
    """The step it adds to its call's path."""
    return CallStep(clean(call_id), one.at, WAY, one.detail)


def row_of_try(call_id: str, one: Try) -> Mapping[str, object]:
    """Its row of ``way_tries``."""
    return {
        "call_id": clean(call_id), "way": one.way, "at": as_utc(one.at), "status": one.status,
        "code": one.code, "seconds": one.seconds,
    }  # fmt: skip


def alarm_of_try(call_id: str, one: Try) -> Alarmed | None:
    """What of it somebody must look at: a way that failed, or a caller who gave up ringing for help."""
    if one.status == ANSWERED:
        return None
    if one.status != GIVEN_UP:
        told = {"way": one.way, "status": one.status, "answer": str(one.code or "–")}
        return alarmed("emergency_way_failed", one.way, one.at, told)
    if one.seconds < LONGEST_SLIP_SECONDS:
        return None
    return alarmed("emergency_given_up", call_id, one.at, one.detail)


async def last_tries(database: Database) -> list[LastTries]:
    """The ways that were tried, by name. Who hung up while it rang proves nothing of the way."""
    c = schema.way_tries.c
    proving = c.status != GIVEN_UP
    worked = select(c.way, func.max(c.at)).where(c.status == ANSWERED).group_by(c.way)
    newest = select(c.way, func.max(c.at).label("at")).where(proving, c.status != ANSWERED).group_by(c.way)
    failing = newest.subquery()
    failed = select(schema.way_tries).join(failing, (c.way == failing.c.way) & (c.at == failing.c.at))
    async with database.read() as connection:
        successes = {row[0]: row[1] for row in await connection.execute(worked)}
        failures = {
            row["way"]: Try(row["way"], row["status"], row["code"], row["at"], row["seconds"])
            for row in (await connection.execute(failed)).mappings()
            if row["status"] not in (ANSWERED, GIVEN_UP)
        }
    ways = sorted(successes.keys() | failures.keys())
    return [LastTries(way, successes.get(way), failures.get(way)) for way in ways]
