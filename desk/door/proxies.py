"""Who asks, when a reverse proxy stands in front: only a proxy of the settings is believed.

aiohttp-remotes walks ``X-Forwarded-For`` from the right, over the trusted proxies, to the first address
that is none. What it leaves to us is done here before: it does not look at who sent the header, it would also
take over ``X-Forwarded-Host``, which proxies pass through from the browser, and it answers 400 to a value
that is no address, which some proxies write. ``Forwarded`` and ``X-Real-IP`` are never read.
"""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware
from aiohttp_remotes import XForwardedFiltered
from multidict import CIMultiDict

from desk.door.sources import Network, is_trusted, plain

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_MOST_HOPS = 20
_SCHEMES = {"http", "https"}


def see_through(trusted: tuple[Network, ...]) -> Middleware:
    """Outermost: let ``request.remote`` and ``request.scheme`` be those that a trusted proxy tells, and
    ``request.host`` always one that can be read without asking a name server."""
    walk = XForwardedFiltered(trusted).middleware

    @web.middleware
    async def see(request: web.Request, handler: Handler) -> web.StreamResponse:
        remote = plain(request.remote)
        # HTTP/1.0 knows no Host; aiohttp would ask a name server for this machine's name.
        host = request.headers.get(hdrs.HOST) or _own_address(request)
        seen = request.clone(host=host, remote=remote)
        if not is_trusted(remote, trusted):
            return await handler(seen)
        told = _readable(",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, [])).split(","))
        if not told:
            log.debug("event=proxy-tells-nobody proxy=%s", remote)
            return await handler(seen)
        return await walk(seen.clone(headers=_headers(request, told)), handler)

    return see


def _headers(request: web.Request, told: list[str]) -> CIMultiDict[str]:
    """The request's headers with those of the proxy in the one form that can be walked."""
    headers: CIMultiDict[str] = CIMultiDict(
        (name, value.encode("utf-8", "backslashreplace").decode()) for name, value in request.headers.items()
    )
    headers[hdrs.X_FORWARDED_FOR] = ",".join(told)
    headers.popall(hdrs.X_FORWARDED_HOST, None)
    scheme = ",".join(headers.popall(hdrs.X_FORWARDED_PROTO, [])).rpartition(",")[2].strip().lower()
    if scheme in _SCHEMES:
        headers[hdrs.X_FORWARDED_PROTO] = scheme
    return headers


def _readable(hops: list[str]) -> list[str]:
    """The addresses from the right up to the first value that is none: what stands left of it was told by
    nobody we trust."""
    found: list[str] = []
    for hop in reversed(hops[-_MOST_HOPS:]):
        address = plain(_without_port(hop.strip()))
        if not address:
            break
        found.append(address)
    return found[::-1]


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _own_address(request: web.Request) -> str:
    transport = request.transport
    name = transport.get_extra_info("sockname") if transport is not None else None
    address = str(name[0]) if isinstance(name, tuple) else "127.0.0.1"
    return f"[{address}]" if ":" in address else address
