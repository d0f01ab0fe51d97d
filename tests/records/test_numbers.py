"""Complaint numbers: what people mistype is noticed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from records import NumberError
from records.numbers import FIRST, check_digit, is_valid, number_for, validate

RUNNING = st.integers(min_value=FIRST, max_value=10**12)


def test_known_check_digit() -> None:
    """The example of Damm's dissertation."""
    assert check_digit("572") == "4"


@given(RUNNING)
def test_made_numbers_are_valid(running: int) -> None:
    number = number_for(running)
    assert validate(number) == number
    assert number.startswith(str(running))
    assert len(number) >= 8


@given(RUNNING, st.data())
def test_every_single_wrong_digit_is_found(running: int, data: st.DataObject) -> None:
    number = number_for(running)
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from("0123456789".replace(number[place], "")))
    with pytest.raises(NumberError, match="check the number: a digit is mistyped"):
        validate(number[:place] + wrong + number[place + 1 :])


@given(RUNNING, st.data())
def test_every_swap_of_neighbours_is_found(running: int, data: st.DataObject) -> None:
    number = number_for(running)
    place = data.draw(st.integers(0, len(number) - 2))
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert not is_valid(swapped)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_an_error_of_one_line(text: str) -> None:
    if is_valid(text):
        assert validate(text).isascii()
    else:
        with pytest.raises(NumberError, match=r"\Acheck the number: .+\Z"):
            validate(text)


@pytest.mark.parametrize("text", ["1000 0012", " 10000012 ", "1000-0012", "१0000012", "१०००००१२"])
def test_as_people_write_them(text: str) -> None:
    assert validate(text) == "10000012"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "only digits"),
        ("1000001x", "only digits"),
        ("1000001²", "only digits"),
        ("0000", "8 digits"),
        ("00000000", "mistyped"),
    ],
)
def test_what_is_no_number(text: str, words: str) -> None:
    with pytest.raises(NumberError, match=words):
        validate(text)


def test_running_numbers_start_at_the_first() -> None:
    with pytest.raises(ValueError, match="1000001"):
        number_for(FIRST - 1)
