"""Which days a limit passed over, each with its reason, for those who ask why a last day is so late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mapper.decision.edition import Edition
from mapper.model.model import ComplaintType
from mapper.model.place_model import Place
from mapper.model.rule_model import Holiday

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, and what came of it: "won", or why not."""

    rule: str
    text: str
    outcome: str


def days_told(edition: Edition, kind: ComplaintType, place: Place, start: date, due: date) -> Iterator[Tried]:
    """The days after `start` and up to `due` that did not count, and the optional holidays that did.

    Nothing under the policy "calendar": there every day counts.
    """
    rule, _ = edition.calendar(kind.code, start)
    if rule.policy == "calendar":
        return
    units = place.unit_ids
    near = [one for one in edition.holidays if start < one.day <= due and one.place_id in {"", *units}]
    week = rule.week
    out, counted = [], []
    day = start
    while day < due:
        day += _ONE
        here = [one for one in near if one.day == day]
        why = [week.why(day), *(_named(edition, one) for one in here if one.counts)]
        if told := ", ".join(filter(None, why)):
            out.append(f"{day} ({told})")
        elif here:
            counted.append(f"{day} ({', '.join(one.name_en for one in here)})")
    if out:
        yield Tried("days left out", ", ".join(out), "not counted")
    if counted:
        yield Tried("optional holidays", ", ".join(counted), "counted, they close no office")


def _named(edition: Edition, holiday: Holiday) -> str:
    unit = edition.places.get(holiday.place_id)
    return f"{holiday.name_en}, in {unit.name_en} only" if unit else holiday.name_en
