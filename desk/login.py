"""In and out: the login page and its JSON twin, logging out, and the choice of language."""

import logging
import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web

from desk.context import LANGUAGE_COOKIE, VIEWER, desk_of, texts_of
from desk.door.device import cookie_of, device_of, remember
from desk.door.gate import Attempt
from desk.door.guests import held
from desk.door.hosts import is_plain_loopback, set_cookie
from desk.door.reading import given, sent_json
from desk.door.sources import source_of
from desk.door.turns import BusyError
from desk.pages import json_answer, page, wants_json
from desk.refusal import Refusal
from desk.security import LOGIN_COOKIE, SESSION_COOKIE, csrf_of, token_matches
from desk.texts import LANGUAGES

log = logging.getLogger(__name__)

# A path of ours: one slash, then no second one and no backslash (browsers read both as another host).
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*$")
_LONGEST_USERNAME = 100
_LONGEST_PASSWORD = 1024
_BUSY_SECONDS = 3.0
"""When to try again: the waiting log-ins have been checked by then."""


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
    """Check the password and start a session. Who may try now, `desk.door.gate` says before anything is
    hashed; when too many are being checked, the answer is 503 within seconds."""
    sent = given(request)
    if not sent_json(request) and not token_matches(request):
        lost = LOGIN_COOKIE not in request.cookies and not is_plain_loopback(request) and not request.secure
        return _login_page(request, "login.insecure" if lost else "login.stale", status=403, sent=sent)
    username, password = str(sent.get("username", "")).strip(), str(sent.get("password", ""))
    if not username or not password or len(username) > _LONGEST_USERNAME or len(password) > _LONGEST_PASSWORD:
        return _refused(request, "login.missing", 422, sent)

    desk, name = desk_of(request), username.casefold()
    attempt, now = await _attempt(request, name), desk.clock().timestamp()
    wait = desk.gate.wait(attempt, now)
    if wait > 0:
        log.warning("event=login-held-back user=%r address=%s seconds=%d", username, request.remote, wait)
        return _refused(request, "login.throttled", 429, sent, wait)
    # Counted before the check, so that attempts sent at once do not all slip through.
    desk.gate.began(attempt, now)
    try:
        with held(request):
            async with desk.turns.taken(attempt.source, known=desk.gate.knows(attempt)):
                user = await desk.records.users.verify(username, password)
    except BusyError:
        desk.gate.untried(attempt)
        log.warning("event=login-busy user=%r address=%s", username, request.remote)
        return _refused(request, "login.busy", 503, sent, _BUSY_SECONDS)
    if user is None:
        log.warning("event=login-refused user=%r address=%s", username, request.remote)
        return _refused(request, "login.wrong", 401, sent)
    desk.gate.succeeded(attempt)

    former = request.cookies.get(SESSION_COOKIE)
    if former:
        await desk.records.users.close_session(former)
    lifetime = timedelta(hours=desk.settings.session_hours)
    session = await desk.records.users.open_session(user.username, lifetime)
    response: web.StreamResponse
    if sent_json(request):
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
        response = web.Response(status=303, headers={"Location": _local_path(str(sent.get("next", "")))})
    set_cookie(request, response, SESSION_COOKIE, session.token, max_age=int(lifetime.total_seconds()))
    response.del_cookie(LOGIN_COOKIE, path="/")
    if key := await desk.records.users.device_key(name):
        remember(request, response, name, key, attempt.device)
    return response


async def log_out(request: web.Request) -> web.Response:
    """End the session and its event streams."""
    desk = desk_of(request)
    token = request.cookies[SESSION_COOKIE]
    await desk.records.users.close_session(token)
    desk.hub.close_session(token)
    response: web.Response
    if wants_json(request):
        response = json_answer({})
    else:
        response = web.Response(status=303, headers={"Location": "/login"})
    response.del_cookie(SESSION_COOKIE, path="/")
    return response


async def choose_language(request: web.Request) -> web.Response:
    """Keep the language in a cookie and show the page again."""
    sent = given(request)
    language = str(sent.get("language", ""))
    if language not in LANGUAGES:
        raise Refusal(422, "error.bad_request")
    response: web.Response
    if wants_json(request):
        response = json_answer({"language": language})
    else:
        response = web.Response(status=303, headers={"Location": _local_path(str(sent.get("next", "")))})
    set_cookie(request, response, LANGUAGE_COOKIE, language, max_age=365 * 86_400)
    return response


async def _attempt(request: web.Request, name: str) -> Attempt:
    """What is tried: by which name, from where, and whether in a browser where he logged in before."""
    source, cookie = source_of(request.remote), request.cookies.get(cookie_of(name))
    if not cookie:
        return Attempt(name, source)
    key = await desk_of(request).records.users.device_key(name)
    return Attempt(name, source, device_of(cookie, name, key) if key else "")


def _refused(
    request: web.Request, key: str, status: int, sent: Mapping[str, Any], wait: float = 0.0
) -> web.Response:
    minutes = math.ceil(wait / 60)
    places = {"minutes": minutes} if wait else {}
    if sent_json(request) or wants_json(request):
        response = json_answer({"error": texts_of(request)(key, **places)}, status=status)
    else:
        response = _login_page(request, key, status=status, sent=sent, **places)
    if wait:
        response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def _login_page(
    request: web.Request,
    problem: str | None = None,
    *,
    status: int = 200,
    sent: Mapping[str, Any] | None = None,
    **places: object,
) -> web.Response:
    text = texts_of(request)(problem, **places) if problem else None
    return page(
        request,
        "login.html",
        status=status,
        problem=text,
        username=str((sent or {}).get("username", ""))[:200],
        next_path=_local_path(str((sent or {}).get("next", request.query.get("next", "")))),
    )


def _local_path(path: str) -> str:
    return path if _LOCAL_PATH.match(path) else "/"
