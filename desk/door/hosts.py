"""The address a browser wrote (``Host``) and its cookies: both depend on whether it came by TLS."""

import re
from ipaddress import ip_address

from aiohttp import web

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z._-]{1,253})(:(?P<port>[0-9]{1,5}))?")


def host_name(host: str) -> str | None:
    """The name or address in a ``Host`` (or the host part of an ``Origin``), without port and brackets; None
    when it is none."""
    found = _HOST.fullmatch(host)
    if found is None or int(found["port"] or 0) > 65535:
        return None
    name = found["name"]
    if not name.startswith("["):
        return name.lower()
    try:
        return str(ip_address(name[1:-1]))
    except ValueError:
        return None


def is_plain_loopback(request: web.Request) -> bool:
    """The browser addresses this very machine without TLS: the one case where cookies need not be Secure."""
    if request.secure:
        return False
    name = host_name(request.host)
    if name == "localhost":
        return True
    try:
        return ip_address(name or "").is_loopback
    except ValueError:
        return False


def set_cookie(
    request: web.Request,
    response: web.StreamResponse,
    name: str,
    value: str,
    *,
    max_age: int | None = None,
    script_may_read: bool = False,
    path: str = "/",
) -> None:
    """A cookie of this site alone; over anything but plain loopback only sent by https."""
    response.set_cookie(
        name, value, max_age=max_age, path=path, httponly=not script_may_read,
        samesite="Strict", secure=not is_plain_loopback(request),
    )  # fmt: skip
