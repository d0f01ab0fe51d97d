"""Which places no unit claims as its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mapper.changes.diff_words import by_id, plural
from mapper.decision.edition import Edition
from mapper.errors import Problem
from mapper.model.place_model import Place

_EXAMPLES = 3


def check_coverage(edition: Edition) -> Iterator[Problem]:
    """Places that a scope of the rules does not cover, a line for each scope."""
    total = Counter(place.kind for place in edition.places.values() if edition.kinds[place.kind].selectable)
    for scope in sorted({rule.scope for rule in edition.responsibilities if rule.scope}):
        bare: Counter[str] = Counter()
        instead: Counter[str] = Counter()
        found: list[Place] = []
        for place in edition.places.values():
            unit = place.territory.units.get(scope)
            if place.kind not in total or (unit is not None and not unit.how):
                continue
            if unit is None and place.territory.area == "rural" and _only_in_towns(edition, scope):
                continue
            bare[place.kind] += 1
            if unit is not None:
                instead[unit.kind] += 1
            found.append(place)
        if bare:
            yield _uncovered(edition, scope, bare, instead, found, total)


def _only_in_towns(edition: Edition, scope: str) -> bool:
    """Whether no rule asks for that unit outside towns: a village lies in no town's ward."""
    return all(rule.area == "urban" for rule in edition.responsibilities if rule.scope == scope)


def _uncovered(
    edition: Edition,
    scope: str,
    bare: Counter[str],
    instead: Counter[str],
    found: list[Place],
    total: Counter[str],
) -> Problem:
    word = scope.replace("_", " ")
    counted = ", ".join(
        f"{n} {plural(edition.kinds[kind].name_en.lower()) if n > 1 else edition.kinds[kind].name_en.lower()}"
        for kind, n in bare.most_common()
    )
    what = f"{bare.total()} of {total.total()} places have no {word} of their own ({counted})"
    if instead:
        names = " or ".join(edition.kinds[kind].name_en.lower() for kind, _ in instead.most_common())
        what += f"; a {names} stands in"
    what += f"; for example {', '.join(place.name_en for place in found[:_EXAMPLES])}"
    remedy = f"name it in jurisdictions.csv or in a column {scope}_id of places.csv"
    things = tuple(map(by_id, found))
    return Problem("jurisdictions.csv", 0, "unit_id", what, remedy, "warning", things)
