"""Numbers, dates and durations as people here write them, in Hindi and in English."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from records.phone import parse

IST = ZoneInfo("Asia/Kolkata")

_MONTHS = {
    "hi": ("जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def indian(number: int) -> str:
    """Grouped the Indian way: 231660 -> ``2,31,660``."""
    sign, digits = ("-", str(-number)) if number < 0 else ("", str(number))
    head, tail = digits[:-3], digits[-3:]
    groups = [tail]
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return sign + ",".join(groups)


def complaint_number(number: str) -> str:
    """In blocks of four from the left, to be read aloud: ``10000018`` -> ``1000 0018``."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def phone(number: str) -> str:
    """A number as it is said here: a mobile in two fives, ``98123 45610``; a landline with its STD code,
    ``0755 255 1234``. A masked number is in two fives too; anything else stays as it is."""
    local = number.removeprefix("+91")
    if number.startswith("+91") and parse(number).kind == "landline":
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"{local[:5]} {local[5:]}" if len(local) == 10 else number


def day(value: date | datetime, language: str) -> str:
    """``7 दिसंबर 2026`` or ``7 December 2026``; a datetime is read in IST."""
    if isinstance(value, datetime):
        value = value.astimezone(IST).date()
    return f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"


def clock_time(value: datetime) -> str:
    """Hours and minutes in IST, ``10:32``."""
    return value.astimezone(IST).strftime("%H:%M")


def duration(value: timedelta | float) -> str:
    """Minutes and seconds, ``0:14``; never negative (clocks of two programs differ a little)."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
