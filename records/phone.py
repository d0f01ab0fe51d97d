"""Caller IDs as they arrive in India, and their one international form beside them.

Forms seen on trunks: ten digits, 0 + 10, 91 + 10, +91 + 10, 0091 + 10, short numbers, and nothing at all.
Whether ten digits are a mobile is libphonenumber's to say: ten digits that start with 7 may be a landline of
Madhya Pradesh (7513200000 is Gwalior).
"""

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from telephone.written import Unreadable, read_written

Kind = Literal["mobile", "landline", "short", "anonymous", "unknown"]

_KINDS: dict[int, Kind] = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "landline"}
_HIDDEN = {"anonymous", "private", "restricted", "unavailable", "unknown", "withheld"}
_LONGEST_SHORT = 9
# Before a number of the country itself, written with its country code: 91, 091, 0091, and 91 (0).
_COUNTRY_CODE_FORMS = re.compile(r"(?:00|0)?910?(?=[1-9]\d{9}$)")
_NATIONAL = re.compile(r"0?([1-9]\d{9})$")
_MASKED = re.compile(r"\d{0,2}x+\d\d$")
_MOBILE_SERIES = re.compile(r"[6-9]\d{9}$")
_AS_DIALLED = re.compile(r"\+?\d+", re.ASCII)


@dataclass(frozen=True)
class PhoneNumber:
    """A number as it arrived and what is known of it.

    ``e164`` is None when the number cannot be called back from outside (short, anonymous, no such plan).
    ``kind`` "unknown" with an ``e164``: it can be called, but nobody knows whether an SMS arrives.
    """

    raw: str
    e164: str | None
    kind: Kind


def parse(raw: str, region: str = "IN") -> PhoneNumber:
    """Read a caller ID or a number typed at the desk. Never raises: what is unreadable is kept as it came.

    A text with several numbers is "unknown", unless they are one number written twice.
    """
    if _hidden(raw):
        return PhoneNumber(raw, None, "anonymous")
    found = _found(raw, region)
    return found[0] if len(found) == 1 else PhoneNumber(raw, None, "unknown")


def several(raw: str) -> bool:
    """Whether a text holds more than one number, where only one is wanted."""
    try:
        read_written(raw)
    except Unreadable as error:
        return error.several
    return len(_found(raw, "IN")) > 1


def _found(raw: str, region: str) -> list[PhoneNumber]:
    """The numbers of a text; one that is written twice, in two forms, is one."""
    numbers = ((text, _dialled(raw, text, region)) for text in _texts(raw))
    return list({number.e164 or text: number for text, number in numbers}.values())


def _texts(raw: str) -> tuple[str, ...]:
    """The numbers of a text, as digits with a leading plus if they have one; none when nobody can be sure."""
    if _AS_DIALLED.fullmatch(raw):
        return (raw,)
    try:
        return read_written(raw).numbers
    except Unreadable:
        return ()


def _dialled(raw: str, text: str, region: str) -> PhoneNumber:
    digits = text.removeprefix("+")
    if not digits.strip("0"):
        return PhoneNumber(raw, None, "unknown")
    if text[0] != "+" and len(digits.lstrip("0")) <= _LONGEST_SHORT:
        return PhoneNumber(raw, None, "short")
    try:
        number = phonenumbers.parse(_international(text, region), region)
    except NumberParseException:
        return PhoneNumber(raw, None, "unknown")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        # A mobile series newer than the metadata is still a number the citizen can be called at.
        new_series = number.country_code == 91 and _MOBILE_SERIES.match(str(number.national_number))
        return PhoneNumber(raw, e164 if new_series else None, "unknown")
    return PhoneNumber(raw, e164, _KINDS.get(phonenumbers.number_type(number), "unknown"))


def mask(number: str) -> str:
    """The number as logs may show it: ``98xxxxxx10``.

    A country code of India is left out first. Up to four digits (extensions, 181) are nobody's secret and
    stay; of up to nine only the last two are shown. Masking twice changes nothing.
    """
    if _MASKED.match(number):
        return number
    texts = _texts(number)
    digits = "".join(texts[:1] if len(texts) == 1 else filter(str.isdecimal, number))
    digits = digits.removeprefix("+")
    if not digits:
        return "anonymous" if _hidden(number) else "unreadable"
    if len(digits) <= 4:
        return digits
    if len(digits) <= _LONGEST_SHORT:
        return "x" * (len(digits) - 2) + digits[-2:]
    digits = _COUNTRY_CODE_FORMS.sub("", digits).removeprefix("00")
    national = _NATIONAL.match(digits)
    digits = national[1] if national else digits
    return f"{digits[:2]}{'x' * (len(digits) - 4)}{digits[-2:]}"


def _hidden(raw: str) -> bool:
    word = raw.strip().strip("<>\"'").lower()
    return not word or word in _HIDDEN


def _international(text: str, region: str) -> str:
    """With plus and country code where the form says so: libphonenumber may take 91 + 10 for national."""
    if text[0] == "+":
        return text
    if region == "IN":
        if found := _COUNTRY_CODE_FORMS.match(text):
            return f"+91{text[found.end() :]}"
        if national := _NATIONAL.match(text):
            return f"+91{national[1]}"
    return f"+{text[2:]}" if text.startswith("00") else text
