"""Kruti Dev: known words, every shipped name there and back, and Roman names left alone."""

from __future__ import annotations

import csv
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.directory.store import shipped_source
from mapper.sheets.grid import LegacyText
from mapper.sheets.script.kruti_slips import misspelt
from mapper.sheets.script.krutidev import KEYS, decode
from mapper.sheets.script.legacy_fonts import is_legacy_font
from mapper.sheets.script.names import Named, convert, settle
from mapper.sheets.script.scripts import script

from .kruti_writer import type_in_kruti_dev


def shipped_names() -> list[tuple[str, str]]:
    """Hindi and English name of everything that is shipped."""
    pairs = []
    for file in ("places", "designations", "types", "departments", "holidays"):
        with (shipped_source() / f"{file}.csv").open(encoding="utf-8", newline="") as source:
            pairs += [(row["name_hi"], row["name_en"]) for row in csv.DictReader(source)]
    return pairs


NAMES = shipped_names()
WORDS = sorted({word for hindi, _ in NAMES for word in hindi.split()})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fgUnh", "हिन्दी"),
        ("e/; izns'k", "मध्य प्रदेश"),
        ("jktx<+", "राजगढ़"),
        ("f'kdk;r", "शिकायत"),
        ("dk;Zikyu vf/kdkjh", "कार्यपालन अधिकारी"),
        ("laHkkxk;qDr", "संभागायुक्त"),
        ("fo|kFkhZ", "विद्यार्थी"),
        ("dk;ksZa", "कार्यों"),
        ('jk"Vªh;', "राष्ट्रीय"),
        ("fØ;kUo;u", "क्रियान्वयन"),
        ("MkWDVj", "डॉक्टर"),
        ("vkbZVhvkbZ", "आईटीआई"),
        ("iqfyl v/kh{kd", "पुलिस अधीक्षक"),
        ("okMZ Ø- ƒ‡", "वार्ड क्र. १५"),
        ("Hkksiky ¼'kgjh½", "भोपाल (शहरी)"),
        ('Jh d`".k', "श्री कृष्ण"),
    ],
)
def test_known_words(typed: str, meant: str) -> None:
    assert decode(typed) == meant


def test_every_shipped_name_there_and_back() -> None:
    wrong = [(hindi, decode(type_in_kruti_dev(hindi))) for hindi, _ in NAMES]
    assert [pair for pair in wrong if pair[0] != pair[1]] == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_any_words_there_and_back(words: list[str]) -> None:
    text = " ".join(words)
    assert decode(type_in_kruti_dev(text)) == text


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_hindi_or_refused(text: str) -> None:
    """Never an exception, and never half converted: no Latin letter and no private mark is left."""
    found = decode(text)
    assert found is None or not any("a" <= letter.lower() <= "z" or letter >= "\ue000" for letter in found)


@pytest.mark.parametrize("text", ["Rajgarh", "राजगढ़", "k", "kd", "fZ", "~", "a", "Z", "Café", "x<>z++"])
def test_what_is_no_kruti_dev(text: str) -> None:
    assert decode(text) is None


def test_the_script_of_shipped_names() -> None:
    """By themselves names are never taken for the other script, but for some of a few letters."""
    hindi = Counter(script(type_in_kruti_dev(name)) for name, _ in NAMES)
    roman = Counter(script(name) for _, name in NAMES)
    shouted = Counter(script(name.upper()) for _, name in NAMES)
    assert hindi["krutidev"] > 0.99 * len(NAMES)
    assert roman["roman"] > 0.99 * len(NAMES)
    assert roman["krutidev"] == 0
    assert shouted["roman"] > 0.99 * len(NAMES)


@pytest.mark.parametrize("turned", [False, True])
def test_names_are_settled_by_each_other(turned: bool) -> None:
    """With its English name beside it, every shipped name is read right, in whichever column it stands."""
    rows = [Named(n, type_in_kruti_dev(hi), en) for n, (hi, en) in enumerate(NAMES)]
    if turned:
        rows = [Named(row.row, row.en, row.hi) for row in rows]
    did: Counter[str] = Counter()
    doubts = settle(rows, did)
    assert doubts == []
    assert [(row.hi, row.en) for row in rows] == NAMES
    assert did["krutidev"] == len(NAMES)
    assert did["swapped"] == (len(NAMES) if turned else 0)


def test_hindi_and_roman_names_stay() -> None:
    rows = [Named(n, hi, en) for n, (hi, en) in enumerate(NAMES)]
    did: Counter[str] = Counter()
    assert settle(rows, did) == []
    assert [(row.hi, row.en) for row in rows] == NAMES
    assert not did


def test_roman_names_in_both_columns_stay() -> None:
    """Some Roman names would be good Hindi in Kruti Dev; the rest of the column says that they are not."""
    names = [*(en for _, en in NAMES), "Bhopal", "Chopal", "Loni"]
    rows = [Named(n, name, name) for n, name in enumerate(names)]
    did: Counter[str] = Counter()
    assert settle(rows, did) == []
    assert [row.hi for row in rows] == names
    assert did == {"roman": len(names)}


def test_a_doubtful_name_is_told() -> None:
    """One short name with nothing beside it that sounds like either reading."""
    rows = [Named(2, "Luhari", "Kabirpur")]
    doubts = settle(rows, Counter())
    assert [(doubt.row, doubt.column, doubt.text) for doubt in doubts] == [(2, "name_hi", "Luhari")]
    assert rows[0].hi == "Luhari"


def test_a_name_of_which_some_words_are_kruti_dev_is_told() -> None:
    typed = LegacyText("fctyh आपूर्ति can")
    rows = [Named(2, "fctyh आपूर्ति", "Power supply"), Named(3, typed, "Power supply cut")]
    doubts = settle(rows, Counter())
    assert [(doubt.row, doubt.hindi) for doubt in doubts] == [(2, "बिजली आपूर्ति"), (3, "बिजली आपूर्ति बंद")]


@pytest.mark.parametrize(
    "name", ["म.प्र. MPEB", "पानी PHE विभाग", "समग्र ID", "Online आवेदन", "hand pump खराब", "नामांतरण (Mutation)"]
)
def test_roman_words_in_a_hindi_name_stay(name: str) -> None:
    rows = [Named(2, name, "Office")]
    assert settle(rows, Counter()) == []
    assert rows[0].hi == name


def test_the_font_decides() -> None:
    rows = [Named(2, LegacyText("Luhari"), "Kabirpur")]
    assert settle(rows, Counter()) == []
    assert rows[0].hi == decode("Luhari")
    assert is_legacy_font("Kruti Dev 010")
    assert is_legacy_font("KrutiDev010")
    assert is_legacy_font("DevLys 010")
    assert not is_legacy_font("Calibri")
    assert not is_legacy_font(None)


def test_free_text_is_converted_only_when_certain() -> None:
    with (shipped_source() / "types.csv").open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            for cell in (row["keywords"], row["source"]):
                assert convert(cell, Counter()) == cell
    assert convert("rglhynkj jktx<+ dk vkns'k", Counter()) == "तहसीलदार राजगढ़ का आदेश"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jke kekZ", "राम वर्मा/शर्मा"),
        ("xhrk lksuhk", "गीता सोनी"),
        ("fnus'k dqekkj", "दिनेश कुमार"),
        ("egs'k xqIrkk", "महेश गुप्ता"),
        ("lqjsk feJk", "सुरेश मिश्रा"),
    ],
)
def test_a_slip_in_kruti_dev_is_told_with_what_was_meant(typed: str, meant: str) -> None:
    for named in (
        Named(2, typed, typed),
        Named(2, typed, ""),
        Named(2, typed, "vfuy tks'kh"),
        Named(2, typed, "Ravi"),
    ):
        doubts = settle([named], Counter())
        assert (2, "name_hi", typed, meant, True) in [
            (doubt.row, doubt.column, doubt.text, doubt.hindi, doubt.slip) for doubt in doubts
        ]
        assert named.hi == typed


def test_a_slip_in_the_other_column_does_not_become_the_english_name() -> None:
    doubts = settle([Named(2, "राम शर्मा", "jke kekZ")], Counter())
    assert [(doubt.column, doubt.slip) for doubt in doubts] == [("name_en", True)]


def test_in_its_own_font_short_slips_are_told_and_english_names_are_not() -> None:
    for typed in ("kekZ", "pkhk", "jke kekZ"):
        assert decode(typed) is None
        doubts = settle([Named(2, LegacyText(typed), LegacyText(typed))], Counter())
        assert {doubt.column for doubt in doubts if doubt.slip} == {"name_hi", "name_en"}
    named = Named(2, LegacyText("jke 'kekZ"), LegacyText("Ram Sharma"))
    assert settle([named], Counter()) == []
    assert (named.hi, named.en) == ("राम शर्मा", "Ram Sharma")


def test_nine_in_ten_slips_are_known_and_no_english_name_is_taken_for_one() -> None:
    chance = random.Random(11)  # noqa: S311 - only to spoil names
    malformed = []
    for hindi, _ in NAMES[::5]:
        typed = type_in_kruti_dev(hindi)
        at = chance.randrange(len(typed))
        key = chance.choice(KEYS)
        spoilt = chance.choice([typed[:at] + typed[at + 1 :], typed[:at] + key + typed[at:]])
        if spoilt.strip() and decode(spoilt) is None:
            malformed.append(spoilt)
    known = sum(misspelt(text, text, kruti_column=False) for text in malformed)
    assert len(malformed) > 100
    assert known >= 0.85 * len(malformed)
    english = {form for _, en in NAMES for form in (en, en.lower(), en.upper(), en.title())}
    assert [name for name in english if misspelt(name, name, kruti_column=False)] == []
    persons = (
        "Zothanpuii|Jyotsna Lakra|Dr. Xavier D'Souza|Kms|Pvt Ltd|ICDS|MPEB|Qazi|Ishq|Wangchuk|k. r. nair"
    )
    assert [name for name in persons.split("|") if misspelt(name, name, kruti_column=False)] == []


def test_the_same_text_twice_does_not_prove_that_it_is_roman() -> None:
    named = Named(2, "ctjax fggag", "ctjax fggag")
    assert {doubt.column for doubt in settle([named], Counter())} == {"name_hi", "name_en"}
    assert settle([Named(2, "Ojas", "Ojas"), Named(3, "SDM", "SDM")], Counter()) == []
