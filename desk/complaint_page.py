"""One complaint: how it stands, both clocks, its officer, what happened, and what the viewer may do now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from desk.context import Desk, Viewer, desk_of, texts_of, viewer_of
from desk.form import Problem
from desk.formats import complaint_number
from desk.pages import json_answer, page, wants_json
from desk.recordings import playable
from desk.refusal import Refusal
from desk.step_fields import ANSWERS, HOWS, NO, STEPS, YES, choices
from desk.texts import Texts
from office.look import Look, look
from records import Complaint, ComplaintEvent, NumberError
from records.life.rules import legal_steps
from records.life.states import ASKING
from records.life.table import holds_it
from records.numbers import validate
from records.phone import mask


@dataclass(frozen=True)
class Tried:
    """A step that was not taken: what was said, and why not. ``refused``: a line for the whole step;
    ``detail``: one more in the page's language; ``sheets``: what the directory says of its sheets."""

    step: str
    said: Mapping[str, str]
    problems: Mapping[str, Problem] = field(default_factory=dict)
    refused: str = ""
    detail: str = ""
    sheets: str = ""


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.get("/complaints/{number}", show_complaint)]


async def show_complaint(request: web.Request) -> web.Response:
    """One complaint with its history. Citizens' numbers are whole for who registered it, for supervisors,
    for the officer who has it, and for executives while the citizen is to be asked."""
    desk, viewer = desk_of(request), viewer_of(request)
    complaint = await find(desk, request.match_info["number"])
    if wants_json(request):
        return json_answer(await _whole_json(desk, viewer, complaint))
    return await draw_complaint(request, complaint.number)


async def draw_complaint(
    request: web.Request, number: str, tried: Tried | None = None, status: int = 200
) -> web.Response:
    """The page of a complaint that exists; with ``tried`` a step's form opened and its problems beside it."""
    desk, viewer = desk_of(request), viewer_of(request)
    found = await look(desk.office, number)
    complaint = found.complaint
    done = found.events[-1].kind if request.query.get("done") == str(complaint.last_seq) else None
    possible = await legal(desk, viewer, complaint)
    return page(
        request, "complaint.html", status=status, complaint=complaint, look=found,
        phone=_phone(desk, viewer, complaint), users=found.people,
        district=desk.districts.by_code(complaint.district_code),
        event_day=lambda text: datetime.fromisoformat(text).date(),
        said=lambda event: said(event, found, texts_of(request)),
        steps=[step for step in STEPS if step in possible], fields=STEPS,
        choices=choices(desk.edition(), complaint, found.events), tried=tried, done=done,
        recordings=await playable(desk, viewer, complaint.call_id, found.recordings),
        answers=ANSWERS, hows=HOWS, verdicts=(YES, NO),
    )  # fmt: skip


async def legal(desk: Desk, viewer: Viewer, complaint: Complaint) -> tuple[str, ...]:
    """The steps that the viewer may take now."""
    context = await desk.office.situation(complaint)
    return legal_steps(complaint, desk.actor(viewer), desk.clock(), context)


async def find(desk: Desk, text: str) -> Complaint:
    """The complaint of a number as typed. Raises `Refusal`."""
    try:
        complaint = await desk.records.complaints.get(validate(text))
    except NumberError:
        complaint = None
    if complaint is None:
        raise Refusal(404, "error.no_complaint")
    return complaint


def said(event: ComplaintEvent, found: Look, texts: Texts) -> str:
    """What whoever acted decided and wrote: the citizen's answer, a verdict, the type it had and has, the
    complaint it is linked to; a note, a reason, the department he thinks it belongs to; codes by name."""
    language, named = texts.language, {each.code: each for each in found.edition.reasons}
    told: list[Any] = list(_decided(event, found, texts))
    for name in ("department", "reason_code", "reason", "note", "text", "why"):
        value = event.data.get(name)
        known: Mapping[str, Any] = found.edition.departments if name == "department" else named
        thing = known.get(str(value))
        told.append(getattr(thing, f"name_{language}") if thing else value)
    return " · ".join(str(each) for each in told if each)


def _decided(event: ComplaintEvent, found: Look, texts: Texts) -> Iterator[str]:
    data = event.data
    if result := data.get("result"):
        yield texts(f"choice.{result}")
        if result == "not_satisfied" and not (data.get("note") or found.complaint.erased_at):
            yield texts("complaint.no_reason")
    if "accept" in data:
        yield texts("choice.accept" if data["accept"] else "choice.reject")
    if data.get("citizen_told"):
        yield texts("step_field.citizen_told")
    if data.get("from_type"):
        had = found.edition.types.get(data["from_type"])
        before = getattr(had, f"name_{texts.language}") if had else data["from_type"]
        yield f"{before} → {data[f'type_{texts.language}']}"
    if main := data.get("main"):
        how = f"{texts('choice.' + data['how'])}: " if "how" in data else ""
        yield f"{how}{complaint_number(main)}"


def as_json(complaint: Complaint) -> dict[str, Any]:
    """A complaint in a list, for programs."""
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


def _phone(desk: Desk, viewer: Viewer, complaint: Complaint) -> str:
    if viewer.leads:
        seen = desk.settings.supervisor_sees_numbers
    elif viewer.takes_calls:
        # Whoever is to ask the citizen has to call him.
        own_district = viewer.user.district_code in {None, complaint.district_code}
        seen = own_district and complaint.status in ASKING
    else:
        seen = desk.settings.officer_sees_numbers and holds_it(complaint, desk.actor(viewer))
    whole = seen or complaint.registered_by == viewer.user.username
    return (complaint.citizen_e164 or complaint.citizen_phone) if whole else mask(complaint.citizen_phone)


async def _whole_json(desk: Desk, viewer: Viewer, complaint: Complaint) -> dict[str, Any]:
    found = await look(desk.office, complaint.number)
    history = [
        {
            "kind": each.kind,
            "at": each.at.isoformat(),
            "actor": each.actor,
            "said": said(each, found, desk.texts["hi"]),
        }
        for each in found.events
    ]
    return {
        **as_json(complaint),
        "kind": complaint.kind,
        "state": complaint.status,
        "closure": complaint.closure,
        "level_since": complaint.level_since.isoformat(),
        "days": found.clocks.total,
        "days_at_level": found.clocks.at_level,
        "citizen_name": complaint.citizen_name,
        "citizen_phone": _phone(desk, viewer, complaint),
        "description": complaint.description,
        "erased_at": complaint.erased_at.isoformat() if complaint.erased_at else None,
        "call_id": complaint.call_id,
        "withheld": found.withheld,
        "steps": list(await legal(desk, viewer, complaint)),
        "events": history,
    }
