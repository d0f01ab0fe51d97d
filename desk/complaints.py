"""Taking a complaint, and the list of one's own of today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from desk.board_model import DeskCall
from desk.calls import about_call, beside_panel, find_call, member_of, own_panel
from desk.complaint_page import as_json, find
from desk.context import Desk, Viewer, desk_of, texts_of, viewer_of
from desk.door.reading import given, sent_json
from desk.form import ComplaintForm, Problem, new_form, read_form
from desk.formats import IST
from desk.messages import became_of, form_of_message
from desk.officer import show_office
from desk.pages import draw, is_htmx, json_answer, page, wants_json
from desk.panel import Panel, build
from desk.refusal import Refusal
from desk.taking import take
from desk.unwritten import unwritten
from records import Complaint

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
    ]


async def show_home(request: web.Request) -> web.Response:
    """The desk; for an officer the complaints that wait for him."""
    desk, viewer = desk_of(request), viewer_of(request)
    if not viewer.takes_calls:
        return await show_office(request)
    return await _desk_page(request, await _first_form(desk, viewer))


async def show_form(request: web.Request) -> web.Response:
    """An empty form: of a call (``call``), of a spoken message (``message``), of the same citizen as a
    complaint (``like``), or of none."""
    desk, viewer = desk_of(request), viewer_of(request)
    _must_take(viewer)
    like, call_id, message = (request.query.get(name) for name in ("like", "call", "message"))
    form = new_form()
    if like:
        complaint = await find(desk, like)
        if complaint.registered_by != viewer.user.username:
            raise Refusal(404, "error.no_complaint")
        form = new_form(complaint.call_id or "", complaint.citizen_phone, complaint.citizen_name)
    elif message:
        if not is_htmx(request) and (made := await became_of(desk, viewer, message)):
            raise web.HTTPSeeOther(f"/complaints/{made}")
        form = await form_of_message(desk, viewer, message)
        if not is_htmx(request):
            return await _desk_page(request, form)
    elif call_id:
        form = await _form_of_call(desk, viewer, await find_call(desk, viewer, call_id))
    return page(request, "form.html", form=form, errors={}, about=await _about(desk, viewer, form))


async def show_mine(request: web.Request) -> web.Response:
    """Today's complaints of the one who asks, newest first."""
    desk, viewer = desk_of(request), viewer_of(request)
    _must_take(viewer)
    mine = await _mine(desk, viewer)
    if wants_json(request):
        return json_answer({"complaints": [as_json(each) for each in mine]})
    return page(request, "mine.html", mine=mine, unwritten=await unwritten(desk, viewer))


async def register(request: web.Request) -> web.StreamResponse:
    """Register the form: the saved complaint, or 422 with the problems beside the fields.

    A town's type at a village, or the reverse, is asked about: 422 with the question as the error of
    ``anyway``. Sent again with ``anyway`` as the answer gives it ("TYPE@PLACE") it is registered.
    """
    desk, viewer = desk_of(request), viewer_of(request)
    _must_take(viewer)
    program = sent_json(request)
    form = read_form(given(request))
    outcome = await take(desk, viewer, form)
    if isinstance(outcome, dict):
        return await _refused(request, form, outcome)
    complaint = outcome.complaint
    if program or wants_json(request):
        return json_answer({**as_json(complaint), "already": outcome.stale}, status=201)
    if not is_htmx(request):
        return web.Response(status=303, headers={"Location": f"/complaints/{complaint.number}"})
    response = page(request, "saved.html", complaint=complaint, stale=outcome.stale, source=form.source)
    response.headers["HX-Trigger"] = "complaint-saved"
    return response


async def _desk_page(
    request: web.Request, form: ComplaintForm, errors: Mapping[str, Problem] | None = None, status: int = 200
) -> web.Response:
    desk, viewer = desk_of(request), viewer_of(request)
    panel = await own_panel(desk, viewer)
    return page(
        request, "desk.html", status=status, form=form, errors=errors or {},
        about=await _about(desk, viewer, form), panel=panel, member=member_of(desk, viewer),
        beside=form.call_id, form_panel=await beside_panel(desk, viewer, panel, form.call_id),
        mine=await _mine(desk, viewer), unwritten=await unwritten(desk, viewer), out_of_band=False,
    )  # fmt: skip


async def _refused(request: web.Request, form: ComplaintForm, problems: dict[str, Problem]) -> web.Response:
    texts, desk, viewer = texts_of(request), desk_of(request), viewer_of(request)
    form = _with_names(desk, form, texts.language)
    if "anyway" in problems:
        names = {"type": form.type_text, "place": form.place_text}
        problems["anyway"] = replace(problems["anyway"], places=names)
    if wants_json(request) or sent_json(request):
        errors = {name: texts(problem.key, **problem.places) for name, problem in problems.items()}
        asked = {"anyway": form.pair} if "anyway" in problems else {}
        return json_answer({"errors": errors, **asked}, status=422)
    if is_htmx(request):
        about = await _about(desk, viewer, form)
        html = draw(request, "form.html", form=form, errors=problems, about=about)
        return web.Response(text=html, status=422, content_type="text/html")
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


async def _about(desk: Desk, viewer: Viewer, form: ComplaintForm) -> Panel | None:
    """The call that the form is of, to be named on it."""
    return await about_call(desk, viewer, form.call_id) if form.call_id else None


async def _form_of_call(desk: Desk, viewer: Viewer, call: DeskCall) -> ComplaintForm:
    panel = await build(desk, viewer, call)
    return new_form(call.call_id, panel.phone, panel.known_name, withheld=panel.withheld)


async def _mine(desk: Desk, viewer: Viewer) -> list[Complaint]:
    today = desk.today()
    return [
        each
        for each in await desk.records.complaints.recent(MINE_READ)
        if each.registered_by == viewer.user.username and each.registered_at.astimezone(IST).date() == today
    ]


def _must_take(viewer: Viewer) -> None:
    if not viewer.takes_calls:
        raise Refusal(403, "error.forbidden")
