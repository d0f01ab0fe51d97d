"""The alarms that pages show: read from the records every few seconds, so that no page asks the database."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from desk.alarm_kinds import KINDS, rank
from desk.board_model import Notice
from desk.context import DESK, VIEWER, Desk, desk_of, texts_of
from desk.texts import Texts
from records import Alarm, RecordsError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """An alarm in the viewer's words. ``number`` 0: it cannot be acknowledged yet."""

    number: int
    kind: str
    grave: bool
    title: str
    do: str
    since: datetime
    last: datetime
    count: int


def shown(alarm: Alarm, texts: Texts) -> Shown:
    """What to say of an alarm of any kind, also of one without texts and with data missing."""
    known = KINDS.get(alarm.kind)
    key = alarm.kind if known else "other"
    places = {"kind": alarm.kind, "subject": alarm.subject, **alarm.data}
    return Shown(
        alarm.number, alarm.kind, bool(known and known.grave),
        _fill(texts, f"alarm.{key}", places), _fill(texts, f"alarm_do.{key}", places),
        alarm.first_at, alarm.last_at, alarm.count,
    )  # fmt: skip


def _fill(texts: Texts, key: str, places: Mapping[str, object]) -> str:
    return texts(key, **{name: places.get(name, "–") for name in texts.places(key)})


def alarms_for(request: web.Request) -> list[Shown]:
    """What the viewer's bar shows, the most serious first: leaders see all, who takes calls what concerns
    him."""
    desk, viewer, texts = desk_of(request), request.get(VIEWER), texts_of(request)
    if viewer is None or not viewer.takes_calls:
        return []
    loose = desk.standing.unrecorded(desk.health.conditions, desk.clock())
    found = [
        alarm
        for alarm in (*desk.standing.alarms, *loose)
        if viewer.leads or (alarm.kind in KINDS and KINDS[alarm.kind].everybody)
    ]
    found.sort(key=lambda alarm: alarm.last_at, reverse=True)
    found.sort(key=lambda alarm: rank(alarm.kind))
    told = [shown(alarm, texts) for alarm in found]
    # Who calls back and telephones the administrator is the supervisor.
    return told if viewer.leads else [replace(each, do=texts("alarm_do.everybody")) for each in told]


async def look(desk: Desk) -> None:
    """Read the standing alarms; tell the pages when they are others than before. Never waits for a database
    that hangs."""
    standing = desk.standing
    before = standing.said()
    try:
        found = await standing.lane.run(desk.records.alarms.standing, desk.settings.alarm_limit_seconds)
        standing.alarms, standing.readable = tuple(found), True
    except (RecordsError, TimeoutError):
        standing.readable = False
    if standing.said() != before:
        desk.hub.publish(Notice("alarms", desk.clock()))


async def keep_looking(app: web.Application) -> AsyncIterator[None]:
    """Cleanup context: look while the application runs."""
    desk = app[DESK]

    async def run() -> None:
        while True:
            await look(desk)
            await asyncio.sleep(desk.settings.alarm_seconds)

    task = asyncio.create_task(run(), name="desk alarms")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    desk.standing.lane.close()
