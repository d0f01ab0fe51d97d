"""What waits for somebody at the centre: spoken messages to be written down, numbers to call, and citizens to
be asked about a resolution."""

from typing import Any

from aiohttp import web

from desk.complaint_page import as_json
from desk.context import Desk, Viewer, desk_of, texts_of, viewer_of
from desk.door.reading import given
from desk.form import ComplaintForm, Problem, new_form
from desk.pages import json_answer, page, wants_json
from desk.refusal import Refusal
from desk.sound import sound
from mapper import reasons
from office import OfficeError, drafts
from office.drafts import find
from records import Callback, Complaint, Draft, RecordsError, Wanted
from records.life.states import ASKING

READ = 500
"""Messages and wishes looked through for those of a viewer's district; some tens wait at a time."""


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [
        web.get("/messages", show_messages),
        web.get("/messages/{id:\\d{1,18}}/audio", play),
        web.post("/messages/{id:\\d{1,18}}/discard", discard),
        web.post("/callbacks/{id:\\d{1,18}}/done", called),
    ]


async def show_messages(request: web.Request) -> web.Response:
    """The messages and the numbers of the viewer's district that wait, the longest first, and the complaints
    whose citizen is to be asked."""
    if wants_json(request):
        desk, viewer = desk_of(request), _taker(request)
        messages, callbacks = await _waiting(desk, viewer)
        withheld = await _withheld(desk, messages, callbacks)
        return json_answer(
            {
                "messages": [_message(each, withheld) for each in messages],
                "callbacks": [_wish(each, withheld) for each in callbacks],
                "to_ask": [as_json(each) for each in await _to_ask(desk, viewer)],
            }
        )
    return await _draw(request)


async def play(request: web.Request) -> web.StreamResponse:
    """The sound of a message, a WAV file. 404 when the file is gone."""
    desk, viewer = desk_of(request), _taker(request)
    draft = await _own(desk, viewer, request)
    return await sound(desk, draft.recording, "messages.no_sound")


async def discard(request: web.Request) -> web.StreamResponse:
    """Nobody has to listen to it any more, for a reason of the list; without one, 422."""
    desk, viewer = desk_of(request), _taker(request)
    draft = await _own(desk, viewer, request)
    sent = given(request)
    reason, note = (str(sent.get(name, "")).strip() for name in ("reason", "note"))
    texts = texts_of(request)
    if draft.number is not None:
        return await _draw(request, status=409, problem=texts("messages.registered", number=draft.number))
    if draft.closed_at is not None:
        return web.Response(status=303, headers={"Location": "/messages"})
    problem = "" if reason else texts("messages.reason_missing")
    if not problem:
        try:
            await drafts.discard(desk.office, draft.id, desk.actor(viewer), reason, note)
        except (OfficeError, RecordsError) as error:
            problem = str(error)
    if problem:
        return await _draw(request, status=422, wrong=draft.id, problem=problem)
    return web.Response(status=303, headers={"Location": "/messages"})


async def called(request: web.Request) -> web.StreamResponse:
    """The number was called back."""
    desk, viewer = desk_of(request), _taker(request)
    _, callbacks = await _waiting(desk, viewer)
    wanted = int(request.match_info["id"])
    # One that somebody else has called meanwhile is done, too.
    if any(each.id == wanted for each in callbacks):
        await desk.records.callbacks.close(wanted, desk.clock())
    return web.Response(status=303, headers={"Location": "/messages"})


async def form_of_message(desk: Desk, viewer: Viewer, text: str) -> ComplaintForm:
    """An empty form for the message with that id. Raises `Refusal` when there is none."""
    found = await _found(desk, viewer, text)
    withheld = await _withheld(desk, [found], [])
    return new_form("", found.e164 or "", message=str(found.id), withheld=bool(withheld))


async def became_of(desk: Desk, viewer: Viewer, text: str) -> str | None:
    """The complaint that somebody registered of the message with that id, or None while it waits. Raises
    `Refusal` when it was set aside, or there is none."""
    found = await _found(desk, viewer, text)
    if found.closed_at is not None and found.number is None:
        raise Refusal(404, "messages.gone")
    return found.number


async def message_problem(desk: Desk, viewer: Viewer, text: str) -> Problem | None:
    """Why no complaint can be made of the message with that id, or None; one made before is no reason."""
    try:
        found = await _found(desk, viewer, text)
    except Refusal:
        return Problem("field.message_gone")
    return Problem("field.message_gone") if found.closed_at is not None and found.number is None else None


async def _found(desk: Desk, viewer: Viewer, text: str) -> Draft:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Refusal(404, "messages.gone")
    try:
        draft = await find(desk.office, int(text))
    except OfficeError:
        raise Refusal(404, "messages.gone") from None
    if not _is_his(viewer, draft):
        raise Refusal(404, "messages.gone")
    return draft


async def _own(desk: Desk, viewer: Viewer, request: web.Request) -> Draft:
    return await _found(desk, viewer, request.match_info["id"])


async def _draw(
    request: web.Request, *, status: int = 200, wrong: int | None = None, problem: str = ""
) -> web.Response:
    desk, viewer = desk_of(request), _taker(request)
    messages, callbacks = await _waiting(desk, viewer)
    return page(
        request, "messages.html", status=status, messages=messages, callbacks=callbacks,
        withheld=await _withheld(desk, messages, callbacks),
        to_ask=await _to_ask(desk, viewer), limit=desk.settings.list_rows,
        district=desk.districts.by_code, reasons=reasons(desk.edition(), "discard"),
        wrong=wrong if any(each.id == wrong for each in messages) else None, problem=problem,
    )  # fmt: skip


async def _waiting(desk: Desk, viewer: Viewer) -> tuple[list[Draft], list[Callback]]:
    messages, callbacks = await desk.records.drafts.open(READ), await desk.records.callbacks.open(READ)
    return (
        [each for each in messages if _is_his(viewer, each)],
        [each for each in callbacks if _is_his(viewer, each)],
    )


async def _withheld(desk: Desk, messages: list[Draft], callbacks: list[Callback]) -> frozenset[str]:
    """Ids of the calls that left these, of callers who wish their number not to be shown."""
    left = [each.call_id for each in messages] + [each.call_id for each in callbacks]
    return await desk.records.calls.withheld(left)


async def _to_ask(desk: Desk, viewer: Viewer) -> list[Complaint]:
    """Complaints with a resolution that their citizen has not judged: first those he was not asked about yet.

    Of each, the earliest last day first.
    """
    found: list[Complaint] = []
    for status in ASKING:
        wanted = Wanted(status=status, district=viewer.user.district_code, by_due=True)
        found += await desk.records.complaints.search(wanted, desk.settings.list_rows)
    return found[: desk.settings.list_rows]


def _is_his(viewer: Viewer, thing: Draft | Callback) -> bool:
    """Of his district; a caller who chose none is everybody's."""
    return None in {viewer.user.district_code, thing.district_code} or (
        viewer.user.district_code == thing.district_code
    )


def _taker(request: web.Request) -> Viewer:
    viewer = viewer_of(request)
    if not viewer.takes_calls:
        raise Refusal(403, "error.forbidden")
    return viewer


def _message(draft: Draft, withheld: frozenset[str]) -> dict[str, Any]:
    return {
        "withheld": draft.call_id in withheld,
        "id": draft.id,
        "call_id": draft.call_id,
        "number": draft.e164,
        "district": draft.district_code,
        "seconds": draft.seconds,
        "at": draft.at.isoformat(),
    }


def _wish(callback: Callback, withheld: frozenset[str]) -> dict[str, Any]:
    return {
        "withheld": callback.call_id in withheld,
        "id": callback.id,
        "number": callback.e164,
        "district": callback.district_code,
        "at": callback.at.isoformat(),
    }
