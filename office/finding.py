"""A place, a type or a department by its code, or by what a person calls it."""

from collections.abc import Iterable

from mapper import ComplaintType, Department, Edition, Place
from mapper.search.fold import plain
from mapper.search.place_hits import PlaceHit
from mapper.settings import MapperSettings
from office.errors import OfficeError


def places_called(edition: Edition, text: str, most: int) -> tuple[list[PlaceHit], bool]:
    """Up to ``most`` places of a name, and whether they bear it; else those whose names are like it."""
    hits = edition.search_places(text, most)
    alike = [hit for hit in hits if hit.score == 1.0]
    letters = plain(text)
    exact = [
        hit
        for hit in alike
        if letters in map(plain, (hit.place.name_hi, hit.place.name_en, *hit.place.aliases))
    ] or alike
    return exact or hits, bool(exact)


def find_place(edition: Edition, text: str) -> Place:
    """The place of an id or of exactly one name. Raises `OfficeError` with the ids to choose from."""
    if place := edition.places.get(text.strip()):
        return place
    hits, exact = places_called(edition, text, MapperSettings().candidates)
    if exact and len(hits) == 1:
        return hits[0].place
    if not hits:
        raise OfficeError(f"no place is called {text!r}; try fewer letters")
    what = f"{text!r} is the name of several places" if exact else f"no place is called exactly {text!r}"
    listed = ((hit.place.id, hit.place.name_hi, hit.place.name_en, hit.where_en) for hit in hits)
    lines = (f"{place_id:24} {hi} ({en}): {where}" for place_id, hi, en, where in listed)
    raise OfficeError(_choose(what, lines))


def find_type(edition: Edition, text: str) -> ComplaintType:
    """The type of a code or of words that mean one type. Raises `OfficeError` with the choice."""
    code = text.strip()
    if kind := edition.types.get(code) or edition.types.get(code.upper()):
        return kind
    hits = edition.search_types(text, MapperSettings().candidates)
    named = [hit for hit in hits if plain(text) in {plain(hit.type.name_hi), plain(hit.type.name_en)}]
    if len(named or hits) == 1:
        return (named or hits)[0].type
    if not hits:
        raise OfficeError(f"no complaint type has the words {text!r}; try one word, such as bijli or राशन")
    lines = (
        f"{hit.type.code:14} {hit.type.name_hi} ({hit.type.name_en}): {hit.department.name_en}"
        for hit in hits
    )
    raise OfficeError(_choose(f"{text!r} may be several types", lines))


def find_department(edition: Edition, text: str) -> Department:
    """The department of a code or of a name. Raises `OfficeError` with the codes to choose from."""
    code = text.strip()
    if found := edition.departments.get(code) or edition.departments.get(code.upper()):
        return found
    letters = plain(text)
    hits = [
        each
        for each in edition.departments.values()
        if letters in plain(each.name_hi) or letters in plain(each.name_en)
    ]
    exact = [each for each in hits if letters in {plain(each.name_hi), plain(each.name_en)}]
    if len(exact or hits) == 1:
        return (exact or hits)[0]
    what = f"{text!r} may be several departments" if hits else f"no department is called {text!r}"
    lines = (
        f"{each.code:10} {each.name_hi} ({each.name_en})" for each in hits or edition.departments.values()
    )
    raise OfficeError(_choose(what, lines))


def _choose(what: str, lines: Iterable[str]) -> str:
    return f"{what}; name one by its code:" + "".join(f"\n  {line}" for line in lines)
