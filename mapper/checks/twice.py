"""Types for which one post holds two levels at some places: a complaint would go up to the same desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mapper.checks.ladders import Ground, Groups, Ladder, Spot, Step, counted
from mapper.errors import Problem


def check_twice(groups: Groups, ground: Ground) -> Iterator[Problem]:
    """A warning for each two levels that meet in one post, with the types and the number of places."""
    of_type: dict[str, Counter[str]] = {}
    for (area, ladder), kinds in groups.items():
        for steps in _alike(ladder):
            met = _met(area, steps, ground)
            for kind in kinds:
                of_type.setdefault(kind.code, Counter()).update(met)
    told: dict[tuple[str, int], set[str]] = {}
    for code, met in of_type.items():
        for levels, places in met.items():
            told.setdefault((levels, places), set()).add(code)
    for (levels, places), codes in sorted(told.items(), key=lambda one: min(one[1])):
        what = f"{counted(codes)}: the same post is {levels} at {places} place{'s' if places > 1 else ''}"
        remedy = "name another officer, or leave a level out by a row without designation"
        yield Problem("responsibilities.csv", 0, "designation_code", what, remedy, "warning")


def _alike(ladder: Ladder) -> list[list[Step]]:
    """The steps that share a designation with another one: only they can lead to the same post."""
    by_office: dict[str, list[Step]] = {}
    for step in ladder:
        by_office.setdefault(step.office.designation_code, []).append(step)
    return [steps for steps in by_office.values() if len(steps) > 1]


def _met(area: str, steps: list[Step], ground: Ground) -> Counter[str]:
    """Places by the two levels that the post of one unit holds there."""
    met: Counter[str] = Counter()
    ways = [ground.with_unit(area, step.office) for step in steps]
    found: tuple[tuple[Spot, str | None], ...]
    for found in zip(*ways, strict=True):
        seen: dict[str, str] = {}
        for step, (spot, unit) in zip(steps, found, strict=True):
            if unit is None:
                continue
            if unit in seen:
                met[f"{seen[unit]} and {step.label}"] += spot.places
            seen[unit] = step.label
    return met
