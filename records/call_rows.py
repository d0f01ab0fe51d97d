"""Rows of calls and their steps, written inside a transaction that somebody else began and ends."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.call_state import Call, CallStep, with_moment
from records.clock import as_utc
from records.database import Transactions
from records.text import clean_detail

_CALL_COLUMNS = tuple(column.name for column in schema.calls.columns)


async def change_call(
    database: Transactions,
    connection: AsyncConnection,
    call_id: str,
    at: datetime,
    change: Callable[[Call], Call],
) -> Call:
    """Change one call, made first when it is not known. Others wait for the row. Gives it as it is then."""
    fresh = Call(call_id, as_utc(at))
    await connection.execute(database.insert_or_ignore(schema.calls).values(_columns(fresh)))
    mine = schema.calls.c.call_id == call_id
    query = select(schema.calls).where(mine).with_for_update()
    before = call_of((await connection.execute(query)).mappings().one())
    after = change(before)
    if after != before:
        await connection.execute(update(schema.calls).where(mine).values(_columns(after)))
    return after


async def append_step(
    database: Transactions, connection: AsyncConnection, step: CallStep, once: str | None
) -> bool:
    """Append to a call's path. False: a step of the same kind and ``once`` (not None) is there already."""
    values = {
        "call_id": step.call_id,
        "at": step.at,
        "kind": step.kind,
        "detail": clean_detail(step.detail),
        "once": once,
    }
    if once is None:
        await connection.execute(insert(schema.call_steps).values(values))
        return True
    added = await connection.execute(database.insert_or_ignore(schema.call_steps).values(values))
    return added.rowcount == 1


async def report(
    database: Transactions,
    connection: AsyncConnection,
    step: CallStep,
    once: str | None,
    change: Callable[[Call], Call] = lambda call: call,
) -> Call:
    """A step and what it changes of its call, together."""
    call = await change_call(
        database, connection, step.call_id, step.at, lambda call: change(with_moment(call, step.at))
    )
    await append_step(database, connection, step, once)
    return call


def call_of(row: Mapping[Any, Any]) -> Call:
    """The call of a row of ``calls``."""
    return Call(**{name: row[name] for name in _CALL_COLUMNS})


def step_of(row: Mapping[Any, Any]) -> CallStep:
    """The step of a row of ``call_steps``."""
    return CallStep(**{field.name: row[field.name] for field in fields(CallStep)})


def _columns(call: Call) -> dict[str, Any]:
    return {name: getattr(call, name) for name in _CALL_COLUMNS}
