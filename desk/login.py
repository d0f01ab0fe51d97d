"""In and out: the login page and its JSON twin, logging out, and the choice of language."""

import json
import logging
import math
import re
from datetime import timedelta
from typing import Any

from aiohttp import web

from desk.context import LANGUAGE_COOKIE, VIEWER, desk_of, texts_of, viewer_of
from desk.pages import json_answer, page, wants_json
from desk.refusal import Refusal
from desk.security import (
    LOGIN_COOKIE,
    SESSION_COOKIE,
    csrf_of,
    is_plain_loopback,
    set_cookie,
    token_matches,
)
from desk.texts import LANGUAGES

log = logging.getLogger(__name__)

# A path of ours: one slash, then no second one and no backslash (browsers read both as another host).
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*$")
_LONGEST_PASSWORD = 1024


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [
        web.get("/login", show_login),
        web.post("/login", log_in),
        web.post("/logout", log_out),
        web.post("/language", choose_language),
    ]


async def show_login(request: web.Request) -> web.Response:
    """The login page; as JSON the token a form login needs."""
    if wants_json(request):
        return json_answer({"csrf": csrf_of(request)})
    if VIEWER in request:
        raise web.HTTPSeeOther(_local_path(request.query.get("next", "")))
    return _login_page(request)


async def log_in(request: web.Request) -> web.StreamResponse:
    """Check the password and start a session. Wrong passwords are counted per user and address."""
    as_json = request.content_type == "application/json"
    given: dict[str, Any] = await read_json(request) if as_json else dict(await request.post())
    if not as_json and not await token_matches(request):
        lost = LOGIN_COOKIE not in request.cookies and not is_plain_loopback(request) and not request.secure
        return _login_page(request, "login.insecure" if lost else "login.stale", status=403, given=given)
    username, password = str(given.get("username", "")).strip(), str(given.get("password", ""))
    if not username or not password or len(password) > _LONGEST_PASSWORD:
        return _refused(request, as_json, "login.missing", 422, given)

    desk = desk_of(request)
    key, now = (username.casefold(), request.remote), desk.clock().timestamp()
    wait = desk.throttle.wait(key, now)
    if wait > 0:
        log.warning("event=login-held-back user=%r address=%s seconds=%d", username, request.remote, wait)
        return _refused(request, as_json, "login.throttled", 429, given, wait)
    # Counted before the check, so that attempts sent at once do not all slip through.
    desk.throttle.failed(key, now)
    user = await desk.records.users.verify(username, password)
    if user is None:
        log.warning("event=login-refused user=%r address=%s", username, request.remote)
        return _refused(request, as_json, "login.wrong", 401, given)
    desk.throttle.succeeded(key)

    former = request.cookies.get(SESSION_COOKIE)
    if former:
        await desk.records.users.close_session(former)
    lifetime = timedelta(hours=desk.settings.session_hours)
    session = await desk.records.users.open_session(user.username, lifetime)
    response: web.StreamResponse
    if as_json:
        response = json_answer(
            {
                "csrf": session.csrf,
                "username": user.username,
                "role": user.role,
                "extension": user.extension,
                "display_name_hi": user.display_name_hi,
                "display_name_en": user.display_name_en,
            }
        )
    else:
        response = web.Response(status=303, headers={"Location": _local_path(str(given.get("next", "")))})
    set_cookie(request, response, SESSION_COOKIE, session.token, max_age=int(lifetime.total_seconds()))
    response.del_cookie(LOGIN_COOKIE, path="/")
    return response


async def log_out(request: web.Request) -> web.Response:
    """End the session and its event streams."""
    desk, viewer = desk_of(request), viewer_of(request)
    token = request.cookies[SESSION_COOKIE]
    await desk.records.users.close_session(token)
    desk.hub.close_session(viewer.session.csrf)
    response: web.Response
    if wants_json(request):
        response = json_answer({})
    else:
        response = web.Response(status=303, headers={"Location": "/login"})
    response.del_cookie(SESSION_COOKIE, path="/")
    return response


async def choose_language(request: web.Request) -> web.Response:
    """Keep the language in a cookie and show the page again."""
    given: dict[str, Any]
    given = (
        await read_json(request) if request.content_type == "application/json" else dict(await request.post())
    )
    language = str(given.get("language", ""))
    if language not in LANGUAGES:
        raise Refusal(422, "error.bad_request")
    response: web.Response
    if wants_json(request):
        response = json_answer({"language": language})
    else:
        response = web.Response(status=303, headers={"Location": _local_path(str(given.get("next", "")))})
    set_cookie(request, response, LANGUAGE_COOKIE, language, max_age=365 * 86_400)
    return response


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object; anything else is refused."""
    try:
        given = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(400, "error.bad_request") from None
    if not isinstance(given, dict):
        raise Refusal(400, "error.bad_request")
    return given


def _refused(
    request: web.Request, as_json: bool, key: str, status: int, given: dict[str, Any], wait: float = 0.0
) -> web.Response:
    minutes = math.ceil(wait / 60)
    places = {"minutes": minutes} if wait else {}
    if as_json or wants_json(request):
        response = json_answer({"error": texts_of(request)(key, **places)}, status=status)
    else:
        response = _login_page(request, key, status=status, given=given, **places)
    if wait:
        response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def _login_page(
    request: web.Request,
    problem: str | None = None,
    *,
    status: int = 200,
    given: dict[str, Any] | None = None,
    **places: object,
) -> web.Response:
    text = texts_of(request)(problem, **places) if problem else None
    return page(
        request,
        "login.html",
        status=status,
        problem=text,
        username=str((given or {}).get("username", ""))[:200],
        next_path=_local_path(str((given or {}).get("next", request.query.get("next", "")))),
    )


def _local_path(path: str) -> str:
    return path if _LOCAL_PATH.match(path) else "/"
