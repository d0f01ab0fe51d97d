"""The shipped Hindi catalogue, and what a catalogue refuses."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ivr_prompts import (
    Catalogue,
    department_key,
    designation_key,
    digit_keys,
    district_key,
    languages,
    load_catalogue,
    number_key,
)
from ivr_prompts.errors import CatalogueError, MissingAudioError, UnknownPromptError
from ivr_prompts.ways import USUAL, Way
from tests.ivr_prompts.conftest import record, tone

SENTENCES = (
    *("greeting", "greeting-known", "greeting-notice"),
    *("ask-district", "ask-district-again", "ask-district-last", "wrong-code", "you-chose"),
    *("confirm-district", "to-state-operator", "connecting", "all-busy", "nobody", "complaint-number-is"),
    *("complaint-number-again", "no-complaint-yet", "thanks"),
    *(
        "emergency-hint",
        "emergency-connecting",
        "language-hint",
        "menu-complaint",
        "menu-status",
        "menu-demand",
    ),
    *("menu-information", "menu-operator", "menu-repeat", "menu-again", "menu-last", "wrong-key"),
    *("offer-district", "offer-yes-no", "list-intro", "code-is", "closed-now", "closed-opens-at"),
    *("waiting-menu", "waiting-menu-again", "callback-noted", "queue-ahead-before", "queue-ahead-after"),
    *("queue-ahead-one", "queue-next", "queue-wait-about", "hour-word", "hours-word", "minute-word"),
    *(
        "minutes-word",
        "digits-then",
        "message-intro",
        "message-review",
        "message-kept",
        "message-empty",
        "beep",
    ),
    *("status-ask-number", "status-ask-number-again", "status-ask-number-last", "status-number-wrong"),
    *("status-none", "status-last-offer", "status-ask-phone", "status-phone-wrong", "status-of"),
    *("status-state-open", "status-state-attended", "status-state-proposed", "status-state-closed"),
    *("status-state-department", "status-state-close", "status-closed-special", "status-closed-answered"),
    *("status-closed-accepted", "status-closed-declined", "status-on-registered", "status-on-attended"),
    *("status-on-proposed", "status-on-unreachable", "status-on-not-satisfied", "status-on-sent-up"),
    *("status-on-sent-back", "status-on-department", "status-on-closed"),
    *("waiting-menu-last", "message-review-again", "message-review-last", "status-last-offer-again"),
    *("status-last-offer-last", "status-ask-phone-again", "status-ask-phone-last", "rate-ask-again"),
    *("status-with", "status-due", "status-overdue", "status-done", "rate-ask", "rate-thanks"),
)
DISTRICTS = Path(__file__).parents[2] / "dialplan" / "data" / "districts.csv"
DIRECTORY = Path(__file__).parents[2] / "mapper" / "data"


@pytest.fixture(scope="module")
def hindi() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize("key", SENTENCES)
def test_has_every_sentence_with_a_note_for_the_speaker(hindi: Catalogue, key: str) -> None:
    assert hindi[key].text
    assert hindi[key].note


def test_has_digits_numbers_and_districts(hindi: Catalogue) -> None:
    assert set(digit_keys("0123456789")) <= hindi.keys()
    numbers = [hindi[number_key(number)].text for number in range(100)]
    assert len(set(numbers)) == 100
    assert len([key for key in hindi if key.startswith("district/")]) == 55
    assert {key for key in hindi if "/" not in key} == set(SENTENCES)


def test_numbers_are_the_standard_words(hindi: Catalogue) -> None:
    known = {0: "शून्य", 6: "छह", 18: "अठारह", 29: "उनतीस", 39: "उनतालीस", 49: "उनचास", 53: "तिरपन", 67: "सड़सठ"}
    known |= {79: "उन्यासी", 89: "नवासी", 99: "निन्यानवे"}
    assert {number: hindi[number_key(number)].text for number in known} == known


def test_digits_sound_like_the_numbers_of_one_place(hindi: Catalogue) -> None:
    assert [hindi[f"digit/{n}"].text for n in range(10)] == [hindi[f"number/{n}"].text for n in range(10)]


@pytest.mark.skipif(not DIRECTORY.is_dir(), reason="the directory of officers is not here")
@pytest.mark.parametrize(
    ("table", "column", "key_of"),
    [
        ("designations.csv", "designation_code", designation_key),
        ("departments.csv", "department_code", department_key),
        ("levels.csv", "label", lambda label: f"level/{label.lower()}"),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_every_officer_department_and_level_of_the_directory_has_a_prompt(
    table: str, column: str, key_of: Callable[[str], str | None], language: str
) -> None:
    catalogue = load_catalogue(language)
    with (DIRECTORY / table).open(encoding="utf-8") as lines:
        codes = [row[column] for row in csv.DictReader(lines)]
    assert [code for code in codes if (key_of(code) or "none") not in catalogue] == []


@pytest.mark.skipif(not DISTRICTS.is_file(), reason="the dialplan's table of districts is not here")
def test_every_district_of_the_dialplan_has_its_name(hindi: Catalogue) -> None:
    with DISTRICTS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            assert hindi[district_key(row["slug"])].text == row["name_hi"]


def test_texts_are_speakable_hindi(hindi: Catalogue) -> None:
    for prompt in hindi.values():
        assert all("\u0900" <= letter <= "\u097f" or letter in " ,|।" for letter in prompt.text), prompt


@pytest.mark.parametrize("key", ["menu-again", "ask-district-again", "status-ask-number-again"])
def test_a_second_asking_fits_silence_a_wrong_number_and_a_change_of_mind(key: str) -> None:
    assert "नहीं मिला" not in load_catalogue("hi")[key].text
    assert "did not get" not in load_catalogue("en")[key].text


def test_greeting_names_the_helpline_and_says_that_the_call_is_recorded(hindi: Catalogue) -> None:
    text = hindi["greeting"].text
    assert "सीएम हेल्पलाइन एक आठ एक" in text
    assert "रिकॉर्ड" in text


def test_sound_path_and_audio_go_together(hindi: Catalogue) -> None:
    assert hindi.sound("district/rajgarh") == "h181/district/rajgarh"
    assert hindi.audio_path("greeting").parts[-3:] == ("audio", "hi", "greeting.alaw")
    audio = hindi.audio("greeting")
    assert audio.dtype == np.int16
    assert len(audio) == hindi.audio_path("greeting").stat().st_size


def test_unknown_and_unbuilt_prompts_say_the_remedy(hindi: Catalogue, catalogue: Catalogue) -> None:
    with pytest.raises(UnknownPromptError, match="helpline prompts list"):
        hindi.sound("gretting")
    with pytest.raises(MissingAudioError, match="helpline prompts build"):
        catalogue.audio("greeting")


def test_a_respelling_is_for_the_synthesiser_only(catalogue: Catalogue) -> None:
    assert (catalogue["digit/2"].text, catalogue["digit/2"].spoken) == ("दो", "दोऽ")
    assert (catalogue["digit/1"].spoken, catalogue["digit/1"].note) == ("एक", "clear")


def test_a_prompt_has_the_way_it_is_spoken_in(tmp_path: Path) -> None:
    (tmp_path / "hi.toml").write_text(
        '[prompts.a]\ntext = "अ"\n[digits]\n1 = "एक"\n2 = "दो"\n[ways]\na = { pace = 1 }\n'
        '"digit/2" = { carrier = "stop", pace = 0.9, style = 80 }\n',
        encoding="utf-8",
    )
    catalogue = load_catalogue(folder=tmp_path)
    assert catalogue["digit/1"].way == USUAL
    assert catalogue["digit/2"].way == Way("stop", 0.9, 80)
    assert [str(catalogue[key].way) for key in ("a", "digit/1", "digit/2")] == [
        "pace 1",
        "",
        "stop pace 0.9 style 80",
    ]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[prompts.greeting]\ntext = 'a'\nhint = 'b'", "greeting"),
        ("[prompts]\ngreeting = 'a'", "greeting"),
        ("[prompts.greeting]\nnote = 'b'", "greeting"),
        ("[digits]\n1 = ' '", "digit/1"),
        ("[digits]\n1 = 1", "digits '1'"),
        ("[say]\n'digit/1' = 'a'", "no prompt"),
        ("[ways]\n'digit/1' = {pace = 0.9}", "no prompt"),
        ("[digits]\n1 = 'a'\n[ways]\n'digit/1' = {speed = 0.9}", "way of 'digit/1' may have carrier, pace"),
        ("[digits]\n1 = 'a'\n[ways]\n'digit/1' = {carrier = 'x'}", "carrier must be one of stop, breath"),
        ("[digits]\n1 = 'a'\n[ways]\n'digit/1' = {pace = 2}", "pace must be from 0.7 to 1.1"),
        ("[digits]\n1 = 'a'\n[ways]\n'digit/1' = {style = 0.5}", "style must be from 1 to 510"),
        ("[digits", "not valid TOML"),
        ("say = 'a'", r"say must be a table, write \[say\]"),
        ("digits = ['a']", "digits must be a table"),
        ("[month]\n1 = 'a'", r"\[month\] is not known, use prompts, digits"),
        ("[prompts.'../greeting']\ntext = 'a'", "key '../greeting' must be of small letters"),
        ("[prompts.'a&b']\ntext = 'a'", "key 'a&b' must be"),
    ],
)
def test_refuses_a_faulty_file_and_names_the_entry(tmp_path: Path, toml: str, says: str) -> None:
    (tmp_path / "hi.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        load_catalogue(folder=tmp_path)


def test_a_mark_of_the_editor_at_the_beginning_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "hi.toml").write_text("[digits]\n1 = 'एक'\n", encoding="utf-8-sig")
    assert load_catalogue(folder=tmp_path)["digit/1"].text == "एक"


def test_refuses_a_language_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"xx\.toml"):
        load_catalogue("xx", tmp_path)


def test_a_language_says_what_it_has_and_leaves_the_rest_to_hindi(folder: Path) -> None:
    (folder / "mup.toml").write_text('[digits]\n1 = "एक्क"\n', encoding="utf-8")
    record(folder, "digit/2", tone(0.5), language="mup")
    malvi = load_catalogue("mup", folder)
    assert malvi.keys() == load_catalogue("hi", folder).keys()
    assert malvi.own == ("digit/1", "digit/2")
    assert [malvi[key].text for key in ("digit/1", "digit/2", "greeting")] == ["एक्क", "दो", "नमस्ते।"]
    places = [malvi.audio_path(key).parts[-3:] for key in ("digit/1", "digit/2")]
    assert places == [("mup", "digit", "1.alaw"), ("mup", "digit", "2.alaw")]
    assert malvi.audio_path("greeting").parts[-2:] == ("hi", "greeting.alaw")
    assert languages(folder) == ("hi", "mup")


def test_english_is_complete_and_speakable() -> None:
    english, hindi = load_catalogue("en"), load_catalogue()
    of_hindi = set(hindi) - set(english.own)
    assert {key for key in of_hindi if not key.startswith("district/")} == {"beep"} | {
        f"time/{name}" for name in ("past", "half", "half-one", "half-two", "quarter-past", "quarter-to")
    }
    assert {key for key in hindi if key.startswith("district/")} < of_hindi
    assert {english.audio_path(key) for key in of_hindi} == {hindi.audio_path(key) for key in of_hindi}
    odd = [
        english[key].text for key in english.own if not re.fullmatch(r"[A-Za-z ,.?'-]+", english[key].text)
    ]
    assert odd == []
    assert languages() == ("hi", "en", "mup")
