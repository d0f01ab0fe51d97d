"""Taking a complaint: a checked form, the officer from the mapper, one record."""

from dataclasses import dataclass
from datetime import datetime

from desk.context import Desk, Viewer
from desk.form import ComplaintForm, Problem, check
from mapper import Assignment, DirectoryError, Registration, assign
from office.assigned import assigned_to
from records import Call, Complaint, NewComplaint


@dataclass(frozen=True)
class Taken:
    """The complaint. ``stale``: its key had been registered before, with other content than sent now."""

    complaint: Complaint
    stale: bool


async def take(desk: Desk, viewer: Viewer, form: ComplaintForm) -> Taken | dict[str, Problem]:
    """Register the form's complaint, or say what is wrong with it, by field.

    A call is linked when the form names one that is not another executive's. The same key again gives the
    same complaint. Raises `records.RecordsError` when it cannot be stored.
    """
    edition = desk.edition()
    problems = check(form, edition, desk.settings)
    call = await desk.records.calls.get(form.call_id) if form.call_id and "call_id" not in problems else None
    if form.call_id and not _may_link(desk, viewer, form.call_id, call):
        problems["call_id"] = Problem("field.call_other")
    if problems:
        return problems
    now = desk.clock()
    try:
        assignment = assign(edition, Registration(form.type_code, form.place_id, now))
    except DirectoryError:
        return {"type_code": Problem("field.unassignable")}
    new = _new_complaint(desk, viewer, form, call, assignment, now)
    complaint = await desk.records.complaints.register(new, key=f"{viewer.user.username}:{form.key}")
    return Taken(complaint, stale=not _says_the_same(complaint, new))


def _may_link(desk: Desk, viewer: Viewer, call_id: str, call: Call | None) -> bool:
    """A call that nobody is known to have answered may be linked: the record of the answer can be late."""
    live = desk.board.calls.get(call_id)
    if call is None and live is None:
        return False
    takers = {call.extension if call else None, live.extension if live and live.answered_at else None} - {
        None
    }
    return viewer.leads or not takers or viewer.user.extension in takers


def _new_complaint(
    desk: Desk, viewer: Viewer, form: ComplaintForm, call: Call | None, assignment: Assignment, now: datetime
) -> NewComplaint:
    place, kind = assignment.place, assignment.type
    return NewComplaint(
        call_id=form.call_id or None,
        caller_e164=call.caller_e164 if call else None,
        citizen_name=form.citizen_name,
        citizen_phone=form.citizen_phone,
        district_code=_district(desk, viewer, call),
        place_id=place.id, place_hi=place.name_hi, place_en=place.name_en,
        type_code=kind.code, type_hi=kind.name_hi, type_en=kind.name_en,
        description=form.description,
        assigned=assigned_to(assignment),
        registered_by=viewer.user.username,
        registered_at=now,
    )  # fmt: skip


def _district(desk: Desk, viewer: Viewer, call: Call | None) -> str:
    """The centre's own district first: a caller may have pressed another one's code by mistake."""
    return viewer.user.district_code or (call.district_code if call else None) or desk.settings.district_code


def _says_the_same(complaint: Complaint, new: NewComplaint) -> bool:
    names = ("citizen_name", "citizen_phone", "place_id", "type_code", "description")
    return all(getattr(complaint, name) == getattr(new, name) for name in names)
