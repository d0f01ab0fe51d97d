"""Types that are for towns or for villages, and the places where they are unusual."""

import pytest

from mapper import Edition
from mapper.decision.meant_for import area_of, unusual


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("UDH-06", "urban"), ("UDH-01", "urban"), ("PRD-02", "rural"), ("PRD-09", "rural"),
        ("PRD-01", "rural"),
        ("ENERGY-01", None), ("PHE-02", None), ("SOCJUS-01", None), ("REVENUE-01", None),
    ],
)  # fmt: skip
def test_what_a_type_is_for(edition: Edition, code: str, area: str | None) -> None:
    assert area_of(edition, edition.types[code]) == area


def place(edition: Edition, name: str, kind: str) -> str:
    return next(each.place.id for each in edition.search_places(name) if each.place.kind == kind)


@pytest.mark.parametrize(
    ("code", "name", "kind", "asked"),
    [
        ("UDH-06", "khajuri", "village", "urban"),
        ("UDH-06", "talen", "nagar_parishad", None),
        ("PRD-13", "talen", "nagar_parishad", "rural"),
        ("PRD-13", "khajuri", "village", None),
        ("UDH-06", "rajgarh", "tehsil", None),
        ("ENERGY-01", "khajuri", "village", None),
    ],
)
def test_where_it_is_unusual(edition: Edition, code: str, name: str, kind: str, asked: str | None) -> None:
    found = edition.places[place(edition, name, kind)]
    assert unusual(edition, edition.types[code], found) == asked
