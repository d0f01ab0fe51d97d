"""Taking a complaint: a checked form, registered by the office."""

from dataclasses import dataclass

from desk.context import Desk, Viewer
from desk.form import ComplaintForm, Problem, check, question
from desk.messages import message_problem
from mapper import DirectoryError
from office import drafts
from office.forms import Registering
from records import Call, Complaint
from records.life.states import KINDS


@dataclass(frozen=True)
class Taken:
    """The complaint. ``stale``: its key had been registered before, with other content than sent now."""

    complaint: Complaint
    stale: bool


async def take(desk: Desk, viewer: Viewer, form: ComplaintForm) -> Taken | dict[str, Problem]:
    """Register the form's complaint, or say what is wrong with it, by field; ``anyway`` is a question.

    A call is linked when the form names one that is not another executive's. The same key again gives the
    same complaint. Raises `records.RecordsError` when it cannot be stored.
    """
    edition = desk.edition()
    problems = check(form, edition, desk.settings)
    call = await desk.records.calls.get(form.call_id) if form.call_id and "call_id" not in problems else None
    if form.call_id and not await _may_link(desk, viewer, form.call_id, call):
        problems["call_id"] = Problem("field.call_other")
    if form.message and (gone := await message_problem(desk, viewer, form.message)):
        problems["message"] = gone
    if not problems and (asked := question(form, edition)):
        problems["anyway"] = asked
    if problems:
        return problems
    kind = next(kind for kind in KINDS if kind == form.kind)
    wanted = Registering(
        type_code=form.type_code,
        place_id=form.place_id,
        citizen_name=form.citizen_name,
        citizen_phone=form.citizen_phone,
        description=form.description,
        district_code=_district(desk, viewer, call),
        kind=kind,
        call_id=form.call_id or None,
        caller_e164=call.caller_e164 if call else None,
        key=f"{viewer.user.username}:{form.key}",
    )
    try:
        complaint = await _registered(desk, viewer, form, wanted)
    except DirectoryError:
        return {"type_code": Problem("field.unassignable")}
    return Taken(complaint, stale=not _says_the_same(complaint, wanted))


async def _registered(desk: Desk, viewer: Viewer, form: ComplaintForm, wanted: Registering) -> Complaint:
    actor = desk.actor(viewer)
    if form.message:
        return await drafts.complete(desk.office, int(form.message), actor, wanted)
    return await desk.office.register(actor, wanted)


async def _may_link(desk: Desk, viewer: Viewer, call_id: str, call: Call | None) -> bool:
    """Every executive who talked to the caller may link the call.

    One that nobody is known to have answered may be linked, too: the record of the answer can be late.
    """
    live = desk.board.calls.get(call_id)
    if call is None and live is None:
        return False
    takers = {live.extension if live and live.answered_at else None}
    takers |= await desk.records.calls.talkers(call_id)
    takers.discard(None)
    return viewer.leads or not takers or viewer.user.extension in takers


def _district(desk: Desk, viewer: Viewer, call: Call | None) -> str:
    """The centre's own district first: a caller may have pressed another one's code by mistake."""
    return viewer.user.district_code or (call.district_code if call else None) or desk.settings.district_code


def _says_the_same(complaint: Complaint, wanted: Registering) -> bool:
    names = ("citizen_name", "citizen_phone", "place_id", "type_code", "description", "kind")
    return all(getattr(complaint, name) == getattr(wanted, name) for name in names)
