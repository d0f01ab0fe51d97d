"""The guards every request passes: headers, who is asking, and whether a POST comes from our own page.

A POST is ours when its token equals the session's (header ``X-CSRF-Token``, or field ``csrf``), or before the
login the one in the login cookie; in any case a browser that says it comes from another site is refused. A
login sent as JSON needs no token: no page of another site can send that content type without our consent.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from aiohttp import web

from desk.context import VIEWER, Viewer, desk_of
from desk.refusal import Refusal

SESSION_COOKIE = "h181_session"
LOGIN_COOKIE = "h181_login"
CSRF_HEADER = "X-CSRF-Token"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers then send "Origin: null" even with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}

_PUBLIC = {"/login", "/language", "/healthz", "/favicon.ico"}
_SAFE = {"GET", "HEAD"}
_NEW_LOGIN_TOKEN: web.RequestKey[str] = web.RequestKey("login token", str)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: the headers of every response, streams included."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Server"] = "helpline181"


@web.middleware
async def give_login_token(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost: when a page was drawn with a new login token, send it along as a cookie. (The headers'
    signal comes too late for cookies.)"""
    response = await handler(request)
    token = request.get(_NEW_LOGIN_TOKEN)
    if token is not None and not response.prepared:
        set_cookie(request, response, LOGIN_COOKIE, token)
    return response


@web.middleware
async def know_viewer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find the session. Without one, only the public routes answer; a browser is sent to the login page."""
    desk = desk_of(request)
    token = request.cookies.get(SESSION_COOKIE)
    if token and not _is_static(request):
        found = await desk.records.users.session(token)
        if found is not None:
            session, user = found
            request[VIEWER] = Viewer(user, session)
    if VIEWER not in request and request.path not in _PUBLIC and not _is_static(request):
        page = "text/html" in request.headers.get("Accept", "")
        if page and request.path == "/logout":
            raise web.HTTPSeeOther("/login")
        browses = page and request.method == "GET"
        if browses and request.headers.get("HX-Request") != "true":
            where = "" if request.path == "/" else f"?next={quote(request.path_qs, safe='/')}"
            raise web.HTTPSeeOther(f"/login{where}")
        raise Refusal(401, "login.ended")
    return await handler(request)


@web.middleware
async def refuse_forged(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a changing request pass only when it comes from our own page or program."""
    if request.method not in _SAFE:
        if _from_elsewhere(request):
            raise Refusal(403, "error.csrf")
        json_login = request.path == "/login" and request.content_type == "application/json"
        # A stale login page is told apart from a stale desk page by the login handler.
        if not json_login and request.path != "/login" and not await token_matches(request):
            raise Refusal(403, "error.csrf")
    return await handler(request)


async def token_matches(request: web.Request) -> bool:
    """Whether the request carries the token of its session, or of its login cookie when nobody is logged
    in."""
    viewer = request.get(VIEWER)
    wanted = viewer.session.csrf if viewer is not None else request.cookies.get(LOGIN_COOKIE, "")
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.content_type != "application/json":
        given = str((await request.post()).get("csrf", ""))
    return bool(wanted) and hmac.compare_digest(_bytes(wanted), _bytes(given))


def csrf_of(request: web.Request) -> str:
    """The token that forms of this page carry. Before the login it is made here and sent as the login
    cookie."""
    viewer: Viewer | None = request.get(VIEWER)
    if viewer is not None:
        return viewer.session.csrf
    kept = request.cookies.get(LOGIN_COOKIE) or request.get(_NEW_LOGIN_TOKEN)
    if kept:
        return str(kept)
    request[_NEW_LOGIN_TOKEN] = made = secrets.token_urlsafe(24)
    return made


def set_cookie(
    request: web.Request,
    response: web.StreamResponse,
    name: str,
    value: str,
    *,
    max_age: int | None = None,
    script_may_read: bool = False,
) -> None:
    """A cookie of this site alone; over anything but plain loopback only sent by https."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=not script_may_read,
        samesite="Strict", secure=not is_plain_loopback(request),
    )  # fmt: skip


def is_plain_loopback(request: web.Request) -> bool:
    """The browser addresses this very machine without TLS: the one case where cookies need not be Secure."""
    if request.secure:
        return False
    name = urlsplit(f"//{request.host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _bytes(text: str) -> bytes:
    """Never fails: header values that were no UTF-8 arrive with lone surrogates."""
    return text.encode("utf-8", "backslashreplace")


def _from_elsewhere(request: web.Request) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _is_static(request: web.Request) -> bool:
    return request.path.startswith("/static/")
