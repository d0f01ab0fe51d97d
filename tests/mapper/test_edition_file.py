"""What is derived at import and kept in the file: posts, territories and the index of names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.state_sheets import write_state
from mapper import Edition, Registration, assign, explain, load_edition
from mapper.directory.store import DirectoryStore, shipped_source

from .conftest import NOW

DISTRICTS = shipped_source().parent.parent / "dialplan" / "data" / "districts.csv"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A small State: all districts, few villages, as a draft."""
    folder = tmp_path_factory.mktemp("state")
    write_state(folder / "sheets", DISTRICTS, villages=110)
    return load_edition(DirectoryStore(folder / "directory").import_sheets(folder / "sheets").path)


def test_posts_are_one_for_each_officer_and_unit(edition: Edition) -> None:
    assert len(edition.posts) == len(set(edition.posts)) == len(list(edition.posts.values()))
    for post_id, post in edition.posts.items():
        assert edition.posts[post_id] is post
        assert post.id == post_id == f"{post.designation_code}@{post.unit_id}"
        assert post.name_hi.startswith(f"{post.designation.name_hi}, ")
    assert "NOBODY@tehsil:3566" not in edition.posts
    assert "REVENUE-L1@tehsil:0" not in edition.posts
    assert "REVENUE-L1" not in edition.posts


def test_a_stand_in_tells_its_kind(edition: Edition) -> None:
    own, stands_in = edition.posts["REVENUE-L1@tehsil:3566"], edition.posts["HOME-L1@tehsil:3566"]
    assert (own.stand_in, own.name_en.rpartition(", ")[2]) == (False, "Biaora")
    assert (stands_in.stand_in, stands_in.name_en.rpartition(", ")[2]) == (True, "Biaora tehsil")
    assert stands_in.drafted


def test_the_stored_index_is_used_for_its_own_places_only(edition: Edition) -> None:
    assert edition.stored_search is not None
    extra = replace(edition.places["village:478700"], id="village:1", name_en="Zuzupur", name_hi="ज़ुज़ुपुर")
    more = replace(edition, places={**edition.places, extra.id: extra})
    assert [hit.place.id for hit in more.search_places("zuzupur")[:1]] == ["village:1"]
    rebuilt = replace(edition, stored_search=None)
    for text in ("biaora", "raj", "motipura biaora", "gulkheri", "पचौर"):
        assert rebuilt.search_places(text) == edition.search_places(text)


def test_one_edition_carries_every_district(state: Edition) -> None:
    kinds = [place.kind for place in state.places.values()]
    assert kinds.count("district") == 55
    assert {"ward", "police_station", "distribution_centre", "subdivision", "division"} <= set(kinds)
    for code in ("REVENUE-01", "HOME-01", "ENERGY-01", "UDH-06", "PHE-01"):
        for place in state.places.values():
            if state.kinds[place.kind].selectable:
                assert assign(state, Registration(code, place.id, NOW)).level == 1


def test_smallest_units_have_officers_of_their_own(state: Edition) -> None:
    """Wards, police stations and distribution centres are jurisdictions like any other."""
    village = next(place for place in state.places.values() if place.kind == "village")
    ward = next(place for place in state.places.values() if place.kind == "ward")
    units = {
        code: assign(state, Registration(code, place.id, NOW)).post.unit.kind
        for code, place in (
            ("REVENUE-01", village),
            ("HOME-01", village),
            ("ENERGY-01", village),
            ("UDH-06", ward),
        )
    }
    assert units == {
        "REVENUE-01": "gram_panchayat",
        "HOME-01": "police_station",
        "ENERGY-01": "distribution_centre",
        "UDH-06": "ward",
    }
    first = explain(state, Registration("REVENUE-01", village.id, NOW)).levels[0]
    assert first.tried[0].outcome.startswith("won: PATWARI@gp:")


def test_the_same_sheets_give_the_same_tables(tmp_path: Path) -> None:
    """Which post and which unit are found does not hang on the order in which anything was looked at."""
    one = load_edition(DirectoryStore(tmp_path / "one").import_sheets(shipped_source()).path)
    other = load_edition(DirectoryStore(tmp_path / "other").import_sheets(shipped_source()).path)
    assert dict(one.posts) == dict(other.posts)
    assert one.stored_search is not None
    assert other.stored_search is not None
    assert dict(one.stored_search.parts) == dict(other.stored_search.parts)
