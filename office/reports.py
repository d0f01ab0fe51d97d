"""The monthly grading, over all complaints of a month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time

from mapper.days import IST, end_of_day
from mapper.decision.grading import ComplaintFacts, Grades, grade
from mapper.decision.grading_rules import grading_on
from office.office import Office
from records.complaints.grading_query import Fact, facts, habitual
from records.life.states import COMPLAINT

EARLIEST = 2000
"""No complaint is older: the helpline began in 2014."""


@dataclass(frozen=True)
class Month:
    """The days of a calendar month in India that are graded, up to today in the month that runs."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a day, up to that day."""
        return cls(day.replace(day=1), day)

    @classmethod
    def named(cls, text: str, today: date) -> "Month":
        """``2026-11``, as far as it has passed. Raises `ValueError`."""
        try:
            first = datetime.strptime(text, "%Y-%m").replace(tzinfo=IST).date()
        except ValueError:
            raise ValueError(f"{text!r} is no month") from None
        if first.year < EARLIEST:
            raise ValueError(f"{text} is before {EARLIEST}")
        if first > today:
            raise ValueError(f"{text} has not begun")
        return cls(first, min(today, first.replace(day=monthrange(first.year, first.month)[1])))


async def grades(office: Office, month: Month) -> Grades:
    """The grading on the last day of ``month``, of complaints that were open on some day of it.

    Demands, suggestions and requests for information are none: no satisfaction is asked of them. Who is a
    habitual complainant is counted over all his complaints, as in the report of them.
    """
    begin = datetime.combine(month.first, time(), IST)
    read = facts(
        office.records.database,
        kind=COMPLAINT,
        registered_before=end_of_day(month.last),
        not_closed_before=begin,
    )
    seen = [_graded(fact) async for fact in read]
    edition = await office.edition()
    over = grading_on(edition, month.last)["habitual_over"]
    many = await habitual(office.records.database, over, registered_before=end_of_day(month.last))
    return grade(edition, seen, month.last, habitual=frozenset(one.citizen for one in many))


def _graded(fact: Fact) -> ComplaintFacts:
    return ComplaintFacts(
        number=fact.number,
        district=fact.district,
        department=fact.department,
        post=fact.post,
        citizen=fact.citizen,
        registered_at=fact.registered_at,
        closed_at=fact.closed_at,
        closure=fact.closure,
        not_attended=fact.not_attended,
        not_attended_posts=fact.missed_posts,
    )
