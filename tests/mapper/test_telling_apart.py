"""Places of one name and tehsil are told apart by words that a caller can answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from mapper import Edition, Place
from mapper.model.place_model import Territory, Unit
from mapper.search.fold import plain
from mapper.search.namesakes import namesakes
from mapper.search.telling_apart import Landmarks, tell_apart


def tell(edition: Edition, group: list[Place], *known: Place) -> dict[str, tuple[str, str]]:
    places = [*group, *known]
    return tell_apart([group], Landmarks(places, namesakes(places, [range(len(group))]), edition.kinds))


@pytest.fixture
def village(edition: Edition) -> Place:
    return replace(edition.places["village:478700"], name_hi="ओमपुरा", name_en="Ompura", point=(24.0, 76.5))


@pytest.fixture
def town(edition: Edition) -> Place:
    return replace(edition.places["ulb:250929"], point=(24.0, 76.4))


def test_every_homonym_of_the_shipped_places_reads_differently(edition: Edition) -> None:
    shown: dict[tuple[str, str], set[str]] = defaultdict(set)
    with_code = 0
    for name in {place.name_en for place in edition.places.values() if place.kind == "village"}:
        for hit in edition.search_places(name, 30):
            shown[plain(hit.place.name_en), hit.where_en].add(hit.place.id)
    for (_, where), ids in shown.items():
        assert len(ids) == 1, (where, ids)
        with_code += "LGD" in where
    assert with_code < 20


def test_a_town_and_the_way_from_it(edition: Edition, village: Place, town: Place) -> None:
    other = replace(village, id="village:2", point=(23.955, 76.4))
    told = tell(edition, [village, other], town)
    assert told[village.id] == ("जीरापुर से 10 किमी पूर्व", "10 km east of Jirapur")
    assert told[other.id] == ("जीरापुर से 5 किमी दक्षिण", "5 km south of Jirapur")


def test_a_village_where_the_town_does_not_tell_them(edition: Edition, village: Place, town: Place) -> None:
    other = replace(village, id="village:2", point=(24.01, 76.5))
    near = replace(village, id="village:3", name_en="Semla", name_hi="सेमला", point=(24.03, 76.5))
    told = tell(edition, [village, other], town, near)
    assert told[village.id] == ("सेमला से 3 किमी दक्षिण", "3 km south of Semla")
    assert told[other.id] == ("सेमला से 2 किमी दक्षिण", "2 km south of Semla")


def test_the_panchayat_where_it_is_known(edition: Edition, village: Place, town: Place) -> None:
    def under(name_hi: str, name_en: str) -> Territory:
        unit = Unit("gram_panchayat", f"gp:{name_en}", name_hi, name_en, "gram_panchayat", drafted=False)
        positions = {**village.territory.positions, "gram_panchayat": len(village.territory.found)}
        return replace(village.territory, positions=positions, found=(*village.territory.found, unit))

    one = replace(village, territory=under("सेमली", "Semli"))
    other = replace(village, id="village:2", territory=under("बड़ी", "Badi"))
    told = tell(edition, [one, other], town)
    assert told[one.id] == ("ग्राम पंचायत सेमली", "Semli gram panchayat")
    assert told[other.id] == ("ग्राम पंचायत बड़ी", "Badi gram panchayat")


def test_the_code_where_nothing_else_is_known(edition: Edition, village: Place, town: Place) -> None:
    other = replace(village, id="village:2", lgd_code="999998", point=None)
    assert tell(edition, [village, other], town)[other.id] == ("LGD 999998", "LGD 999998")
