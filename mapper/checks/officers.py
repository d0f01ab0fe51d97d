"""Whether every type finds an officer and a limit everywhere, today and whenever a rule begins later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from mapper.changes.diff_words import by_id
from mapper.checks.ladders import Ground, Groups, Spot, Step, counted, groups_on, listed, named
from mapper.checks.twice import check_twice
from mapper.decision.edition import Edition
from mapper.decision.rules import in_force
from mapper.errors import Problem

_EXAMPLES = 3


def check_officers(edition: Edition, day: date) -> Iterator[Problem]:
    """Errors: a type without a first officer somewhere, a level without a limit. Warnings: one post twice.

    What begins after `day` is told with its day; what was told of an earlier day is not told again.
    """
    ground = Ground(edition)
    told: set[tuple[str, str]] = set()
    for on in _days(edition, day):
        groups = groups_on(edition, on)
        found = (
            *_nobody(edition, groups, ground),
            *_without_limit(edition, on),
            *check_twice(groups, ground),
        )
        when = f"from {on} on, " if on > day else ""
        for one in found:
            if (one.file, one.what) not in told:
                told.add((one.file, one.what))
                yield Problem(one.file, 0, one.column, when + one.what, one.remedy, one.severity)


def _days(edition: Edition, day: date) -> list[date]:
    """The day itself, and each later one on which the winning rules may change."""
    dates: Iterable[date | None] = (
        rule.since for rules in (edition.responsibilities, edition.limits) for rule in rules
    )
    return [day, *sorted({since for since in dates if since is not None and since > day})]


@dataclass(slots=True)
class _Gap:
    """Types and places without a first officer, for one cause."""

    file: str
    cause: str
    remedy: str
    types: set[str] = field(default_factory=set)
    spots: dict[int, Spot] = field(default_factory=dict)


def _nobody(edition: Edition, groups: Groups, ground: Ground) -> Iterator[Problem]:
    lowest = edition.levels[0].number
    gaps: dict[tuple[str, str], _Gap] = {}
    for (area, ladder), kinds in groups.items():
        step = ladder[0] if ladder and ladder[0].level == lowest else None
        if step is None:
            bare = ground.spots[area]
        else:
            bare = [spot for spot, unit in ground.with_unit(area, step.office) if unit is None]
        for spot in bare:
            file, cause, remedy = _why(lowest, step, spot)
            gap = gaps.setdefault((file, cause), _Gap(file, cause, remedy))
            gap.types.update(kind.code for kind in kinds)
            gap.spots[spot.place.territory.id] = spot
    for gap in gaps.values():
        places = sum(spot.places for spot in gap.spots.values())
        shown = [by_id(spot.place) for spot in gap.spots.values()][:_EXAMPLES]
        what = (
            f"{counted(gap.types)} {'has' if len(gap.types) == 1 else 'have'} no level {lowest} officer at "
            f"{places} place{'s' if places > 1 else ''} {gap.cause}: "
            f"{', '.join(shown)}{', ...' if places > len(shown) else ''}"
        )
        yield Problem(gap.file, 0, "", what, gap.remedy)


def _why(lowest: int, step: Step | None, spot: Spot) -> tuple[str, str, str]:
    """Sheet, cause and remedy for a spot without a first officer."""
    if step is None:
        remedy = f"add a row at level {lowest} for each type, for its department or for *"
        return "responsibilities.csv", "where no rule names one", remedy
    scope, rule = step.office.scope, step.office.name
    if spot.place.territory.unit(scope) is None:
        remedy = f"fill in {scope}_id there, or a row of jurisdictions.csv, or add another rule"
        return "places.csv", f"that lie in no {scope.replace('_', ' ')}, as rule {rule} wants it", remedy
    cause = f"where no post {step.office.designation_code} of the {scope} can be (rule {rule})"
    return "responsibilities.csv", cause, "correct the designation or the scope of the rule"


def _without_limit(edition: Edition, day: date) -> Iterator[Problem]:
    without: dict[int, set[str]] = {}
    for (code, _), rungs in edition.ladders.items():
        for rung in rungs:
            if named(rung, day) is not None and in_force(rung.limits, day) is None:
                without.setdefault(rung.level.number, set()).add(code)
    for level, codes in sorted(without.items()):
        many = "types have" if len(codes) > 1 else "type has"
        what = f"{len(codes)} {many} no limit at level {level}: {listed(codes)}"
        yield Problem("time_limits.csv", 0, "", what, "add a row for each, or one with * for all")
