"""Rules with a date from which they hold, and the order in which they are tried.

The rule of the type goes before the rule of its department, and that before the rule for all. Among rules of
one subject the latest goes first; a rule that does not hold yet is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from mapper.model.model import ComplaintType
from mapper.model.rule_model import ANY


class Dated(Protocol):
    """A rule. `since` None: it has always held."""

    @property
    def since(self) -> date | None: ...


class Ruling(Dated, Protocol):
    """A dated rule of a type, a department or all."""

    @property
    def subject(self) -> str: ...


D = TypeVar("D", bound=Dated)
R = TypeVar("R", bound=Ruling)


def newest_first(rule: Dated) -> int:
    """Sort key: the latest `since` first, rules that have always held last."""
    return -rule.since.toordinal() if rule.since else 0


def in_force(rules: Sequence[D], day: date) -> D | None:
    """The first rule that holds on `day`."""
    for rule in rules:
        if rule.since is None or rule.since <= day:
            return rule
    return None


def subjects(kind: ComplaintType) -> tuple[str, str, str]:
    """Whose rules concern a type, the narrowest first."""
    return kind.code, kind.department_code, ANY


def in_order(rules: Iterable[R], kind: ComplaintType) -> tuple[R, ...]:
    """The rules that concern a type, in the order of trial."""
    rank = {subject: place for place, subject in enumerate(subjects(kind))}
    concerned = [rule for rule in rules if rule.subject in rank]
    return tuple(sorted(concerned, key=lambda rule: (rank[rule.subject], newest_first(rule))))
