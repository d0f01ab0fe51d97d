"""The recordings of a call, to be listened to by supervisors: in order, with who talks in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from desk.context import Desk, Viewer, desk_of, viewer_of
from desk.pages import json_answer, page, wants_json
from desk.refusal import Refusal
from desk.sound import is_there, sound
from records.calls.recordings import Recording
from records.keeping.removing import Removal, removed


@dataclass(frozen=True)
class Playable:
    """A recording on a page. ``url`` is empty when its file is gone; ``removed`` says why, when we know."""

    recording: Recording
    url: str
    removed: Removal | None = None


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [
        web.get("/calls/{call_id}/recordings", show_recordings),
        web.get("/calls/{call_id}/recordings/{number:[1-9]\\d{0,2}}", play),
    ]


async def playable(
    desk: Desk, viewer: Viewer, call_id: str | None, found: Sequence[Recording]
) -> list[Playable]:
    """Those of a call's recordings that this viewer may listen to: all for supervisors, else none."""
    seen = found if viewer.leads else ()
    gone = await removed(desk.records.database, [one.file for one in seen])
    urls = [
        f"/calls/{call_id}/recordings/{number}" if await is_there(desk, one.file) else ""
        for number, one in enumerate(seen, start=1)
    ]
    return [Playable(one, url, gone.get(one.file)) for one, url in zip(seen, urls, strict=True)]


async def show_recordings(request: web.Request) -> web.Response:
    """The recordings of one call."""
    desk, call_id = _leading(request)
    call = await desk.records.calls.get(call_id)
    if call is None:
        raise Refusal(404, "error.no_call")
    recorded = await desk.records.calls.recordings(call_id)
    found = await playable(desk, viewer_of(request), call_id, recorded)
    if wants_json(request):
        return json_answer({"call_id": call_id, "recordings": [_as_json(each) for each in found]})
    complaints = await desk.records.complaints.by_call(call_id)
    return page(request, "recordings.html", call=call, recordings=found, complaints=complaints)


async def play(request: web.Request) -> web.StreamResponse:
    """The sound of one recording, counted from 1. 404 when there is none, or its file is gone."""
    desk, call_id = _leading(request)
    found = await desk.records.calls.recordings(call_id)
    number = int(request.match_info["number"])
    if number > len(found):
        raise Refusal(404, "error.no_recording")
    return await sound(desk, found[number - 1].file, "error.no_recording")


def _leading(request: web.Request) -> tuple[Desk, str]:
    if not viewer_of(request).leads:
        raise Refusal(403, "error.forbidden")
    return desk_of(request), request.match_info["call_id"]


def _as_json(each: Playable) -> dict[str, Any]:
    return {
        "file": each.recording.file,
        "at": each.recording.at.isoformat(),
        "url": each.url or None,
        "removed": {"at": each.removed.at.isoformat(), "rule": each.removed.rule} if each.removed else None,
        "talkers": [
            {"extension": talker.extension, "at": talker.at.isoformat()} for talker in each.recording.talkers
        ],
    }
