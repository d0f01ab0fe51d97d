"""The escalation clock: what is overdue goes to the next level, by the directory in force.

Where a complaint goes is the mapper's decision, in which states its clock stands the life's
(`records.life.states`), and how many are moved at once that of `records.escalation.sweep`. Here they are
joined, and the hour is chosen.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from mapper import DirectoryError, Edition, Registration, assign_level, next_level
from mapper.days import end_of_day, indian_day
from mapper.decision.levels import way_between
from office.assigned import assigned_to
from office.editions import Editions
from records import Clock, Records, RecordsError
from records.escalation.climbing import Climber, Up
from records.escalation.sweep import Swept, sweep

log = logging.getLogger("helpline.clock")

AFTER_MIDNIGHT = timedelta(seconds=2)
"""So much after a day has ended in India the clock looks: a machine's clock may run a little ahead."""
REMEMBERED = 20_000
"""Decisions kept during one sweep; equal complaints share one, and a state has some thousand a day."""
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Escalated:
    """What a sweep did, or would do. ``stuck``: overdue, but no edition names an officer; by reason."""

    edition: str
    swept: Swept
    stuck: Counter[str]


class Rising:
    """Where overdue complaints go as seen on a day. Not for several threads at once."""

    def __init__(self, edition: Edition, named: Callable[[str], Edition], today: date) -> None:
        self._edition = edition
        self._named = named
        self._today = today
        self._known: dict[tuple[str, str, int, int, date], Up | None] = {}
        self.stuck: Counter[str] = Counter()

    def decide(self, climber: Climber) -> Up | None:
        """As `records.escalation.climbing.Decide`."""
        try:
            edition = self._edition_for(climber)
            territory = edition.places[climber.place_id].territory.id
            key = (edition.name, climber.type_code, territory, climber.level, climber.over)
            if key not in self._known:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[key] = self._up(edition, climber)
            return self._known[key]
        except DirectoryError as error:
            self.stuck[str(error)] += 1
            return None

    def _edition_for(self, climber: Climber) -> Edition:
        """The edition in force; where that no longer knows type or place, the one that named the officer."""
        force = self._edition
        if climber.type_code in force.types and climber.place_id in force.places:
            return force
        return self._named(climber.edition)

    def _up(self, edition: Edition, climber: Climber) -> Up | None:
        """The next level, if the complaint goes there by itself today.

        If it would have gone on the morning after the limit was over too, its new limit counts from then,
        however late the clock is. If the rule has changed since, it goes up on the first morning that we know
        of, today's, and no limit begins before anyone could know.
        """
        where = (edition, climber.type_code, climber.place_id, climber.level)
        now = next_level(*where, self._today)
        if now.level is None or now.way != "automatic":
            return None
        day = climber.over
        then = next_level(*where, day + _ONE)
        if then.level is None or then.way != "automatic":
            then, day = now, self._today - _ONE
        level = then.level if then.level is not None else now.level
        registration = Registration(climber.type_code, climber.place_id, end_of_day(day))
        return Up(assigned_to(assign_level(edition, registration, level, day)), day)


def left_by_itself(edition: Edition, on: date) -> frozenset[int]:
    """The levels that a complaint of some type leaves by itself on a day."""
    kinds = edition.types.values()
    return frozenset(
        left
        for left, reached in pairwise(sorted(level.number for level in edition.levels))
        if any(way_between(edition, kind, left, reached, on)[0] == "automatic" for kind in kinds)
    )


async def escalate(records: Records, editions: Editions, at: datetime, *, dry_run: bool = False) -> Escalated:
    """Move up what is overdue at a moment; with ``dry_run`` only count. May run beside another one.

    Raises `DirectoryError` and `RecordsError`.
    """
    edition = await asyncio.to_thread(editions.current)
    today = indian_day(at)
    rising = Rising(edition, editions.named, today)
    leaving = left_by_itself(edition, today)
    swept = await sweep(records.database, rising.decide, at, leaving=leaving, dry_run=dry_run)
    return Escalated(edition.name, swept, rising.stuck)


async def keep_escalating(
    records: Records,
    editions: Editions,
    clock: Clock,
    every_seconds: float,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    looked: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Run until cancelled: escalate now, soon after each day has ended in India, and every so many seconds.

    What fails is logged, once for each cause, and tried again. ``looked`` is called after each look that did
    not fail.
    """
    told = ""
    while True:
        try:
            done = await escalate(records, editions, clock())
            if looked is not None:
                await looked()
        except (RecordsError, DirectoryError) as error:
            if str(error) != told:
                log.error("event=not-escalated reason=%r", str(error))
            told = str(error)
        else:
            told = _tell(done, told)
        await sleep(pause(clock(), every_seconds))


def pause(now: datetime, every_seconds: float) -> float:
    """Seconds until the clock looks again."""
    night = end_of_day(indian_day(now)) + AFTER_MIDNIGHT - now
    return min(every_seconds, night.total_seconds())


def _tell(done: Escalated, told: str) -> str:
    """Log what a sweep did, and what is stuck when that is news; gives what was told of it."""
    for move, count in sorted(done.swept.moves.items()):
        log.info(
            "event=escalated from=L%d to=L%d department=%s complaints=%d edition=%s",
            *(move.from_level, move.to_level, move.department, count, done.edition),
        )
    stuck = "; ".join(sorted(done.stuck))
    if stuck and stuck != told:
        log.warning("event=stuck complaints=%d reason=%r", done.stuck.total(), stuck)
    elif told and not stuck:
        log.info("event=escalating-again")
    return stuck
