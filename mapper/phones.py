"""A telephone number as offices write it in a cell: with labels, with signs between, two of them, or spoilt.

The rules for one number are those of the desk; here the first of several is taken and the rest is told.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mapper.cells import CellError

_LABEL = re.compile(
    r"(?:whats?\s?app|telephone|tele|tel|phone|ph|mobile|mob|cell|call|office|off|residence|resi|res|fax|"
    r"contact|number|no|mo|(?<!\d)[omrcf](?![a-z])|[omrcf](?![a-z\d])|"
    r"मोबाइल|मोबाईल|मोबा|मो|फ़ोन|फोन|दूरभाष|कार्यालय|कार्या|का|निवास|नि|"
    r"व्हाट्सएप|वाट्सएप|सम्पर्क|संपर्क|नंबर|नम्बर|नं|न|क्रमांक|क्र|या|एवं|व|or|and)(?![a-zऀ-ॿ])[.:।]*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"[,;]?\s*[(]?\s*(?:extension|extn|ext|एक्सटेंशन|एक्स|विस्तार|x)[.:\s-]*(\d{1,5})\s*[)]?", re.IGNORECASE
)
_SHEETS_OWN = re.compile(r'^=?"(.*)"$')
_POWER = re.compile(r"(\d)(?:[.,](\d+))?e\+?0*(\d{1,2})", re.IGNORECASE | re.ASCII)
_DECIMALS = re.compile(r"(?<=\d)\.0+(?!\d)")
_DIGITS = re.compile(r"\+?\d+", re.ASCII)
_COUNTRY = re.compile(r"(\+|00)910(?=[1-9]\d{9}$)")
_WITH_COUNTRY = re.compile(r"(?:00|0)?910?[1-9]\d{9}")
_LETTER_O = re.compile(r"[\doOlI]{6,}")
_MASKED = re.compile(r"\d*[xX*•]{2,}\d*")
_NONE = frozenset(
    (
        "na",
        "n/a",
        "nil",
        "none",
        "no",
        "not available",
        "0",
        "-",
        "--",
        "---",
        "निरंक",
        "नहीं",
        "उपलब्ध नहीं",
        "शून्य",
        "रिक्त",
    )
)
_SIGNS = {ord(sign): " " for sign in "().'‘’`´\"_−-"}
_DASHES = frozenset({"Pd"})
_UNCOUNTED = frozenset({"Cc", "Cf"})
_SHORTEST, _LONGEST = 3, 15
_LOCAL = 5
"""Fewest digits of a number that stands beside another in one cell: fewer are an extension or an end."""
_ROUNDED = 10
_LONGEST_LOCAL = 8
_TOLL_FREE = ("1800", "1860", "01800", "01860")
_REMEDY = "write one number in digits 0 to 9, such as 9800000000 or 07372-255000"


@dataclass(frozen=True, slots=True)
class Phones:
    """What a cell holds: `number`, as digits with a leading + if it has one, or empty; what else it says."""

    number: str
    others: tuple[str, ...] = ()
    extension: str = ""

    @property
    def remark(self) -> str:
        """What was left out, in words; empty when nothing was."""
        told = []
        if self.others:
            noun = "another number" if len(self.others) == 1 else "other numbers"
            told.append(f"{self.number} was taken, {noun} ({', '.join(self.others)}) was not")
        if self.extension:
            told.append(f"the extension {self.extension} of {self.number} was left out")
        if self._miscounted:
            told.append(
                f"{self.number} has {len(self.number.removeprefix('+'))} digits: look whether it is right"
            )
        if self.number.endswith("0000") and len(self.number) >= _ROUNDED:
            told.append(f"{self.number} ends in 0000: look whether the spreadsheet has rounded it")
        return "; ".join(told)

    @property
    def _miscounted(self) -> bool:
        """Whether a number is too long for one within a town, and has another count than numbers of India."""
        if self.number.startswith("+"):
            return self.number.startswith("+91") and not _WITH_COUNTRY.fullmatch(self.number[1:])
        free = self.number.startswith(_TOLL_FREE)
        return len(self.number) > _LONGEST_LOCAL and not (free or _whole(self.number))


def read_phones(cell: str) -> Phones:
    """The numbers of a cell, the first one apart. Raises CellError with what the cell most likely is."""
    text = _plain(cell)
    if text.strip().casefold() in _NONE or not text.strip(" .-/"):
        return Phones("")
    if power := _POWER.fullmatch(text.strip()):
        return Phones(_reckoned(power, cell))
    extension = ""
    if found := _EXTENSION.search(text):
        extension = found.group(1)
        text = text[: found.start()] + "|" + text[found.end() :]
    bare = _LABEL.sub("|", text)
    numbers: list[str] = []
    for part in re.split(r"[|,;/&।\n]", bare):
        numbers += _apart(part, numbers[-1] if numbers else "", cell)
    if not numbers:
        raise CellError(f"{cell!r} is no telephone number", _REMEDY)
    return Phones(
        numbers[0], tuple(dict.fromkeys(one for one in numbers[1:] if one != numbers[0])), extension
    )


def phone(cell: str) -> str:
    """The first telephone number of a cell, as digits with a leading + if it has one."""
    return read_phones(cell).number


def phone_remark(cell: str) -> str:
    """What of a cell that `phone` accepts was left out, in words."""
    try:
        return read_phones(cell).remark
    except CellError:
        return ""


def _plain(cell: str) -> str:
    """Digits of any script as 0 to 9, dashes of any kind and unseen signs as blanks."""
    text = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKC", cell)
        if unicodedata.category(sign) not in _UNCOUNTED or sign in "\n\t"
    )
    if found := _SHEETS_OWN.match(text.strip()):
        text = found.group(1)
    text = "".join("-" if unicodedata.category(sign) in _DASHES else sign for sign in text)
    return _DECIMALS.sub("", text)


def _reckoned(power: re.Match[str], cell: str) -> str:
    """A number that a spreadsheet shows as a power of ten, when it still has all its digits."""
    digits = power.group(1) + (power.group(2) or "")
    if len(digits) == int(power.group(3)) + 1:
        return digits
    what = f"{cell!r}: the spreadsheet has lost the last digits of the number"
    raise CellError(what, "format the column as text, then write the number again")


def _apart(part: str, before: str, cell: str) -> list[str]:
    """The numbers of a part between separators; `before` is the number that precedes it."""
    pieces = part.translate(_SIGNS).split()
    if not pieces:
        return []
    if not all(_DIGITS.fullmatch(piece) for piece in pieces):
        raise _other(part.strip(), cell)
    joined = "".join(pieces)
    if before and len(joined) < _LOCAL:
        # 255033/34: the last digits of a further number.
        return [before[: -len(joined)] + joined]
    whole, end = "".join(pieces[:-1]), pieces[-1]
    if len(end) < _SHORTEST and _whole(whole) and not _whole(joined):
        return [_checked(whole, cell), whole[: -len(end)] + end]
    return [_checked(number, cell) for number in (_split(pieces) or [joined])]


def _split(pieces: list[str]) -> list[str] | None:
    """Pieces put together to whole numbers, as few as can be; None when they are one number or none."""
    if len(pieces) == 1 or _whole("".join(pieces)):
        return None
    best: list[str] | None = None
    for size in range(1, len(pieces)):
        first = "".join(pieces[:size])
        if not _whole(first):
            continue
        rest = _split(pieces[size:]) or ["".join(pieces[size:])]
        if all(map(_whole, rest)) and (best is None or len(rest) + 1 < len(best)):
            best = [first, *rest]
    return best


def _whole(number: str) -> bool:
    """Whether digits are as many as a number of India has: local, with its code, with 0, with 91."""
    digits = number.removeprefix("+")
    if not digits.isdigit():
        return False
    if len(digits) in {6, 7, 8, 10}:
        return not digits.startswith("0")
    return (len(digits) == 11 and digits[:1] == "0") or re.fullmatch(
        r"(?:00|0)?910?[1-9]\d{9}", digits
    ) is not None


def _checked(number: str, cell: str) -> str:
    digits = number.removeprefix("+")
    if len(digits) == 20 and _whole(digits[:10]) and _whole(digits[10:]):
        what = f"{cell!r} has 20 digits: most likely {digits[:10]} and {digits[10:]} without a sign between"
        raise CellError(what, "put a comma between the two numbers")
    if not _SHORTEST <= len(digits) <= _LONGEST:
        what = f"{cell!r} is no telephone number: it has {len(digits)} digits"
        raise CellError(what, f"write {_SHORTEST} to {_LONGEST} digits 0 to 9; a comma between two numbers")
    return _COUNTRY.sub(r"\g<1>91", number)


def _other(part: str, cell: str) -> CellError:
    """What a part with other signs than digits most likely is."""
    if "@" in part:
        return CellError(f"{cell!r} is an e-mail address, no telephone number", _REMEDY)
    if _POWER.search(part):
        what = f"{cell!r}: the spreadsheet has lost the last digits of the number"
        return CellError(what, "format the column as text, then write the number again")
    if _MASKED.search(part):
        return CellError(f"{cell!r}: some digits of the number are hidden", "write the whole number")
    if re.search(r"\d[oOlI]|[oOlI]\d", part) and _LETTER_O.fullmatch(re.sub(r"\W", "", part)):
        return CellError(f"{cell!r}: a letter O, l or I stands for a digit 0 or 1", "write the digit")
    if not any(sign.isdigit() for sign in part):
        return CellError(f"{cell!r} is no telephone number but words", _REMEDY)
    return CellError(f"{cell!r} is no telephone number: it holds other signs than digits", _REMEDY)
