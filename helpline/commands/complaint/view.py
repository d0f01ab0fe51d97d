"""A complaint on a terminal, as an officer reads it: how it stands, both clocks, its officer, its history."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from desk.formats import complaint_number, phone
from helpline.columns import pad, width, wrap
from helpline.commands import words
from mapper import Edition, reasons
from office.clocks import Clocks
from office.errors import command_of
from office.look import Chair, Look, Turn
from records import Complaint, ComplaintEvent, User
from records.calls.recordings import Recording

COLUMNS = 100
_LABEL = 12
_BESIDE_MOMENT = " " * 27


def lines_of(look: Look) -> list[str]:
    """The whole page."""
    complaint = look.complaint
    head = f"{complaint_number(complaint.number)}  {words.state(complaint)}"
    kind = {
        "complaint": "Complaint",
        "demand": "Demand",
        "suggestion": "Suggestion",
        "information": "Request",
    }
    lines = [head, "─" * min(COLUMNS, width(head))]
    lines += _field(kind[complaint.kind], words.name(complaint.type_hi, complaint.type_en))
    lines += _field(
        "Department", words.name(complaint.assigned.department_hi, complaint.assigned.department_en)
    )
    lines += _field("Place", _place(complaint, look.edition))
    lines += _field("Citizen", _citizen(complaint))
    if look.withheld and not complaint.erased_at:
        lines += _field("Caller", "withheld his number: show it to nobody who does not need it")
    lines += _field("Says", complaint.description)
    for recording in look.recordings:
        lines += _field("Recording", f"{recording.file}: {_talkers(recording)}")
    if complaint.group_of:
        lines += _field(
            "Linked to", f"{complaint_number(complaint.group_of)}, the main complaint of the matter"
        )
    if look.members:
        are = "is" if len(look.members) == 1 else "are"
        others = ", ".join(map(complaint_number, look.members))
        lines += _field("With it", f"{others} {are} linked to this one")
    lines += ["", *_standing(look), "", "History"]
    for event in look.events:
        lines += event_lines(event, look.people, look.edition, erased=bool(look.complaint.erased_at))
    lines += ["", *_next(look)]
    return lines


def _citizen(complaint: Complaint) -> str:
    if complaint.erased_at:
        return f"erased on {words.day(complaint.erased_at)}, at his request (नागरिक के अनुरोध पर मिटाया गया)"
    number = complaint.citizen_e164 or complaint.citizen_phone
    return f"{complaint.citizen_name}, {phone(number)}" if number else complaint.citizen_name


def officer(chair: Chair) -> list[str]:
    """A post, and below it who acts there."""
    told = [words.name(chair.hi, chair.en)]
    for place, holder in enumerate(chair.holders):
        charge = "" if holder.charge == "regular" else f", {holder.charge} charge"
        other = f", as deputy from {holder.post_id}" if holder.post_id != chair.post_id else ""
        acts = "" if place == 0 else ", does not act today"
        number = f", {phone(holder.phone)}" if holder.phone else ""
        told.append(f"  {words.name(holder.name_hi, holder.name_en)}{number}{charge}{other}{acts}")
    if not chair.holders:
        told.append("  nobody is written down for this post (sheet holders.csv)")
    return told


def turn_lines(turns: Iterable[Turn]) -> list[str]:
    """Who may take which steps now."""
    lines = []
    for turn in turns:
        if turn.chair and turn.steps == ("note",):
            continue
        who = {"clock": "the clock, by itself", "executive": "an executive", "supervisor": "a supervisor",
               "administrator": "an administrator"}.get(turn.who, turn.who)  # fmt: skip
        if turn.chair:
            acting = next(iter(turn.chair.holders), None)
            who = f"{words.name(turn.chair.hi, turn.chair.en)} [{turn.chair.post_id}]"
            who += f", {words.name(acting.name_hi, acting.name_en)}" if acting else ""
        lines += wrap(who, COLUMNS, indent="  ")
        lines += wrap(", ".join(map(command_of, turn.steps)), COLUMNS, indent="      ")
    return lines


def event_lines(
    event: ComplaintEvent, people: Mapping[str, User], edition: Edition, *, erased: bool = False
) -> list[str]:
    """One line for what happened and who did it, and what was said or decided below it."""
    user = people.get(event.actor)
    who = f"{words.name(user.display_name_hi, user.display_name_en)}, {user.role}" if user else event.actor
    if post_id := event.data.get("post"):
        who += f" [{post_id}]"
    told = [f"{words.event(event.kind)} · {who}", *_said(event, edition, erased=erased)]
    first, *lines = [line for each in told for line in wrap(each, COLUMNS, indent=_BESIDE_MOMENT)]
    return [pad(f"  {words.moment(event.at)}", len(_BESIDE_MOMENT)) + first.lstrip(), *lines]


def _standing(look: Look) -> list[str]:
    complaint, clocks = look.complaint, look.clocks
    level = complaint.assigned.level_label
    chair = officer(look.chair)
    lines = _field("Officer", f"{level} {chair[0]}")
    lines += [f"{' ' * _LABEL} {line}" for line in chair[1:]]
    ended = "closed after" if clocks.stopped else "for"
    lines += _field(
        "All in all", f"{ended} {words.days(clocks.total)}, since {words.day(clocks.registered_on)}"
    )
    if clocks.stopped:
        lines += _field("This level", f"{level} had it for {words.days(clocks.at_level)}")
    else:
        if clocks.waits:
            left = f"its clock stands until the citizen is asked (the last day: {words.day(clocks.due)})"
        elif clocks.overdue:
            left = f"OVERDUE by {words.days(-clocks.left)}: the limit ended with {words.day(clocks.due)}"
        elif clocks.left == 0:
            left = f"today is the last day ({words.day(clocks.due)})"
        else:
            left = f"{words.days(clocks.left)} left, until the end of {words.day(clocks.due)}"
        lines += _field("This level", f"{level} for {words.days(clocks.at_level)}; {left}")
    if complaint.not_attended:
        passed = ", ".join(f"L{each}" for each in complaint.not_attended)
        lines += _field("", f"not attended by {passed} (नॉट अटेंडेड)")
    if (back := look.not_satisfied) and not complaint.erased_at:
        why = back.data.get("note") or _NO_REASON
        lines += _field("", f"not satisfied on {words.moment(back.at)}: {why}")
    if look.tries:
        lines += _field("", f"citizen not reached: {_tries(look.tries)} so far")
    if complaint.assigned.drafted:
        lines += _field("", "to be confirmed by the department: a rule behind this officer or day is drafted")
    return lines


def _tries(number: int) -> str:
    return "1 try" if number == 1 else f"{number} tries"


def _next(look: Look) -> list[str]:
    if look.complaint.status == "closed":
        return ["Closed. An executive may still add a note."]
    lines = ["Next"]
    above = look.above
    if look.clocks.waits:
        lines.append("  the citizen is to be asked; it goes up only when he is not satisfied")
    elif above.level is None:
        lines.append("  this is the highest level")
    elif above.way == "manual":
        lines.append(f"  it goes to {above.label} by hand only (send-up, with a reason)")
    else:
        lines.append(
            f"  unless the citizen agrees before, it goes to {above.label} when this level's limit ends"
        )
    return [*lines, *turn_lines(look.turns)]


def _place(complaint: Complaint, edition: Edition) -> str:
    """The place with the units that tell it from others of its name, where the edition knows them."""
    told = words.name(complaint.place_hi, complaint.place_en)
    place = edition.places.get(complaint.place_id)
    if place is None:
        return told
    units = [place.territory.units.get(scope) for scope in edition.kinds[place.kind].where]
    where = [f"{edition.kinds[unit.kind].name_hi} {unit.name_hi}" for unit in units if unit]
    return ", ".join([told, *where])


def _said(event: ComplaintEvent, edition: Edition, *, erased: bool) -> list[str]:
    data, lines = event.data, []
    purpose = _PURPOSES.get(event.kind, "")
    if "result" in data:
        lines.append(_RESULTS.get(data["result"], data["result"]))
        if data["result"] == "not_satisfied" and not data.get("note") and not erased:
            lines.append(_NO_REASON)
    if "accept" in data:
        lines.append("मान्य (accepted)" if data["accept"] else "अमान्य (rejected)")
    if data.get("type_code") and data.get("from_type"):
        lines.append(
            f"{data['from_type']} → {data['type_code']} {words.name(data['type_hi'], data['type_en'])}"
        )
    if department := data.get("department"):
        known = edition.departments.get(department)
        lines.append(f"→ {words.name(known.name_hi, known.name_en) if known else department}")
    if code := data.get("reason_code"):
        lines.append(_reason(edition, purpose, code))
    if main := data.get("main"):
        lines.append(f"{data.get('how', '')} of {complaint_number(main)}".strip())
    lines += [
        _reason(edition, purpose, data[key]) for key in ("reason", "note", "text", "why") if data.get(key)
    ]
    if data.get("not_attended"):
        lines.append(f"L{data['from_level']} made no entry: नॉट अटेंडेड (not attended)")
    assigned = data.get("assigned") or (data if "post_id" in data else None)
    if assigned:
        due = words.day(date.fromisoformat(assigned["due"]))
        lines.append(
            f"→ {assigned['level_label']} {words.name(assigned['post_hi'], assigned['post_en'])}, until {due}"
        )
    return lines


_NO_REASON = "कारण नहीं बताया गया (no reason was given)"
_RESULTS = {
    "satisfied": "संतुष्ट (satisfied)",
    "low_quality": "निम्न गुणवत्ता (low quality)",
    "not_satisfied": "असंतुष्ट (not satisfied)",
    "unreachable": "संपर्क नहीं हुआ (not reached)",
}


_PURPOSES = {
    "type_changed": "change_type",
    "department_proposed": "out_of_department",
    "close_proposed": "special_close",
    "sent_up": "send_up",
    "sent_back": "send_back",
    "reassigned": "reassign",
    "demand_decided": "decline",
}
"""From which list of reasons.csv the reason of an event is."""


def _reason(edition: Edition, purpose: str, text: str) -> str:
    """A reason's words for its code; any other text as it is."""
    for reason in reasons(edition, purpose):
        if reason.code == text:
            return words.name(reason.name_hi, reason.name_en)
    return text


def _talkers(recording: Recording) -> str:
    """Who talks in it, and since when."""
    told = [f"{who.extension} from {words.moment(who.at)}" for who in recording.talkers]
    return ", then ".join(told) or words.moment(recording.at)


def _field(label: str, text: str) -> list[str]:
    first, *others = wrap(text, COLUMNS - _LABEL - 1) or [""]
    return [f"{pad(label, _LABEL)} {first}".rstrip(), *(f"{' ' * _LABEL} {line}" for line in others)]


def clock_data(clocks: Clocks) -> dict[str, Any]:
    """Both clocks for programs."""
    return {**asdict(clocks), "overdue": clocks.overdue}


def as_data(complaint: Complaint) -> dict[str, Any]:
    """The complaint for programs, its state in words too."""
    return {
        **asdict(complaint),
        "state_hi": words.state_hi(complaint),
        "state_en": words.state_en(complaint),
    }


def registered_lines(made: Complaint) -> list[str]:
    """What is told of a complaint that was just registered."""
    assigned = made.assigned
    return [
        f"{made.number}  {words.name(made.type_hi, made.type_en)}",
        f"  → {assigned.level_label} {words.name(assigned.post_hi, assigned.post_en)},"
        f" until the end of {words.day(assigned.due)}",
        f"  next: helpline complaint show {made.number}",
    ]
