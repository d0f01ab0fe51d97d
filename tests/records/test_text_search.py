"""What looks alike is found alike: joiners from web pages, and the letters that keyboards have for ड़."""

import unicodedata

import pytest

from records import Records
from records.complaints.query import Wanted
from records.text import as_seen
from tests.records.samples import complaint

PLAIN = "स्वास्थ्य केंद्र की सड़क पर पानी"


@pytest.mark.parametrize(
    "stored",
    [
        PLAIN,
        PLAIN.replace("्", "्\u200d"),
        PLAIN.replace("्", "्\u200c"),
        PLAIN.replace("ड\u093c", "\u0931"),
        PLAIN.replace("ड\u093c", "र\u093c"),
        PLAIN.replace("ड\u093c", "\u095c"),
    ],
)
async def test_a_complaint_is_found_however_its_letters_are_coded(records: Records, stored: str) -> None:
    written = await records.complaints.register(complaint(call_id=None, description=stored))
    other = await records.complaints.register(complaint(call_id=None, description="बस नहीं आती"))
    for text in ("स्वास्थ्य", "स्वास्\u200dथ्य", "सड़क", "स\u0931क", "सर\u093cक", "स\u095cक", "पानी सड़क"):
        assert await records.complaints.search(Wanted(text=text), 5) == [written], text
    assert await records.complaints.search(Wanted(text="बस"), 5) == [other]
    assert written.description == stored


def test_what_nfc_makes_of_ra_with_a_nukta_is_the_flap() -> None:
    assert unicodedata.normalize("NFC", "र\u093c") == "\u0931"
    assert as_seen("सर\u093cक") == as_seen("स\u0931क") == "सड\u093cक"
