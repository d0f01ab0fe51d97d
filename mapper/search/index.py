"""Making the index of places by name: once at import, kept in the edition's file, read without work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mapper.model.place_model import Kind, Place
from mapper.search.fold import fold, fold_all, has_flap, join, plain, words
from mapper.search.namesakes import namesakes
from mapper.search.sorted_names import Part, SortedNames, pack
from mapper.search.telling_apart import Landmarks, tell_apart

VERSION = "4"
"""Of what the parts hold. An edition's file with other parts is searched by parts made anew in memory."""

BIG = 4
"""Kinds up to this rank (urban bodies, tehsils, districts, blocks) go before villages on an equal match."""


def make_parts(places: Iterable[Place], kinds: Mapping[str, Kind]) -> dict[str, Part]:
    """The parts of an index over the places that take complaints, in the order of equal hits."""
    known = [place for place in places if kinds[place.kind].selectable]
    known.sort(key=lambda p: (kinds[p.kind].rank, len(p.name_en), -p.population, p.name_en, p.id))
    letters: dict[str, set[int]] = {}
    sounds: dict[str, set[int]] = {}
    later_letters: dict[str, set[int]] = {}
    later_sounds: dict[str, set[int]] = {}
    codes: dict[str, set[int]] = {}
    for number, place in enumerate(known):
        if place.lgd_code:
            codes.setdefault(place.lgd_code, set()).add(number)
        for name in {place.name_hi, place.name_en, *place.aliases}:
            parts = words(name)
            letters.setdefault(" ".join(parts), set()).add(number)
            for flap in "dr" if has_flap(name) else "d":
                keys = [fold(part, flap=flap) for part in parts]
                sounds.setdefault(join(keys), set()).add(number)
                for start in range(1, len(parts)):
                    later_letters.setdefault(" ".join(parts[start:]), set()).add(number)
                    later_sounds.setdefault(join(keys[start:]), set()).add(number)
    bearers = namesakes(known, sounds.values())
    units = sorted({unit.id: unit for place in known for unit in place.territory.units.values()}.items())
    unit_sounds: dict[str, set[int]] = {}
    for number, (_, unit) in enumerate(units):
        for name in {unit.name_hi, unit.name_en}:
            for flap in "dr" if has_flap(name) else "d":
                unit_sounds.setdefault(fold_all(name, flap=flap), set()).add(number)
    return {
        "version": VERSION,
        "places": "\n".join(place.id for place in known),
        "big": pack([sum(kinds[place.kind].rank <= BIG for place in known)]),
        **_apart(known, bearers, kinds),
        "namesakes": pack(bearers),
        "units": "\n".join(unit_id for unit_id, _ in units),
        **SortedNames.parts("codes", codes),
        **SortedNames.parts("letters", letters),
        **SortedNames.parts("sounds", sounds),
        **SortedNames.parts("later_letters", later_letters),
        **SortedNames.parts("later_sounds", later_sounds),
        **SortedNames.parts("unit_sounds", unit_sounds),
    }


def where(place: Place, kinds: Mapping[str, Kind]) -> tuple[str, str]:
    """Where a place lies, in Hindi and English: its kind and the units that its kind shows."""
    kind = kinds[place.kind]
    hi, en = [kind.name_hi], [kind.name_en]
    shown: set[str] = set()
    for scope in kind.where:
        unit = place.territory.unit(scope)
        if unit is None or (scope == "block" and unit.name_hi in shown):
            continue
        shown.add(unit.name_hi)
        over = kinds[unit.kind]
        hi.append(f"{over.name_hi} {unit.name_hi}")
        en.append(f"{unit.name_en} {over.name_en.lower()}")
    return ", ".join(hi), ", ".join(en)


def _apart(places: Sequence[Place], bearers: Sequence[int], kinds: Mapping[str, Kind]) -> dict[str, Part]:
    """What tells places apart that share name and units: a line a place, empty for the others."""
    alike: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        alike.setdefault((plain(place.name_en), where(place, kinds)[1]), []).append(place)
    groups = [group for group in alike.values() if len(group) > 1]
    told = tell_apart(groups, Landmarks(places, bearers, kinds)) if groups else {}
    lines = [told.get(place.id, ("", "")) for place in places]
    return {"apart_hi": "\n".join(hi for hi, _ in lines), "apart_en": "\n".join(en for _, en in lines)}
