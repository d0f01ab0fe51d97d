"""The alarm bar as a part of a page, the page of alarms, and having seen one."""

from dataclasses import asdict

from aiohttp import web

from desk.alarm_bar import Shown, alarms_for, look, shown
from desk.context import desk_of, texts_of, viewer_of
from desk.pages import is_htmx, json_answer, page, wants_json
from desk.refusal import Refusal
from records import Alarm, NoAlarmError


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [
        web.get("/alarms", show_alarms),
        web.post("/alarms/{number:\\d{1,18}}/acknowledge", acknowledge),
    ]


async def show_alarms(request: web.Request) -> web.Response:
    """What stands. A part of a page for the page itself; for leaders the whole page tells who saw what."""
    desk, viewer = desk_of(request), viewer_of(request)
    if not viewer.takes_calls:
        raise Refusal(403, "error.forbidden")
    standing = alarms_for(request)
    if is_htmx(request):
        return page(request, "alarms.html")
    if wants_json(request):
        return json_answer({"standing": [_as_json(each) for each in standing]})
    if not viewer.leads:
        raise Refusal(403, "error.forbidden")
    past = await desk.records.alarms.past(desk.settings.list_rows)
    texts = texts_of(request)
    return page(request, "alarm_list.html", past=past, said=lambda alarm: shown(alarm, texts).title)


async def acknowledge(request: web.Request) -> web.StreamResponse:
    """A leader has seen it, and will do what is to be done: it stands no more. Safe to send twice."""
    desk, viewer = desk_of(request), viewer_of(request)
    if not viewer.leads:
        raise Refusal(403, "error.forbidden")
    number = int(request.match_info["number"])
    try:
        seen: Alarm = await desk.records.alarms.acknowledge(number, by=viewer.user.username, at=desk.clock())
    except NoAlarmError:
        raise Refusal(404, "error.no_alarm") from None
    await look(desk)
    if wants_json(request) or request.content_type == "application/json":
        return json_answer({"number": seen.number, "acknowledged_by": seen.acknowledged_by})
    if is_htmx(request):
        return page(request, "alarms.html")
    return web.Response(status=303, headers={"Location": "/calls"})


def _as_json(alarm: Shown) -> dict[str, object]:
    return asdict(alarm) | {"since": alarm.since.isoformat(), "last": alarm.last.isoformat()}
