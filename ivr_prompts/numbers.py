"""Which prompts say a number.

Hindi numbers from 0 to 99 are all irregular, so each is a prompt of its own; codes and complaint numbers are
spoken digit by digit.
"""

from functools import cache

from ivr_prompts.catalogue import load_catalogue

LARGEST_NUMBER = 99


def digit_keys(digits: str) -> list[str]:
    """Keys that say a string of digits one by one: ``"39"`` gives ``["digit/3", "digit/9"]``.

    Only ASCII digits are spoken. Raises ValueError for anything else, and for an empty string.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not a string of the digits 0-9: {digits!r}")
    return [f"digit/{digit}" for digit in digits]


def number_key(number: int) -> str:
    """Key of the one prompt that says a whole number from 0 to 99. Raises ValueError outside that range."""
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(f"numbers from 0 to {LARGEST_NUMBER} have a prompt, {number} has none")
    return f"number/{number}"


def district_key(slug: str) -> str:
    """Key of the prompt that says a district's name: ``"rajgarh"`` gives ``"district/rajgarh"``."""
    return f"district/{slug}"


def designation_key(designation_id: str) -> str | None:
    """Key of the prompt that says an officer, None when there is none.

    Takes the directory's code of a designation (``"ENERGY-L1"``) or a post's id (``"ENERGY-L1@..."``).
    """
    return _existing(f"designation/{designation_id.partition('@')[0].lower()}")


def department_key(code: str) -> str | None:
    """Key of the prompt that says a department (``"PHE"``), None when there is none."""
    return _existing(f"department/{code.lower()}")


def _existing(key: str) -> str | None:
    return key if key in _hindi_keys() else None


@cache
def _hindi_keys() -> frozenset[str]:
    return frozenset(load_catalogue())
