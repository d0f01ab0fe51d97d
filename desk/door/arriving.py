"""Tell the connection when a request's head is complete and when it was answered."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from desk.door.guests import guest_of


@web.middleware
async def note_arrival(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Outermost."""
    guest = guest_of(request)
    if guest is None:
        return await handler(request)
    guest.arrived()
    try:
        return await handler(request)
    finally:
        guest.answered()
