"""Which kinds of place a type of complaint is for: towns, villages, or both.

Read from the words of the type's name, and where they say nothing from its department's: "(ग्रामीण)",
"Panchayat and Rural Development". No sheet has a column for it, and the responsibilities do not tell: in a
village, too, somebody answers for a town's type, so that nothing stays without an officer.
"""

from __future__ import annotations

from typing import Literal

from mapper.decision.edition import Edition
from mapper.model.model import ComplaintType
from mapper.model.place_model import Place
from mapper.search.fold import words
from mapper.search.index import BIG

Area = Literal["urban", "rural"]

_WORDS: dict[Area, tuple[str, ...]] = {
    "urban": ("नगर", "शहर", "urban", "town", "city", "municipal", "nagar"),
    "rural": (
        "ग्राम",
        "गांव",
        "गाँव",
        "पंचायत",
        "सरपंच",
        "rural",
        "village",
        "panchayat",
        "sarpanch",
        "gram",
        "gramin",
    ),
}
"""Beginnings of words; "gram" and "gramin" are whole words in Roman letters."""
_WHOLE = frozenset({"gram", "gramin", "nagar", "city", "town"})


def area_of(edition: Edition, kind: ComplaintType) -> Area | None:
    """The kind of place that the type is for; None when it is for both, or its words do not say."""
    department = edition.departments[kind.department_code]
    for texts in ((kind.name_hi, kind.name_en), (department.name_hi, department.name_en)):
        found = {area for area in _WORDS for text in texts if _says(text, area)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def unusual(edition: Edition, kind: ComplaintType, place: Place) -> Area | None:
    """What the type is for when the place is of the other kind; None when they go together.

    A tehsil, a block or a district holds both, so nothing is unusual there.
    """
    area = area_of(edition, kind)
    if area is None or area == place.territory.area:
        return None
    whole = edition.kinds[place.kind].rank <= BIG and place.ulb_id is None
    return None if whole else area


def _says(text: str, area: Area) -> bool:
    return any(
        part == word if word in _WHOLE else part.startswith(word)
        for part in words(text)
        for word in _WORDS[area]
    )
