"""Words of the office in Hindi and English, side by side: the desk's own texts, so that both say the same."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from desk.formats import clock_time
from desk.formats import day as written_day
from desk.texts import Texts, load_texts
from records import Complaint


@cache
def _texts() -> dict[str, Texts]:
    return load_texts()


def both(key: str) -> str:
    """A text as ``Hindi (English)``."""
    texts = _texts()
    return name(texts["hi"](key), texts["en"](key))


def name(hi: str, en: str) -> str:
    """A name as ``Hindi (English)``; once, where both are the same or one is missing."""
    return f"{hi} ({en})" if hi and en and hi != en else hi or en


def english(key: str, places: Mapping[str, object]) -> str:
    """A text in English alone, its places filled."""
    return _texts()["en"](key, **places)


def event(kind: str) -> str:
    """What happened."""
    return both(f"event.{kind}") if f"event.{kind}" in _texts()["en"] else kind


def state(complaint: Complaint) -> str:
    """How a complaint stands, and for a closed one how it was closed."""
    return both(_key(complaint))


def state_hi(complaint: Complaint) -> str:
    """The state in Hindi alone, for narrow columns."""
    return _texts()["hi"](_key(complaint))


def state_en(complaint: Complaint) -> str:
    """The state in English alone."""
    return _texts()["en"](_key(complaint))


def day(value: date) -> str:
    """``7 December 2026``."""
    return written_day(value, "en")


def moment(at: datetime) -> str:
    """A moment in India, ``23 November 2026, 18:30``."""
    return f"{day(at)}, {clock_time(at)}"


def days(number: int) -> str:
    """``1 day``, ``12 days``."""
    return f"{number} day" if number == 1 else f"{number} days"


def _key(complaint: Complaint) -> str:
    return f"closure.{complaint.closure}" if complaint.closure else f"state.{complaint.status}"
