"""What a sheet's XML says beside the values of cells: merged areas, formulas, hidden rows and columns."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from mapper.sheets.files.merged import Area

_TAG = re.compile(rb"<(?:\w+:)?(row|col|mergeCell)\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'\b(r|ht|hidden|min|max|width|ref)="([^"]*)"')
_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK = 1 << 20
_LONGEST_TAG = 2000
_UNSEEN_HEIGHT, _UNSEEN_WIDTH = 1.0, 0.1
"""Below one point a row, and below a tenth of a letter a column, shows nothing on any screen."""


@dataclass(slots=True)
class Marks:
    """Of one sheet. Rows count from 1, columns from 0; `rows` is how many there are about."""

    merged: list[Area] = field(default_factory=list)
    formulas: bool = False
    rows: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_marks(content: bytes, part: str, columns: int) -> Marks:
    """Look through a sheet's part; of columns the first `columns`. Raises what a damaged ZIP file raises.

    Whatever hid a row (by hand, a filter, a closed group, no height), the file says so of the row itself.
    """
    marks = Marks()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open(part.lstrip("/")) as source:
        tail = b""
        while chunk := source.read(_CHUNK):
            text = tail + chunk
            marks.formulas = marks.formulas or _FORMULA.search(text) is not None
            end = 0
            for found in _TAG.finditer(text):
                _take(marks, found[1], dict(_ATTRIBUTE.findall(found[2])), columns)
                end = found.end()
            tail = text[max(end, len(text) - _LONGEST_TAG) :]
    return marks


def _take(marks: Marks, tag: bytes, said: dict[bytes, bytes], columns: int) -> None:
    hidden = said.get(b"hidden") in {b"1", b"true"}
    if tag == b"row":
        marks.rows = _whole(said.get(b"r")) or marks.rows + 1
        if hidden or _number(said.get(b"ht")) < _UNSEEN_HEIGHT:
            marks.hidden_rows.add(marks.rows)
    elif tag == b"col":
        if hidden or _number(said.get(b"width")) < _UNSEEN_WIDTH:
            first, last = _whole(said.get(b"min")), _whole(said.get(b"max"))
            marks.hidden_columns.update(range(max(first, 1) - 1, min(last, columns)))
    elif reference := _REFERENCE.fullmatch(said.get(b"ref", b"")):
        left, top, right, bottom = reference.groups()
        marks.merged.append((int(top), _column(left), int(bottom), _column(right)))


def _whole(digits: bytes | None) -> int:
    return int(digits) if digits and digits.isdigit() and len(digits) < 10 else 0


def _number(text: bytes | None) -> float:
    """The number of an attribute; what is not there, or is none, hides nothing."""
    try:
        return float(text) if text else _UNSEEN_HEIGHT
    except ValueError:
        return _UNSEEN_HEIGHT


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
