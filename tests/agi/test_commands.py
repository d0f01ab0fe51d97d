"""What we send: quoted so that Asterisk reads back exactly what was meant, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi.commands import MAX_LINE, assignments, encode, variable
from tests.agi.fake_asterisk import split

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@given(arguments=st.lists(TEXT, max_size=6))
def test_arguments_come_back_or_are_refused(arguments: list[str]) -> None:
    try:
        line = encode("EXEC", *arguments)
    except ValueError:
        assert any(
            ord(letter) < 32 or 127 <= ord(letter) < 160 or letter in "\u2028\u2029"
            for letter in "".join(arguments)
        )
        return
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert split(line.decode()[:-1]) == ["EXEC", *arguments]


@pytest.mark.parametrize("bad", ["a\nb", "a\rb", "\0", "\t", "\x1b[0m", "\x7f", "\x85", "\u2028", "\ud800"])
def test_control_characters_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"control|surrogate"):
        encode("VERBOSE", bad, "1")


def test_joiners_of_hindi_are_no_control_characters() -> None:
    assert "क्\u200dष".encode() in encode("VERBOSE", "क्\u200dष", "1")


def test_limits_of_a_line() -> None:
    longest = MAX_LINE - len(b'NOOP ""\n')
    assert len(encode("NOOP", "x" * longest)) == MAX_LINE
    with pytest.raises(ValueError, match="8192 bytes"):
        encode("NOOP", "x" * (longest + 1))
    with pytest.raises(ValueError, match="bytes"):
        encode("NOOP", "अ" * (longest // 2))
    encode("EXEC", *["a"] * 100)
    with pytest.raises(ValueError, match="101 arguments"):
        encode("EXEC", *["a"] * 101)


@pytest.mark.parametrize("name", ["H181_DONE", "CHANNEL(language)", "CALLERID(num)", "_x", "__H181_QUEUE"])
def test_variable_names(name: str) -> None:
    assert variable(name) == name


@pytest.mark.parametrize("name", ["", "a b", "${x}", "SHELL(${x})", "a}b", "1a", "A(b))", "अ"])
def test_names_that_asterisk_would_evaluate(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        variable(name)


def test_several_assignments_keep_their_order() -> None:
    given = {"H181_QUEUE": "district-39", "H181_NEXT": "", "CHANNEL(language)": "hi", "H181_DONE": "connect"}
    assert assignments(given) == "H181_QUEUE=district-39,H181_NEXT=,CHANNEL(language)=hi,H181_DONE=connect"


@pytest.mark.parametrize(
    "value", ["a,b", 'a"b', "a\\b", "a(b", "a]", "a=b", " a", "a ", "a\nb", "${X}", "a;b", "क"]
)
def test_what_means_something_to_the_divider_is_not_given_to_it(value: str) -> None:
    assert assignments({"A": "1", "B": value}) is None
    assert assignments({"A": "1", f"B({value})": "1"}) is None
