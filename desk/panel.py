"""The call on the screen: what the executive may see of it, and what was said from that number before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk import formats
from desk.board_model import CallState, DeskCall
from desk.context import Desk, Viewer
from desk.notes import NOTED
from dialplan.districts import District
from records import Call, CallStep, Complaint
from records.life.states import ESCALATING
from records.phone import mask, parse

EARLIER_SHOWN = 5
"""Earlier complaints on the panel: what one sees without scrolling. The full list belongs to a search
page."""


@dataclass(frozen=True)
class Panel:
    """All that a call's panel shows. ``number`` is as this viewer may see it; empty for none.

    ``withheld``: the caller wishes that it is not shown; then it is there only by the centre's settings.
    """

    call: DeskCall
    number: str
    whole: bool
    phone: str
    district: District | None
    pressed: list[str]
    waited: float
    earlier: list[Complaint]
    complaints: list[Complaint]
    known_name: str
    noted: list[CallStep]
    withheld: bool = False

    @property
    def at(self) -> datetime | None:
        """When it was answered, else when it began to wait or was last heard of."""
        return self.call.answered_at or self.call.queued_at or self.call.since

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The panel for programs; times in ISO 8601, durations in seconds."""
        call, district = self.call, self.district
        return {
            "call_id": call.call_id,
            "state": call.state,
            "number": self.phone if self.whole else self.number,
            "masked": not self.whole,
            "withheld": self.withheld,
            "extension": call.extension,
            "queue": call.queue,
            "district": district
            and {"code": district.code, "name_hi": district.name_hi, "name_en": district.name_en},
            "pressed": self.pressed,
            "waited_seconds": round(self.waited, 1),
            "since": call.since.isoformat() if call.since else None,
            "earlier": [
                {
                    "number": each.number, "state": each.status,
                    "type_hi": each.type_hi, "type_en": each.type_en,
                    "due": each.assigned.due.isoformat(), "overdue": is_overdue(each, now),
                }
                for each in self.earlier
            ],
            "complaints": [each.number for each in self.complaints],
            "notes": [{"kind": step.kind, **step.detail} for step in self.noted],
        }  # fmt: skip


def is_overdue(complaint: Complaint, now: datetime) -> bool:
    """Whether the limit, which ends with the due day in India, is over while the officer still has to act."""
    return complaint.status in ESCALATING and now.astimezone(formats.IST).date() > complaint.assigned.due


def is_withheld(raw: str) -> bool:
    """Whether what stands in the place of the caller's number is none: empty, or a word."""
    return not any(map(str.isdigit, raw))


async def build(desk: Desk, viewer: Viewer, call: DeskCall) -> Panel:
    """Gather what the panel shows; the caller has checked that the viewer may see the call."""
    record = await desk.records.calls.get(call.call_id)
    raw = (record.known_number if record else "") or call.caller
    e164 = (record.caller_e164 if record else None) or parse(raw).e164
    none = is_withheld(raw)
    whole = desk.sees_whole_number(viewer, call)
    earlier = await desk.records.complaints.by_phone(e164, EARLIER_SHOWN) if e164 else []
    complaints = await desk.records.complaints.by_call(call.call_id)
    own = {each.number for each in complaints}
    path = await desk.records.calls.path(call.call_id)
    district = desk.districts.by_code((record.district_code if record else None) or call.district or "")
    number = formats.phone(e164 or raw) if whole else mask(raw)
    return Panel(
        call=call,
        number="" if none else number,
        whole=whole and not none,
        phone="" if none or not whole else (e164 or raw),
        district=district,
        pressed=_pressed(path, _answered_at(call, record)),
        waited=_waited(call, record, desk.clock()),
        earlier=[each for each in earlier if each.number not in own],
        complaints=complaints,
        known_name=next((each.citizen_name for each in earlier), "") if whole else "",
        withheld=call.withheld or (record is not None and record.withheld),
        noted=[step for step in path if step.kind in NOTED],
    )


def from_record(record: Call) -> DeskCall:
    """The call out of the records, for one that the desk did not see happen."""
    state: CallState = "ended" if record.ended_at else "talking" if record.answered_at else "waiting"
    since = record.ended_at or record.answered_at or record.queued_at
    return DeskCall(
        record.call_id, record.known_number, record.queue or "", record.district_code or "", record.extension,
        state, since, record.queued_at, record.answered_at, record.withheld,
    )  # fmt: skip


def _pressed(path: list[CallStep], answered_at: datetime | None) -> list[str]:
    """Keys as the conversations note them: step ``key`` with the detail ``key``, empty when none was
    pressed.

    Only those before the talk: what he presses afterwards is his opinion of the executive who looks at this.
    """
    keys = (step for step in path if step.kind == "key" and step.detail.get("key"))
    return [str(step.detail["key"]) for step in keys if answered_at is None or step.at <= answered_at]


def _answered_at(call: DeskCall, record: Call | None) -> datetime | None:
    return call.answered_at or (record.answered_at if record else None)


def _waited(call: DeskCall, record: Call | None, now: datetime) -> float:
    began = call.queued_at or (record.queued_at if record else None)
    if began is None:
        return 0.0
    until = _answered_at(call, record) or (call.since if call.state == "ended" else now)
    return max(0.0, ((until or now) - began).total_seconds())
