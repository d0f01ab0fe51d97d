"""What a request must look like: its head before anything is done with it, its body before a handler sees it.

Whoever sends something else gets 400 (408, 413, 415) with the reason. Handlers take what was sent from
`given`; they never read a body themselves.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from aiohttp import web
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from desk.context import desk_of
from desk.door.body import read_fields, read_object
from desk.door.hosts import host_name
from desk.refusal import Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_GIVEN: web.RequestKey[Mapping[str, Any]] = web.RequestKey("given", Mapping)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}


@web.middleware
async def check_head(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse an address, a host or an origin that cannot be what a browser or a program means."""
    path, _, query = request.raw_path.partition("?")
    if _CONTROLS.search(_decoded(path)) or "\x00" in _decoded(query):
        raise Refusal(400, "request.address")
    if query:
        read_fields(query, "request.address")
    if len(request.headers.getall("Host", [])) > 1 or host_name(request.host) is None:
        raise Refusal(400, "request.host")
    origin = request.headers.get("Origin")
    if origin is not None and not _is_origin(origin):
        raise Refusal(400, "request.origin")
    return await handler(request)


@web.middleware
async def read_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read what a POST carries, within a time and a size, into a mapping of names to values."""
    if request.method == "POST":
        request[_GIVEN] = await _read(request)
    return await handler(request)


def given(request: web.Request) -> Mapping[str, Any]:
    """What was sent: form fields, or a JSON object. Text in it is text: whole characters, no NUL."""
    found: Mapping[str, Any] = request.get(_GIVEN, {})
    return found


def sent_json(request: web.Request) -> bool:
    """Whether a program sent JSON; it is answered in JSON."""
    return request.content_type == JSON


async def _read(request: web.Request) -> Mapping[str, Any]:
    limit = desk_of(request).settings.body_bytes
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, "request.encoding")
    if (request.content_length or 0) > limit:
        raise HTTPRequestEntityTooLarge(limit)
    body = await _bytes(request)
    if not body and request.content_type != JSON:
        return {}
    if request.content_type not in {FORM, JSON}:
        raise Refusal(415, "request.type")
    if (request.charset or "utf-8").lower() not in _CHARSETS:
        raise Refusal(415, "request.charset")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "request.characters") from None
    if request.content_type == JSON:
        return read_object(text)
    return read_fields(text, "request.fields")


async def _bytes(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(desk_of(request).settings.body_seconds):
            return await request.read()
    except TimeoutError:
        raise Refusal(408, "request.slow", {"Connection": "close"}) from None
    except (web.RequestPayloadError, ValueError):
        raise Refusal(400, "request.broken") from None
    except RuntimeError:
        # So aiohttp says that the connection was closed.
        if request.transport is None or request.transport.is_closing():
            raise ConnectionResetError("closed while its body was read") from None
        raise


def _decoded(text: str) -> str:
    """Raises `Refusal` for an escape that is none, or that is no UTF-8."""
    if _BAD_ESCAPE.search(text):
        raise Refusal(400, "request.address")
    try:
        return unquote_to_bytes(text.encode("utf-8")).decode("utf-8")
    except UnicodeError:
        raise Refusal(400, "request.address") from None


def _is_origin(origin: str) -> bool:
    if origin == "null":
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return bool(parts.scheme) and host_name(parts.netloc) is not None
