"""Complaints: taking one, showing one, and the lists of one's own and of an officer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from desk.board import DeskCall
from desk.calls import find_call, member_of, own_panel
from desk.context import Desk, Viewer, desk_of, texts_of, viewer_of
from desk.form import ComplaintForm, Problem, new_form, read_form
from desk.formats import IST
from desk.login import read_json
from desk.pages import draw, is_htmx, json_answer, page, wants_json
from desk.panel import build
from desk.refusal import Refusal
from desk.taking import take
from records import Complaint, ComplaintEvent, NumberError
from records.numbers import validate
from records.phone import mask

MINE_READ = 500
"""Complaints looked through for one's own of today; a district registers some hundreds a day."""

AFTER_CALL = timedelta(minutes=15)
"""How long after a call the page still offers its form by itself."""


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [
        web.get("/", show_home),
        web.get("/form", show_form),
        web.get("/mine", show_mine),
        web.post("/complaints", register),
        web.get("/complaints/{number}", show_complaint),
    ]


async def show_home(request: web.Request) -> web.Response:
    """The desk; for an officer the list of recent complaints."""
    desk, viewer = desk_of(request), viewer_of(request)
    if not viewer.takes_calls:
        complaints = await desk.records.complaints.recent(desk.settings.list_rows)
        return page(request, "officer.html", complaints=complaints)
    return await _desk_page(request, await _first_form(desk, viewer))


async def show_form(request: web.Request) -> web.Response:
    """An empty form: of a call (``call``), of the same citizen as a complaint (``like``), or of neither."""
    desk, viewer = desk_of(request), viewer_of(request)
    _must_take(viewer)
    like, call_id = request.query.get("like"), request.query.get("call")
    form = new_form()
    if like:
        complaint = await _find(desk, like)
        if complaint.registered_by != viewer.user.username:
            raise Refusal(404, "error.no_complaint")
        form = new_form(complaint.call_id or "", complaint.citizen_phone, complaint.citizen_name)
    elif call_id:
        form = await _form_of_call(desk, viewer, await find_call(desk, viewer, call_id))
    return page(request, "form.html", form=form, errors={})


async def show_mine(request: web.Request) -> web.Response:
    """Today's complaints of the one who asks, newest first."""
    desk, viewer = desk_of(request), viewer_of(request)
    _must_take(viewer)
    mine = await _mine(desk, viewer)
    if wants_json(request):
        return json_answer({"complaints": [_as_json(each) for each in mine]})
    return page(request, "mine.html", mine=mine)


async def register(request: web.Request) -> web.StreamResponse:
    """Register the form: the saved complaint, or 422 with the problems beside the fields."""
    desk, viewer = desk_of(request), viewer_of(request)
    _must_take(viewer)
    as_json = request.content_type == "application/json"
    given: Mapping[str, Any] = await read_json(request) if as_json else await request.post()
    form = read_form(given)
    outcome = await take(desk, viewer, form)
    if isinstance(outcome, dict):
        return await _refused(request, form, outcome)
    complaint = outcome.complaint
    if as_json or wants_json(request):
        return json_answer({**_as_json(complaint), "already": outcome.stale}, status=201)
    if not is_htmx(request):
        return web.Response(status=303, headers={"Location": f"/complaints/{complaint.number}"})
    response = page(request, "saved.html", complaint=complaint, stale=outcome.stale)
    response.headers["HX-Trigger"] = "complaint-saved"
    return response


async def show_complaint(request: web.Request) -> web.Response:
    """One complaint with its history. Citizens' numbers are whole for who registered it and for
    supervisors."""
    desk, viewer = desk_of(request), viewer_of(request)
    complaint = await _find(desk, request.match_info["number"])
    events = await desk.records.complaints.events(complaint.number)
    whole = complaint.registered_by == viewer.user.username or (
        viewer.leads and desk.settings.supervisor_sees_numbers
    )
    phone = (complaint.citizen_e164 or complaint.citizen_phone) if whole else mask(complaint.citizen_phone)
    if wants_json(request):
        history = [
            {"kind": each.kind, "at": each.at.isoformat(), "actor": each.actor, "said": said(each)}
            for each in events
        ]
        more = {
            "state": complaint.status,
            "closure": complaint.closure,
            "level_since": complaint.level_since.isoformat(),
            "citizen_name": complaint.citizen_name,
            "citizen_phone": phone,
            "description": complaint.description,
            "call_id": complaint.call_id,
            "events": history,
        }
        return json_answer({**_as_json(complaint), **more})
    users = {user.username: user for user in await desk.records.users.list()}
    return page(
        request, "complaint.html", complaint=complaint, events=events, phone=phone, users=users,
        district=desk.districts.by_code(complaint.district_code),
        event_day=lambda text: datetime.fromisoformat(text).date(), said=said,
    )  # fmt: skip


def said(event: ComplaintEvent) -> str:
    """What whoever acted wrote: a note, a reason, the department he thinks it belongs to."""
    told = (event.data.get(name) for name in ("department", "reason_code", "reason", "note", "text"))
    return " · ".join(str(each) for each in told if each)


async def _desk_page(
    request: web.Request, form: ComplaintForm, errors: Mapping[str, Problem] | None = None, status: int = 200
) -> web.Response:
    desk, viewer = desk_of(request), viewer_of(request)
    return page(
        request, "desk.html", status=status, form=form, errors=errors or {},
        panel=await own_panel(desk, viewer), member=member_of(desk, viewer), mine=await _mine(desk, viewer),
        out_of_band=False,
    )  # fmt: skip


async def _refused(request: web.Request, form: ComplaintForm, problems: dict[str, Problem]) -> web.Response:
    texts = texts_of(request)
    if wants_json(request) or request.content_type == "application/json":
        errors = {name: texts(problem.key, **problem.places) for name, problem in problems.items()}
        return json_answer({"errors": errors}, status=422)
    form = _with_names(desk_of(request), form, texts.language)
    if is_htmx(request):
        return web.Response(
            text=draw(request, "form.html", form=form, errors=problems), status=422, content_type="text/html"
        )
    return await _desk_page(request, form, problems, status=422)


def _with_names(desk: Desk, form: ComplaintForm, language: str) -> ComplaintForm:
    """The chosen names, also for a program that sent only ids."""
    edition = desk.edition()
    place, kind = edition.places.get(form.place_id), edition.types.get(form.type_code)
    return replace(
        form,
        place_text=form.place_text or (getattr(place, f"name_{language}") if place else ""),
        type_text=form.type_text or (getattr(kind, f"name_{language}") if kind else ""),
    )


async def _first_form(desk: Desk, viewer: Viewer) -> ComplaintForm:
    """For a fresh page: the form of the call being talked to, or just ended, when nothing came of it yet."""
    call = desk.own_call(viewer)
    if call is None or call.answered_at is None or await desk.records.complaints.by_call(call.call_id):
        return new_form()
    if call.state == "ended" and call.since and desk.clock() - call.since > AFTER_CALL:
        return new_form()
    return await _form_of_call(desk, viewer, call)


async def _form_of_call(desk: Desk, viewer: Viewer, call: DeskCall) -> ComplaintForm:
    panel = await build(desk, viewer, call)
    return new_form(call.call_id, panel.phone, panel.known_name)


async def _mine(desk: Desk, viewer: Viewer) -> list[Complaint]:
    today = desk.today()
    return [
        each
        for each in await desk.records.complaints.recent(MINE_READ)
        if each.registered_by == viewer.user.username and each.registered_at.astimezone(IST).date() == today
    ]


async def _find(desk: Desk, text: str) -> Complaint:
    try:
        complaint = await desk.records.complaints.get(validate(text))
    except NumberError:
        complaint = None
    if complaint is None:
        raise Refusal(404, "error.no_complaint")
    return complaint


def _must_take(viewer: Viewer) -> None:
    if not viewer.takes_calls:
        raise Refusal(403, "error.forbidden")


def _as_json(complaint: Complaint) -> dict[str, Any]:
    assigned = complaint.assigned
    return {
        "number": complaint.number,
        "type_hi": complaint.type_hi,
        "type_en": complaint.type_en,
        "level_label": assigned.level_label,
        "post_hi": assigned.post_hi,
        "post_en": assigned.post_en,
        "place_hi": complaint.place_hi,
        "place_en": complaint.place_en,
        "due": assigned.due.isoformat(),
        "rule": assigned.rule,
        "edition": assigned.edition,
        "drafted": assigned.drafted,
    }
