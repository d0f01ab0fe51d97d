"""Finding units: what the place names first, then the fallback rows in order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.model.territory import Fallback, Found, Link, Resolver, circles


def _row(scope: str, order: int, via: str, take: str, *, drafted: bool = True) -> Fallback:
    return Fallback(scope, order, via, take, drafted, "why")


def test_a_named_unit_needs_no_fallback() -> None:
    resolver = Resolver([_row("a", 1, "b", "unit")], {})
    assert resolver.find({"a": Link("a1", True), "b": Link("b1", False)}, "a") == Found("a1", True, "", False)


def test_rows_are_tried_in_order_and_mark_what_they_find() -> None:
    resolver = Resolver(
        [_row("a", 2, "c", "unit"), _row("a", 1, "b", "within")], {"b1": {"a": Link("a1", False)}}
    )
    assert resolver.find({"b": Link("b1", False), "c": Link("c1", False)}, "a") == Found(
        "a1", True, "no a known for the place: through its b (why)", False
    )
    second = resolver.find({"b": Link("b2", False), "c": Link("c1", False)}, "a")
    assert second == Found("c1", True, "no a known for the place: by its c (why)", True)
    assert resolver.find({}, "a") is None


def test_a_confirmed_row_leaves_no_mark_unless_its_base_is_unsure() -> None:
    rows = [
        _row("state", 1, "division", "within", drafted=False),
        _row("division", 1, "d", "within", drafted=False),
    ]
    units = {"d1": {"division": Link("v1", False)}, "v1": {"state": Link("s1", False)}}
    resolver = Resolver(rows, units)
    assert resolver.find({"d": Link("d1", False)}, "state") == Found("s1", False, "", False)
    unsure = resolver.find({"d": Link("d1", True)}, "state")
    assert unsure is not None
    assert unsure.drafted


def test_circles_are_found_and_ended() -> None:
    rows = [
        _row("a", 1, "b", "unit"),
        _row("b", 1, "c", "unit"),
        _row("c", 1, "a", "unit"),
        _row("d", 1, "a", "unit"),
    ]
    assert circles(rows) == rows[:3]
    assert Resolver(rows, {}).find({}, "d") is None
    there_and_back = [_row("tehsil", 1, "block", "within"), _row("block", 1, "tehsil", "within")]
    assert circles(there_and_back) == []


@settings(deadline=None, max_examples=200)
@given(
    rows=st.lists(st.tuples(*[st.sampled_from("abcd")] * 2, st.sampled_from(["unit", "within"])), max_size=8),
    links=st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["u1", "u2", "u3"]), max_size=2),
    inner=st.dictionaries(
        st.sampled_from(["u1", "u2", "u3"]),
        st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["u1", "u2", "u3"]), max_size=3),
        max_size=3,
    ),
)
def test_any_table_ends_and_finds_only_units_that_are_there(
    rows: list[tuple[str, str, str]], links: dict[str, str], inner: dict[str, dict[str, str]]
) -> None:
    table = [_row(scope, n, via, take) for n, (scope, via, take) in enumerate(rows)]
    resolver = Resolver(table, {u: {s: Link(t, False) for s, t in d.items()} for u, d in inner.items()})
    known = set(links.values()) | {unit for d in inner.values() for unit in d.values()}
    for scope in "abcd":
        found = resolver.find({s: Link(u, False) for s, u in links.items()}, scope)
        if scope in links:
            assert found == Found(links[scope], False, "", False)
        elif found is not None:
            assert found.unit_id in known
            assert found.drafted
            assert found.how
