"""Rows as an older version of the program stored them, written without the tables of this one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from records import ComplaintEvent
from records.database.database import Database
from records.life import chain, projection
from records.text import canonical_json
from tests.records.samples import at, call, complaint

NUMBER = "10000012"


def old_events() -> list[ComplaintEvent]:
    """What happened to the complaint that `store_old_complaint` stores."""
    events: list[ComplaintEvent] = []
    for new in projection.registration(complaint()):
        events.append(chain.link(NUMBER, events[-1] if events else None, new))
    return events


async def store_old_complaint(database: Database) -> None:
    """One complaint with its call, its two events and the key of its form, as versions 0002 to 0005 did."""
    new, events = complaint(), old_events()
    names = ("place_id", "place_hi", "place_en", "type_code", "type_hi", "type_en", "description")
    told = {name: getattr(new, name) for name in ("citizen_name", "citizen_phone", "district_code", *names)}
    await _insert(database, "complaints", {
        "number": NUMBER, "status": "open", "call_id": new.call_id, "caller_e164": new.caller_e164,
        "citizen_e164": "+919812345610", "registered_by": new.registered_by,
        "registered_at": new.registered_at, "last_seq": 2, **told, **vars(new.assigned),
    })  # fmt: skip
    for event in events:
        await _insert(database, "complaint_events", {**_said(event), "data": canonical_json(event.data)})
    await _insert(database, "registrations", {"key": "form-1", "number": NUMBER})
    async with database.write() as connection:
        await connection.execute(text("UPDATE sequences SET value = value + 1 WHERE name = 'complaint'"))


async def store_old_draft(database: Database) -> None:
    """A message of the call ``call-2``, as versions 0004 and 0005 did."""
    await _insert(database, "drafts", {
        "call_id": call("call-2").call_id, "e164": None, "district_code": "39", "recording": "a.wav",
        "seconds": 4.5, "at": at(5),
    })  # fmt: skip


def _said(event: ComplaintEvent) -> dict[str, Any]:
    names = ("number", "seq", "kind", "actor", "at", "edition", "previous_hash", "hash")
    return {name: getattr(event, name) for name in names}


async def _insert(database: Database, table: str, row: dict[str, Any]) -> None:
    values = {name: _plain(value) if database.is_sqlite else value for name, value in row.items()}
    places = ", ".join(f"CAST(:{name} AS json)" if name == "data" else f":{name}" for name in values)
    if database.is_sqlite:
        places = places.replace("CAST(:data AS json)", ":data")
    async with database.write() as connection:
        columns = ", ".join(f'"{name}"' for name in values)
        await connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)  # noqa: S608


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
