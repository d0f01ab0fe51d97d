"""The device cookie: a browser in which a person has logged in before is not held back with strangers.

As OWASP describes device cookies: whoever guesses passwords from elsewhere can then neither lock that person
out nor use up his tries. The cookie says nothing but ``ID.SEAL``; the seal is made with the person's own key,
which changes with the password: nothing is stored, and a new password makes all cookies of before worthless.
"""

import hashlib
import hmac
import re
import secrets

from aiohttp import web

from desk.door.hosts import set_cookie

LASTS_SECONDS = 90 * 86_400
"""Leave and a change of shifts are shorter; who comes back later is a stranger once."""

_VALUE = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{64})")


def cookie_of(name: str) -> str:
    """The cookie's name: one for each person who uses this browser; it does not tell his name."""
    return f"h181_device_{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def device_of(cookie: str, name: str, key: bytes) -> str:
    """The device's id when the cookie is this person's, else empty."""
    found = _VALUE.fullmatch(cookie)
    if found is None or not hmac.compare_digest(found[2], _seal(found[1], name, key)):
        return ""
    return found[1]


def remember(
    request: web.Request, response: web.StreamResponse, name: str, key: bytes, device: str = ""
) -> None:
    """Give the browser the cookie, or its own one anew."""
    device = device or secrets.token_hex(8)
    value = f"{device}.{_seal(device, name, key)}"
    set_cookie(request, response, cookie_of(name), value, max_age=LASTS_SECONDS, path="/login")


def _seal(device: str, name: str, key: bytes) -> str:
    return hmac.new(key, f"device {device} {name}".encode(), hashlib.sha256).hexdigest()
