"""Changing what is recorded past the program and past the database's own guards."""

# ruff: noqa: S608

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from records import Attend, Complaint, Note, Propose, Records
from records.audit.verifying import VerifyReport
from records.complaints.complaint_rows import event_columns, event_of
from tests.records.life_samples import SITA, officer
from tests.records.samples import at, complaint


async def three(records: Records) -> list[Complaint]:
    """Three complaints; the second has five events."""
    stored = [await records.complaints.register(complaint(call_id=None)) for _ in range(3)]
    number = stored[1].number
    await records.complaints.act(number, Attend("देखा"), officer(1), at(60))
    await records.complaints.act(number, Note("पूछा"), SITA, at(70))
    stored[1] = await records.complaints.act(number, Propose("किया"), officer(1), at(80))
    return stored


async def by_hand(records: Records, *statements: str, **values: Any) -> None:
    """Run statements as the owner of the database can: without triggers and without foreign keys."""
    if file := records.database.address.sqlite_file:
        await asyncio.to_thread(_on_file, file, statements, values)
        return
    async with records.database.engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await connection.execute(text(statement), values)


def _on_file(file: Path, statements: Sequence[str], values: dict[str, Any]) -> None:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        for table in ("complaint_events", "complaint_escalations", "escalations"):
            for name in ("no_update", "no_delete", "no_replace"):
                connection.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
        for statement in statements:
            connection.execute(statement, values)
        connection.commit()


def kinds(report: VerifyReport) -> set[tuple[str, int | None, str]]:
    """The findings without their words, each of which is one line."""
    assert not report.ok
    assert report.found == len(report.findings)
    assert all(found.text and "\n" not in found.text for found in report.findings)
    return {(found.number, found.seq, found.kind) for found in report.findings}


async def add_event(records: Records, event: Any) -> None:
    """Store an event as it is, without looking at the state."""
    values = event_columns(event)
    row = dict(values)
    values |= {"data": json.dumps(event.chained), "personal": json.dumps(event.personal)}
    if records.database.is_sqlite:
        values["at"] = event.at.isoformat(timespec="microseconds")
    names = ", ".join(f'"{name}"' for name in values)
    as_json = "{}" if records.database.is_sqlite else "CAST({} AS json)"
    places = ", ".join(
        as_json.format(f":{name}") if name in {"data", "personal"} else f":{name}" for name in values
    )
    await by_hand(records, f"INSERT INTO complaint_events ({names}) VALUES ({places})", **values)
    assert event_of(row).hash == event.hash
