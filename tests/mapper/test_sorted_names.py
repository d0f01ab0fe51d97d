"""The index of names finds what looking at every name finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.search.sorted_names import SortedNames, pack, unpack
from mapper.search.typos import Pattern

_names = st.text("abkrn", min_size=1, max_size=9)
_numbers = st.dictionaries(_names | st.just("राजगढ़"), st.sets(st.integers(0, 60), min_size=1), max_size=40)


def index(numbers: dict[str, set[int]]) -> SortedNames:
    return SortedNames(SortedNames.parts("some", numbers), "some")


@settings(deadline=None)
@given(numbers=_numbers, asked=_names)
def test_whole_names_and_beginnings(numbers: dict[str, set[int]], asked: str) -> None:
    found = index(numbers)
    assert list(found.exact(asked)) == sorted(numbers.get(asked, ()))
    expected = [
        number for name in sorted(numbers) if name.startswith(asked) for number in sorted(numbers[name])
    ]
    assert list(found.beginning(asked)) == expected
    assert len(found.beginning("")) == sum(map(len, numbers.values()))


@settings(deadline=None, max_examples=300)
@given(numbers=_numbers, asked=st.text("abkrn", min_size=3, max_size=9), same=st.booleans())
def test_misspelt_names(numbers: dict[str, set[int]], asked: str, same: bool) -> None:
    allowed = 1 if len(asked) < 6 else 2
    beginning = asked[0] if same else ""
    pattern = Pattern(asked)
    expected = [
        (errors, sorted(numbers[name]))
        for name in sorted(numbers)
        if name.startswith(beginning) and (errors := pattern.errors_in_beginning(name, allowed)) <= allowed
    ]
    found = index(numbers).misspelt(asked, allowed, beginning)
    assert [(errors, list(hit)) for errors, hit in found] == expected


def test_numbers_are_packed_the_same_on_every_machine() -> None:
    assert pack([1, 258]) == b"\x01\x00\x00\x00\x02\x01\x00\x00"
    assert list(unpack(pack([0, 7, 4_000_000_000]))) == [0, 7, 4_000_000_000]
