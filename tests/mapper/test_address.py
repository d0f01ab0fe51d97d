"""Words of kinds and units cost nothing; a place that lies elsewhere than said is found, and says so."""

from __future__ import annotations

import pytest

from mapper import Edition

DHANODA = "village:478700"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ग्राम धानोदा", "धानोदा"),
        ("गाँव संडावता, तहसील सारंगपुर", "सांदावता"),
        ("Sandawta village", "सांदावता"),
        ("vill. Sandawta, teh. Sarangpur, distt. Rajgarh (M.P.)", "सांदावता"),
        ("सारंगपुर तहसील संडावता", "सांदावता"),
        ("संडावता।", "सांदावता"),
        ("ग्राम - संडावता ; पोस्ट - पचोर ; जिला राजगढ़ ; मध्य प्रदेश", "सांदावता"),
        ("मु.पो. संडावता", "सांदावता"),
        ("शंकर नगर", "शंकर नगर"),
        ("ग्राम शंकर नगर तहसील सारंगपुर", "शंकर नगर"),
    ],
)
def test_words_around_a_name_cost_nothing(edition: Edition, text: str, place: str) -> None:
    first = edition.search_places(text)[0]
    assert (first.place.name_hi, first.place.kind, first.score) == (place, "village", 1.0)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("तहसील सारंगपुर", "tehsil:"),
        ("sarangpur tehsil", "tehsil:"),
        ("जिला राजगढ़", "district:422"),
        ("rajgarh district", "district:422"),
        ("जनपद पंचायत ब्यावरा", "block:3942"),
        ("ग्राम पंचायत धानोदा", "gp:pmgsy-287794"),
        ("नगर परिषद पचोर", "ulb:250935"),
        ("CMO Pachore", "ulb:250935"),
        ("ward no. 12, Biaora", "ulb:250934"),
        ("वार्ड क्रमांक ७ ब्यावरा", "ulb:250934"),
    ],
)
def test_a_word_of_a_kind_says_which_is_meant(edition: Edition, text: str, place: str) -> None:
    first = edition.search_places(text)[0]
    assert first.place.id.startswith(place)
    assert (first.score, first.sure) == (1.0, True)


@pytest.mark.parametrize("text", ["Kurawar mandi", "near Kurawar", "कुरावर के पास", "कुरावर मंडी के सामने"])
def test_near_a_place_is_told_as_near(edition: Edition, text: str) -> None:
    first = edition.search_places(text)[0]
    assert (first.place.id, first.score, first.sure) == ("ulb:262908", 0.9, False)


@pytest.mark.parametrize("text", ["479544", "LGD 479544", "४७९५४४", "479544 khajuri"])
def test_an_lgd_code_finds_its_place(edition: Edition, text: str) -> None:
    assert [(hit.place.id, hit.sure) for hit in edition.search_places(text)] == [("village:479544", True)]


@pytest.mark.parametrize("text", ["dhanoda biaora", "धानोदा तहसील ब्यावरा", "ब्यावरा, ग्राम धानोदा"])
def test_a_place_in_another_tehsil_says_so(edition: Edition, text: str) -> None:
    first = edition.search_places(text)[0]
    assert (first.place.id, first.sure) == (DHANODA, False)
    assert first.score < 1
    assert first.elsewhere_hi == "जीरापुर में है, ब्यावरा में नहीं"
    assert first.elsewhere_en == "in Jirapur, not in Biaora"
    assert not edition.search_places("dhanoda jirapur")[0].elsewhere_en


def test_places_elsewhere_leave_room_for_those_in_the_tehsil(edition: Edition) -> None:
    hits = edition.search_places("rampur suthaliya")
    assert sum(bool(hit.elsewhere_en) for hit in hits) <= 6


def test_a_name_among_words_that_are_none_is_found_last(edition: Edition) -> None:
    first = edition.search_places("shiv mandir wali gali dhanoda")[0]
    assert (first.place.id, first.sure) == (DHANODA, False)
    assert first.score < 0.5


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("bioara", "ulb:250934"),
        ("narisnghgarh", "ulb:250937"),
        ("saarngpru", "ulb:250936"),
        ("hkilchipur", "ulb:250930"),
        ("sarangpjr", "ulb:250936"),
        ("छापहीेड़ा", "ulb:262992"),
        ("dhnodaa jirapur", DHANODA),
        ("dhanoda jirapr tehsil", DHANODA),
    ],
)
def test_slips_of_the_fingers_are_forgiven(edition: Edition, text: str, place: str) -> None:
    assert edition.search_places(text)[0].place.id == place


@pytest.mark.parametrize(
    "text",
    [
        "mera gaon motipura hai tehsil jirapur", "motipura, tehsel jirapur", "ग्राम मोतीपुरा तहशील जीरापुर",
        "gaon ka naam motipura, jirapur", "मेरे गांव का नाम मोतीपुरा है, तेहशील जीरापुर",
    ],
)  # fmt: skip
def test_what_people_say_around_an_address_costs_nothing(edition: Edition, text: str) -> None:
    first = edition.search_places(text)[0].place
    tehsil = first.territory.unit("tehsil")
    assert (first.name_en, tehsil and tehsil.name_en) == ("Motipura", "Jirapur")
