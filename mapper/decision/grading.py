"""The monthly grading, simulated: what a district, a department and an officer score, and what would help.

Score = satisfaction + pending + low quality + not attended, each from 0 to its weight in grading.csv:

- satisfaction: weight x share closed with satisfaction (of the closed, or of all), full at its full percent;
- pending: weight x (1 - share of all that is open over `pending_days`), nothing left at its zero percent;
- low quality: weight x (1 - share of the closed that was closed at low quality), likewise;
- not attended: weight x (1 - share of all that passed a level without an entry), likewise.

The State publishes the weights and one cut-off; the formulas are assumed. Complaints of habitual complainants
are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from mapper.days import indian_day
from mapper.decision.edition import Edition
from mapper.decision.grading_rules import GradingRules, grading_on

Group = Literal["district", "department", "post"]
GROUPS: tuple[Group, ...] = ("district", "department", "post")


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """What the grading needs to know of one complaint.

    `post` has it now. `citizen` is any key of the person, empty when unknown. `closure` as the records name
    it; only "satisfied" and "low_quality" earn or cost points. `not_attended`: how many levels passed without
    an entry, `not_attended_posts`: whose they were. Moments are aware.
    """

    number: str
    district: str
    department: str
    post: str
    citizen: str
    registered_at: datetime
    closed_at: datetime | None = None
    closure: str | None = None
    not_attended: int = 0
    not_attended_posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many complaints of a group there are of each sort. `had`: all that could have been attended."""

    received: int = 0
    closed: int = 0
    satisfied: int = 0
    low_quality: int = 0
    pending_long: int = 0
    had: int = 0
    not_attended: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """The four parts and their sum."""

    satisfaction: float
    pending: float
    low_quality: float
    not_attended: float
    total: float


@dataclass(frozen=True, slots=True)
class Grade:
    """A group's standing. `score` is None and `letter` empty when no complaint counts."""

    key: str
    counts: Counts
    score: Score | None
    letter: str


@dataclass(frozen=True, slots=True)
class Gain:
    """By how many points a group's score would rise if this open complaint were closed with satisfaction."""

    number: str
    gain: float
    days_open: int


@dataclass(frozen=True)
class Grades:
    """All grades of a day, the lowest score first. `left_out`: complaints of habitual complainants."""

    on: date
    districts: tuple[Grade, ...]
    departments: tuple[Grade, ...]
    posts: tuple[Grade, ...]
    left_out: int
    rules: GradingRules
    _open: Mapping[tuple[Group, str], tuple[ComplaintFacts, ...]] = field(repr=False)

    def of(self, group: Group, key: str) -> Grade | None:
        """The grade of one district, department or post; None when it has no complaint."""
        grades = {"district": self.districts, "department": self.departments, "post": self.posts}[group]
        return next((grade for grade in grades if grade.key == key), None)

    def gains(self, group: Group, key: str, limit: int = 20) -> tuple[Gain, ...]:
        """The open complaints whose good closing would raise the group's score most, the best first.

        Each gain is the score counted again with that one complaint closed with satisfaction on the day, less
        the score as it is. Gains of several complaints do not simply add up.
        """
        grade = self.of(group, key)
        if grade is None:
            return ()
        before = _total(grade.counts, self.rules)
        by_age = {
            late: _total(_closed_well(grade.counts, late), self.rules) - before for late in (False, True)
        }
        found = []
        for facts in self._open.get((group, key), ()):
            days = _days_open(facts, self.on)
            found.append(Gain(facts.number, by_age[days > self.rules["pending_days"]], days))
        found.sort(key=lambda gain: (-gain.gain, -gain.days_open, gain.number))
        return tuple(found[:limit])


def grade(
    edition: Edition, facts: Iterable[ComplaintFacts], on: date, *, habitual: Collection[str] = ()
) -> Grades:
    """The grades on a day, by the numbers of the edition that hold on it.

    `facts` are the complaints of the time that is graded: the caller chooses it. One registered after the day
    is ignored, one closed after it counts as open. `habitual` are citizens who have too many complaints when
    those of other times are counted too; who has too many among `facts` is left out without being named.
    """
    rules = grading_on(edition, on)
    known = [_on_day(one, on) for one in facts if indian_day(one.registered_at) <= on]
    complaints = Counter(one.citizen for one in known if one.citizen)
    counted = [
        one
        for one in known
        if complaints[one.citizen] <= rules["habitual_over"] and one.citizen not in habitual
    ]
    tallies: dict[Group, dict[str, _Tally]] = {group: {} for group in GROUPS}
    for one in counted:
        late = one.closed_at is None and _days_open(one, on) > rules["pending_days"]
        for group in GROUPS:
            by_key = tallies[group]
            own = by_key.setdefault(getattr(one, group), _Tally())
            own.add(one, late=late)
            if group != "post":
                own.attended(missed=one.not_attended > 0)
        for post in {one.post, *one.not_attended_posts}:
            tallies["post"].setdefault(post, _Tally()).attended(missed=post in one.not_attended_posts)
    districts, departments, posts = (_grades(tallies[group], rules) for group in GROUPS)
    still_open = {
        (group, key): tuple(tally.open) for group in GROUPS for key, tally in tallies[group].items()
    }
    return Grades(on, districts, departments, posts, len(known) - len(counted), rules, still_open)


def score(counts: Counts, rules: GradingRules) -> Score:
    """The formulas, on counts alone."""
    of_closed = rules["satisfaction_of_closed"] > 0
    content = _share(counts.satisfied, counts.closed if of_closed else counts.received)
    full = rules["satisfaction_full_percent"] / 100
    parts = (
        rules["weight_satisfaction"] * (min(1.0, content / full) if full > 0 else 1.0),
        _left(rules, "pending", _share(counts.pending_long, counts.received)),
        _left(rules, "low_quality", _share(counts.low_quality, counts.closed)),
        _left(rules, "not_attended", _share(counts.not_attended, counts.had)),
    )
    return Score(*parts, sum(parts))


def letter(total: float, rules: GradingRules) -> str:
    """A, B, C or D by the cut-offs."""
    for name, key in (("A", "grade_a"), ("B", "grade_b"), ("C", "grade_c")):
        if total >= rules[key]:
            return name
    return "D"


class _Tally:
    """Counts in the making, and the complaints that are open."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()
        self.open: list[ComplaintFacts] = []

    def add(self, facts: ComplaintFacts, *, late: bool) -> None:
        self.numbers["received"] += 1
        self.numbers["pending_long"] += late
        if facts.closed_at is None:
            self.open.append(facts)
            return
        self.numbers["closed"] += 1
        if facts.closure in {"satisfied", "low_quality"}:
            self.numbers[facts.closure] += 1

    def attended(self, *, missed: bool) -> None:
        self.numbers["had"] += 1
        self.numbers["not_attended"] += missed


def _grades(tallies: Mapping[str, _Tally], rules: GradingRules) -> tuple[Grade, ...]:
    found = []
    for key, tally in tallies.items():
        counts = Counts(**tally.numbers)
        parts = score(counts, rules) if counts.received else None
        found.append(Grade(key, counts, parts, letter(parts.total, rules) if parts else ""))
    found.sort(key=lambda one: (one.score.total if one.score else float("inf"), one.key))
    return tuple(found)


def _on_day(facts: ComplaintFacts, on: date) -> ComplaintFacts:
    if facts.closed_at is not None and indian_day(facts.closed_at) > on:
        return replace(facts, closed_at=None, closure=None)
    return facts


def _days_open(facts: ComplaintFacts, on: date) -> int:
    return (on - indian_day(facts.registered_at)).days


def _closed_well(counts: Counts, late: bool) -> Counts:
    return replace(
        counts,
        closed=counts.closed + 1,
        satisfied=counts.satisfied + 1,
        pending_long=counts.pending_long - late,
    )


def _total(counts: Counts, rules: GradingRules) -> float:
    return score(counts, rules).total


def _share(some: int, every: int) -> float:
    return some / every if every else 0.0


def _left(rules: GradingRules, part: str, share: float) -> float:
    """What is left of a part's points at this share."""
    zero = rules[f"{part}_zero_percent"] / 100
    lost = min(1.0, share / zero) if zero > 0 else float(share > 0)
    return rules[f"weight_{part}"] * (1.0 - lost)
