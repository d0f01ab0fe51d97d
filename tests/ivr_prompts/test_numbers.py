"""Keys that say numbers."""

import pytest

from ivr_prompts import department_key, designation_key, digit_keys, district_key, number_key


def test_keys() -> None:
    assert digit_keys("039") == ["digit/0", "digit/3", "digit/9"]
    assert [number_key(0), number_key(99)] == ["number/0", "number/99"]
    assert district_key("agar-malwa") == "district/agar-malwa"


def test_officers_and_departments_have_keys_when_they_have_prompts() -> None:
    assert designation_key("ENERGY-L1") == designation_key("ENERGY-L1@rajgarh") == "designation/energy-l1"
    assert department_key("PHE") == "department/phe"
    assert (designation_key("NOBODY"), department_key("")) == (None, None)


@pytest.mark.parametrize("digits", ["", "3a", "३९", "-1", " 1", "²"])
def test_only_digits_are_spelt(digits: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        digit_keys(digits)


@pytest.mark.parametrize("number", [-1, 100])
def test_only_numbers_below_a_hundred_have_a_prompt(number: int) -> None:
    with pytest.raises(ValueError, match="0 to 99"):
        number_key(number)
