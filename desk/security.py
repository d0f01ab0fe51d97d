"""The guards every request passes: who is asking, and whether a POST comes from our own page.

A POST is ours when its token equals the session's (header ``X-CSRF-Token``, or field ``csrf``), or before the
login the one in the login cookie; in any case a browser that says it comes from another site is refused. A
login sent as JSON needs no token: no page of another site can send that content type without our consent.
"""

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from aiohttp import web

from desk.context import VIEWER, Viewer, desk_of
from desk.door.guests import guest_of
from desk.door.hosts import set_cookie
from desk.door.reading import given, sent_json
from desk.refusal import Refusal

SESSION_COOKIE = "h181_session"
LOGIN_COOKIE = "h181_login"
CSRF_HEADER = "X-CSRF-Token"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PUBLIC = {"/login", "/language", "/healthz", "/favicon.ico"}
_SAFE = {"GET", "HEAD"}
_LOGIN_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
"""What `csrf_of` makes. A cookie that is something else, no text even, is written over."""
_NEW_LOGIN_TOKEN: web.RequestKey[str] = web.RequestKey("login token", str)


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
    guest = guest_of(request)
    if guest is not None and not _is_static(request):
        guest.prove(request[VIEWER].user.username if VIEWER in request else "")
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
        # A stale login page is told apart from a stale desk page by the login handler.
        if request.path != "/login" and not token_matches(request):
            raise Refusal(403, "error.csrf")
    return await handler(request)


def token_matches(request: web.Request) -> bool:
    """Whether the request carries the token of its session, or of its login cookie when nobody is logged
    in."""
    viewer = request.get(VIEWER)
    wanted = viewer.session.csrf if viewer is not None else request.cookies.get(LOGIN_COOKIE, "")
    token = request.headers.get(CSRF_HEADER, "")
    if not token and not sent_json(request):
        token = str(given(request).get("csrf", ""))
    return bool(wanted) and hmac.compare_digest(_bytes(wanted), _bytes(token))


def csrf_of(request: web.Request) -> str:
    """The token that forms of this page carry. Before the login it is made here and sent as the login
    cookie."""
    viewer: Viewer | None = request.get(VIEWER)
    if viewer is not None:
        return viewer.session.csrf
    kept: str = request.get(_NEW_LOGIN_TOKEN) or request.cookies.get(LOGIN_COOKIE, "")
    if _LOGIN_TOKEN.fullmatch(kept):
        return kept
    request[_NEW_LOGIN_TOKEN] = made = secrets.token_urlsafe(24)
    return made


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
