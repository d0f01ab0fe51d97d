"""A hit says whether it may be chosen unasked, and how many places or types bear its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mapper import Edition
from mapper.decision.edition import StoredSearch


@pytest.mark.parametrize("text", ["rajgarh", "ब्यावरा", "dhanoda", "Pachore", "जीरापुर"])
def test_a_whole_name_of_one_place_is_sure(edition: Edition, text: str) -> None:
    """Tehsil, block and panchayat that are named after their seat do not make it doubtful."""
    first, *others = edition.search_places(text)
    assert first.sure
    assert not any(hit.sure for hit in others)


@pytest.mark.parametrize("text", ["khajuri", "खजूरी", "rampuria", "laxmanpura", "motipura"])
@pytest.mark.parametrize("limit", [1, 12])
def test_a_name_of_several_places_is_not_sure(edition: Edition, text: str, limit: int) -> None:
    hits = edition.search_places(text, limit)
    assert hits[0].score == 1.0
    assert hits[0].namesakes > 1
    assert not any(hit.sure for hit in hits)


def test_a_village_called_like_a_town_makes_the_town_doubtful(edition: Edition) -> None:
    village = replace(edition.places["village:478700"], id="village:1", name_en="Pachore", name_hi="पचोर")
    more = replace(edition, places={**edition.places, village.id: village})
    first = more.search_places("pachore")[0]
    assert (first.place.id, first.sure, first.namesakes) == ("ulb:250935", False, 2)


@pytest.mark.parametrize("text", ["biao", "ब्याव", "sarnagput", "khilchpuri", "biaolra"])
def test_what_is_begun_or_misspelt_is_not_sure(edition: Edition, text: str) -> None:
    hits = edition.search_places(text)
    assert hits
    assert not any(hit.sure for hit in hits)


@pytest.mark.parametrize("text", ["rajgadh tehsil ka gaon", "gaon biaora", "ग्राम राजगढ़ तहसील"])
def test_a_unit_is_not_meant_for_sure_by_who_speaks_of_a_village(edition: Edition, text: str) -> None:
    assert not any(hit.sure for hit in edition.search_places(text))


def test_a_tehsil_that_leaves_one_place_makes_it_sure(edition: Edition) -> None:
    assert not edition.search_places("khajuri")[0].sure
    first = edition.search_places("khajuri pachore")[0]
    assert (first.place.id, first.sure) == ("village:480412", True)
    assert first.namesakes > 1


def test_an_index_with_other_parts_is_made_anew(edition: Edition) -> None:
    stored = edition.stored_search
    assert stored is not None
    of_before = {name: part for name, part in stored.parts.items() if name not in ("version", "namesakes")}
    old = replace(edition, stored_search=StoredSearch(of_before, stored.places))
    for text in ("rajgarh", "khajuri", "sarngapur"):
        assert old.search_places(text) == edition.search_places(text)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("पटवारी पैसे माँग रहा है", False),
        ("patwari rishwat mang raha hai", False),
        ("बिजली", False),
        ("hand pump", False),
        ("bijli bi", False),
        ("mutaton", False),
        ("mutation", True),
        ("light nahi hai", False),
        ("लाइट नहीं है", False),
        ("street light", True),
        ("नामांतरण नहीं हुआ", True),
        ("बिजली का बिल", True),
        ("PHE-05", True),
    ],
)
def test_a_type_is_sure_when_it_alone_has_every_word(edition: Edition, text: str, sure: bool) -> None:
    first, *others = edition.search_types(text)
    assert first.sure is sure
    assert not any(hit.sure for hit in others)


def test_the_whole_name_of_a_type_is_sure(edition: Edition) -> None:
    for kind in edition.types.values():
        hits = {hit.type.code: hit for hit in edition.search_types(kind.name_hi)}
        assert hits[kind.code].namesakes >= 1
        first = next(iter(hits.values()))
        if first.type is kind and first.namesakes == 1:
            assert first.sure
