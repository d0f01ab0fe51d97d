"""The journal's facts as operations of the spool of records."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from records import CallStart, Records, RecordsError
from records.replay import replay
from records.spool import Operation, Spool

# Operations whose name says more than the book's method does.
_NAMES = {"store": "store_draft", "request": "request_callback"}


class RecordsSpool:
    """A `Spool` for the journal over ``records.spool``. Who opened the spool closes it, after the journal."""

    def __init__(self, records: Records, spool: Spool) -> None:
        self._records = records
        self._spool = spool

    def append(self, call_id: str, name: str, arguments: Mapping[str, Any], /) -> None:
        """Keep one fact in the file. Raises SpoolError when the spool is full or cannot be written."""
        self._spool.append(operation(call_id, name, arguments), sync=False)

    @property
    def pending(self) -> int:
        """Facts kept and not in records yet."""
        return self._spool.pending()

    async def replay(self) -> int:
        """Write what is kept to records; how many are left. Raises RecordsError with why it stopped."""
        result = await replay(self._records, self._spool)
        if result.reason:
            raise RecordsError(result.reason)
        return result.left

    async def sync(self) -> None:
        """Have what is kept on the disk. Raises SpoolError."""
        await asyncio.to_thread(self._spool.sync)


def operation(call_id: str, name: str, arguments: Mapping[str, Any]) -> Operation:
    """A call of a book's method as an operation.

    A fact that brings its own ``once`` keeps it as the operation's id: whether it was written directly or
    out of the spool, it is there once.
    """
    told = {key: value for key, value in arguments.items() if key not in {"call_id", "once"}}
    start = told.pop("start", None)
    if isinstance(start, CallStart):
        told |= {key: value for key, value in asdict(start).items() if key != "call_id"}
    return Operation.new(_NAMES.get(name, name), call_id, once=arguments.get("once"), **told)
