"""The log of calls: the telephony facts and the path each caller took."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.calls import facts as reports
from records.calls.call_rows import call_of, step_of, store
from records.calls.call_state import UNHEARD, Call, CallStart, CallStep, Outcome, waited
from records.calls.crowd import CAPPED, phone_capped
from records.calls.recordings import RECORDING, Recording, recordings_of
from records.calls.ways import FAILED, WAY, LastTries, last_tries
from records.clock import Clock, as_utc
from records.database.database import Database
from records.text import NO_DETAIL, JsonScalar, clean

_ENDS = ("hangup", reports.CUT)
_ASKED_AT_ONCE = 500
# Made once, as every call asks them.
_LANGUAGE = select(schema.callers.c.language).where(schema.callers.c.e164 == bindparam("e164"))
_LAST_DISTRICT = (
    select(schema.calls.c.district_code)
    .where(schema.calls.c.caller_e164 == bindparam("e164"), schema.calls.c.district_code.is_not(None))
    .order_by(schema.calls.c.started_at.desc(), schema.calls.c.call_id.desc())
    .limit(1)
)


class CallLog:
    """Writes are idempotent where they say so and may come in any order; a call not known yet is created.

    All methods raise `RecordsError` when the database fails and `ValueError` for a naive datetime.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def start(self, start: CallStart) -> None:
        """A call arrived. Idempotent: the first start of a call id counts."""
        await self._store(reports.started(start))

    async def step(
        self,
        call_id: str,
        at: datetime,
        kind: str,
        detail: Mapping[str, JsonScalar] = NO_DETAIL,
        *,
        once: str | None = None,
    ) -> None:
        """Append to the call's path. Not idempotent (a caller may press the same key twice) without ``once``.

        ``once``: a second step of the same call, kind and ``once`` changes nothing.
        """
        await self._store(reports.stepped(call_id, at, kind, detail, once=once))

    async def set_district(self, call_id: str, code: str | None) -> None:
        """The district the caller chose; None takes it back. The last one told counts."""
        await self._store(reports.placed(call_id, code, self._clock()))

    async def queued(self, call_id: str, queue: str, at: datetime) -> None:
        """The call joined a queue. Idempotent by queue; adds the step ``queue``."""
        await self._store(reports.queued(call_id, queue, at))

    async def ringing(self, call_id: str, extension: str, at: datetime) -> None:
        """An executive's telephone rings. Idempotent by extension and moment; adds the step ``ringing``."""
        await self._store(reports.rang(call_id, extension, at))

    async def answered(self, call_id: str, extension: str, at: datetime) -> None:
        """An executive answered. Idempotent by extension; adds the step ``answered``."""
        await self._store(reports.answered(call_id, extension, at))

    async def ended(
        self, call_id: str, at: datetime, *, cause: int | None, outcome: Outcome, recording: str | None = None
    ) -> None:
        """The call is over; adds the step ``hangup``. The first end counts, later ones add what is missing.

        ``cause`` is the Q.850 hang-up cause. Who left a message or a wish to be called back was served, also
        when ``outcome`` says that nobody heard him. Raises `ValueError` for an unknown outcome.
        """
        await self._store(reports.ended(call_id, at, cause, outcome, recording))

    async def recorded(self, call_id: str, extension: str, file: str, at: datetime) -> None:
        """A recording beside the first began with an answer. Adds the step ``recording``, once for a file."""
        await self._store(reports.recorded(call_id, extension, file, at))

    async def way_tried(self, call_id: str, said: str, at: datetime) -> None:
        """A way out was tried: a line of `records.calls.ways`. Adds the step ``way``, once for a line; a
        failure is an alarm.

        Raises `ValueError` for a line that tells of no try.
        """
        await self._store(reports.way_tried(call_id, said, at))

    async def emergency_failed(self, call_id: str, said: str, at: datetime) -> None:
        """No way put the caller through to the emergency number ``said``. Idempotent; adds the step
        ``emergency-failed`` and is an alarm.
        """
        await self._store(reports.emergency_failed(call_id, said, at))

    async def capped(self, call_id: str, said: str, at: datetime) -> None:
        """The caller met a limit: a line of `records.calls.crowd`. Idempotent; adds the step ``capped`` and
        is an alarm.

        Raises `ValueError` for a line that tells of no limit.
        """
        await self._store(reports.capped(call_id, said, at))

    async def phone_capped(self, extension: str, at: datetime) -> None:
        """An executive's telephone placed more calls at once than it may: an alarm, counted."""
        await self._store(phone_capped(extension, at))

    async def last_tries(self) -> list[LastTries]:
        """When each way out was last tried with a real call; those that were."""
        return await last_tries(self._database)

    async def noted(self, call_ids: Collection[str]) -> Mapping[str, list[CallStep]]:
        """What of these calls a reader of the list must see: tries of ways out, and why one was cut
        or got no line."""
        c = schema.call_steps.c
        wanted = c.call_id.in_(sorted(call_ids)) & c.kind.in_((WAY, FAILED, CAPPED, reports.CUT))
        query = select(schema.call_steps).where(wanted).order_by(c.at, c.id)
        found: dict[str, list[CallStep]] = {}
        async with self._database.read() as connection:
            for step in map(step_of, (await connection.execute(query)).mappings()):
                found.setdefault(step.call_id, []).append(step)
        return found

    async def rate(self, call_id: str, score: int, at: datetime) -> None:
        """The caller's opinion, 1 (bad) to 5 (good). The first one counts; adds the step ``rating``.

        Raises `ValueError` for another score.
        """
        await self._store(reports.rated(call_id, score, at))

    async def language(self, e164: str) -> str | None:
        """The language last chosen from a number ("hi", "en", "mup"), or None."""
        of = {"e164": clean(e164)}
        return await self._database.run(
            lambda one: one.execute(_LANGUAGE, of).scalar_one_or_none(), writing=False
        )

    async def set_language(self, e164: str, language: str) -> None:
        """Remember the language for the number's next calls. The last one told counts."""
        await self._store(reports.spoken(e164, language))

    async def last_district(self, e164: str) -> str | None:
        """The district of the number's newest call that had one, or None."""
        of = {"e164": clean(e164)}
        return await self._database.run(
            lambda one: one.execute(_LAST_DISTRICT, of).scalar_one_or_none(), writing=False
        )

    async def reconcile(self, live: Collection[str], *, started_before: datetime, at: datetime) -> list[str]:
        """End as failed every active call that started before a moment and that Asterisk does not know.

        For use after the link to Asterisk was lost or either side restarted, so that no call stays active for
        ever. Gives the ids of the calls it ended.
        """
        at, known = as_utc(at), {clean(call_id) for call_id in live}
        query = select(schema.calls.c.call_id).where(
            schema.calls.c.ended_at.is_(None), schema.calls.c.started_at < as_utc(started_before)
        )
        async with self._database.read() as connection:
            lost = [call_id for call_id in (await connection.scalars(query)).all() if call_id not in known]
        for call_id in lost:
            await self.ended(call_id, at, cause=None, outcome="failed")
        return lost

    async def get(self, call_id: str) -> Call | None:
        """The call, or None."""
        found = await self._calls(select(schema.calls).where(schema.calls.c.call_id == clean(call_id)))
        return found[0] if found else None

    async def path(self, call_id: str) -> list[CallStep]:
        """The steps of a call in the order they happened."""
        steps = schema.call_steps.c
        query = select(schema.call_steps).where(steps.call_id == clean(call_id)).order_by(steps.at, steps.id)
        async with self._database.read() as connection:
            return [step_of(row) for row in (await connection.execute(query)).mappings()]

    async def recordings(self, call_id: str) -> list[Recording]:
        """The recordings of a call that has ended, in order, with who talks in each."""
        call = await self.get(call_id)
        return recordings_of(call, await self.path(call_id)) if call is not None else []

    async def talkers(self, call_id: str) -> set[str]:
        """Extensions of all executives who are known to have talked to the caller."""
        steps = await self.path(call_id)
        return {
            str(step.detail.get("extension", "")) for step in steps if step.kind in {"answered", RECORDING}
        }

    async def withheld(self, call_ids: Collection[str]) -> frozenset[str]:
        """Those of the calls whose caller wishes his number not to be shown."""
        calls = schema.calls.c
        found = set[str]()
        told = sorted({clean(call_id) for call_id in call_ids})
        async with self._database.read() as connection:
            for first in range(0, len(told), _ASKED_AT_ONCE):
                some = calls.call_id.in_(told[first : first + _ASKED_AT_ONCE])
                found.update(await connection.scalars(select(calls.call_id).where(some, calls.withheld)))
        return frozenset(found)

    async def recent(self, limit: int) -> list[Call]:
        """The newest calls, newest first."""
        return await self._calls(_newest(schema.calls.c.started_at, limit))

    async def active(self) -> list[Call]:
        """Calls that are still up, the longest first."""
        calls = schema.calls.c
        query = select(schema.calls).where(calls.ended_at.is_(None)).order_by(calls.started_at, calls.call_id)
        return await self._calls(query)

    async def taken(self, extension: str, since: datetime, limit: int) -> list[Call]:
        """Calls that the extension answered from a moment on and that have ended, newest first."""
        calls = schema.calls.c
        own = (calls.extension == clean(extension)) & (calls.answered_at >= as_utc(since))
        return await self._calls(_newest(calls.answered_at, limit).where(own, calls.ended_at.is_not(None)))

    async def abandoned(self, limit: int) -> list[Call]:
        """Calls that ended before anybody answered, newest first: the list to call back.

        Those whom the queues turned away and whom the network cut off stand in it beside those who gave up:
        ``outcome`` tells them apart, and each of them wanted to be heard. Who was served without an executive
        does not: there is nothing to call him back for, or his wish stands in a list of its own.
        """
        unheard = schema.calls.c.outcome.in_(UNHEARD) & schema.calls.c.answered_at.is_(None)
        return await self._calls(_newest(schema.calls.c.ended_at, limit).where(unheard))

    async def _store(self, fact: reports.Fact) -> None:
        await self._database.run(lambda connection: store(self._database, connection, [fact]), writing=True)

    async def _calls(self, query: Select[Any]) -> list[Call]:
        async with self._database.read() as connection:
            found = [call_of(row) for row in (await connection.execute(query)).mappings()]
            last = await _last_steps(connection, [call.call_id for call in found])
        now = self._clock()
        return [
            replace(call, waiting_seconds=waited(call, now), last_step=last.get(call.call_id))
            for call in found
        ]


async def _last_steps(connection: AsyncConnection, call_ids: Iterable[str]) -> dict[str, CallStep]:
    steps = schema.call_steps
    rank = func.row_number().over(
        partition_by=steps.c.call_id, order_by=(steps.c.at.desc(), steps.c.id.desc())
    )
    ranked = (
        select(steps, rank.label("rank"))
        .where(steps.c.call_id.in_(list(call_ids)), steps.c.kind.not_in(_ENDS))
        .subquery()
    )
    rows = await connection.execute(select(ranked).where(ranked.c.rank == 1))
    return {row["call_id"]: step_of(row) for row in rows.mappings()}


def _newest(by: ColumnElement[Any], limit: int) -> Select[Any]:
    return select(schema.calls).order_by(by.desc(), schema.calls.c.call_id.desc()).limit(limit)
