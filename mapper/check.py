"""What speaks against publishing: errors (a complaint would find no officer), warnings (to confirm)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from mapper.assign import decide
from mapper.check_coverage import check_coverage
from mapper.check_holders import check_holders
from mapper.edition import Edition
from mapper.errors import Problem
from mapper.model import Place
from mapper.settings import MapperSettings

_FAR = 50
"""Alike problems of one kind shown before the rest is only counted."""


def check_edition(edition: Edition, day: date, settings: MapperSettings) -> list[Problem]:
    """Every problem of the edition for complaints registered on `day`, errors first.

    The decision for a place depends on its territory only, so one place of each territory and kind speaks for
    all: the check covers every type at every place without asking for each.
    """
    problems = [
        *_levels(edition),
        *_officers(edition, day),
        *_limits(edition),
        *check_coverage(edition),
        *check_holders(edition, day, settings),
        *_departments(edition),
        *_drafts(edition),
    ]
    return sorted(problems, key=lambda problem: problem.severity)


def _spokesmen(edition: Edition) -> list[tuple[Place, int]]:
    """A place of each territory that takes complaints, with the number of places it speaks for."""
    first: dict[int, Place] = {}
    count: Counter[int] = Counter()
    for place in edition.places.values():
        if edition.kinds[place.kind].selectable:
            first.setdefault(place.territory.id, place)
            count[place.territory.id] += 1
    return [(place, count[number]) for number, place in first.items()]


def _levels(edition: Edition) -> Iterator[Problem]:
    starts = [level for level in edition.levels if level.escalation == "start"]
    if [level.number for level in starts] != [edition.levels[0].number]:
        what = "the lowest level, and no other, must have escalation 'start'"
        yield Problem("levels.csv", 0, "escalation", what, "correct the column")


def _officers(edition: Edition, day: date) -> Iterator[Problem]:
    lowest = edition.levels[0].number
    missing: list[Problem] = []
    twice: Counter[tuple[str, str]] = Counter()
    for place, places in _spokesmen(edition):
        for kind in edition.types.values():
            rungs = edition.ladders[kind.code, place.territory.area]
            rung = rungs[0] if rungs and rungs[0].level.number == lowest else None
            if rung is None or decide(edition, kind, place, rung, day) is None:
                more = f" and {places - 1} more places with the same units" if places > 1 else ""
                spot = f"{place.id} ({place.name_en}){more}"
                what = f"type {kind.code} has no level {lowest} officer with a limit at {spot}"
                remedy = f"add a rule for {kind.code}, {kind.department_code} or * that reaches it"
                missing.append(Problem("responsibilities.csv", 0, "", what, remedy))
                continue
            posts: dict[str, str] = {}
            for step in rungs:
                found = decide(edition, kind, place, step, day)
                if found is None:
                    continue
                if found.post.id in posts:
                    twice[kind.code, f"{posts[found.post.id]} and {found.level_label}"] += places
                posts[found.post.id] = found.level_label
    yield from _cut(missing)
    yield from _cut(
        Problem(
            "responsibilities.csv",
            0,
            "designation_code",
            f"type {code}: the same post is {levels} at {places} places",
            "name another officer, or leave a level out by a row without designation",
            "warning",
        )
        for (code, levels), places in sorted(twice.items())
    )


def _limits(edition: Edition) -> Iterator[Problem]:
    without: dict[int, set[str]] = {}
    for (code, _), rungs in edition.ladders.items():
        for rung in rungs:
            if not rung.limits:
                without.setdefault(rung.level.number, set()).add(code)
    for level, codes in sorted(without.items()):
        named = ", ".join(sorted(codes)[:5]) + (", ..." if len(codes) > 5 else "")
        what = f"{len(codes)} types have no limit at level {level}: {named}"
        yield Problem("time_limits.csv", 0, "", what, "add a row for each, or one with * for all")


def _departments(edition: Edition) -> Iterator[Problem]:
    used = {kind.department_code for kind in edition.types.values()}
    idle = sorted(edition.departments.keys() - used)
    if idle:
        what = f"{len(idle)} departments have no complaint type: {', '.join(idle)}"
        yield Problem(
            "types.csv", 0, "department_code", what, "add their types when they are known", "warning"
        )


def _drafts(edition: Edition) -> Iterator[Problem]:
    sheets: tuple[tuple[str, str, Iterable[bool]], ...] = (
        ("places.csv", "Hindi names of places", (place.drafted for place in edition.places.values())),
        (
            "departments.csv",
            "departments",
            (department.drafted for department in edition.departments.values()),
        ),
        ("types.csv", "types", (kind.drafted for kind in edition.types.values())),
        ("responsibilities.csv", "rules", (rule.drafted for rule in edition.responsibilities)),
        ("time_limits.csv", "limits", (limit.drafted for limit in edition.limits)),
        ("holidays.csv", "holidays", (holiday.drafted for holiday in edition.holidays)),
        ("designations.csv", "posts", (post.drafted for post in edition.posts.values())),
    )
    for file, noun, marks in sheets:
        all_marks = list(marks)
        if count := sum(all_marks):
            column = "name_status" if file == "places.csv" else "status"
            what = f"{count} of {len(all_marks)} {noun} are drafted"
            remedy = "confirm them with the department and write 'confirmed'"
            yield Problem(file, 0, column, what, remedy, "warning")


def _cut(problems: Iterable[Problem]) -> Iterator[Problem]:
    every = list(problems)
    yield from every[:_FAR]
    if len(every) > _FAR:
        last = every[-1]
        yield Problem(last.file, 0, "", f"{len(every) - _FAR} more of this kind", last.remedy, last.severity)
