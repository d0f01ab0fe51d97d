"""Complaint numbers: a running number and a check digit, so that one mistyped digit is noticed at once.

The check digit is H. Michael Damm's (TU Marburg, 2004): it finds every single wrong digit and every swap of
two neighbours, the two slips people make when they read a number over the telephone.
"""

from records.errors import NumberError

FIRST = 1_000_001
"""The first running number: with its check digit the number has eight digits, like the state portal's."""

_FEWEST_DIGITS = 8

# A totally anti-symmetric quasigroup of order ten with zeros on the diagonal.
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """The Damm check digit of ASCII digits."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return str(interim)


def number_for(running: int) -> str:
    """The complaint number of a running number (`FIRST` or more)."""
    if running < FIRST:
        raise ValueError(f"running numbers start at {FIRST}")
    return f"{running}{check_digit(str(running))}"


def validate(text: str) -> str:
    """The complaint number a person typed or read out, as it is stored.

    Blanks and hyphens are dropped, Devanagari digits count as digits. Raises `NumberError`, whose text
    says what to do.
    """
    digits = "".join(character for character in text if not character.isspace() and character != "-")
    if not digits.isdecimal():
        raise NumberError("check the number: a complaint number has only digits")
    digits = "".join(str(int(digit)) for digit in digits)
    if len(digits) < _FEWEST_DIGITS:
        raise NumberError(f"check the number: it has {_FEWEST_DIGITS} digits or more")
    if digits[0] == "0" or check_digit(digits) != "0":
        raise NumberError("check the number: a digit is mistyped")
    return digits


def is_valid(text: str) -> bool:
    """Whether `validate` accepts the text."""
    try:
        validate(text)
    except NumberError:
        return False
    return True
