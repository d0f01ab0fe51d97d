"""Rows of calls and their steps, written inside a transaction that somebody else began and ends."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from records import schema
from records.alarms.alarm_rows import Alarmed, store_alarm
from records.calls.call_state import Call, CallStep
from records.calls.facts import LEFT_WORD, Ending, Fact, Report, Spoken
from records.database.database import Database
from records.text import clean_detail

_CALL_COLUMNS = tuple(column.name for column in schema.calls.columns)
# Made once: making them costs more than a look at a call.
_LOCKED = (
    select(schema.calls)
    .where(schema.calls.c.call_id.in_(bindparam("call_ids", expanding=True)))
    .order_by(schema.calls.c.call_id)
    .with_for_update()
)
_CHANGED = update(schema.calls).where(schema.calls.c.call_id == bindparam("known"))


def store(database: Database, connection: Connection, facts: Sequence[Fact]) -> Mapping[str, Call]:
    """Store facts, of one call or of many, in the order given; the calls they tell of as they are then.

    A call that is not known is made first. Whoever else writes to the same calls waits until the transaction
    ends. However many facts there are, they take a handful of statements.
    """
    told = [fact for fact in facts if not isinstance(fact, Spoken | Alarmed)]
    calls = _lock(database, connection, told) if told else {}
    before, steps, rows = dict(calls), list[dict[str, Any]](), list[Report]()
    left_word, alarms = _left_word(connection, told), list[Alarmed]()
    for fact in told:
        call = calls[fact.call_id]
        left = fact.call_id in left_word
        report = fact.settled(call, left_word=left) if isinstance(fact, Ending) else fact
        calls[report.call_id] = report.change(call)
        if report.alarm is not None and not _known_step(connection, report):
            alarms.append(report.alarm)
        if report.step is not None:
            steps.append(_step_row(report.step, report.once))
            if report.step.kind in LEFT_WORD:
                left_word.add(report.call_id)
        if report.row is not None:
            rows.append(report)
    changed = [_columns(call) | {"known": key} for key, call in calls.items() if call != before[key]]
    if changed:
        connection.execute(_CHANGED, changed)
    if steps:
        connection.execute(database.insert_or_ignore(schema.call_steps), steps)
    for report in rows:
        if report.row is not None:
            table, values = report.row
            connection.execute(database.insert_or_ignore(table).values(dict(values)))
    spoken = {fact.e164: fact.language for fact in facts if isinstance(fact, Spoken)}
    for e164, language in sorted(spoken.items()):
        _speak(database, connection, e164, language)
    alarms += [fact for fact in facts if isinstance(fact, Alarmed)]
    for alarm in alarms:
        store_alarm(database, connection, alarm)
    return calls


def call_of(row: Mapping[Any, Any]) -> Call:
    """The call of a row of ``calls``."""
    return Call(**{name: row[name] for name in _CALL_COLUMNS})


def step_of(row: Mapping[Any, Any]) -> CallStep:
    """The step of a row of ``call_steps``."""
    return CallStep(**{field.name: row[field.name] for field in fields(CallStep)})


def _lock(database: Database, connection: Connection, told: Iterable[Report | Ending]) -> dict[str, Call]:
    """The calls by id, made where they are not known. In order: two who lock the same wait in no ring."""
    fresh = dict[str, Call]()
    for fact in told:
        fresh.setdefault(fact.call_id, Call(fact.call_id, fact.at))
    calls = _locked(connection, fresh)
    if new := sorted(fresh.keys() - calls.keys()):
        rows = [_columns(fresh[call_id]) for call_id in new]
        connection.execute(database.insert_or_ignore(schema.calls), rows)
        calls |= _locked(connection, new)
    return calls


def _locked(connection: Connection, call_ids: Iterable[str]) -> dict[str, Call]:
    rows = connection.execute(_LOCKED, {"call_ids": sorted(call_ids)})
    return {call.call_id: call for call in map(call_of, rows.mappings())}


def _left_word(connection: Connection, told: Collection[Report | Ending]) -> set[str]:
    """Those of the ended calls in which the caller left word before.

    Whoever stores a message meanwhile waits for the call's row, and then finds the end.
    """
    over = sorted({fact.call_id for fact in told if isinstance(fact, Ending) and fact.unheard})
    if not over:
        return set()
    steps = schema.call_steps.c
    query = select(steps.call_id).where(steps.call_id.in_(over), steps.kind.in_(sorted(LEFT_WORD)))
    return set(connection.scalars(query))


def _known_step(connection: Connection, report: Report) -> bool:
    """Whether the step is on the path already; the call's row is locked, so that nobody adds it meanwhile."""
    steps = schema.call_steps.c
    if report.step is None or report.once is None:
        return False
    same = (steps.call_id == report.call_id) & (steps.kind == report.step.kind) & (steps.once == report.once)
    return connection.execute(select(steps.id).where(same).limit(1)).first() is not None


def _speak(database: Database, connection: Connection, e164: str, language: str) -> None:
    values = {"e164": e164, "language": language}
    known = update(schema.callers).where(schema.callers.c.e164 == e164).values(values)
    connection.execute(database.insert_or_ignore(schema.callers).values(values))
    connection.execute(known)


def _step_row(step: CallStep, once: str | None) -> dict[str, Any]:
    return {
        "call_id": step.call_id,
        "at": step.at,
        "kind": step.kind,
        "detail": clean_detail(step.detail),
        "once": once,
    }


def _columns(call: Call) -> dict[str, Any]:
    return {name: getattr(call, name) for name in _CALL_COLUMNS}
