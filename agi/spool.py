"""The journal's facts, and how they become operations of the spool of records."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, NamedTuple, Protocol

from records import CallStart, Records, RecordsError
from records.spool.replay import replay
from records.spool.spool import Operation
from records.spool.spool import Spool as RecordsFiles

# Operations whose name says more than the book's method does.
_NAMES = {"store": "store_draft", "request": "request_callback", "note": "note_alarm"}


class Fact(NamedTuple):
    """``write(*args, **named)``, a method of a book of records, called ``what`` in the log."""

    what: str
    write: Callable[..., Awaitable[object]]
    args: tuple[Any, ...]
    named: Mapping[str, Any]

    @property
    def told(self) -> bool:
        """Whether it can be spooled. A closure without arguments cannot."""
        return bool(self.args or self.named)

    @property
    def name(self) -> str:
        """That of the book's method."""
        return getattr(self.write, "__name__", self.what)

    def arguments(self) -> dict[str, Any]:
        """What the method is given, by name."""
        function = getattr(self.write, "__func__", self.write)
        names = _parameters(function)[function is not self.write :]
        return dict(zip(names, self.args, strict=False)) | dict(self.named)


@cache
def _parameters(function: Callable[..., object]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


class Spool(Protocol):
    """Facts in a file, in order, until records take them."""

    def append(self, call_id: str, name: str, arguments: Mapping[str, Any], /) -> object:
        """Keep one fact of a call: the book's method and its arguments. Raises when the disk refuses it.

        Returns at once; what was kept outlives the process.
        """

    @property
    def pending(self) -> int:
        """Facts kept and not in records yet."""

    async def replay(self) -> int:
        """Write what is kept to records, in order, each once; how many are left. Raises as records do."""

    async def sync(self) -> None:
        """Have what is kept on the disk, where a power cut does not reach it. Raises when it refuses."""


class RecordsSpool:
    """A `Spool` for the journal over ``records.spool.spool``.

    Who opened the spool closes it, after the journal.
    """

    def __init__(self, records: Records, spool: RecordsFiles) -> None:
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
