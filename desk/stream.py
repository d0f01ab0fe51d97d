"""``GET /events``: what happens at this person's phone, as server-sent events, within the moment.

Events: ``hello`` first, then ``ring``, ``ring-ended``, ``answered``, ``ended``, ``member``, for supervisors
also ``queued`` and ``abandoned``; ``resync`` says that events were missed and the state must be read anew;
``alarms`` says that others stand than before;
``beat`` comes when nothing else did, and tells whether the link to the phones is up. A stream that starts in
the middle of a ring or a talk is told of it at once. Data is one JSON object; ``call_id``, ``extension``,
``state`` are in each that is about a call.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from desk.board_model import DeskCall, Notice
from desk.context import Desk, Viewer, desk_of, viewer_of
from desk.hub import Subscription
from records.phone import mask

RECONNECT_MS = 1_000
"""How long a browser waits before it tries again."""


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.get("/events", send_events, allow_head=False)]


async def send_events(request: web.Request) -> web.StreamResponse:
    """Hold the stream until the page goes, the session ends, or the server stops."""
    desk, viewer = desk_of(request), viewer_of(request)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    last_id = request.headers.get("Last-Event-ID")
    page = desk.hub.open(viewer.user.username, viewer.session.token, _wanted_by(viewer), last_id)
    try:
        await response.prepare(request)
        first = [f"retry: {RECONNECT_MS}\n\n", _message("hello", _link(desk))]
        first += [
            _message(name, _about_call(desk, viewer, call, ext)) for name, ext, call in _present(desk, viewer)
        ]
        await _write(desk, response, "".join(first))
        await _pump(desk, viewer, page, response)
    except (TimeoutError, ConnectionError):
        pass
    finally:
        desk.hub.leave(page)
    return response


async def _pump(desk: Desk, viewer: Viewer, page: Subscription, response: web.StreamResponse) -> None:
    while True:
        items = await page.next(desk.settings.heartbeat_seconds)
        if items is None or desk.clock() >= viewer.session.expires_at:
            return
        if items:
            text = "".join(_notice(desk, viewer, item.notice, item.event_id) for item in items)
        else:
            text = ": beat\n" + _message("beat", _link(desk))
        await _write(desk, response, text)


async def _write(desk: Desk, response: web.StreamResponse, text: str) -> None:
    """Raises TimeoutError when the page takes nothing for too long."""
    async with asyncio.timeout(desk.settings.stream_write_seconds):
        await response.write(text.encode())


def _wanted_by(viewer: Viewer) -> Callable[[Notice], bool]:
    own = viewer.user.extension

    def wants(notice: Notice) -> bool:
        if notice.name == "resync" or viewer.leads or (notice.name == "alarms" and viewer.takes_calls):
            return True
        return viewer.takes_calls and own is not None and notice.extension == own

    return wants


def _present(desk: Desk, viewer: Viewer) -> list[tuple[str, str, DeskCall]]:
    wants = _wanted_by(viewer)
    names = {"ringing": "ring", "talking": "answered"}
    found = [(names[call.state], extension, call) for extension, call in desk.board.live()]
    return [each for each in found if wants(Notice("ring", desk.clock(), each[1]))]


def _notice(desk: Desk, viewer: Viewer, notice: Notice | None, event_id: str) -> str:
    if notice is None:
        return _message("resync", {}, event_id)
    data: dict[str, Any] = {"at": notice.at.isoformat()}
    if notice.call is not None:
        data |= _about_call(desk, viewer, notice.call, notice.extension)
    if notice.member is not None:
        member = notice.member
        data |= {"extension": member.extension, "logged_in": member.logged_in, "paused": member.paused,
                 "busy": member.busy}  # fmt: skip
    return _message(notice.name, data, event_id)


def _about_call(desk: Desk, viewer: Viewer, call: DeskCall, extension: str | None) -> dict[str, Any]:
    whole = desk.sees_whole_number(viewer, call)
    return {
        "call_id": call.call_id,
        "extension": extension,
        "state": call.state,
        "queue": call.queue,
        "district": call.district,
        "caller": call.caller if whole else mask(call.caller),
        "masked": not whole,
        "withheld": call.withheld,
    }


def _link(desk: Desk) -> dict[str, Any]:
    return {"now": desk.clock().isoformat(), "phones": desk.live.connected}


def _message(name: str, data: dict[str, Any], event_id: str | None = None) -> str:
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
