"""The nouns of offices: holders, how levels are left and days counted, reasons, numbers of the grading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapper.days import CalendarPolicy
from mapper.week import Nth, Week


@dataclass(frozen=True, slots=True)
class Holder:
    """A person in a post from `since` to `until` (both included; None: open).

    `charge` is "regular" or "additional". From `leave_from` to `leave_to` the holders of `deputy_post_id`
    act for him. `username` is his login at the desk, empty without one.
    """

    post_id: str
    username: str
    name_hi: str
    name_en: str
    phone: str
    since: date | None
    until: date | None
    charge: str
    leave_from: date | None
    leave_to: date | None
    deputy_post_id: str
    note: str

    def in_office(self, on: date) -> bool:
        """Whether he holds the post on that day, on leave or not."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def on_leave(self, on: date) -> bool:
        """Whether he is away on that day. A leave without end lasts until one is written."""
        return (
            self.leave_from is not None
            and self.leave_from <= on
            and (self.leave_to is None or on <= self.leave_to)
        )


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """How a complaint leaves level `level`: "automatic" at the end of its limit, or "manual"."""

    subject: str
    level: int
    way: str
    since: date | None
    drafted: bool

    @property
    def name(self) -> str:
        since = f" since {self.since}" if self.since else ""
        return f"{self.subject}/leaving L{self.level}{since}"


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """How days are counted for a subject, for limits that begin on `since` or later."""

    subject: str
    policy: CalendarPolicy
    weekend: frozenset[int]
    since: date | None
    drafted: bool
    some: frozenset[Nth] = frozenset()

    @property
    def week(self) -> Week:
        """The days that are closed under the working policy."""
        return Week(self.weekend, self.some)

    @property
    def name(self) -> str:
        since = f" since {self.since}" if self.since else ""
        return f"{self.subject}/{self.policy} days{since}"


PURPOSES = (
    *("send_up", "send_back", "special_close", "out_of_department", "change_type", "reassign"),
    *("decline", "discard", "not_attended"),
)
"""What there are lists of reasons for; a row for anything else would never be shown."""


@dataclass(frozen=True, slots=True)
class Reason:
    """An entry of a list of reasons, such as those for sending a complaint up."""

    purpose: str
    code: str
    name_hi: str
    name_en: str
    drafted: bool


@dataclass(frozen=True, slots=True)
class GradingValue:
    """One number of the grading's formulas. `drafted`: no source gave it, it is assumed."""

    key: str
    value: float
    since: date | None
    drafted: bool
    note: str
