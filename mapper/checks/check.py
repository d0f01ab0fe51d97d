"""What speaks against publishing: errors (a complaint would find no officer), warnings (to confirm)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from mapper.checks.coverage import check_coverage
from mapper.checks.holders import check_holders
from mapper.checks.officers import check_officers
from mapper.checks.places import check_places
from mapper.checks.rules import check_rules
from mapper.decision.edition import Edition
from mapper.errors import Problem
from mapper.settings import MapperSettings


def check_edition(edition: Edition, day: date, settings: MapperSettings) -> list[Problem]:
    """Every problem of the edition for complaints registered on `day` or later, errors first."""
    problems = [
        *_levels(edition),
        *check_officers(edition, day),
        *check_coverage(edition),
        *check_places(edition),
        *check_holders(edition, day, settings),
        *check_rules(edition, day),
        *_departments(edition),
        *_types(edition),
        *_drafts(edition),
    ]
    return sorted(problems, key=lambda problem: problem.severity)


def _levels(edition: Edition) -> Iterator[Problem]:
    starts = [level for level in edition.levels if level.escalation == "start"]
    if [level.number for level in starts] != [edition.levels[0].number]:
        what = "the lowest level, and no other, must have escalation 'start'"
        yield Problem("levels.csv", 0, "escalation", what, "correct the column")
    called = Counter(level.label for level in edition.levels)
    for label, count in called.items():
        if count > 1:
            what = f"{count} levels are called {label!r}"
            yield Problem("levels.csv", 0, "label", what, "give each level a label of its own")
    reached = {rule.level for rule in edition.responsibilities if rule.designation_code}
    for level in edition.levels:
        if level.number not in reached:
            what = f"level {level.number} has no officer for any type: complaints pass it over"
            remedy = "add rules for it to responsibilities.csv, or delete the level"
            yield Problem("levels.csv", 0, "level", what, remedy, "warning")


def _departments(edition: Edition) -> Iterator[Problem]:
    used = {kind.department_code for kind in edition.types.values()}
    idle = sorted(edition.departments.keys() - used)
    if idle:
        what = f"{len(idle)} departments have no complaint type: {', '.join(idle)}"
        yield Problem(
            "types.csv", 0, "department_code", what, "add their types when they are known", "warning"
        )


def _types(edition: Edition) -> Iterator[Problem]:
    """Types that nobody could tell from each other when he chooses one."""
    called: dict[tuple[str, str], list[str]] = {}
    for kind in edition.types.values():
        for name in {kind.name_hi, kind.name_en}:
            called.setdefault((kind.department_code, name), []).append(kind.code)
    alike = {tuple(codes): name for (_, name), codes in called.items() if len(codes) > 1}
    for codes, name in alike.items():
        what = f"{len(codes)} types of one department are called {name!r}: {', '.join(codes)}"
        yield Problem("types.csv", 0, "name_hi", what, "give each a name of its own", "warning")


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
