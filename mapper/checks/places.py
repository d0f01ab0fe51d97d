"""Whether the places agree with each other: units that contradict, circles, one place twice, odd names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from mapper.changes.diff_words import by_id
from mapper.circles import circles
from mapper.decision.edition import Edition
from mapper.errors import Problem
from mapper.model.place_model import Territory
from mapper.sheets.script.legacy_fonts import REMEDY, font_of

_HINDI = re.compile("[ऀ-ॿ]")
_ROMAN = re.compile("[A-Za-z]")
_EXAMPLES = 3
_FILE = "places.csv"

_Links = Mapping[str, str]
"""Units by scope."""


def check_places(edition: Edition) -> Iterator[Problem]:
    """Warnings. What a place only doubtfully names (`unsure_links`, a fallback) contradicts nothing."""
    named = {place.territory.id: _named(place.territory) for place in edition.places.values()}
    units = {unit for links in named.values() for unit in links.values()}
    above = {unit: _without(named[edition.places[unit].territory.id], unit) for unit in units}
    yield from _contradictions(edition, named, above)
    for way in circles({unit: set(links.values()) for unit, links in above.items()}):
        what = f"places that lie in each other: {' → '.join([*way, way[0]])}"
        remedy = "empty the cell that is wrong; one that only names a seat goes into unsure_links"
        yield Problem(_FILE, 0, "", what, remedy, "warning")
    yield from _twice(edition)
    yield from _names(edition)


def _named(territory: Territory) -> _Links:
    return {
        unit.scope: unit.id
        for unit in territory.found
        if unit is not None and not unit.how and not unit.drafted
    }


def _without(links: _Links, unit: str) -> _Links:
    return {scope: other for scope, other in links.items() if other != unit}


def _contradictions(
    edition: Edition, named: Mapping[int, _Links], above: Mapping[str, _Links]
) -> Iterator[Problem]:
    """Places that name another unit than a unit of theirs does: a district that is not the tehsil's."""
    found: dict[int, list[tuple[str, str, str, str]]] = {}
    for number, links in named.items():
        found[number] = [
            (of, scope, unit, other)
            for of, unit in sorted(links.items())
            for scope, other in above[unit].items()
            # What lies in a unit and is named by it (its seat) is a circle, and told as one.
            if links.get(scope, other) != other and unit not in above[other].values()
        ]
    told: dict[tuple[str, str], list[str]] = {}
    for place in edition.places.values():
        for of, scope, unit, other in found[place.territory.id]:
            own = named[place.territory.id][scope]
            line = f"{by_id(place)} says {own}, its {unit} says {other}"
            told.setdefault((of, scope), []).append(line)
    for (of, scope), lines in sorted(told.items()):
        many, whose = (f"{len(lines)} places name", "their") if len(lines) > 1 else ("1 place names", "its")
        what = f"{many} another {_words(scope)} than {whose} {_words(of)} does: {_some(lines, '; ')}"
        remedy = "correct one of the two; a unit that is in doubt goes into unsure_links"
        yield Problem(_FILE, 0, f"{scope}_id", what, remedy, "warning", tuple(lines))


def _twice(edition: Edition) -> Iterator[Problem]:
    """Places of one kind with one code of the Local Government Directory."""
    places: dict[tuple[str, str], list[str]] = {}
    for place in edition.places.values():
        if place.lgd_code.strip("0"):
            places.setdefault((place.kind, place.lgd_code), []).append(by_id(place))
    lines = [f"{code}: {', '.join(here)}" for (_, code), here in places.items() if len(here) > 1]
    if lines:
        many = f"{len(lines)} LGD codes stand" if len(lines) > 1 else "1 LGD code stands"
        what = f"{many} at more than one place of a kind ({_some(lines, '; ')})"
        remedy = "delete the row that is one too many, or correct the code"
        yield Problem(_FILE, 0, "lgd_code", what, remedy, "warning", tuple(lines))


def _names(edition: Edition) -> Iterator[Problem]:
    """Names that are not in the script of their column."""
    for file, things in (
        (_FILE, edition.places),
        ("types.csv", edition.types),
        ("departments.csv", edition.departments),
    ):
        pairs = [(thing.name_hi, thing.name_en) for thing in things.values()]
        typed = {hi: font for hi, en in pairs if not _HINDI.search(hi) and (font := font_of(hi, en))}
        if typed:
            fonts = " and ".join(sorted(set(typed.values())))
            what = (
                f"{len(typed)} of {len(things)} Hindi names are typed in a legacy font "
                f"that is not Kruti Dev, most likely {fonts} ({_some(list(typed), ', ')})"
            )
            yield Problem(file, 0, "name_hi", what, REMEDY)
        hindi = [hi for hi, _ in pairs if hi not in typed]
        roman = [en for _, en in pairs]
        for column, language, script, names in (
            ("name_hi", "Hindi", "Roman letters", [name for name in hindi if not _HINDI.search(name)]),
            ("name_en", "English", "Hindi letters", [name for name in roman if not _ROMAN.search(name)]),
        ):
            if names:
                what = (
                    f"{len(names)} of {len(things)} {language} names are in {script} ({_some(names, ', ')})"
                )
                yield Problem(file, 0, column, what, f"write them in {language}", "warning")


def _words(scope: str) -> str:
    return scope.replace("_", " ")


def _some(lines: list[str], between: str) -> str:
    shown = between.join(islice(lines, _EXAMPLES))
    return shown + (f"{between}..." if len(lines) > _EXAMPLES else "")
