"""How much of what was said was heard: edits between two texts, each laid to the prompt it happened in.

Hindi is compared by its consonants, since the recogniser writes it in Urdu or Devanagari letters, which write
vowels, aspiration, the two rows of t and d, and h, y and v too differently to be told apart. English is
compared word by word; words with the same consonants in the same order count as heard (Chhindwara, Chindwada
do not, Betul and Baitul do), as do words that sound alike (two, to).
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from ivr_prompts import load_catalogue
from ivr_prompts.numbers import digit_keys
from ivr_prompts.speech import LARGEST, number_keys, year_keys

_SOUNDS: Final = {
    "k": "कखکكقخ",
    "g": "गघگغ",
    "c": "चछچ",
    "j": "जझجزذضظژ",
    "t": "टठतथتٹطة",
    "d": "डढदधدڈ",
    "p": "पफپف",
    "b": "बभب",
    "m": "मم",
    "n": "नणञङن",
    "r": "रऋृرڑ",
    "l": "लळل",
    "s": "शषसشسصث",
}
_SOUND_OF: Final = {letter: sound for sound, letters in _SOUNDS.items() for letter in letters} | {
    "ज\u094dञ": "g"  # said as gy
}
_LATIN: Final = {
    **{pair: pair[0] for pair in ("kh", "gh", "jh", "th", "dh", "ph", "bh", "ch", "sh")},
    **{letter: letter for letter in "kgjtdpbmnrls"},
    "q": "k",
    "z": "j",
    "f": "p",
    "x": "ks",
    "c": "k",
}
_NUKTA: Final = "\u093c"
_NASAL_MARKS: Final = "\u0901\u0902"
_SHORT: Final = "\u093f\u0941\u094d"
"""The signs of short i and u, which Urdu does not write, and the virama."""
_VOWEL, _MARK = "|", "~"
_DIGITS: Final = re.compile(r"(\d+(?:,\d{2,3})*,\d{3}|\d+)(?:st|nd|rd|th)?")
_CLOCK: Final = re.compile(r"(1?\d)(\d\d)")
_YEAR: Final = re.compile(r"20\d\d")
_INITIALS: Final = re.compile(r"\b[a-z](?: [a-z]\b)+")
_LETTER: Final = re.compile(r"ज\u094dञ|[kgjtdpbcs]h|.", re.DOTALL)
_ALIKE: Final = {
    "to": "two",
    "too": "two",
    "for": "four",
    "fore": "four",
    "ate": "eight",
    "won": "one",
    "first": "one",
    "second": "two",
    "third": "three",
    "fourth": "four",
    "fifth": "five",  # written 1st, 5th
    "jr": "junior",
}
_LETTERS: Final = re.compile(r"[a-z']+")
_OF_IZE: Final = re.compile(r"iz(?=e|ing|ation)")
_ANYTHING: Final = "*"
"""Stands for a text in another language, which the recogniser cannot write."""
_TELLING: Final = 2
"""From so many consonants on, the same consonants make the same word."""


Numerals = Literal["numbers", "digits", "clock"]
"""What numerals in a text stand for: whole numbers, single digits, or hours and minutes where there are more
than two.
"""


@dataclass(frozen=True)
class Sound:
    """A consonant or a word, and the number of the prompt it is of.

    ``free``: it may be there or not, in what was said as in what was heard.
    """

    what: str
    owner: int
    free: bool = False


@dataclass
class Tally:
    """Errors among so many consonants or words."""

    errors: int = 0
    sounds: int = 0

    @property
    def percent(self) -> float:
        """Share of errors; never above 100."""
        return min(100.0, 100 * self.errors / self.sounds) if self.sounds else 0.0


def tallies(said: Sequence[str | None], heard: str, language: str, numerals: Numerals) -> list[Tally]:
    """One tally for each text said. ``numerals``: what those in what was heard stand for.

    What was heard too much is laid to the prompt before it, or to the first one. None is a text in another
    language: nothing is asked of it, and whatever was heard in its place is no error.
    """
    split = words if language == "en" else consonants
    wanted, found = split(said), split([spelt(heard, language, numerals)])
    result = [Tally() for _ in said]
    for sound in wanted:
        result[sound.owner].sounds += not sound.free
    for owner in _edits(wanted, found, joins=language == "en") if wanted else ():
        result[owner].errors += 1
    return result


def spelt(text: str, language: str, numerals: Numerals) -> str:
    """The text with its numerals in words; of a clock, 205 is two zero five and 730 seven thirty."""
    catalogue = load_catalogue(language)

    def in_words(match: re.Match[str]) -> str:
        ascii_digits = "".join(str(int(digit)) for digit in match[1] if digit != ",")
        clock = _CLOCK.fullmatch(ascii_digits)
        if numerals == "clock" and clock:
            minutes = digit_keys(clock[2]) if clock[2] < "10" else number_keys(int(clock[2]), language)
            keys = [*number_keys(int(clock[1]), language), *minutes]
        elif numerals == "digits" or len(ascii_digits) > len(str(LARGEST)) or ascii_digits[0] == "0":
            keys = digit_keys(ascii_digits)
        elif _YEAR.fullmatch(ascii_digits):
            keys = year_keys(int(ascii_digits), language)
        else:
            keys = number_keys(int(ascii_digits), language)
        return " " + " ".join(catalogue[key].text for key in keys) + " "

    return _DIGITS.sub(in_words, text)


def consonants(texts: Sequence[str | None]) -> list[Sound]:
    """The consonants of texts in Devanagari, Urdu or Latin letters, in one alphabet.

    A nasal before another consonant is free: some write it with n, some with m, some with a mark, and what
    follows it in the next word may have been heard as a vowel or as a consonant.
    """
    found: list[Sound] = []
    for owner, text in enumerate(texts):
        if text is None:
            found.append(Sound(_ANYTHING, owner, free=True))
            continue
        for match in _LETTER.finditer(unicodedata.normalize("NFD", text.lower())):
            letters = match[0]
            if letters == _NUKTA and found and found[-1].what == "d":
                found[-1] = Sound("r", owner)
            elif letters == "य" and found and found[-1].what == _MARK:
                found[-1] = Sound("n", owner)
            found.extend(Sound(sound, owner) for sound in _sounds(letters))
    plain = [sound for sound in found if sound.what != _MARK]
    kept: list[Sound] = []
    last = ""
    for sound, following in pairwise([*plain, Sound("", 0)]):
        if sound.what == _VOWEL:
            continue
        before_consonant = sound.what == "n" and following.what not in {"", _VOWEL}
        before_lips = sound.what == "m" and following.what in {"p", "b"}
        if before_consonant or before_lips or sound.free:
            kept.append(Sound(sound.what, sound.owner, free=True))
        elif last != sound.what:
            kept.append(sound)
            last = sound.what
    return kept


def _sounds(letters: str) -> str:
    if letters in _NASAL_MARKS:
        return _MARK
    if letters.isascii():
        return _LATIN.get(letters, "")
    if letters in _SOUND_OF:
        return _SOUND_OF[letters]
    vowel = unicodedata.category(letters) in {"Lo", "Mc", "Mn"} and letters not in _SHORT
    return _VOWEL if vowel and not "\u064b" <= letters <= "\u0670" else ""


def words(texts: Sequence[str | None]) -> list[Sound]:
    """The words of English texts, those that sound alike as one."""
    found: list[Sound] = []
    for owner, text in enumerate(texts):
        if text is None:
            found.append(Sound(_ANYTHING, owner, free=True))
            continue
        plain = _OF_IZE.sub("is", text.lower().replace("-", " ").replace("\u2019", "'"))
        found += [Sound(_ALIKE.get(word, word), owner) for word in _LETTERS.findall(_initials(plain))]
    return found


def _initials(text: str) -> str:
    """P W D is written PWD, too."""
    return _INITIALS.sub(lambda match: match[0].replace(" ", ""), text)


def _alike(said: Sequence[Sound], heard: Sequence[Sound]) -> bool:
    first, second = ("".join(word.what for word in some) for some in (said, heard))
    if first == second:
        return True
    skeletons = [[sound.what for sound in consonants([word])] for word in (first, second)]
    return skeletons[0] == skeletons[1] and len(skeletons[0]) >= _TELLING


def _edits(said: Sequence[Sound], heard: Sequence[Sound], *, joins: bool) -> list[int]:
    """Who owns each edit of the cheapest way from one to the other.

    ``joins``: two words may be heard as one, and one as two (Ashoknagar, Ashok Nagar).
    """
    steps = [(1, 1), (1, 0), (0, 1), *([(2, 1), (1, 2)] if joins else [])]
    best: dict[tuple[int, int], tuple[int, tuple[int, int]]] = {(0, 0): (0, (0, 0))}
    for place in itertools.product(range(len(said) + 1), range(len(heard) + 1)):
        ways = []
        for step in steps:
            before = (place[0] - step[0], place[1] - step[1])
            if before not in best:
                continue
            pair = said[before[0] : place[0]], heard[before[1] : place[1]]
            same = pair[0] and pair[1] and (_alike(*pair) if joins else pair[0][0].what == pair[1][0].what)
            alone = pair[0] or pair[1] if sum(step) == 1 else ()
            foreign = step == (0, 1) and place[0] and said[place[0] - 1].what == _ANYTHING
            right = same or foreign or (alone and alone[0].free)
            if right or sum(step) <= 2:
                ways.append((best[before][0] + (0 if right else 1), step))
        if ways:
            best[place] = min(ways)
    owners, place = [], (len(said), len(heard))
    while place != (0, 0):
        cost, step = best[place]
        place = (place[0] - step[0], place[1] - step[1])
        if best[place][0] < cost:
            owners.append(said[min(place[0], len(said) - 1) if step[0] else max(place[0] - 1, 0)].owner)
    return owners
