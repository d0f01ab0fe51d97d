"""From what a spreadsheet holds in a cell to tidy text, with a count of what had to be mended."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date, datetime, time, timedelta

from mapper.sheets.cells import CellError, Parser, code, day, listed, text
from mapper.sheets.files.xlsx_grid import excel_day
from mapper.sheets.grid import SHEET_ERRORS, LegacyText, OtherFontText, Raw, Unusable, error_cell
from mapper.sheets.script.names import convert

_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f]")
_BLANKS = re.compile(r"\s+")
_UNTIDY = re.compile(r"[^\S ]|  |^ | $")
_DIGITS = {ord("०") + n: str(n) for n in range(10)}
_HINDI_DIGIT = re.compile("[०-९]")
_FREE: frozenset[Parser] = frozenset((text, listed))
"""Kinds of cells for people to read: their digits stay in the script they are written in."""


def tidy_text(raw: str, did: Counter[str]) -> str:
    """The text in NFC without unseen characters and spare blanks."""
    if raw.isascii():
        if not _UNTIDY.search(raw) and not _UNSEEN.search(raw):
            return raw
        plain = raw
    else:
        plain = unicodedata.normalize("NFC", raw)
    cleaned = _BLANKS.sub(" ", _UNSEEN.sub("", plain)).strip()
    if cleaned != plain.strip(" \r\n"):
        did["blanks"] += 1
    if isinstance(raw, OtherFontText):
        return OtherFontText.set_in(raw.font, cleaned)
    return LegacyText(cleaned) if isinstance(raw, LegacyText) else cleaned


def cell_text(raw: Raw, parse: Parser, did: Counter[str], *, name: bool = False) -> str:
    """What a cell says, ready for its parser; `name`: its script is settled later, with the cell beside it.

    Raises CellError for what cannot be used.
    """
    if raw is None or raw == "":
        return ""
    if isinstance(raw, str):
        cleaned = tidy_text(raw, did)
        if cleaned[:1] == "#" and cleaned in SHEET_ERRORS:
            raise CellError(*error_cell(cleaned))
        if parse not in _FREE:
            if not cleaned.isascii() and _HINDI_DIGIT.search(cleaned):
                did["digits"] += 1
                return cleaned.translate(_DIGITS)
            return cleaned
        return cleaned if name or not cleaned else convert(cleaned, did)
    if isinstance(raw, Unusable):
        raise CellError(raw.what, raw.remedy)
    if isinstance(raw, bool):
        return "1" if raw else "0"
    if isinstance(raw, int | float):
        return _number(raw, parse, did)
    return _moment(raw, parse, did)


def unit_text(raw: Raw, did: Counter[str]) -> str:
    """What a cell says that names a unit, by its id or its name: digits in one script, as ids have them.

    Raises CellError for what cannot be used.
    """
    if isinstance(raw, date | time | timedelta):
        return _moment(raw, code, did)
    cell = cell_text(raw, text, did)
    if cell.isascii() or not _HINDI_DIGIT.search(cell):
        return cell
    did["digits"] += 1
    return cell.translate(_DIGITS)


def _number(raw: float, parse: Parser, did: Counter[str]) -> str:
    if parse is day and (found := excel_day(raw)):
        did["dates"] += 1
        return found.date().isoformat()
    return str(int(raw)) if float(raw).is_integer() else repr(raw)


def _moment(raw: date | datetime | time | timedelta, parse: Parser, did: Counter[str]) -> str:
    if isinstance(raw, datetime) and raw.time() == time():
        raw = raw.date()
    if parse is day and isinstance(raw, date):
        did["dates"] += 1
        return raw.date().isoformat() if isinstance(raw, datetime) else raw.isoformat()
    if parse is text:
        return str(raw)
    what = f"the spreadsheet has made the date or time {raw} of it"
    raise CellError(what, "format the cell as text and write it again")
