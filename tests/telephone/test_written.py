"""Numbers as people write them: the sheets and the desk understand the same."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.sheets.cells import CellError
from mapper.sheets.phones import read_phones
from records.phone import PhoneNumber, mask, parse, several
from telephone.written import LONGEST_TEXT, Unreadable, read_written

ONE = [
    "wa.me/919713048201",
    "https://wa.me/919713048201",
    "http://www.wa.me/+919713048201?text=Namaste%20ji",
    "https://wa.me/9713048201",
    "https://api.whatsapp.com/send?text=a&phone=%2B919713048201",
    "whatsapp://send?phone=919713048201&text=2",
    "whatsapp 97130 48201",
    "WhatsApp No.- 97130-48201",
    "वाट्सऐप: ९७१३०४८२०१",
    "tel:9713048201",
    "tel:+91-97130-48201;phone-context=+91",
    "TEL://%2B919713048201",
    "sms:9713048201?body=call 22",
    "callto:09713048201",
    "M: 97130 48201",
    "M-9713048201",
    "(M) 97130.48201",
    "मो. ९७१३०४८२०१",
    "मो.नं.-९७१३० ४८२०१",
    "<9713048201>",
    "[97130 48201]",
    '"सरपंच" <9713048201>',
    "9713048201.0",
    "9713048201.00",
    "97130 48201 (बेटा)",
    "9713048201 [पत्नी का]",
    "(रामू) 97130 48201",
    "9713048201 Ext 12",
    "9713048201 Extn. No. 12",
    "tel:9713048201;ext=12",
    "9713048201 x12",
    "+91 (0) 97130 48201",
]


@pytest.mark.parametrize("text", ONE)
def test_the_desk_and_the_sheets_read_one_number(text: str) -> None:
    assert parse(text) == PhoneNumber(text, "+919713048201", "mobile")
    cell = read_phones(text)
    assert parse(cell.number).e164 == "+919713048201"
    assert cell.others == ()
    assert not several(text)
    assert mask(text) == "97xxxxxx01"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("+44 7400 123456", ("+447400123456",)),
        ("wa.me/14155552671", ("+14155552671",)),
        ("+1 415 555 2671 97130 48201", ("+14155552671", "9713048201")),
        ("(07372) 255033 (O) 255034 (R)", ("07372255033", "255034")),
        ("97130 48201 (बेटा 97130 48202)", ("9713048201", "9713048202")),
        ("9713048201 (राम), 9713048202 (श्याम)", ("9713048201", "9713048202")),
        ("255033/34", ("255033", "255034")),
        ("1800 233 4455", ("18002334455",)),
    ],
)
def test_which_numbers_stand_in_a_text(text: str, numbers: tuple[str, ...]) -> None:
    assert read_written(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("wa.me/qr/AB12CD", "a web address that names no telephone number"),
        ("कोई नहीं", "no telephone number but words"),
        ("राजू 9713048201", "other signs than digits"),
        ("9" * 201, "too long for a telephone number"),
    ],
)
def test_what_is_not_understood_is_told(text: str, what: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_written(text)
    assert what in caught.value.what
    assert caught.value.remedy


def test_many_short_pieces_take_no_time() -> None:
    begun = time.process_time()
    assert len(read_written("1 " * (LONGEST_TEXT // 2)).numbers) >= 1
    assert time.process_time() - begun < 0.5


@given(st.text(max_size=60) | st.text("0123456789 +-/()[]<>.,;xX:@मोwa.me", max_size=60))
def test_any_text_is_numbers_or_told(text: str) -> None:
    try:
        numbers = read_written(text).numbers
    except Unreadable as error:
        told = error
    else:
        assert numbers
        assert all(number.removeprefix("+").isdecimal() for number in numbers)
        return
    assert told.what
    assert told.remedy


@pytest.mark.parametrize(
    "cell",
    [
        *("0000000000", "00000-00000", "000", "0000000000.0", "9999999999", "+91 99999 99999", "09999999999"),
        *("1234567890", "+91-1234567890", "0123456789", "123456", "१२३४५६७८९०"),
    ],
)
def test_what_only_fills_a_cell_is_told(cell: str) -> None:
    with pytest.raises(CellError, match="nobody's telephone number"):
        read_phones(cell)


@pytest.mark.parametrize("cell", ["100", "112", "9800000000", "07372-222222", "9876543210", "1800 111 111"])
def test_numbers_that_look_alike_and_are_real_are_taken(cell: str) -> None:
    assert read_phones(cell).number


def test_beside_a_number_what_only_fills_is_left_out_and_one_number_is_one() -> None:
    assert read_phones("0000000000, 9713048201").number == "9713048201"
    assert read_phones("9713048201, +91 97130 48201").others == ()
