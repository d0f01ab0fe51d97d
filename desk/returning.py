"""Addresses that forms are sent to, asked for with GET: by Return in the address line, by the choice of
language on a refused form, by the login after an ended session. Each leads to the page its form stands on."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from desk.pages import wants_json

_PAGES = {
    "/complaints": "/",
    "/complaints/{number}/steps/{step}": "/complaints/{number}",
    "/messages/{id:\\d{1,18}}/discard": "/messages",
    "/callbacks/{id:\\d{1,18}}/done": "/messages",
    "/logout": "/",
    "/language": "/",
}


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.get(address, _to(form_page), allow_head=False) for address, form_page in _PAGES.items()]


def _to(form_page: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def lead(request: web.Request) -> web.Response:
        if wants_json(request):
            raise web.HTTPMethodNotAllowed(request.method, ["POST"])
        parts = {name: quote(value, safe="") for name, value in request.match_info.items()}
        return web.Response(status=303, headers={"Location": form_page.format(**parts)})

    return lead
