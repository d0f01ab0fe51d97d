"""Steps of a complaint's life, taken on its page: by officers, by the centre, by who decides."""

import logging
from collections.abc import Mapping

from aiohttp import web

from desk.complaint_page import Tried, as_json, draw_complaint, find, legal
from desk.context import desk_of, texts_of, viewer_of
from desk.door.reading import given, sent_json
from desk.pages import json_answer, wants_json
from desk.refusal import Refusal
from desk.step_fields import STEPS, YES, check, choices, read
from desk.texts import Texts
from mapper import DirectoryError, NoOfficer
from office import Office, OfficeError
from office.errors import RefusedError
from records import Complaint
from records.life.steps import Actor, Answer, LinkHow
from records.numbers import validate

log = logging.getLogger(__name__)

_ANSWERS: Mapping[str, Answer] = {
    "satisfied": "satisfied",
    "not_satisfied": "not_satisfied",
    "low_quality": "low_quality",
    "unreachable": "unreachable",
}
_HOWS: Mapping[str, LinkHow] = {"duplicate": "duplicate", "group": "group"}


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.post("/complaints/{number}/steps/{step}", take_step)]


async def take_step(request: web.Request) -> web.StreamResponse:
    """Take a step: back to the page, or the page with what is wrong (422), or why it is refused (409)."""
    desk, viewer = desk_of(request), viewer_of(request)
    step = request.match_info["step"]
    if step not in STEPS:
        raise Refusal(404, "error.no_step")
    complaint = await find(desk, request.match_info["number"])
    said = read(step, given(request))
    events = tuple(await desk.records.complaints.events(complaint.number))
    problems = check(step, said, choices(desk.edition(), complaint, events), told=complaint.citizen_told)
    if problems:
        return await _answer(request, complaint, Tried(step, said, problems), 422)
    try:
        now = await dispatch(desk.office, complaint.number, desk.actor(viewer), step, said)
    except RefusedError as error:
        log.info("event=step-refused step=%s code=%s", step, error.refusal.code)
        return await _answer(request, complaint, _refused(step, said, error, texts_of(request)), 409)
    except (OfficeError, DirectoryError) as error:
        return await _answer(request, complaint, _impossible(step, said, error, texts_of(request)), 409)
    if wants_json(request) or sent_json(request):
        steps = list(await legal(desk, viewer, now))
        return json_answer({**as_json(now), "state": now.status, "closure": now.closure, "steps": steps})
    return web.Response(status=303, headers={"Location": f"/complaints/{now.number}?done={now.last_seq}"})


def _refused(step: str, said: Mapping[str, str], error: RefusedError, texts: Texts) -> Tried:
    refusal = error.refusal
    # A state has its own words on the desk.
    state = texts("refused.state", state=texts(f"state.{refusal.status}"))
    hindi, english = error.why.hi, error.why.en
    detail = state if refusal.code == "status" else hindi if texts.language == "hi" else english
    return Tried(step, said, refused=texts(f"refused.{refusal.code}"), detail=detail)


def _impossible(
    step: str, said: Mapping[str, str], error: OfficeError | DirectoryError, texts: Texts
) -> Tried:
    """Refused by the office or by its directory, which speaks of its sheets in English."""
    if isinstance(error, OfficeError):
        detail = error.hi if texts.language == "hi" and error.hi else str(error)
        return Tried(step, said, refused=texts("refused.input"), detail=detail)
    key = "refused.no_officer" if isinstance(error, NoOfficer) else "refused.directory"
    return Tried(step, said, refused=texts(key), sheets=str(error))


async def dispatch(
    office: Office, number: str, actor: Actor, step: str, said: Mapping[str, str]
) -> Complaint:
    """Take a step with checked answers. Raises what `office.steps.Steps` raises."""
    note, reason, told = said.get("note", ""), said.get("reason", ""), bool(said.get("citizen_told"))
    accept = said.get("verdict") == YES
    match step:
        case "attend":
            return await office.attend(number, actor, note)
        case "propose":
            return await office.propose(number, actor, note)
        case "ask":
            return await office.ask(number, actor, _ANSWERS[said["answer"]], note)
        case "answer":
            return await office.answer(number, actor, note)
        case "decide_department":
            kind = said["type"] or None
            return await office.decide_department(
                number, actor, accept=accept, type_code=kind if accept else None, reason=reason
            )
        case "decide_close":
            return await office.decide_close(number, actor, accept=accept, reason=reason, citizen_told=told)
        case "decide_demand":
            return await office.decide_demand(number, actor, accept=accept, reason=reason)
        case "change_type":
            return await office.change_type(number, actor, said["type"], reason)
        case "propose_department":
            return await office.propose_department(number, actor, said["department"], reason)
        case "propose_close":
            return await office.propose_close(number, actor, reason, note, citizen_told=told)
        case "send_up":
            return await office.send_up(number, actor, reason, note)
        case "send_back":
            return await office.send_back(number, actor, reason)
        case "reassign":
            return await office.reassign(number, actor, reason)
        case "link":
            return await office.link(number, actor, validate(said["main"]), _HOWS[said["how"]])
        case "unlink":
            return await office.unlink(number, actor)
        case "note":
            return await office.note(number, actor, note)
        case _:
            raise ValueError(f"no person takes the step {step}")


async def _answer(
    request: web.Request, complaint: Complaint, tried: Tried, status: int
) -> web.StreamResponse:
    if not (wants_json(request) or sent_json(request)):
        return await draw_complaint(request, complaint.number, tried, status)
    texts, desk, viewer = texts_of(request), desk_of(request), viewer_of(request)
    if tried.problems:
        errors = {name: texts(each.key, **each.places) for name, each in tried.problems.items()}
        return json_answer({"errors": errors}, status=status)
    now = await find(desk, complaint.number)
    steps = list(await legal(desk, viewer, now))
    detail = tried.detail or tried.sheets
    return json_answer({"error": tried.refused, "detail": detail, "steps": steps}, status=status)
