"""The complaint form, field by field."""

from dataclasses import replace

import pytest

from desk.form import ComplaintForm, check, new_form, read_form
from desk.settings import DeskSettings
from mapper import Edition

SETTINGS = DeskSettings()


@pytest.fixture
def form(complaint: dict[str, str]) -> ComplaintForm:
    return read_form(complaint)


def test_a_good_form_has_no_problems(form: ComplaintForm, edition: Edition) -> None:
    assert check(form, edition, SETTINGS) == {}


def test_an_empty_form_names_every_field_in_order(edition: Edition) -> None:
    problems = check(new_form(), edition, SETTINGS)
    assert list(problems) == ["citizen_name", "citizen_phone", "place_id", "type_code", "description"]


@pytest.mark.parametrize(
    "phone",
    [
        *("9826012345", "98260 12345", "+91 98260-12345", "९८२६०१२३४५", "07372 255555"),
        *("https://wa.me/919826012345?text=hi", "98260 12345 (भाई)", "9826012345 Ext 7", "9826012345.0"),
    ],
)
def test_numbers_as_people_type_them(form: ComplaintForm, edition: Edition, phone: str) -> None:
    assert check(replace(form, citizen_phone=phone), edition, SETTINGS) == {}


def test_two_numbers_are_told_as_two(form: ComplaintForm, edition: Edition) -> None:
    problems = check(replace(form, citizen_phone="9826012345 / 9826012346"), edition, SETTINGS)
    assert problems["citizen_phone"].key == "field.phone_two"


@pytest.mark.parametrize("phone", ["12345", "98260123", "फ़ोन नहीं", "181", "98260123456789"])
def test_what_is_no_number(form: ComplaintForm, edition: Edition, phone: str) -> None:
    assert (
        check(replace(form, citizen_phone=phone), edition, SETTINGS)["citizen_phone"].key
        == "field.phone_wrong"
    )


def test_unknown_place_and_type(form: ComplaintForm, edition: Edition) -> None:
    problems = check(replace(form, place_id="village:0", type_code="NONE-1"), edition, SETTINGS)
    assert problems["place_id"].key == "field.place_unknown"
    assert problems["type_code"].key == "field.type_unknown"


def test_text_that_was_typed_but_not_chosen(form: ComplaintForm, edition: Edition) -> None:
    problems = check(replace(form, place_id="", place_text="खिलची"), edition, SETTINGS)
    assert problems["place_id"].key == "field.place_unlisted"
    assert problems["place_id"].places == {"text": "खिलची"}


def test_limits_of_length(form: ComplaintForm, edition: Edition) -> None:
    at_limit = replace(
        form, citizen_name="न" * SETTINGS.name_chars, description="क" * SETTINGS.description_chars
    )
    assert check(at_limit, edition, SETTINGS) == {}
    over = replace(
        form, citizen_name="न" * (SETTINGS.name_chars + 1), description="क" * (SETTINGS.description_chars + 1)
    )
    assert [problem.key for problem in check(over, edition, SETTINGS).values()] == [
        "field.name_long",
        "field.description_long",
    ]


def test_text_is_cleaned_but_line_breaks_stay() -> None:
    form = read_form({"citizen_name": " राम\u0000\u202f  लाल \ud800", "description": " एक\r\nदो\x07 \n"})
    assert form.citizen_name == "राम लाल"
    assert form.description == "एक\nदो"
    shown = read_form({"citizen_name": "\u202eराम\u200b\ufeff", "description": "क्\u200dष"})
    assert (shown.citizen_name, shown.description) == ("राम", "क्\u200dष"), "the joiner is part of the word"


@pytest.mark.parametrize("text", ["\u200b", "\u200d\u200c", ".", "-- !", "।"])
def test_what_says_nothing_is_missing(form: ComplaintForm, edition: Edition, text: str) -> None:
    problems = check(replace(form, citizen_name=text, description=text), edition, SETTINGS)
    assert [problem.key for problem in problems.values()] == [
        "field.name_missing",
        "field.description_missing",
    ]


@pytest.mark.parametrize("value", [None, 5, ["x"], {"a": 1}, True])
def test_what_is_not_text_is_empty(value: object) -> None:
    assert read_form({"citizen_name": value, "description": value}).citizen_name == ""


@pytest.mark.parametrize("key", ["x", "a b c d e f g h", "क" * 10, "a" * 65])
def test_a_strange_key_is_refused(form: ComplaintForm, edition: Edition, key: str) -> None:
    assert check(replace(form, key=key), edition, SETTINGS)["key"].key == "field.key_wrong"


def test_every_new_form_has_a_key_of_its_own() -> None:
    assert new_form().key != new_form().key
    assert read_form({}).key
