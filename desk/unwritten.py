"""Calls of today that an executive took and of which no complaint was written: their forms stay in reach."""

from dataclasses import dataclass
from datetime import datetime

from desk.board_model import DeskCall
from desk.context import Desk, Viewer
from desk.formats import IST, phone
from desk.panel import from_record, is_withheld
from records.phone import mask, parse

LISTED = 8
"""Calls on the list, the newest: who took more without a complaint has said so of the older ones."""

_READ = 200
"""Calls of one executive on one day that are looked through; one takes some tens."""


@dataclass(frozen=True)
class Taken:
    """A call that has ended. ``number`` as this viewer may see it, empty for none."""

    call_id: str
    number: str
    withheld: bool
    answered_at: datetime


async def unwritten(desk: Desk, viewer: Viewer) -> list[Taken]:
    """The viewer's calls of today without a complaint, the newest first, at most `LISTED`.

    What the switchboard told counts beside the records, which follow a moment later.
    """
    extension = viewer.user.extension
    if not extension or not viewer.takes_calls:
        return []
    midnight = desk.clock().astimezone(IST).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = {
        record.call_id: from_record(record)
        for record in await desk.records.calls.taken(extension, midnight, _READ)
    }
    calls |= {call.call_id: call for call in desk.board.talked(extension)}
    today = [
        (call.answered_at, call)
        for call in calls.values()
        if call.answered_at is not None and call.answered_at >= midnight
    ]
    written = await desk.records.complaints.of_calls({call.call_id for _, call in today})
    open_ones = [(at, call) for at, call in today if call.call_id not in written]
    open_ones.sort(key=lambda each: each[0], reverse=True)
    return [_taken(desk, viewer, call, at) for at, call in open_ones[:LISTED]]


def _taken(desk: Desk, viewer: Viewer, call: DeskCall, at: datetime) -> Taken:
    whole = desk.sees_whole_number(viewer, call)
    number = phone(parse(call.caller).e164 or call.caller) if whole else mask(call.caller)
    return Taken(call.call_id, "" if is_withheld(call.caller) else number, call.withheld, at)
