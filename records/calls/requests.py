"""What callers leave behind when nobody can talk to them: spoken messages and wishes to be called back."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from records import schema
from records.calls.call_rows import store
from records.calls.facts import drafted, wished
from records.clock import as_utc
from records.database.database import Database
from records.errors import RecordsError
from records.life.texts import LONGEST_TEXT
from records.text import clean


@dataclass(frozen=True)
class Draft:
    """A complaint as the citizen spoke it, not yet written down by anyone.

    ``recording`` is the file's name in the recordings folder, ``seconds`` its length. ``closed_at``: since
    when nobody has to listen to it any more, ``closed_by`` who listened. ``number``: the complaint that came
    of it; else ``reason_code`` and ``note`` say why none did.
    """

    id: int
    call_id: str
    e164: str | None
    district_code: str | None
    recording: str
    seconds: float
    at: datetime
    closed_at: datetime | None = None
    number: str | None = None
    reason_code: str | None = None
    note: str | None = None
    closed_by: str | None = None


@dataclass(frozen=True)
class Callback:
    """A number that waits to be called. ``call_id`` and ``at`` are of the call that asked first."""

    id: int
    call_id: str
    e164: str
    district_code: str | None
    at: datetime
    closed_at: datetime | None = None


class DraftBook:
    """Spoken messages. All methods raise `RecordsError`, and `ValueError` for a naive datetime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def store(
        self,
        call_id: str,
        e164: str | None,
        district_code: str | None,
        recording: str,
        seconds: float,
        at: datetime,
    ) -> Draft:
        """Keep a message. Idempotent by call and recording; adds the step ``message`` to the call's path."""
        told = drafted(call_id, e164, district_code, recording, seconds, at)
        c = schema.drafts.c
        mine = select(schema.drafts).where(c.call_id == told.call_id, c.recording == told.once)
        async with self._database.write() as connection:
            await connection.run_sync(lambda sync: store(self._database, sync, [told]))
            return _draft((await connection.execute(mine)).mappings().one())

    async def open(self, limit: int) -> list[Draft]:
        """Messages nobody has dealt with, the oldest first."""
        c = schema.drafts.c
        query = select(schema.drafts).where(c.closed_at.is_(None)).order_by(c.at, c.id).limit(limit)
        async with self._database.read() as connection:
            return [_draft(row) for row in (await connection.execute(query)).mappings()]

    async def get(self, draft_id: int) -> Draft | None:
        """The message of an id, or None."""
        async with self._database.read() as connection:
            return await _get(connection, draft_id)

    async def complete(self, draft_id: int, number: str, actor: str, at: datetime) -> Draft:
        """A complaint was registered of the message. Idempotent for the same complaint.

        Raises `RecordsError`: no such message or complaint, or the message was dealt with otherwise.
        """
        return await self._deal(draft_id, at, {"number": clean(number), "closed_by": clean(actor)})

    async def discard(
        self,
        draft_id: int,
        reason_code: str,
        note: str,
        actor: str,
        at: datetime,
        *,
        reasons: Container[str] | None = None,
    ) -> Draft:
        """No complaint comes of the message, for a reason from the list. Idempotent for the same reason.

        ``reasons``: the codes of the list; None: any. Raises `RecordsError`: no such message or reason, or
        the message was dealt with otherwise.
        """
        if not reason_code.strip() or (reasons is not None and reason_code not in reasons):
            raise RecordsError("the list has no such reason to discard a message; name a code of the list")
        note = clean(note).strip()
        if len(note) > LONGEST_TEXT:
            raise RecordsError(f"the note has {len(note)} characters; {LONGEST_TEXT} are possible")
        told = {"reason_code": clean(reason_code), "note": note, "closed_by": clean(actor)}
        return await self._deal(draft_id, at, told)

    async def _deal(self, draft_id: int, at: datetime, told: dict[str, str]) -> Draft:
        c, at = schema.drafts.c, as_utc(at)
        async with self._database.write() as connection:
            if number := told.get("number"):
                found = select(schema.complaints.c.number).where(schema.complaints.c.number == number)
                if (await connection.scalar(found)) is None:
                    raise RecordsError(f"there is no complaint {number}; check the number")
            still_open = (c.id == draft_id) & c.closed_at.is_(None)
            await connection.execute(update(schema.drafts).where(still_open).values(**told, closed_at=at))
            draft = await _get(connection, draft_id)
        if draft is None:
            raise RecordsError(f"there is no message {draft_id}; list them with: helpline complaint draft")
        if (draft.number, draft.reason_code) != (told.get("number"), told.get("reason_code")):
            became = f"complaint {draft.number}" if draft.number else "discarded"
            raise RecordsError(f"message {draft_id} was dealt with before ({became}); nothing was changed")
        return draft


class CallbackBook:
    """Wishes to be called back. All methods raise `RecordsError`, and `ValueError` for a naive datetime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def request(self, call_id: str, e164: str, district_code: str | None, at: datetime) -> Callback:
        """Note that a number wants to be called. A number that waits already goes on waiting as it was.

        Idempotent by call, also after the wish was met; adds the step ``callback`` to the call's path.
        """
        told = wished(call_id, e164, district_code, at)
        c = schema.callbacks.c
        open_or_own = (c.e164 == clean(e164)) & c.closed_at.is_(None) | (c.call_id == told.call_id)
        found = select(schema.callbacks).where(open_or_own).order_by(c.closed_at.is_not(None), c.id).limit(1)
        async with self._database.write() as connection:
            await connection.run_sync(lambda sync: store(self._database, sync, [told]))
            row = (await connection.execute(found)).mappings().one_or_none()
        if row is None:
            raise RecordsError("the wish to be called back was met while it was stored; store it again")
        return _callback(row)

    async def open(self, limit: int) -> list[Callback]:
        """Numbers that wait, the longest first."""
        c = schema.callbacks.c
        query = select(schema.callbacks).where(c.closed_at.is_(None)).order_by(c.at, c.id).limit(limit)
        async with self._database.read() as connection:
            return [_callback(row) for row in (await connection.execute(query)).mappings()]

    async def close(self, callback_id: int, at: datetime) -> None:
        """The number was called. Idempotent: the first time counts."""
        await _close(self._database, schema.callbacks, callback_id, at)


async def _get(connection: AsyncConnection, draft_id: int) -> Draft | None:
    query = select(schema.drafts).where(schema.drafts.c.id == draft_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _draft(row)


async def _close(database: Database, table: Table, row_id: int, at: datetime) -> None:
    still_open = (table.c.id == row_id) & table.c.closed_at.is_(None)
    async with database.write() as connection:
        await connection.execute(update(table).where(still_open).values(closed_at=as_utc(at)))


def _draft(row: Mapping[Any, Any]) -> Draft:
    return Draft(**{field.name: row[field.name] for field in fields(Draft)})


def _callback(row: Mapping[Any, Any]) -> Callback:
    return Callback(**{field.name: row[field.name] for field in fields(Callback)})
