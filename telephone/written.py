"""The telephone numbers of a text: pasted from a page, a letter or a message, typed into a cell or a form.

One reader for the office's sheets and for the desk, so that what one understands the other does too. Labels,
links, brackets and signs between digits are understood; whatever else stands there is told, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from telephone.counts import COUNTRY_CODE, LOCAL, part_numbers, whole

LONGEST_TEXT = 200
"""Characters of a text that is looked at: three numbers with their labels have about 100."""

_LABEL = re.compile(
    r"(?:whats?\s?app|telephone|tele|tel|phone|ph|mobile|mob|cell|call\s?to|call|sms|office|off|residence|resi|"
    r"res|fax|contact|number|no|mo|wa|(?<!\d)[omrcf](?![a-z])|[omrcf](?![a-z\d])|"
    r"मोबाइल|मोबाईल|मोबा|मो|फ़ोन|फोन|दूरभाष|कार्यालय|कार्या|का|निवास|नि|"
    r"व्हाट्सएप|व्हाट्सऐप|व्हाट्सअप|वाट्सएप|वाट्सऐप|वॉट्सएप|"
    r"सम्पर्क|संपर्क|नंबर|नम्बर|नं|न|क्रमांक|क्र|या|एवं|व|or|and)(?![a-zऀ-ॿ])[.:।]*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"[,;]?\s*[(]?\s*(?:extension|extn|ext|एक्सटेंशन|एक्स|विस्तार|x)(?:[.:=\s-]|no\b)*(\d{1,5})\s*[)]?",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:\S*&)?phone=|"
    r"whatsapp://send/?\?(?:\S*&)?phone=)(?:\+|%2b|%20)*(\d[\d-]*)(?:[/?&#]\S*)?",
    re.IGNORECASE | re.ASCII,
)
"""A link to a talk on WhatsApp: its number has the country code, without a plus."""
_SCHEME = re.compile(r"\b(tel|sms|smsto|callto):/*", re.IGNORECASE)
_CONTEXT = re.compile(r";(?:phone-context|isub)=[^;\s]*|\?body=.*", re.IGNORECASE | re.DOTALL)
_BRACKETS = re.compile(r"[(\[{<]([^()\[\]{}<>]*)[)\]}>]")
_QUOTED = re.compile(r"[\"“”][^\"“”\d]*[\"“”]")
_WORDS = re.compile(r"[^\W\d_][^\d|,;/]*")
_MOBILE = re.compile(r"(?<!\d)[6-9]\d{9}(?!\d)", re.ASCII)
_SHEETS_OWN = re.compile(r'^=?"(.*)"$')
_POWER = re.compile(r"(\d)(?:[.,](\d+))?e\+?0*(\d{1,2})", re.IGNORECASE | re.ASCII)
_DECIMALS = re.compile(r"(?<=\d)\.0(?!\d)|(?<=\d{6})\.00(?!\d)", re.ASCII)
_DIGITS = re.compile(r"\+?\d+", re.ASCII)
_LETTER_O = re.compile(r"[\doOlI]{6,}")
_MASKED = re.compile(r"\d*[xX*•]{2,}\d*")
_ADDRESS = re.compile(r"://|www\.|wa\.me")
_SIGNS = {ord(sign): " " for sign in "().'‘’`´\"_−-<>[]{}"}
_DASHES = frozenset({"Pd"})
_UNCOUNTED = frozenset({"Cc", "Cf"})
_SHORTEST, _LONGEST = 3, 15
_REMEDY = "write one number in digits 0 to 9, such as 9800000000 or 07372-255000"


class Unreadable(ValueError):  # noqa: N818 (what the text is, not a fault of ours)
    """What a text without a number to be sure of most likely is, and the remedy; `several`: it holds two."""

    def __init__(self, what: str, remedy: str, *, several: bool = False) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy, self.several = what, remedy, several


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers of a text in their order, as digits with a leading + if they have one; none twice."""

    numbers: tuple[str, ...]
    extension: str = ""


def read_written(text: str) -> Written:
    """The numbers of a text, at least one. Raises `Unreadable` with what it most likely is instead."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"{text[:20]!r}… is too long for a telephone number", _REMEDY)
    plain = plain_signs(text)
    if power := _POWER.fullmatch(plain.strip()):
        return Written((_reckoned(power, text),))
    extension = ""
    if found := _EXTENSION.search(plain):
        extension = found.group(1)
        plain = plain[: found.start()] + "|" + plain[found.end() :]
    bare = _BRACKETS.sub(_noted, _LABEL.sub("|", _QUOTED.sub(" ", plain)))
    numbers: list[str] = []
    for part in re.split(r"[|,;/&।\n]", bare):
        pieces = part.translate(_SIGNS).split()
        if not all(_DIGITS.fullmatch(piece) for piece in pieces):
            raise _other(part.strip(), text)
        for number in part_numbers(pieces, numbers[-1] if numbers else ""):
            numbers.append(_checked(number, text))
    if not numbers:
        raise Unreadable(f"{text!r} is no telephone number", _REMEDY)
    return Written(tuple(dict.fromkeys(numbers)), extension)


def plain_signs(text: str) -> str:
    """Digits of any script as 0 to 9, dashes of any kind as one, unseen signs and what links add left out."""
    plain = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKC", text)
        if unicodedata.category(sign) not in _UNCOUNTED or sign in "\n\t"
    )
    if found := _SHEETS_OWN.match(plain.strip()):
        plain = found.group(1)
    plain = "".join("-" if unicodedata.category(sign) in _DASHES else sign for sign in plain)
    plain = _LINK.sub(_linked, plain)
    plain = re.sub("%2b", "+", plain, flags=re.IGNORECASE).replace("%20", " ")
    plain = _CONTEXT.sub("", _SCHEME.sub(" ", plain))
    return _DECIMALS.sub("", plain)


def _linked(link: re.Match[str]) -> str:
    digits = link.group(1).replace("-", "")
    return f"|{digits if whole(digits) else '+' + digits}|"


def _noted(brackets: re.Match[str]) -> str:
    """What stands in brackets, without the words that say whose number it is."""
    inside = brackets.group(1)
    digits = sum(map(str.isdigit, inside))
    if not _WORDS.search(inside) or 0 < digits < LOCAL:
        return brackets.group()
    return f"|{_WORDS.sub('|', inside)}|" if digits else " "


def _reckoned(power: re.Match[str], text: str) -> str:
    """A number that a spreadsheet shows as a power of ten, when it still has all its digits."""
    digits = power.group(1) + (power.group(2) or "")
    if len(digits) == int(power.group(3)) + 1:
        return digits
    raise _rounded(text)


def _rounded(text: str) -> Unreadable:
    what = f"{text!r}: the spreadsheet has lost the last digits of the number"
    return Unreadable(what, "format the column as text, then write the number again")


def _checked(number: str, text: str) -> str:
    digits = number.removeprefix("+")
    if len(digits) == 20 and whole(digits[:10]) and whole(digits[10:]):
        what = f"{text!r} has 20 digits: most likely {digits[:10]} and {digits[10:]} without a sign between"
        raise Unreadable(what, "put a comma between the two numbers", several=True)
    if not _SHORTEST <= len(digits) <= _LONGEST:
        what = f"{text!r} is no telephone number: it has {len(digits)} digits"
        remedy = f"write {_SHORTEST} to {_LONGEST} digits 0 to 9; a comma between two numbers"
        raise Unreadable(what, remedy)
    return COUNTRY_CODE.sub(r"\g<1>91", number)


def _other(part: str, text: str) -> Unreadable:
    """What a part with other signs than digits most likely is."""
    if "@" in part:
        return Unreadable(f"{text!r} is an e-mail address, no telephone number", _REMEDY)
    if _ADDRESS.search(text):
        return Unreadable(f"{text!r} is a web address that names no telephone number", _REMEDY)
    if _POWER.search(part):
        return _rounded(text)
    if _MASKED.search(part):
        return Unreadable(f"{text!r}: some digits of the number are hidden", "write the whole number")
    if re.search(r"\d[oOlI]|[oOlI]\d", part) and _LETTER_O.fullmatch(re.sub(r"\W", "", part)):
        return Unreadable(f"{text!r}: a letter O, l or I stands for a digit 0 or 1", "write the digit")
    if not any(sign.isdigit() for sign in part):
        return Unreadable(f"{text!r} is no telephone number but words", _REMEDY)
    what = f"{text!r} is no telephone number: it holds other signs than digits"
    return Unreadable(what, _REMEDY, several=len(set(_MOBILE.findall(plain_signs(text)))) > 1)
