"""Calls on the screen: the executive's panel, one call, and the supervisor's page."""

from collections.abc import Mapping

from aiohttp import web

from desk.board_model import DeskCall
from desk.context import Desk, Viewer, desk_of, viewer_of
from desk.gave_up import where
from desk.pages import json_answer, page, wants_json
from desk.panel import Panel, build, from_record, is_withheld
from desk.refusal import Refusal
from desk.waiting import in_menus, waiting
from records import Call, CallStep
from records.phone import mask

NO_CALL = "-"
"""What the page says stands in the form beside the panel: one that is begun and belongs to no call."""


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [
        web.get("/panel", show_panel),
        web.get("/calls", show_calls),
        web.get("/calls/{call_id}", show_call),
    ]


async def own_panel(desk: Desk, viewer: Viewer) -> Panel | None:
    """The panel of the call that is on this person's screen."""
    call = desk.own_call(viewer)
    return await build(desk, viewer, call) if call is not None else None


async def show_panel(request: web.Request) -> web.Response:
    """The part of the page about the own call; with it, out of band, the state of the own phone."""
    desk, viewer = desk_of(request), viewer_of(request)
    if not viewer.takes_calls:
        raise Refusal(403, "error.forbidden")
    panel = await own_panel(desk, viewer)
    if wants_json(request):
        return json_answer({"call": panel.as_json(desk.clock()) if panel else None})
    beside = request.query.get("beside", "")
    return page(
        request, "panel.html", panel=panel, member=member_of(desk, viewer), out_of_band=True,
        beside=beside, form_panel=await beside_panel(desk, viewer, panel, beside),
    )  # fmt: skip


async def beside_panel(desk: Desk, viewer: Viewer, panel: Panel | None, call_id: str) -> Panel | None:
    """The panel of the open form's call when that is another than the one on the telephone."""
    if not call_id or call_id == NO_CALL or (panel is not None and panel.call.call_id == call_id):
        return None
    return await about_call(desk, viewer, call_id)


async def about_call(desk: Desk, viewer: Viewer, call_id: str) -> Panel | None:
    """What may be said of a call beside its form; None when it is not this viewer's."""
    try:
        return await build(desk, viewer, await find_call(desk, viewer, call_id))
    except Refusal:
        return None


async def show_call(request: web.Request) -> web.Response:
    """One call: for the executive whose call it is, and for supervisors."""
    desk, viewer = desk_of(request), viewer_of(request)
    call = await find_call(desk, viewer, request.match_info["call_id"])
    panel = await build(desk, viewer, call)
    if wants_json(request):
        return json_answer(panel.as_json(desk.clock()))
    return page(
        request, "panel.html", panel=panel, member=None, out_of_band=False, beside="", form_panel=None
    )


async def find_call(desk: Desk, viewer: Viewer, call_id: str) -> DeskCall:
    """The call when this viewer may see it. Raises `Refusal` 404 otherwise: it does not say whether it
    exists."""
    call = desk.board.calls.get(call_id)
    if call is None:
        record = await desk.records.calls.get(call_id)
        call = from_record(record) if record is not None else None
    own = viewer.user.extension
    if call is not None and (viewer.leads or (viewer.takes_calls and own and _is_at(desk, call, own))):
        return call
    raise Refusal(404, "error.no_call")


def _is_at(desk: Desk, call: DeskCall, extension: str) -> bool:
    return call.extension == extension or desk.board.ringing_for(call.call_id, extension)


def member_of(desk: Desk, viewer: Viewer) -> str:
    """The state of the own phone in the queue, as the text tables name it."""
    extension = viewer.user.extension
    if not extension:
        return "no_extension"
    member = desk.board.members.get(extension)
    if member is None:
        return "out" if desk.live.connected else "unknown"
    if not member.logged_in:
        return "out"
    if member.paused:
        return "paused"
    return "busy" if member.busy else "ready"


async def show_calls(request: web.Request) -> web.Response:
    """For supervisors: who waits now, which callers gave up and must be called back, and the last calls."""
    desk, viewer = desk_of(request), viewer_of(request)
    if not viewer.leads:
        raise Refusal(403, "error.forbidden")
    rows = desk.settings.list_rows
    recent, abandoned = await desk.records.calls.recent(rows), await desk.records.calls.abandoned(rows)
    whole = desk.settings.supervisor_sees_numbers
    noted = await desk.records.calls.noted({call.call_id for call in (*recent, *abandoned)})
    if wants_json(request):
        return json_answer(
            {
                "waiting": [each.as_json(desk.clock()) for each in waiting(desk)],
                "in_menus": in_menus(desk),
                "recent": [_as_json(call, whole, noted) for call in recent],
                "abandoned": [_as_json(call, whole, noted) | _gave_up(call) for call in abandoned],
            }
        )
    return page(
        request,
        "calls.html",
        recent=recent,
        abandoned=abandoned,
        waiting=waiting(desk),
        in_menus=in_menus(desk),
        members=[desk.board.members[extension] for extension in sorted(desk.board.members)],
        shown=lambda call: _number(call, whole),
        district=desk.districts.by_code,
        where=where,
        noted=noted,
    )


def _number(call: Call, whole: bool) -> str:
    number = call.known_number
    if is_withheld(number):
        return ""
    return number if whole else mask(number)


def _as_json(call: Call, whole: bool, noted: Mapping[str, list[CallStep]]) -> dict[str, object]:
    return {
        "call_id": call.call_id,
        "number": _number(call, whole),
        "withheld": call.withheld,
        "district": call.district_code,
        "started_at": call.started_at.isoformat(),
        "waiting_seconds": call.waiting_seconds,
        "extension": call.extension,
        "outcome": call.outcome,
        "notes": [{"kind": step.kind, **step.detail} for step in noted.get(call.call_id, ())],
    }


def _gave_up(call: Call) -> dict[str, object]:
    place, prompt = where(call)
    return {"gave_up": place, "last_prompt": prompt or None}
