"""The log of calls: the telephony facts and the path each caller took."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.call_state import (
    OUTCOMES,
    Call,
    CallStart,
    CallStep,
    Outcome,
    waited,
    with_answer,
    with_end,
    with_moment,
    with_queue,
    with_start,
)
from records.clock import Clock, as_utc
from records.database import Database
from records.text import NO_DETAIL, JsonScalar, clean, clean_detail

_CALL_COLUMNS = tuple(column.name for column in schema.calls.columns)
_HANGUP = "hangup"


class CallLog:
    """Writes are idempotent where they say so and may come in any order; a call not known yet is created.

    All methods raise `RecordsError` when the database fails and `ValueError` for a naive datetime.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def start(self, start: CallStart) -> None:
        """A call arrived. Idempotent: the first start of a call id counts."""
        start = replace(
            start,
            call_id=clean(start.call_id),
            caller_raw=clean(start.caller_raw),
            dialled=clean(start.dialled),
            channel=clean(start.channel),
            started_at=as_utc(start.started_at),
        )
        async with self._database.write() as connection:
            await self._change(
                connection, start.call_id, start.started_at, lambda call: with_start(call, start)
            )

    async def step(
        self, call_id: str, at: datetime, kind: str, detail: Mapping[str, JsonScalar] = NO_DETAIL
    ) -> None:
        """Append to the call's path. Not idempotent: a caller may press the same key twice."""
        step = CallStep(clean(call_id), as_utc(at), clean(kind), detail)
        async with self._database.write() as connection:
            await self._change(connection, step.call_id, step.at, lambda call: with_moment(call, step.at))
            await self._append(connection, step, once=None)

    async def set_district(self, call_id: str, code: str | None) -> None:
        """The district the caller chose; None takes it back. The last one told counts."""
        async with self._database.write() as connection:
            await self._change(
                connection, clean(call_id), self._clock(), lambda call: replace(call, district_code=code)
            )

    async def queued(self, call_id: str, queue: str, at: datetime) -> None:
        """The call joined a queue. Idempotent by queue; adds the step ``queue``."""
        step = CallStep(clean(call_id), as_utc(at), "queue", {"queue": queue})
        await self._report(step, queue, lambda call: with_queue(call, clean(queue), step.at))

    async def ringing(self, call_id: str, extension: str, at: datetime) -> None:
        """An executive's telephone rings. Idempotent by extension and moment; adds the step ``ringing``."""
        step = CallStep(clean(call_id), as_utc(at), "ringing", {"extension": extension})
        await self._report(step, f"{extension} {step.at.isoformat()}", lambda call: call)

    async def answered(self, call_id: str, extension: str, at: datetime) -> None:
        """An executive answered. Idempotent by extension; adds the step ``answered``."""
        step = CallStep(clean(call_id), as_utc(at), "answered", {"extension": extension})
        await self._report(step, extension, lambda call: with_answer(call, clean(extension), step.at))

    async def ended(
        self, call_id: str, at: datetime, *, cause: int | None, outcome: Outcome, recording: str | None = None
    ) -> None:
        """The call is over; adds the step ``hangup``. The first end counts, later ones add what is missing.

        ``cause`` is the Q.850 hang-up cause. Raises `ValueError` for an unknown outcome.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome must be one of {', '.join(sorted(OUTCOMES))}, not {outcome!r}")
        step = CallStep(clean(call_id), as_utc(at), _HANGUP, {"cause": cause, "outcome": outcome})
        recording = clean(recording) if recording else None
        await self._report(step, "", lambda call: with_end(call, step.at, cause, outcome, recording))

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
            return [_step(row) for row in (await connection.execute(query)).mappings()]

    async def recent(self, limit: int) -> list[Call]:
        """The newest calls, newest first."""
        return await self._calls(_newest(schema.calls.c.started_at, limit))

    async def active(self) -> list[Call]:
        """Calls that are still up, the longest first."""
        calls = schema.calls.c
        query = select(schema.calls).where(calls.ended_at.is_(None)).order_by(calls.started_at, calls.call_id)
        return await self._calls(query)

    async def abandoned(self, limit: int) -> list[Call]:
        """Calls that ended before anybody answered, newest first: the list to call back.

        Those whom the queues turned away and whom the network cut off stand in it beside those who gave up:
        ``outcome`` tells them apart, and each of them wanted to be heard.
        """
        unheard = schema.calls.c.outcome.in_(
            ("abandoned", "refused", "failed")
        ) & schema.calls.c.answered_at.is_(None)
        return await self._calls(_newest(schema.calls.c.ended_at, limit).where(unheard))

    async def _report(self, step: CallStep, once: str, change: Callable[[Call], Call]) -> None:
        async with self._database.write() as connection:
            await self._change(
                connection, step.call_id, step.at, lambda call: change(with_moment(call, step.at))
            )
            await self._append(connection, step, once=clean(once))

    async def _change(
        self, connection: AsyncConnection, call_id: str, at: datetime, change: Callable[[Call], Call]
    ) -> None:
        fresh = Call(call_id, as_utc(at))
        await connection.execute(self._database.insert_or_ignore(schema.calls).values(_columns(fresh)))
        mine = schema.calls.c.call_id == call_id
        query = select(schema.calls).where(mine).with_for_update()
        before = _call((await connection.execute(query)).mappings().one())
        after = change(before)
        if after != before:
            await connection.execute(update(schema.calls).where(mine).values(_columns(after)))

    async def _append(self, connection: AsyncConnection, step: CallStep, once: str | None) -> None:
        values = {
            "call_id": step.call_id,
            "at": step.at,
            "kind": step.kind,
            "detail": clean_detail(step.detail),
            "once": once,
        }
        if once is None:
            await connection.execute(insert(schema.call_steps).values(values))
        else:
            await connection.execute(self._database.insert_or_ignore(schema.call_steps).values(values))

    async def _calls(self, query: Select[Any]) -> list[Call]:
        async with self._database.read() as connection:
            found = [_call(row) for row in (await connection.execute(query)).mappings()]
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
        .where(steps.c.call_id.in_(list(call_ids)), steps.c.kind != _HANGUP)
        .subquery()
    )
    rows = await connection.execute(select(ranked).where(ranked.c.rank == 1))
    return {row["call_id"]: _step(row) for row in rows.mappings()}


def _newest(by: ColumnElement[Any], limit: int) -> Select[Any]:
    return select(schema.calls).order_by(by.desc(), schema.calls.c.call_id.desc()).limit(limit)


def _columns(call: Call) -> dict[str, Any]:
    return {name: getattr(call, name) for name in _CALL_COLUMNS}


def _call(row: Mapping[Any, Any]) -> Call:
    return Call(**{name: row[name] for name in _CALL_COLUMNS})


def _step(row: Mapping[Any, Any]) -> CallStep:
    return CallStep(**{field.name: row[field.name] for field in fields(CallStep)})
