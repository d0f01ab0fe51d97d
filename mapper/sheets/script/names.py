"""Names in the script of their column: Kruti Dev becomes Unicode, names in each other's column change places.

A short name in Latin letters can be either script. Then the name beside it decides (which reading sounds like
it?), else the rest of the column; and when both are silent the row is told as a problem, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from mapper.search.fold import fold_all
from mapper.sheets.grid import LegacyText
from mapper.sheets.script.kruti_slips import likely, misspelt
from mapper.sheets.script.krutidev import decode
from mapper.sheets.script.legacy_fonts import NO_ROMAN, font_of, sounds_like
from mapper.sheets.script.scripts import CERTAIN, FIRM, Script, kruti_lead, roman_weight, script

_WORD = re.compile(r"[!-~]*[A-Za-z][!-~]+")
"""A word of at least two signs in a name that is Hindi otherwise."""
_MACHINE = re.compile(r"://|www\.|@|[a-z]_[a-z]")
"""Addresses and names of columns in a remark: no name of anybody looks so."""
_MOST = 0.9
_ENOUGH = 5
_MANY = 0.3
"""Share of a column's names in Latin letters that were typed in a legacy font, and speak for the rest."""
_GUESSED = 100
"""Slips of a column for which the name that was meant is looked for: some ten milliseconds each."""
_NEARER = 0.25
"""How much more alike one reading must sound to the name beside it than the other."""


@dataclass(slots=True)
class Named:
    """The names of one row, as written; `hi` and `en` are replaced by what they were understood as."""

    row: int
    hi: str
    en: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name that can be read in two ways, or in none: typed in the legacy font `font`, or with a `slip`.

    `hindi` is what it is most likely in Kruti Dev.
    """

    row: int
    column: str
    text: str
    hindi: str
    font: str = ""
    slip: bool = False


def settle(rows: list[Named], did: Counter[str]) -> list[Doubt]:
    """Mend the names in place, counting in `did` what was done. The doubtful ones stay as they are."""
    doubts = [*_lost(rows, "hi"), *_lost(rows, "en")]
    lost = {doubt.row for doubt in doubts}
    readable = [named for named in rows if named.row not in lost]
    votes = {"hi": _vote(named.hi for named in readable), "en": _vote(named.en for named in readable)}
    slips = [*_slips(readable, "hi", votes), *_slips(readable, "en", votes)]
    doubts += slips
    slipped = {doubt.row for doubt in slips}
    readable = [named for named in readable if named.row not in slipped]
    for named in readable:
        found: dict[str, Script] = {}
        for column, text, beside in (("hi", named.hi, named.en), ("en", named.en, named.hi)):
            found[column] = "unsure" if _mixed(text) else _decide(text, beside, votes[column])
        if found["hi"] == "hindi" and found["en"] in {"krutidev", "unsure"} and _may_be_english(named.en):
            # The Hindi name is there: the other column holds what it is for.
            found["en"] = "roman"
        elif found["en"] == "krutidev" and found["hi"] in {"hindi", "krutidev"}:
            _resolve(found, votes)
        for column, text in (("hi", named.hi), ("en", named.en)):
            if found[column] == "unsure":
                doubts.append(Doubt(named.row, f"name_{column}", text, decode(text) or _mixed(text) or ""))
            elif found[column] == "krutidev":
                setattr(named, column, decode(text) or text)
                found[column] = "hindi"
                did["krutidev"] += 1
        if found["en"] == "hindi" and found["hi"] == "roman":
            named.hi, named.en = named.en, named.hi
            did["swapped"] += 1
        elif found["hi"] == "roman":
            did["roman"] += 1
    return doubts


def _lost(rows: list[Named], column: str) -> list[Doubt]:
    """The names of a column that nobody can read without the font they were typed in.

    Where many were typed in one, those whose letters do not tell were too, unless they sound as beside.
    """
    latin = []
    for named in rows:
        text, beside = (named.hi, named.en) if column == "hi" else (named.en, named.hi)
        if script(text) not in {"hindi", "none"} or font_of(text):
            latin.append((named, text, beside))
    fonts = {named.row: font for named, text, beside in latin if (font := _font(text, beside))}
    if len(fonts) >= _MANY * len(latin) and fonts:
        usual = Counter(fonts.values()).most_common(1)[0][0]
        fonts |= {
            named.row: usual
            for named, text, beside in latin
            if named.row not in fonts and not _vouched(text, beside)
        }
    return [
        Doubt(named.row, f"name_{column}", text, "", fonts[named.row])
        for named, text, _ in latin
        if named.row in fonts
    ]


def _font(text: str, beside: str) -> str | None:
    """The other legacy font of a name; a slip in Kruti Dev is none, unless its very signs say so."""
    font = font_of(text, beside)
    return None if font and not font_of(text) and misspelt(text, beside, kruti_column=False) else font


def _vouched(text: str, beside: str) -> bool:
    """Whether the other column says that a name is Roman; the same text again says so only of a usual one."""
    if text.casefold() == beside.casefold():
        return roman_weight(text) >= NO_ROMAN
    return sounds_like(text, beside)


def _slips(rows: list[Named], column: str, votes: dict[str, Script]) -> list[Doubt]:
    """The names of a column that were typed in Kruti Dev with a slip."""
    typed = votes[column] == "krutidev"
    told: list[Doubt] = []
    for named in rows:
        text, beside = (named.hi, named.en) if column == "hi" else (named.en, named.hi)
        if misspelt(text, beside, kruti_column=typed):
            meant = likely(text) if len(told) < _GUESSED else ""
            told.append(Doubt(named.row, f"name_{column}", text, meant, slip=True))
    return told


def _may_be_english(text: str) -> bool:
    """Whether nothing but the sound of a few letters speaks for Kruti Dev."""
    return text.isascii() and not isinstance(text, LegacyText) and (kruti_lead(text) or 0.0) < CERTAIN


def _resolve(found: dict[str, Script], votes: dict[str, Script]) -> None:
    """A row cannot have two Hindi names: the column that is Roman otherwise is Roman here too."""
    for column in ("en", "hi"):
        if votes[column] == "roman":
            found[column] = "roman"
            return
    found["en"] = "unsure"


def convert(text: str, did: Counter[str]) -> str:
    """Free text, where a wrong guess is worse than none: only what is certainly Kruti Dev is converted.

    What was typed in another legacy font is counted, and stays.
    """
    if not _MACHINE.search(text) and font_of(text):
        did["legacy"] += 1
        return text
    if text.isascii() and not isinstance(text, LegacyText) and (kruti_lead(text) or 0.0) < CERTAIN:
        return text
    if script(text) != "krutidev" and not isinstance(text, LegacyText):
        return text
    hindi = decode(text)
    if hindi is None:
        return text
    did["krutidev"] += 1
    return hindi


def _mixed(text: str) -> str | None:
    """A Hindi name of which some words only were typed in Kruti Dev, all in Hindi; None for others."""
    if script(text) != "hindi" or not _WORD.search(text):
        return None
    hindi = _WORD.sub(lambda word: _as_hindi(word.group(), certain=isinstance(text, LegacyText)), text)
    return hindi if hindi != text else None


def _as_hindi(word: str, *, certain: bool) -> str:
    """A word as Kruti Dev when its font says so or its letters do; abbreviations (MPEB) may look like it."""
    typed = certain or (not word.isupper() and (kruti_lead(word) or 0.0) >= CERTAIN)
    return (decode(word) or word) if typed else word


def _vote(texts: Iterable[str]) -> Script:
    """What nearly all names of a column are that are Kruti Dev or Roman for certain."""
    count: Counter[Script] = Counter(script(text) for text in texts)
    both = count["krutidev"] + count["roman"]
    winners: tuple[Script, ...] = ("krutidev", "roman")
    for winner in winners:
        if both >= _ENOUGH and count[winner] >= _MOST * both:
            return winner
    return "unsure"


def _decide(text: str, beside: str, vote: Script) -> Script:
    alone = script(text)
    if alone in {"hindi", "none"}:
        return alone
    lead = kruti_lead(text)
    if lead is None:
        return "roman"
    if isinstance(text, LegacyText):
        return "krutidev"
    if text.casefold() == beside.casefold() and vote != "unsure":
        return vote
    if abs(lead) >= CERTAIN:
        return alone
    if by_sound := _by_sound(text, beside):
        return by_sound
    return alone if abs(lead) >= FIRM else vote


def _by_sound(text: str, beside: str) -> Script | None:
    """The reading of `text` that sounds like the name beside it; None when neither does clearly."""
    if not beside:
        return None
    if text.casefold() == beside.casefold():
        return "roman" if roman_weight(text) >= NO_ROMAN else None
    sound = fold_all(decode(beside) or beside if script(beside) == "krutidev" else beside)
    as_roman = SequenceMatcher(None, fold_all(text), sound, autojunk=False).ratio()
    as_hindi = SequenceMatcher(None, fold_all(decode(text) or ""), sound, autojunk=False).ratio()
    if abs(as_hindi - as_roman) < _NEARER:
        return None
    return "krutidev" if as_hindi > as_roman else "roman"
