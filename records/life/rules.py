"""The life of a complaint: which steps are legal, and the event a legal one makes. Pure; time is a parameter.

The rules are the rows of `records.life.table`; the steps are in `records.life.steps`.
"""

from datetime import datetime, timedelta

from records.clock import INDIA, as_utc
from records.errors import IllegalStep
from records.life.chain import NewEvent
from records.life.complaint import Complaint
from records.life.inputs import Data, outcome, said
from records.life.projection import attended_after
from records.life.states import ATTENDED, ESCALATING, OPEN, UNREACHABLE, told_state
from records.life.steps import CLOCK, Actor, Context, Step
from records.life.table import STAYS, TABLE, WITH_OFFICER, Row, holds_it
from records.life.texts import WrongInput
from records.sentence import Sentence
from records.text import clean

__all__ = [
    "CLOCK",
    "ESCALATING",
    "SKEW",
    "TABLE",
    "Actor",
    "Context",
    "apply",
    "legal_steps",
    "permit",
    "told_state",
]

SKEW = timedelta(minutes=5)
"""How far the clocks of two machines may differ: so much earlier than its last event a step counts as taken
at that event's moment. Earlier still it is refused, for a clock is wrong and limits would be, too."""


def apply(
    complaint: Complaint, step: Step, actor: Actor, at: datetime, context: Context | None = None
) -> tuple[NewEvent, ...]:
    """The event that a step makes of a complaint.

    Raises `IllegalStep` (why, and what the actor may do instead), and `ValueError` for a naive datetime.
    """
    context = context or Context()
    row, at = TABLE[step.name], permit(complaint, step.name, actor, at, context)
    try:
        data = said(complaint, step, actor, context)
    except WrongInput as wrong:
        raise _illegal(complaint, step.name, "input", wrong.why, actor, at, context) from None
    data["role"] = actor.role
    if post := _acting_post(row, complaint, actor, context):
        data["post"] = post
    which = outcome(step)
    data["status"] = _next(row.to[which], complaint, data, at)
    if row.closures and which in row.closures:
        data["closure"] = row.closures[which]
    edition = data["assigned"]["edition"] if "assigned" in data else context.edition
    return (NewEvent(row.event, clean(actor.username), at, data, edition),)


def permit(complaint: Complaint, name: str, actor: Actor, at: datetime, context: Context) -> datetime:
    """Whether the actor may take that step now, whatever he says in it; the moment with which it counts.

    Raises `IllegalStep`, and `ValueError` for a naive datetime.
    """
    at = as_utc(at)
    if complaint.last_at - at > SKEW:
        last, now = (f"{each.astimezone(INDIA):%Y-%m-%d %H:%M}" for each in (complaint.last_at, at))
        reason = Sentence(
            f"its last event is of {last}, later than this moment ({now}); "
            "name a later one, or set this machine's clock",
            f"शिकायत की पिछली कार्यवाही {last} की है, जो इस समय ({now}) के बाद है; "
            "बाद का समय दें, या इस मशीन की घड़ी ठीक करें",
        )
        raise _illegal(complaint, name, "moment", reason, actor, at, context)
    at = max(at, complaint.last_at)
    if refusal := _refusal(TABLE[name], complaint, actor, at, context):
        raise _illegal(complaint, name, *refusal, actor, at, context)
    return at


def legal_steps(
    complaint: Complaint, actor: Actor, at: datetime, context: Context | None = None
) -> tuple[str, ...]:
    """The names of the steps the actor may take now, in the order of the table.

    What he then says in a step may still be refused, such as an empty note.
    """
    context, at = context or Context(), as_utc(at)
    return tuple(name for name, row in TABLE.items() if _refusal(row, complaint, actor, at, context) is None)


def _refusal(
    row: Row, complaint: Complaint, actor: Actor, at: datetime, context: Context
) -> tuple[str, Sentence] | None:
    """Code and reason."""
    if complaint.kind not in row.kinds:
        hi = " और ".join(_KINDS[kind].hi for kind in row.kinds)
        return "kind", Sentence(
            f"it is {_KINDS[complaint.kind].en}, and this is for: {_all(row.kinds)}",
            f"यह {_KINDS[complaint.kind].hi} है; यह कार्यवाही केवल इनके लिए है: {hi}",
        )
    if complaint.status not in row.states:
        return "status", Sentence(
            f"it is {_words(complaint.status)}, and this is for: {_all(row.states)}",
            "प्रकरण की अभी की स्थिति में यह कार्यवाही नहीं होती",
        )
    if not any(who.fits(complaint, actor, context) for who in row.who):
        en, hi = (" or ".join(who.said.en for who in row.who), " या ".join(who.said.hi for who in row.who))
        return "actor", Sentence(f"this is for {en}", f"यह कार्यवाही कर सकते हैं: {hi}")
    for condition in row.conditions:
        if reason := condition(complaint, at, context):
            return "condition", reason
    return None


def _acting_post(row: Row, complaint: Complaint, actor: Actor, context: Context) -> str | None:
    """The post by which an officer acted: the complaint's own, else the one that decides."""
    if holds_it(complaint, actor):
        return complaint.assigned.post_id
    deciding = {"department_decided": context.district_post_id, "close_decided": context.decider_post_id}
    return deciding.get(row.event)


def _next(to: str, complaint: Complaint, data: Data, at: datetime) -> str:
    stays = to == STAYS and complaint.status not in {OPEN, ATTENDED}
    if stays:
        return complaint.status
    # A linked complaint is asked about before its own officer has resolved it: his clock goes on.
    if to in {STAYS, WITH_OFFICER} or (to == UNREACHABLE and complaint.status in {OPEN, ATTENDED}):
        return OPEN if attended_after(complaint, data, at) is None else ATTENDED
    return to


def _illegal(
    complaint: Complaint, name: str, code: str, reason: Sentence, actor: Actor, at: datetime, context: Context
) -> IllegalStep:
    legal = legal_steps(complaint, actor, max(at, complaint.last_at), context)
    return IllegalStep(complaint.number, name, code, reason, legal, complaint.status)


_KINDS = {
    "complaint": Sentence("a complaint", "शिकायत"),
    "demand": Sentence("a demand", "मांग"),
    "suggestion": Sentence("a suggestion", "सुझाव"),
    "information": Sentence("a request for information", "जानकारी का अनुरोध"),
}


def _words(name: str) -> str:
    return name.replace("_", " ")


def _all(names: tuple[str, ...]) -> str:
    return ", ".join(_words(name) for name in names)
