"""Caller IDs in every form a trunk delivers them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.phone import PhoneNumber, mask, parse, several

MOBILE = st.from_regex(r"98[0-9]{8}", fullmatch=True)


@pytest.mark.parametrize("prefix", ["", "0", "91", "+91", "0091", "091", "+91 ", "0 "])
@given(number=MOBILE)
def test_every_form_of_a_mobile_is_the_same_number(prefix: str, number: str) -> None:
    raw = prefix + number
    assert parse(raw) == PhoneNumber(raw, f"+91{number}", "mobile")


@pytest.mark.parametrize(
    ("raw", "e164", "kind"),
    [
        ("7513200000", "+917513200000", "landline"),
        ("07513200000", "+917513200000", "landline"),
        ("+917513200000", "+917513200000", "landline"),
        ("9123456789", "+919123456789", "mobile"),
        ("919123456789", "+919123456789", "mobile"),
        ("7372222222", "+917372222222", "unknown"),
        ("९८१२३४५६१०", "+919812345610", "mobile"),
        ("+447400123456", "+447400123456", "mobile"),
        ("00447400123456", "+447400123456", "mobile"),
        ("18002330181", "+9118002330181", "unknown"),
        ("181", None, "short"),
        ("2001", None, "short"),
        ("222334", None, "short"),
        ("0", None, "unknown"),
        ("+", None, "unknown"),
        ("", None, "anonymous"),
        ("anonymous", None, "anonymous"),
        ("<Unknown>", None, "anonymous"),
        ("5000000000", None, "unknown"),
        ("sip:raju", None, "unknown"),
        ("+999999999999999999", None, "unknown"),
    ],
)
def test_known_forms(raw: str, e164: str | None, kind: str) -> None:
    found = parse(raw)
    assert (found.raw, found.e164, found.kind) == (raw, e164, kind)


@pytest.mark.parametrize(
    "raw",
    [
        "98123\u201145610",
        "98123\u201345610",
        "098123\u221245610",
        "98123\u00ad45610",
        "98123\u2014456\uff0d10",
        "\u202a+91\u00a098123\u201145610\u202c",
        "\uff0b\uff19\uff11 98123\u300045610",
        "tel:+91-98123-45610",
        "Mob.: 98123.45610",
        "मो. ९८१२३ ४५६१०",
        "फ़ोन नं. 98123_45610",
        "\u20199812345610",
        "+91 (0) 98123 45610",
        "+91-098123-45610",
        "98123 45610\r\n",
        "9812345610, +91 98123 45610",
    ],
)
def test_a_number_as_it_is_pasted_is_the_same_number(raw: str) -> None:
    assert parse(raw) == PhoneNumber(raw, "+919812345610", "mobile")
    assert not several(raw)
    assert mask(raw).startswith("98xxxxxx")


@pytest.mark.parametrize(
    "raw",
    [
        "9812345610/9812345611",
        "98123 45610 98123 45611",
        "98123456109812345611",
        "9812345610 (पुत्र 9812345611)",
        "रमेश 9812345610, सुरेश 9812345611",
        "255033/34",
    ],
)
def test_where_one_number_is_wanted_two_are_told_apart_from_none(raw: str) -> None:
    assert several(raw)
    assert parse(raw).e164 is None


@pytest.mark.parametrize("raw", ["raju 98", "", "181", "wa.me/qr/AB12CD", "9" * 400, "98xxxxxx10"])
def test_what_is_no_number_is_not_two(raw: str) -> None:
    assert not several(raw)
    assert parse(raw).e164 is None


@pytest.mark.parametrize("raw", ["9812345610/9812345611", "9812345610, 9812345611", "98123 456", "raju 98"])
def test_two_numbers_or_half_a_one_are_none(raw: str) -> None:
    assert parse(raw).e164 is None


@given(st.text(max_size=40) | st.text("0123456789+ -x", max_size=40))
def test_anything_is_kept_as_it_came(raw: str) -> None:
    found = parse(raw)
    assert found.raw == raw
    if found.e164 is not None:
        assert found.e164[0] == "+"
        assert found.e164[1:].isdecimal()
        assert parse(found.e164).e164 == found.e164


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("9812345610", "98xxxxxx10"),
        ("+919812345610", "98xxxxxx10"),
        ("00919812345610", "98xxxxxx10"),
        ("09812345610", "98xxxxxx10"),
        ("98123 45610", "98xxxxxx10"),
        ("0751-3200000", "75xxxxxx00"),
        ("+447400123456", "44xxxxxxxx56"),
        ("222334", "xxxx34"),
        ("2001", "2001"),
        ("181", "181"),
        ("", "anonymous"),
        ("Anonymous", "anonymous"),
        ("raju", "unreadable"),
    ],
)
def test_mask(number: str, masked: str) -> None:
    assert mask(number) == masked


@given(st.text("0123456789+x ", max_size=30) | st.text(max_size=30))
def test_masking_twice_changes_nothing_and_never_shows_more_than_four_digits(number: str) -> None:
    once = mask(number)
    assert mask(once) == once
    assert sum(character.isdecimal() for character in once) <= 4
