"""``GET /healthz``: for probes, without a login and without anything about people.

It asks neither disk nor database: what is told was found in the background, so that a probe is answered also
while a disk hangs. 503 means that no complaint can be taken: a probe may restart the service or send people
elsewhere. Everything else that is wrong is a warning beside 200: a restart would not mend it.
"""

from aiohttp import web

from desk.context import Desk, desk_of
from desk.pages import json_answer
from mapper import DirectoryError

STALE_SECONDS = 120.0
"""Whoever watches has stopped when his last look is so old: rounds come every some seconds."""


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.get("/healthz", tell_health), web.get("/favicon.ico", no_icon)]


async def tell_health(request: web.Request) -> web.Response:
    """``status`` is ok, warning or failing; ``failing`` and ``warnings`` are kinds (`desk.alarm_kinds`).
    ``phones`` tells of the link to Asterisk, without which complaints can still be taken."""
    desk = desk_of(request)
    failing, warnings = _kinds(desk)
    edition = _edition(desk)
    if edition is None:
        failing.append("directory_missing")
    records = desk.standing.readable and not any(kind.startswith("database") for kind in failing)
    if not records and not failing:
        failing.append("database_unreadable")
    body = {
        "status": "failing" if failing else "warning" if warnings else "ok",
        "records": records,
        "directory": edition is not None,
        "edition": edition,
        "phones": desk.live.connected,
        "streams": desk.hub.pages,
        "failing": failing,
        "warnings": warnings,
    }
    return json_answer(body, status=503 if failing else 200)


def _kinds(desk: Desk) -> tuple[list[str], list[str]]:
    conditions = desk.health.conditions
    failing = sorted({one.kind for one in conditions if one.unfit})
    warnings = {one.kind for one in conditions if not one.unfit}
    ago = desk.health.looked_ago
    if ago is not None and ago > STALE_SECONDS:
        warnings.add("look_stuck")
    return failing, sorted(warnings - {*failing})


def _edition(desk: Desk) -> str | None:
    try:
        return desk.edition().name
    except DirectoryError:
        return None


async def no_icon(_request: web.Request) -> web.Response:
    """Browsers ask for it unasked; the page names its own."""
    return web.Response(status=204)
