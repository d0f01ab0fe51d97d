"""People find places and types as they write them: begun, misspelt, in Hindi or Roman letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import Edition
from mapper.decision.edition import LONGEST_SEARCH
from mapper.search.fold import fold, fold_all, words
from mapper.search.typos import Pattern


def first(edition: Edition, text: str) -> str:
    hits = edition.search_places(text)
    return hits[0].place.id if hits else ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ब्यावरा", "ulb:250934"),
        ("biaora", "ulb:250934"),
        ("biora", "ulb:250934"),
        ("byawra", "ulb:250934"),
        ("Byavara", "ulb:250934"),
        ("BIA", "ulb:250934"),
        ("ब्याव", "ulb:250934"),
        ("rajgarh", "ulb:250885"),
        ("rajgad", "ulb:250885"),
        ("Raajgadh", "ulb:250885"),
        ("राजगढ", "ulb:250885"),
        ("राजगड", "ulb:250885"),
        ("narsingarh", "ulb:250937"),
        ("narsinghgadh", "ulb:250937"),
        ("nrsinghgarh", "ulb:250937"),
        ("नरसिंगगढ़", "ulb:250937"),
        ("नरसिहगढ", "ulb:250937"),
        ("sarangpoor", "ulb:250936"),
        ("सारंगपूर", "ulb:250936"),
        ("zirapur", "ulb:250929"),
        ("jeerapur", "ulb:250929"),
        ("ज़ीरापुर", "ulb:250929"),
        ("kilchipur", "ulb:250930"),
        ("खिलचिपुर", "ulb:250930"),
        ("khilcheepur", "ulb:250930"),
        ("chapiheda", "ulb:262992"),
        ("chhapihera", "ulb:262992"),
        ("छापीहेडा", "ulb:262992"),
        ("kujner", "ulb:250932"),
        ("sutalia", "ulb:250933"),
        ("सुठालीया", "ulb:250933"),
        ("pachor", "ulb:250935"),
        ("pachaur", "ulb:250935"),
        ("talain", "ulb:250939"),
        ("kurawer", "ulb:262908"),
        ("kurabar", "ulb:262908"),
        ("machhalpur", "ulb:250928"),
        ("srangpur", "ulb:250936"),
        ("sarngapur", "ulb:250936"),
    ],
)
def test_towns_come_first_however_they_are_spelt(edition: Edition, text: str, place: str) -> None:
    assert first(edition, text) == place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gulkheri", "Gulkhedi"),
        ("gul kheri", "Gulkhedi"),
        ("गुलखेड़ी", "Gulkhedi"),
        ("naugaon", "Nogaon"),
        ("नौगाँव", "Nogaon"),
        ("nogaav", "Nogaon"),
        ("sivpura", "Shivpura"),
        ("शीवपुरा", "Shivpura"),
        ("lakshmanpura", "Laxmanpura"),
        ("lakhmanpura", "Laxmanpura"),
        ("fulpura", "Phoolpura"),
        ("phulpura", "Phoolpura"),
        ("vilodapal", "Bilodapal"),
        ("jethali", "Jethli"),
        ("jetli", "Jethli"),
        ("rampuriyaa", "Rampuria"),
        ("hanumaanpura", "Hanumanpura"),
    ],
)
def test_villages_are_found_by_common_misspellings(edition: Edition, text: str, name: str) -> None:
    assert name in {hit.place.name_en for hit in edition.search_places(text)}


def test_every_name_finds_its_place(edition: Edition) -> None:
    """99 of 100 within the first twelve; what is missed has more than twelve bearers of one name."""
    places = [place for place in edition.places.values() if edition.kinds[place.kind].selectable]
    misses = []
    for place in places:
        for name in (place.name_hi, place.name_en):
            if place.id not in {hit.place.id for hit in edition.search_places(name, 12)}:
                misses.append((place.id, name))
    assert len(misses) <= 0.01 * 2 * len(places), misses
    assert {fold_all(name) for _, name in misses} <= {fold_all("Rampuria"), fold_all("Laxmanpura")}, misses


def test_a_town_goes_before_a_village_that_sounds_alike(edition: Edition) -> None:
    village = replace(edition.places["village:478700"], id="village:1", name_en="Pachor", name_hi="पचौर")
    more = replace(edition, places={**edition.places, village.id: village})
    found = [hit.place.kind for hit in more.search_places("pachor")[:3]]
    assert found == ["nagar_parishad", "tehsil", "village"]


def test_a_unit_after_the_name_narrows_it(edition: Edition) -> None:
    for text in ("motipura biaora", "biaora motipura", "मोतीपुरा ब्यावरा", "motipura, byawra"):
        hits = edition.search_places(text)
        assert {hit.place.kind for hit in hits} == {"village", "gram_panchayat"}
        assert all("Biaora tehsil" in hit.where_en for hit in hits)


def test_hits_of_one_name_can_be_told_apart(edition: Edition) -> None:
    hits = edition.search_places("rampuria", 20)
    shown = [(hit.place.name_en, hit.where_en) for hit in hits]
    assert len(shown) == len(set(shown)) == 20
    village = edition.search_places("dhanoda")[0]
    assert village.where_en == "Village, Jirapur tehsil, Rajgarh district"
    assert village.where_hi == "ग्राम, तहसील जीरापुर, जिला राजगढ़"


def test_whole_names_score_before_begun_and_wrong_ones(edition: Edition) -> None:
    hits = edition.search_places("rajgarh")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].score == 1.0
    assert {hit.place.kind for hit in hits if hit.score == 1.0} == {
        "municipality",
        "tehsil",
        "district",
        "block",
    }


def test_units_that_take_no_complaints_are_not_offered(edition: Edition) -> None:
    assert all(
        hit.place.kind not in {"state", "division"} for hit in edition.search_places("madhya pradesh", 50)
    )
    assert all(hit.place.kind != "division" for hit in edition.search_places("bhopal", 50))


@pytest.mark.parametrize("text", ["", "  ", "!!!", "-", "़", "\u200d", "123456789", "x" * 5000, "क" * 3000])
def test_odd_texts_find_nothing_or_little(edition: Edition, text: str) -> None:
    assert len(edition.search_places(text)) <= 12
    assert len(edition.search_types(text)) <= 12


def test_what_is_longer_than_any_name_is_not_read_on(edition: Edition) -> None:
    village = edition.search_places("khajuri")
    assert edition.search_places("khajuri" + " " * LONGEST_SEARCH + "biaora") == village
    assert edition.search_types("x" * LONGEST_SEARCH + " pump") == []


def test_a_limit_of_none(edition: Edition) -> None:
    assert edition.search_places("rajgarh", 0) == []
    assert len(edition.search_places("ra", 3)) == 3


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=30) | st.text("अआइकखगड़ढणतनमयरलवशसह्ािीुेंँ़ aeioukhgdr", max_size=20))
def test_any_text_is_searched_without_failing(edition: Edition, text: str) -> None:
    hits = edition.search_places(text)
    assert len(hits) <= 12
    assert len({hit.place.id for hit in hits}) == len(hits)
    assert hits == edition.search_places(text)
    for word in words(text):
        assert fold(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("खेड़ी", "khedi"),
        ("पीपल्या", "pipliya"),
        ("ज्ञानपुरा", "gyanpura"),
        ("लक्ष्मणपुरा", "laxmanpura"),
        ("चम्पा", "champa"),
        ("चंपा", "champa"),
        ("फूलपुरा", "fulpura"),
        ("देवली", "deoli"),
        ("विजयपुर", "bijaipur"),
        ("शाहपुरा", "sahpura"),
        ("गांव", "gaon"),
        ("ब्यावरा", "biaora"),
        ("देवड़ा", "deoda"),
        ("कृष्णपुरा", "krishnapura"),
    ],
)
def test_both_scripts_fold_alike(one: str, other: str) -> None:
    assert fold_all(one) == fold_all(other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ग्रामीण वि\u200dद्\u200dयुत", "ग्रामीण विद्युत"),
        ("प्रमाण\u200c पत्\u200dर", "प्रमाण पत्र"),
        ("रा\u00adशन", "राशन"),
        ("\ufeffब्\u200dयावरा", "ब्यावरा"),
        ("नरसिं\u200cहगढ़", "नरसिंहगढ़"),
        ("गा\u0931ी", "गाड़ी"),
        ("र\u093cाशन", "ड़ाशन"),
        ("छापीहे\u0931ा", "छापीहेड़ा"),
        ("गुलखेर\u093cी", "गुलखेड़ी"),
        ("राजग\u0931\u200d", "राजगड़"),
    ],
)
def test_what_looks_alike_is_found_alike(edition: Edition, typed: str, meant: str) -> None:
    """Joiners and other unseen signs, and ऱ for ड़."""
    assert edition.search_places(typed) == edition.search_places(meant)
    assert edition.search_types(typed) == edition.search_types(meant)
    assert edition.search_places(typed) or edition.search_types(typed)


def test_different_sounds_fold_apart() -> None:
    keys = [fold_all(name) for name in ("rajgarh", "ramgarh", "biaora", "pachore", "talen", "khedi", "kheda")]
    assert len(set(keys)) == len(keys)


def slow_errors(pattern: str, text: str) -> int:
    """Least edit distance to any beginning of the text, by the full table."""
    above = list(range(len(text) + 1))
    for i, a in enumerate(pattern, 1):
        row = [i]
        for j, b in enumerate(text, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
        above = row
    return min(above)


@settings(deadline=None, max_examples=400)
@given(pattern=st.text("abcd", min_size=1, max_size=9), text=st.text("abcd", max_size=14))
def test_the_bit_parallel_distance_agrees_with_the_table(pattern: str, text: str) -> None:
    exact = slow_errors(pattern, text)
    for enough in (1, 2, 3):
        found = Pattern(pattern).errors_in_beginning(text, enough)
        assert found >= exact
        if exact <= enough:
            assert found == exact


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bijli", "ENERGY-01"),
        ("बिजली बिल", "ENERGY-03"),
        ("bijli ka bil", "ENERGY-03"),
        ("transformar", "ENERGY-02"),
        ("light", "ENERGY-01"),
        ("namantran", "REVENUE-01"),
        ("नामांतरण", "REVENUE-01"),
        ("mutation", "REVENUE-01"),
        ("rashan nahi mila", "FOOD-02"),
        ("राशन", "FOOD-02"),
        ("hand pump", "PHE-02"),
        ("handpump kharab", "PHE-02"),
        ("हैंडपंप", "PHE-02"),
        ("vridha pension", "SOCJUS-01"),
        ("old age pension", "SOCJUS-01"),
        ("vidhwa pension", "SOCJUS-02"),
        ("viklang", "SOCJUS-03"),
        ("sadak kharab", "PWD-01"),
        ("street light", "UDH-06"),
        ("ladli behna", "WCD-02"),
        ("लाडली बहना", "WCD-02"),
        ("fir", "HOME-03"),
        ("khad", "AGRI-01"),
        ("ayushman", "HEALTH-04"),
        ("kabja", "REVENUE-05"),
        ("awas", "PRD-02"),
        ("PHE-05", "PHE-05"),
    ],
)
def test_types_are_found_by_everyday_words(edition: Edition, text: str, code: str) -> None:
    hits = edition.search_types(text, 6)
    assert code in [hit.type.code for hit in hits]
    assert all(hit.department.code == hit.type.department_code for hit in hits)


def test_every_type_is_found_by_its_own_names(edition: Edition) -> None:
    for kind in edition.types.values():
        for name in (kind.name_hi, kind.name_en, kind.code):
            assert kind.code in {hit.type.code for hit in edition.search_types(name, 6)}, name
