"""Refusals made into answers: a page for a browser, JSON for a program, a line of text for a part of a
page."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from desk.context import texts_of
from desk.door.reading import sent_json
from desk.pages import is_htmx, json_answer, page, wants_json
from desk.refusal import Refusal
from records import RecordsError

log = logging.getLogger(__name__)

_BY_STATUS = {
    403: "error.forbidden",
    404: "error.not_found",
    405: "request.method",
    413: "error.too_large",
    416: "request.range",
}


@web.middleware
async def answer_refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn refusals, aiohttp's own errors and mistakes of ours into answers people can act on."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _answer(request, refusal)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return _answer(
            request, Refusal(error.status, _BY_STATUS.get(error.status, "error.bad_request"), headers)
        )
    except RecordsError as error:
        log.error("event=records-failed method=%s path=%s error=%s", request.method, request.path, error)
        return _answer(request, Refusal(503, "error.records"))
    except ConnectionResetError:
        raise
    except Exception:
        log.exception("event=request-failed method=%s path=%s", request.method, request.path)
        return _answer(request, Refusal(500, "error.internal"))


def _answer(request: web.Request, refusal: Refusal) -> web.Response:
    text = texts_of(request)(refusal.key, **refusal.places)
    if wants_json(request) or sent_json(request):
        response = json_answer({"error": text}, status=refusal.status)
    elif is_htmx(request) or "text/html" not in request.headers.get("Accept", "text/html"):
        response = web.Response(text=text, status=refusal.status)
    else:
        known = request.method == "POST" and refusal.status not in {404, 405}
        response = page(
            request, "error.html", status=refusal.status, text=text, ended=refusal.status == 401,
            back=request.path if known else "/",
        )  # fmt: skip
    response.headers.update(refusal.headers)
    return response
