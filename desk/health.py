"""``GET /healthz``: for probes, without a login and without anything about people."""

from aiohttp import web

from desk.context import desk_of
from desk.pages import json_answer
from mapper import DirectoryError
from records import RecordsError


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.get("/healthz", tell_health), web.get("/favicon.ico", no_icon)]


async def tell_health(request: web.Request) -> web.Response:
    """200 when complaints can be taken (records and directory answer), else 503. ``phones`` tells of the
    link to Asterisk, without which complaints can still be taken."""
    desk = desk_of(request)
    parts = {"records": True, "directory": True}
    try:
        await desk.records.complaints.recent(1)
    except RecordsError:
        parts["records"] = False
    try:
        desk.edition()
    except DirectoryError:
        parts["directory"] = False
    well = all(parts.values())
    body = {
        "status": "ok" if well else "failing",
        **parts,
        "phones": desk.live.connected,
        "streams": desk.hub.pages,
    }
    return json_answer(body, status=200 if well else 503)


async def no_icon(_request: web.Request) -> web.Response:
    """Browsers ask for it unasked; the page names its own."""
    return web.Response(status=204)
