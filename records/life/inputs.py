"""What a step says, checked and as its event keeps it. Raises `WrongInput`; knows no states and no roles."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from records.life.complaint import AssignedTo, Complaint
from records.life.projection import assignment_data
from records.life.steps import (
    Actor,
    Answer,
    AnswerInformation,
    Ask,
    Attend,
    ChangeType,
    Context,
    DecideClose,
    DecideDemand,
    DecideDepartment,
    Escalate,
    Link,
    LinkHow,
    Note,
    Propose,
    ProposeClose,
    ProposeDepartment,
    Reassign,
    SendBack,
    SendUp,
    Step,
    Unlink,
)
from records.life.texts import DEPARTMENT, NOTE, REASON, WrongInput, reason_code, written
from records.sentence import Sentence
from records.text import clean

Data = dict[str, Any]


def said(complaint: Complaint, step: Step, actor: Actor, context: Context) -> Data:
    """The data of a step's event: what was said, and where the complaint goes. Raises `WrongInput`."""
    return _SAID[type(step)](complaint, step, actor, context)


def outcome(step: Step) -> str:
    """Which way a step goes, as `records.life.table` names it; "" when it has but one."""
    if isinstance(step, Ask):
        return step.result
    if isinstance(step, DecideDepartment | DecideClose | DecideDemand):
        return "accepted" if step.accept else "declined"
    return ""


def _move(complaint: Complaint, assigned: AssignedTo) -> Data:
    now = complaint.assigned
    return {"assigned": assignment_data(assigned), "from_level": now.level, "from_post": now.post_id}


def _up(complaint: Complaint, assigned: AssignedTo) -> Data:
    if assigned.level <= complaint.assigned.level:
        level, now = assigned.level, complaint.assigned.level
        raise WrongInput(f"level {level} is not above level {now}", f"लेवल {level} लेवल {now} से ऊपर नहीं है")
    return _move(complaint, assigned)


def _note(complaint: Complaint, step: Attend | Propose, *_: object) -> Data:
    return {"note": written(NOTE, step.note)}


def _ask(complaint: Complaint, step: Ask, actor: Actor, _context: Context) -> Data:
    if step.result not in get_args(Answer):
        known = ", ".join(get_args(Answer))
        raise WrongInput(f"the result is one of: {known}", f"उत्तर इनमें से एक हो: {known}")
    if step.result == "unreachable" and actor.role == "citizen":
        raise WrongInput("a citizen who answers was reached", "जिस नागरिक ने उत्तर दिया, उससे संपर्क हो गया है")
    data: Data = {"result": step.result, "note": written(NOTE, step.note, needed=False)}
    if step.assigned is None:
        return data
    if step.result != "not_satisfied":
        raise WrongInput(
            "it moves only when the citizen is not satisfied", "शिकायत तभी आगे जाती है जब नागरिक संतुष्ट न हो"
        )
    same = (complaint.assigned.level, complaint.assigned.post_id)
    if (step.assigned.level, step.assigned.post_id) == same:
        return data
    return data | _up(complaint, step.assigned)


def _change_type(complaint: Complaint, step: ChangeType, *_: object) -> Data:
    if not step.type_code.strip() or step.type_code == complaint.type_code:
        raise WrongInput("it has this type already; choose another one", "इसका प्रारूप पहले से यही है; दूसरा चुनें")
    return {
        "type_code": clean(step.type_code),
        "type_hi": clean(step.type_hi),
        "type_en": clean(step.type_en),
        "from_type": complaint.type_code,
        "reason": written(REASON, step.reason),
        **_move(complaint, step.assigned),
    }


def _propose_department(_complaint: Complaint, step: ProposeDepartment, *_: object) -> Data:
    return {
        "reason": written(REASON, step.reason),
        "department": written(DEPARTMENT, step.department),
    }


def _decide_department(complaint: Complaint, step: DecideDepartment, *_: object) -> Data:
    data: Data = {"accept": step.accept, "reason": written(REASON, step.reason, needed=not step.accept)}
    if not step.accept:
        return data
    if step.assigned is None:
        raise WrongInput("it needs the officer it goes to", "जिस अधिकारी के पास जाए, वह बताना ज़रूरी है")
    if step.assigned.department_code == complaint.assigned.department_code:
        raise WrongInput(
            "it would stay in the same department; name a type of another one, or decline",
            "प्रकरण उसी विभाग में रह जाएगा; दूसरे विभाग का प्रारूप चुनें, या अमान्य करें",
        )
    if step.assigned.post_id == complaint.assigned.post_id:
        raise WrongInput(
            "it would stay with the same officer; name the one it goes to, or decline",
            "शिकायत उसी अधिकारी के पास रह जाएगी; जिसके पास जाए वह चुनें, या अमान्य करें",
        )
    if step.type_code:
        data |= {name: clean(getattr(step, name)) for name in ("type_code", "type_hi", "type_en")}
        data["from_type"] = complaint.type_code
    return data | _move(complaint, step.assigned)


def _propose_close(_complaint: Complaint, step: ProposeClose, _actor: Actor, context: Context) -> Data:
    return {
        "reason_code": reason_code(step.reason_code, context),
        "note": written(NOTE, step.note),
        "citizen_told": step.citizen_told,
    }


def _decide_close(complaint: Complaint, step: DecideClose, *_: object) -> Data:
    told = step.citizen_told or complaint.citizen_told
    if step.accept and not told:
        raise WrongInput(
            "the citizen has to be told before it is closed; tell him and say so",
            "बंद करने से पहले नागरिक को बताना ज़रूरी है; उसे बताएँ और यह लिखें",
        )
    return {"accept": step.accept, "reason": written(REASON, step.reason), "citizen_told": told}


def _escalate(complaint: Complaint, step: Escalate, *_: object) -> Data:
    return {**_up(complaint, step.assigned), "not_attended": complaint.attended_at is None}


def _send_up(complaint: Complaint, step: SendUp, _actor: Actor, context: Context) -> Data:
    code, note = reason_code(step.reason_code, context), written(NOTE, step.note, needed=False)
    return {"reason_code": code, "note": note, **_up(complaint, step.assigned)}


def _send_back(complaint: Complaint, step: SendBack, *_: object) -> Data:
    if step.assigned.level != complaint.sent_up_from:
        level = complaint.sent_up_from
        raise WrongInput(
            f"it goes back to level {level}, which sent it up",
            f"यह लेवल {level} को वापस जाती है, जिसने इसे भेजा था",
        )
    return {"reason": written(REASON, step.reason), **_move(complaint, step.assigned)}


def _link(complaint: Complaint, step: Link, _actor: Actor, context: Context) -> Data:
    if step.how not in get_args(LinkHow):
        known = ", ".join(get_args(LinkHow))
        raise WrongInput(f"it is linked as one of: {known}", f"जोड़ने का ढंग इनमें से एक हो: {known}")
    if step.main == complaint.number:
        raise WrongInput(
            "it cannot be linked to itself; name another complaint",
            "शिकायत अपने-आप से नहीं जुड़ती; दूसरी शिकायत की संख्या दें",
        )
    if context.main is None or context.main.number != step.main:
        raise WrongInput(
            "there is no such complaint to link it to; check the number",
            "जोड़ने के लिए इस संख्या की कोई शिकायत नहीं है; संख्या जाँचें",
        )
    if context.main.group_of is not None:
        main = context.main.group_of
        raise WrongInput(
            f"complaint {step.main} is itself linked; link to {main}",
            f"शिकायत {step.main} स्वयं जुड़ी हुई है; {main} से जोड़ें",
        )
    return {"main": step.main, "how": step.how}


def _unlink(complaint: Complaint, *_: object) -> Data:
    return {"main": complaint.group_of}


def _reassign(complaint: Complaint, step: Reassign, *_: object) -> Data:
    return {"reason": written(REASON, step.reason), **_move(complaint, step.assigned)}


def _noted(_complaint: Complaint, step: Note | AnswerInformation, *_: object) -> Data:
    return {"text": written(Sentence("a text", "लिखित बात"), step.text)}


def _decide_demand(_complaint: Complaint, step: DecideDemand, *_: object) -> Data:
    return {"accept": step.accept, "reason": written(REASON, step.reason)}


_SAID: Mapping[type[Step], Callable[..., Data]] = {
    Attend: _note,
    Propose: _note,
    Ask: _ask,
    ChangeType: _change_type,
    ProposeDepartment: _propose_department,
    DecideDepartment: _decide_department,
    ProposeClose: _propose_close,
    DecideClose: _decide_close,
    Escalate: _escalate,
    SendUp: _send_up,
    SendBack: _send_back,
    Link: _link,
    Unlink: _unlink,
    Reassign: _reassign,
    Note: _noted,
    AnswerInformation: _noted,
    DecideDemand: _decide_demand,
}
