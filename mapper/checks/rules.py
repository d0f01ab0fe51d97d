"""Rules that hold together and still look like a slip: the grading's numbers, holidays, lists of reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from mapper.decision.edition import Edition
from mapper.decision.grading_rules import grading_on
from mapper.decision.rules import in_force
from mapper.errors import Problem

_WEIGHTS = ("weight_satisfaction", "weight_pending", "weight_low_quality", "weight_not_attended")
_CUTS = ("grade_a", "grade_b", "grade_c")
_LISTS = ("send_up", "special_close")
"""Steps whose reason has to be from the list."""
_AHEAD = timedelta(days=90)
"""Longer than nearly every limit: so far ahead the holidays should be known."""


def check_rules(edition: Edition, day: date) -> Iterator[Problem]:
    """Warnings for `day` and for each later one on which a number of the grading changes."""
    yield from _grading(edition, day)
    yield from _holidays(edition, day)
    known = {reason.purpose for reason in edition.reasons}
    for purpose in _LISTS:
        if purpose not in known:
            what = f"there is no reason for {purpose}: any words would do"
            yield Problem("reasons.csv", 0, "purpose", what, "list the reasons that count", "warning")


def _grading(edition: Edition, day: date) -> Iterator[Problem]:
    later = sorted({row.since for row in edition.grading if row.since is not None and row.since > day})
    told: set[str] = set()
    for on in (day, *later):
        rules = grading_on(edition, on)
        weights = sum(rules[key] for key in _WEIGHTS)
        cuts = [rules[key] for key in _CUTS]
        found = []
        if weights != 100:
            found.append(f"the four weights add up to {weights:g}, not to 100")
        if cuts != sorted(cuts, reverse=True):
            found.append(
                f"the grades begin at {', '.join(f'{cut:g}' for cut in cuts)} (A, B, C): not falling"
            )
        for what in found:
            if what not in told:
                told.add(what)
                when = f"from {on} on, " if on > day else ""
                yield Problem("grading.csv", 0, "value", when + what, "correct the numbers", "warning")


def _holidays(edition: Edition, day: date) -> Iterator[Problem]:
    """Limits that count working days, and holidays that are not known as far ahead."""
    last = day + _AHEAD
    rules = {in_force(rules, last) for rules in edition.calendars_of.values()}
    policies = {rule.policy if rule else edition.day_rule.policy for rule in rules}
    known = edition.day_rule.known_until
    if "working" in policies and (known is None or known < last):
        until = f"known until the end of {known.year}" if known else "not known at all"
        what = f"limits count working days, and the holidays are {until}"
        yield Problem("holidays.csv", 0, "date", what, f"add those of {last.year}", "warning")
