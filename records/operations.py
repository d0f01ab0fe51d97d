"""The operations a spool may hold, and doing one of them.

========================  =============================================================================
name                      arguments (moments as ISO 8601 text; ``call_id`` is the operation's own)
========================  =============================================================================
``start``                 caller_raw, caller_e164, dialled, channel, started_at
``step``                  at, kind, detail
``set_district``          code
``queued``                queue, at
``ringing``               extension, at
``answered``              extension, at
``ended``                 at, cause, outcome, recording (may be left out)
``rate``                  score, at
``set_language``          e164, language
``store_draft``           e164, district_code, recording, seconds, at
``request_callback``      e164, district_code, at
========================  =============================================================================
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from records.call_state import CallStart
from records.calls import CallLog
from records.clock import Clock
from records.database import Transactions
from records.opening import Records
from records.requests import CallbackBook, DraftBook
from records.spool import Operation

Do = Callable[["Books", Operation, dict[str, Any]], Awaitable[object]]


class Books:
    """The books an operation may write to, in whatever transactions they are given."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self.calls = CallLog(transactions, clock)
        self.drafts = DraftBook(transactions)
        self.callbacks = CallbackBook(transactions)


async def apply(records: Records, operation: Operation) -> None:
    """Do an operation now, in a transaction of its own.

    Doing it again, also by `replay`, changes nothing more: what could not be told from a repetition by
    itself (a step) is kept under the operation's id. Raises `RecordsError`, and `ValueError` for an operation
    that cannot be done.
    """
    await perform(Books(records.database, records.clock), operation)


async def perform(books: Books, operation: Operation) -> None:
    """Do an operation on books. Raises `RecordsError`; `ValueError`: unknown, or its arguments do not fit."""
    do = _DO.get(operation.name)
    if do is None:
        raise ValueError(f"there is no operation {operation.name!r}")
    try:
        await do(books, operation, _arguments(operation.arguments))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"the arguments of operation {operation.name!r} do not fit") from error


def _arguments(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in {"at", "started_at"} else value
        for name, value in told.items()
    }


async def _step(books: Books, operation: Operation, told: dict[str, Any]) -> None:
    await books.calls.step(operation.call_id, **told, once=operation.id)


_DO: Mapping[str, Do] = {
    "start": lambda books, one, told: books.calls.start(CallStart(one.call_id, **told)),
    "step": _step,
    "set_district": lambda books, one, told: books.calls.set_district(one.call_id, **told),
    "queued": lambda books, one, told: books.calls.queued(one.call_id, **told),
    "ringing": lambda books, one, told: books.calls.ringing(one.call_id, **told),
    "answered": lambda books, one, told: books.calls.answered(one.call_id, **told),
    "ended": lambda books, one, told: books.calls.ended(one.call_id, **told),
    "rate": lambda books, one, told: books.calls.rate(one.call_id, **told),
    "set_language": lambda books, _one, told: books.calls.set_language(**told),
    "store_draft": lambda books, one, told: books.drafts.store(one.call_id, **told),
    "request_callback": lambda books, one, told: books.callbacks.request(one.call_id, **told),
}
